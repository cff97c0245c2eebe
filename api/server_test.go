package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"masp/api"
)

// ask asks a server with one failing check, when wanted, and answers what it logged.
func ask(t *testing.T, s api.Service, method, path string, body string, header ...string) (*httptest.ResponseRecorder, string) {
	t.Helper()
	var log bytes.Buffer
	s.Log = slog.New(slog.NewJSONHandler(&log, nil))
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	server(t, s).ServeHTTP(w, r)
	return w, log.String()
}

func checks(all ...api.Check) api.Service {
	return api.Service{
		Ready:   func(context.Context) []api.Check { return all },
		Metrics: func(context.Context) ([]api.Metric, error) { return nil, errors.New("Éva Roux") },
		Kind:    func(error) string { return "other" },
	}
}

func TestReadinessSaysWhyNot(t *testing.T) {
	t.Parallel()
	w, _ := ask(t, checks(api.Check{Name: "database", OK: true}), "GET", "/readyz", "")
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"ready":true`) {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
	w, log := ask(t, checks(api.Check{Name: "database", Detail: "down"}), "GET", "/readyz", "")
	var answer struct {
		Ready  bool
		Checks []api.Check
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != 503 || answer.Ready || answer.Checks[0].Detail != "down" {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
	if !strings.Contains(log, `"status":503`) || !strings.Contains(log, `"route":"/readyz"`) {
		t.Errorf("logged %s", log)
	}
}

func TestThroughAProxyNobodyReadsFiguresNorWhyTheServiceIsNotReady(t *testing.T) {
	t.Parallel()
	s := checks(api.Check{Name: "database", Detail: "down"})
	s.Metrics = func(context.Context) ([]api.Metric, error) { return nil, nil }
	s.Proxied = func(r *http.Request) bool { return r.RemoteAddr == "192.0.2.1:1234" } // that of httptest
	if w, _ := ask(t, s, "GET", "/metrics", "", "X-Forwarded-For", "198.51.100.9"); w.Code != http.StatusNotFound {
		t.Errorf("figures: got %d", w.Code)
	}
	w, _ := ask(t, s, "GET", "/readyz", "", "X-Forwarded-For", "198.51.100.9")
	if w.Code != http.StatusServiceUnavailable || strings.TrimSpace(w.Body.String()) != `{"ready":false}` {
		t.Errorf("ready: got %d %s", w.Code, w.Body)
	}
	if w, _ := ask(t, s, "GET", "/metrics", ""); w.Code != http.StatusOK {
		t.Errorf("figures without a proxy: got %d", w.Code)
	}
}

func TestAFaultTellsNothingOfWhatItHeld(t *testing.T) {
	t.Parallel()
	s := checks()
	s.Ready = func(context.Context) []api.Check { panic("Éva Roux") }
	for path, want := range map[string]int{"/readyz": 500, "/metrics": 503, "/Eva-Roux?q=Roux": 404} {
		w, log := ask(t, s, "GET", path, "", "X-Request-Id", "abc-1")
		if w.Code != want || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: got %d %s", path, w.Code, w.Header().Get("Content-Type"))
		}
		if strings.Contains(w.Body.String()+log, "Roux") || !strings.Contains(log, `"request_id":"abc-1"`) {
			t.Errorf("%s: answered %s and logged %s", path, w.Body, log)
		}
	}
}

func TestARequestHasItsBounds(t *testing.T) {
	t.Parallel()
	if w, _ := ask(t, checks(), "GET", "/healthz", strings.Repeat("x", 2<<20)); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("two MiB: got %d", w.Code)
	}
	if w, _ := ask(t, checks(), "POST", "/healthz", ""); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: got %d", w.Code)
	}
	w, log := ask(t, checks(), "GET", "/healthz", "", "X-Request-Id", "a\nb {\"level\":\"forged\"}")
	if w.Code != 200 || strings.Contains(log, "forged") || w.Header().Get("X-Request-Id") == "" {
		t.Errorf("a forged id: got %d, logged %s", w.Code, log)
	}
}

func TestMetricsAreThePlainText(t *testing.T) {
	t.Parallel()
	s := checks()
	s.Metrics = func(context.Context) ([]api.Metric, error) {
		return []api.Metric{
			{Name: "masp_files_total", Help: "Files.", Counter: true, Samples: []api.Sample{
				api.Count(3, api.Label{Name: "outcome", Value: `a"b\`}),
			}},
			{Name: "masp_seconds", Help: "Time.", Samples: []api.Sample{api.Seconds(-1500 * time.Millisecond)}},
		}, nil
	}
	w, _ := ask(t, s, "GET", "/metrics", "")
	want := "# HELP masp_files_total Files.\n# TYPE masp_files_total counter\nmasp_files_total{outcome=\"a\\\"b\\\\\"} 3\n" +
		"# HELP masp_seconds Time.\n# TYPE masp_seconds gauge\nmasp_seconds -1.500\n"
	if w.Body.String() != want {
		t.Errorf("got %s\nwant %s", w.Body, want)
	}
}

func TestTheServerStopsWhenItIsTold(t *testing.T) {
	t.Parallel()
	s := checks()
	s.Log = slog.New(slog.DiscardHandler)
	server := server(t, s)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	answer, err := http.Get("http://" + l.Addr().String() + "/healthz")
	if err != nil || answer.StatusCode != 200 {
		t.Fatalf("got %v, %v", answer, err)
	}
	_ = answer.Body.Close()
	if err := server.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	if err := <-served; err != nil {
		t.Errorf("served until %v", err)
	}
}

func TestHeadersThatAreTooLongAreRefusedInOurWords(t *testing.T) {
	t.Parallel()
	k := newKernel(t)
	s := httptest.NewServer(k.server)
	defer s.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/v1/notes", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer anne")
	for size, want := range map[int]int{8 << 10: 200, 20 << 10: 431} {
		r.Header.Set("X-Long", strings.Repeat("x", size))
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		if err = errors.Join(err, answer.Body.Close()); err != nil {
			t.Fatal(err)
		}
		if answer.StatusCode != want || want == 431 && (answer.Header.Get("Content-Type") != "application/problem+json" || !strings.Contains(string(body), `"headers_too_large"`)) {
			t.Errorf("%d bytes: got %d %s %s, want %d", size, answer.StatusCode, answer.Header.Get("Content-Type"), body, want)
		}
	}
}

func server(t *testing.T, of api.Service) *api.Server {
	t.Helper()
	s, err := api.New(of)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestABodyThatDoesNotComeInTimeIsTheSendersAndNoFaultOfOurs(t *testing.T) {
	t.Parallel()
	k := newKernel(t)
	for _, path := range []string{"/v1/notes", "/v1/bells"} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, late{})
		r.Header.Set("Authorization", "Bearer anne")
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		k.server.ServeHTTP(w, r)
		if w.Code != http.StatusRequestTimeout || !strings.Contains(w.Body.String(), `"request_timeout"`) {
			t.Errorf("%s: got %d %s", path, w.Code, w.Body)
		}
	}
}

// late is a body of which no byte comes before the deadline.
type late struct{}

func (late) Read([]byte) (int, error) { return 0, os.ErrDeadlineExceeded }
