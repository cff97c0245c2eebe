package api

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// bounds are the ends of the classes of a duration; the last class is open.
var bounds = [...]time.Duration{
	5 * time.Millisecond, 10 * time.Millisecond, 25 * time.Millisecond, 50 * time.Millisecond,
	100 * time.Millisecond, 250 * time.Millisecond, 500 * time.Millisecond, time.Second,
	2500 * time.Millisecond, 10 * time.Second,
}

// Histogram counts requests by method, route and status, and how long they took. The zero value
// is ready; any number of goroutines may use it.
type Histogram struct {
	mu     sync.Mutex
	series map[series]*durations
}

// series names one row of counts. Its route is a template of ours, never the path of a request,
// so their number has an end and no id is in them.
type series struct{ method, route, status string }

type durations struct {
	classes [len(bounds) + 1]int64
	sum     time.Duration
}

// Observe counts an answer: the route as it is declared ("/v1/runs/:id", "" for none) and its
// status, which is kept as a class (2xx).
func (h *Histogram) Observe(method, route string, status int, took time.Duration) {
	of := series{methodClass(method), route, strconv.Itoa(status/100) + "xx"}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.series == nil {
		h.series = map[series]*durations{}
	}
	d := h.series[of]
	if d == nil {
		d = &durations{}
		h.series[of] = d
	}
	class, _ := slices.BinarySearch(bounds[:], took)
	d.classes[class]++
	d.sum += took
}

// methodClass keeps the methods that we know: a client may send any word.
func methodClass(method string) string {
	switch method {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS":
		return method
	}
	return "other"
}

// Metric is the histogram as Prometheus reads it.
func (h *Histogram) Metric() Metric {
	h.mu.Lock()
	defer h.mu.Unlock()
	m := Metric{Name: "masp_http_request_duration_seconds", Help: "Time of the answers by route and class of status.", Histogram: true}
	names := slices.SortedFunc(maps.Keys(h.series), func(a, b series) int {
		return strings.Compare(a.route+" "+a.method+" "+a.status, b.route+" "+b.method+" "+b.status)
	})
	for _, of := range names {
		d, below := h.series[of], int64(0)
		labels := []Label{{"method", of.method}, {"route", of.route}, {"status", of.status}}
		for i, n := range d.classes {
			below += n
			end := "+Inf"
			if i < len(bounds) {
				end = secondsText(bounds[i])
			}
			bucket := Count(below, append(slices.Clone(labels), Label{"le", end})...)
			bucket.suffix = "_bucket"
			m.Samples = append(m.Samples, bucket)
		}
		sum, count := Seconds(d.sum, labels...), Count(below, labels...)
		sum.suffix, count.suffix = "_sum", "_count"
		m.Samples = append(m.Samples, sum, count)
	}
	return m
}

// secondsText writes 2.5 or 0.025: without zeros at the end.
func secondsText(d time.Duration) string {
	return strings.TrimSuffix(strings.TrimRight(Seconds(d).value, "0"), ".")
}
