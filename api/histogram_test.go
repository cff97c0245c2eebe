package api

import (
	"strings"
	"testing"
	"time"
)

func TestAHistogramCountsByRouteAndClassOfStatus(t *testing.T) {
	t.Parallel()
	var h Histogram
	h.Observe("GET", "/v1/runs/:id", 200, 5*time.Millisecond)
	h.Observe("GET", "/v1/runs/:id", 204, 30*time.Millisecond)
	h.Observe("GET", "/v1/runs/:id", 404, time.Minute)
	h.Observe("BREW", "", 405, 0)
	text := string(writeMetrics([]Metric{h.Metric()}))
	for _, want := range []string{
		"# TYPE masp_http_request_duration_seconds histogram\n",
		`masp_http_request_duration_seconds_bucket{method="GET",route="/v1/runs/:id",status="2xx",le="0.005"} 1` + "\n",
		`masp_http_request_duration_seconds_bucket{method="GET",route="/v1/runs/:id",status="2xx",le="0.05"} 2` + "\n",
		`masp_http_request_duration_seconds_bucket{method="GET",route="/v1/runs/:id",status="2xx",le="+Inf"} 2` + "\n",
		`masp_http_request_duration_seconds_sum{method="GET",route="/v1/runs/:id",status="2xx"} 0.035` + "\n",
		`masp_http_request_duration_seconds_count{method="GET",route="/v1/runs/:id",status="2xx"} 2` + "\n",
		`masp_http_request_duration_seconds_bucket{method="GET",route="/v1/runs/:id",status="4xx",le="10"} 0` + "\n",
		`masp_http_request_duration_seconds_bucket{method="GET",route="/v1/runs/:id",status="4xx",le="+Inf"} 1` + "\n",
		`masp_http_request_duration_seconds_count{method="other",route="",status="4xx"} 1` + "\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no line %q in\n%s", want, text)
		}
	}
}
