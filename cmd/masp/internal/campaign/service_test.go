package campaign

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"masp/migrations/dbtest/pgproxy"
)

// service is a process of masp serve.
type service struct {
	cmd     *exec.Cmd
	address string
	log     *safeBuffer
	ended   chan struct{}
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// never is a day of the calendar that no year has.
const never = "0 6 31 2 *"

// serve starts the service of a place and waits until it answers.
func (p *place) serve(t testing.TB, o order, dayAt string) *service {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &service{address: l.Addr().String(), log: &safeBuffer{}, ended: make(chan struct{})}
	_ = l.Close()
	o.args = []string{"serve", "--listen", s.address, "--every", "1s", "--settle", "1s", "--rest", "2s", "--day-at", dayAt}
	s.cmd = p.command(context.WithoutCancel(t.Context()), o)
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { _ = s.cmd.Wait(); close(s.ended) }()
	t.Cleanup(s.kill)
	for end := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		answer, err := http.Get("http://" + s.address + "/healthz")
		if err == nil {
			_ = answer.Body.Close()
			return s
		}
		if time.Now().After(end) {
			t.Fatalf("the service does not answer:\n%s", s.log)
		}
	}
}

// kill is kill -9; a second one is harmless.
func (s *service) kill() {
	_ = s.cmd.Process.Kill()
	<-s.ended
}

// request is what a person sends, with its key.
type request struct {
	name  string // of the work that it does
	token string
	path  string
	body  string
	kind  string // application/json when empty
	match string // a content hash
	key   string
}

// send answers the status, 0 when no answer came.
func (s *service) send(t testing.TB, b *book, r request) (status int, said string) {
	t.Helper()
	body := []byte(r.body)
	if r.kind != "" {
		var err error
		if body, err = os.ReadFile(b.expand(r.body, nil)); err != nil {
			t.Fatal(err)
		}
	}
	ask, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+s.address+r.path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	ask.Header.Set("Authorization", "Bearer "+b.expand(r.token, nil))
	ask.Header.Set("Idempotency-Key", r.key)
	if r.kind == "" {
		r.kind = "application/json"
	}
	ask.Header.Set("Content-Type", r.kind)
	if r.match != "" {
		ask.Header.Set("If-Match", `"`+b.expand(r.match, nil)+`"`)
	}
	answer, err := (&http.Client{Timeout: time.Minute}).Do(ask)
	if err != nil {
		return 0, err.Error()
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0, err.Error()
	}
	return answer.StatusCode, string(text)
}

// requests are the works of the month that the service does, too.
var requests = []request{
	{name: "import: benefits", token: "$K", path: "/v1/bank_statements", body: "$FILES/day1.xml", kind: "application/xml"},
	{name: "propose", token: "$A", path: "/v1/payment_runs", body: `{"mandates": ["M-0001"]}`},
	{name: "submit", token: "$A", path: "/v1/payment_runs/C-2026-11-1/submissions"},
	{name: "approve", token: "$B", path: "/v1/payment_runs/C-2026-11-1/approvals", match: "$HASH"},
	{name: "file", token: "$B", path: "/v1/payment_runs/C-2026-11-1/files"},
	{name: "hand over", token: "$B", path: "/v1/payment_runs/C-2026-11-1/hand_overs"},
	{name: "import: debits matched", token: "$K", path: "/v1/bank_statements", body: "$FILES/day2.xml", kind: "application/xml"},
}

// TestCrashOfTheServiceAtACommit loses the answer of a request at its COMMIT, by a cut connection or
// by the death of the service; sent again under its key it has its one effect, and its own answer.
func TestCrashOfTheServiceAtACommit(t *testing.T) {
	t.Parallel()
	b := theMonth(t)
	var all []lostAnswer
	for _, r := range requests {
		r.key = "campaign " + r.name
		for _, side := range []pgproxy.Verdict{pgproxy.Before, pgproxy.After} {
			all = append(all, lostAnswer{r, side, false}, lostAnswer{r, side, true})
		}
	}
	lot := draw(t.Name())
	lot.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	for _, x := range all[:among(3, len(all))] {
		if late(t) {
			break
		}
		want := b.asked(t, x.request)
		for range 3 { // a job of the service may have made the COMMIT that was cut
			if x.try(t, b, want) {
				break
			}
		}
	}
}

// asked is the house after a request that nobody disturbed.
func (b *book) asked(t testing.TB, r request) look {
	t.Helper()
	p := b.chapter(t, r.name).before.clone(t)
	defer p.remove(t)
	s := p.serve(t, order{env: []string{"MASP_INBOX="}}, never)
	defer s.kill()
	if status, said := s.send(t, b, r); status != http.StatusCreated {
		t.Fatalf("%s: got %d %s", r.name, status, said)
	}
	return p.done(t)
}

// done is the look of what was asked for, without what the service does by itself at each start: it
// tells of late statements, and takes that back.
func (p *place) done(t testing.TB) look {
	t.Helper()
	l := p.look(t)
	delete(l, "table alerts")
	delete(l, "table audit_log")
	return l
}

// lostAnswer is a request whose answer is lost.
type lostAnswer struct {
	request
	side pgproxy.Verdict
	dies bool // the service
}

// try loses one answer; it tells whether it was lost.
func (x lostAnswer) try(t testing.TB, b *book, want look) (hit bool) {
	t.Helper()
	fault := "answer of the service lost, connection cut " + sides[x.side] + " a COMMIT"
	if x.dies {
		fault = "service killed " + sides[x.side] + " a COMMIT"
	}
	p := b.chapter(t, x.name).before.clone(t)
	defer p.remove(t)
	s, hit := x.strike(t, b, p)
	defer s.kill()
	if !hit {
		return false
	}
	wrong := prove(t, p)
	if x.dies {
		s = p.serve(t, order{env: []string{"MASP_INBOX="}}, never)
		defer s.kill()
	}
	// An import commits alone: its bytes are known then, and the contract says 200.
	if status, said := s.send(t, b, x.request); status != http.StatusCreated && (x.kind == "" || status != http.StatusOK) {
		wrong += "sent again: " + http.StatusText(status) + said
	}
	got := p.done(t)
	wrong += got.differs(want) + prove(t, p)
	points.add(fault, wrong == "", got.entries(), want.entries())
	if wrong != "" {
		t.Errorf("%s, %s:\n%s", x.name, fault, wrong)
	}
	return true
}

// strike sends the request to a service that loses its next COMMIT.
func (x lostAnswer) strike(t testing.TB, b *book, p *place) (s *service, hit bool) {
	t.Helper()
	proxy := pgproxy.New(t, p.url("masp_app", p.db))
	t.Cleanup(proxy.Close)
	var mu sync.Mutex
	armed := false
	proxy.Rule = func(step pgproxy.Step) pgproxy.Verdict {
		mu.Lock()
		defer mu.Unlock()
		if !armed || !step.Commit {
			return pgproxy.Pass
		}
		armed = false
		return x.side
	}
	if x.dies {
		proxy.OnCut = func() { _ = s.cmd.Process.Kill() }
	}
	proxy.Serve()
	s = p.serve(t, order{app: proxy.URL(), env: []string{"MASP_INBOX="}}, never)
	until(t, "what it does at its start is done", func() bool {
		return p.count(t, `SELECT count(*) FROM masp.jobs WHERE job = 'follow' AND holder IS NULL`) == 1
	})
	mu.Lock()
	armed = true
	mu.Unlock()
	status, _ := s.send(t, b, x.request)
	if x.dies {
		<-s.ended
	}
	return s, status == 0 || status >= http.StatusInternalServerError
}
