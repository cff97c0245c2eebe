package pgproxy

import (
	"fmt"
	"net"
	"slices"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

// Verdict is what becomes of the connection at a step.
type Verdict int

// The verdicts of a rule.
const (
	Pass   Verdict = iota
	Before         // PostgreSQL never sees the step
	After          // PostgreSQL does the step, and its answer is lost
)

// Step is one message that PostgreSQL answers.
type Step struct {
	No     int    // counted from one, over all connections
	Query  string // of a simple query, or of the statement that was parsed since the last step
	Commit bool   // the end of a transaction that may write
}

// Proxy counts and cuts the connections to one server.
type Proxy struct {
	// Rule decides of each step, one at a time; nil lets all pass.
	Rule func(Step) Verdict
	// OnCut runs once for each connection that is cut, before it is closed.
	OnCut func()

	listener net.Listener
	target   *pgconn.Config

	mu    sync.Mutex
	steps []Step
	cuts  []Step
}

// At cuts at one step.
func At(no int, verdict Verdict) func(Step) Verdict {
	return func(s Step) Verdict {
		if s.No == no {
			return verdict
		}
		return Pass
	}
}

// New listens until the test ends; [Proxy.Serve] takes the connections.
func New(t testing.TB, url string) *Proxy {
	t.Helper()
	config, err := pgconn.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{listener: listener, target: config}
	t.Cleanup(p.Close)
	return p
}

// Close takes no more connections; those that there are go on.
func (p *Proxy) Close() { _ = p.listener.Close() }

// URL is where the program finds the proxy, in the role of the URL of [New].
func (p *Proxy) URL() string { return p.As(p.target.User) }

// As is the URL for another role.
func (p *Proxy) As(role string) string {
	return fmt.Sprintf("postgres://%s@%s/%s?sslmode=disable", role, p.listener.Addr(), p.target.Database)
}

// Steps are those that the program has said so far.
func (p *Proxy) Steps() []Step {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.steps)
}

// Cuts are the steps at which a connection was cut.
func (p *Proxy) Cuts() []Step {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.cuts)
}

// Serve takes connections in the background, until the proxy is closed.
func (p *Proxy) Serve() {
	go func() {
		for {
			client, err := p.listener.Accept()
			if err != nil {
				return
			}
			network, address := pgconn.NetworkAddress(p.target.Host, p.target.Port)
			server, err := net.Dial(network, address)
			if err != nil {
				_ = client.Close()
				continue
			}
			l := &link{proxy: p, client: client, server: server}
			go l.up()
			go l.down()
		}
	}()
}

// judge counts a step and asks the rule.
func (p *Proxy) judge(s Step) Verdict {
	p.mu.Lock()
	defer p.mu.Unlock()
	s.No = len(p.steps) + 1
	p.steps = append(p.steps, s)
	if p.Rule == nil {
		return Pass
	}
	verdict := p.Rule(s)
	if verdict != Pass {
		p.cuts = append(p.cuts, s)
	}
	return verdict
}
