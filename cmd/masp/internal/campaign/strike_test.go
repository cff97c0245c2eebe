package campaign

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"masp/migrations/cluster"
	"masp/migrations/dbtest/pgproxy"
)

// point is one fault in one work.
type point struct {
	*chapter
	book  *book
	fault string // its row in the table
	name  string // which of them it is
	// strike does the work with the fault in it, and tells whether the fault came to pass.
	strike func(t testing.TB, p *place) (hit bool)
	also   []string // what the fault itself leaves behind
	rank   int      // the points of a COMMIT come first
}

// try strikes a copy of the house, proves the books, does the work again and compares the house with
// one that nobody disturbed. It answers whether the fault came to pass.
func (x *point) try(t testing.TB) (hit bool) {
	t.Helper()
	p := x.before.clone(t)
	defer p.remove(t)
	if !x.strike(t, p) {
		return false
	}
	end := x.outcome(t, p)
	points.add(x.fault, end.wrong == "", end.entries, x.once.entries())
	if end.wrong != "" {
		t.Errorf("%s, %s, %s:\n%s", x.chapter.name, x.fault, x.name, end.wrong)
	}
	return true
}

// outcome is what became of a house after a fault.
type outcome struct {
	wrong   string // nothing, if it survived
	entries int    // in the books after the work was done again
}

// outcome surveys a house after a fault, unless another fault of the same work has left the very
// same house: what is done there again can only end alike. The schema is always surveyed, for its
// rows do not tell all of it.
func (x *point) outcome(t testing.TB, p *place) outcome {
	t.Helper()
	if x.args == "migrate" || len(x.also) > 0 {
		return x.survey(t, p)
	}
	house := p.digest(t)
	x.mu.Lock()
	end, known := x.ends[house]
	x.mu.Unlock()
	if known {
		return end
	}
	end = x.survey(t, p)
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.ends == nil {
		x.ends = map[string]outcome{}
	}
	x.ends[house] = end
	return end
}

// survey says what is wrong in a house after a fault.
func (x *point) survey(t testing.TB, p *place) outcome {
	t.Helper()
	var wrong string
	if x.args != "migrate" { // before its end there are no books
		wrong = prove(t, p)
	}
	if x.lease { // of the dead process: it ends by itself, nobody waits for it here
		p.ask(t, cluster.Owner, `UPDATE masp.jobs SET lease_until = clock_timestamp() - interval '1 s' WHERE holder IS NOT NULL`)
	}
	code, said := p.do(t, x.book.orderOf(x.chapter, p, nil))
	if code != 0 && code != x.again {
		wrong += fmt.Sprintf("done again it ends by %d\n%s", code, said)
	}
	got := p.look(t)
	for _, name := range slices.Concat(x.also, x.remade) {
		got[name] = x.once[name]
	}
	if got.differs(x.once) != "" && got.differs(x.twice) != "" {
		wrong += "not as after the work done once:\n" + got.differs(x.once)
	}
	if long || x.args == "migrate" || wrong != "" { // the rows are compared; their chains, too
		wrong += prove(t, p)
	}
	wrong += leftovers(t, p)
	return outcome{wrong, got.entries()}
}

// prove is masp verify, and what it finds.
func prove(t testing.TB, p *place) (wrong string) {
	t.Helper()
	if code, said := p.do(t, order{args: []string{"verify"}}); code != 0 {
		return fmt.Sprintf("verify ends by %d\n%s\n", code, said)
	}
	return ""
}

// leftovers are what a dead writer of payment files left in the outbox: the next one sweeps them away.
func leftovers(t testing.TB, p *place) (wrong string) {
	t.Helper()
	left, err := os.ReadDir(p.dir + "/outbox")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range left {
		if strings.HasPrefix(f.Name(), ".") {
			wrong += "left in the outbox: " + f.Name() + "\n"
		}
	}
	return wrong
}

// words of the two sides of a step.
var sides = map[pgproxy.Verdict]string{pgproxy.Before: "before", pgproxy.After: "after"}

// killAt is the point of the program killed before or after one step.
func (b *book) killAt(c *chapter, no int, side pgproxy.Verdict) *point {
	x := b.at(c, no, "program killed "+sides[side])
	x.strike = func(t testing.TB, p *place) bool {
		proxy := pgproxy.New(t, p.url(cluster.App, p.db))
		defer proxy.Close()
		var process *os.Process
		running := make(chan struct{})
		proxy.Rule = pgproxy.At(no, side)
		proxy.OnCut = func() { <-running; _ = process.Kill() }
		proxy.Serve()
		code, _ := p.doThen(t, b.orderOf(c, p, proxy), func(started *os.Process) { process = started; close(running) })
		return code == killed && len(proxy.Cuts()) > 0
	}
	return x
}

// cutAt is the point of the connection cut before or after one step, while the program lives.
func (b *book) cutAt(c *chapter, no int, side pgproxy.Verdict) *point {
	x := b.at(c, no, "connection cut "+sides[side])
	x.strike = func(t testing.TB, p *place) bool {
		proxy := pgproxy.New(t, p.url(cluster.App, p.db))
		defer proxy.Close()
		proxy.Rule = pgproxy.At(no, side)
		proxy.Serve()
		code, said := p.do(t, b.orderOf(c, p, proxy))
		if len(proxy.Cuts()) > 0 && code == 0 && p.look(t).differs(c.once) != "" {
			t.Errorf("%s, %s, %s: it is not done and nobody was told\n%s", c.name, x.fault, x.name, said)
		}
		return len(proxy.Cuts()) > 0
	}
	return x
}

// at is a point at a step.
func (b *book) at(c *chapter, no int, fault string) *point {
	x := &point{chapter: c, book: b, fault: fault + " another statement", rank: 1, name: fmt.Sprintf("step %d of %d", no, len(c.steps))}
	if c.steps[no-1].Commit {
		x.fault, x.rank = fault+" a COMMIT", 0
	}
	return x
}

// tryAll tries points, a few at a time, and answers how many of each work came to pass, and those
// whose fault never did. It stops before the time of the tests is over (-timeout), and says what it
// has left out.
func tryAll(t *testing.T, all []*point) (hits map[*chapter]int, missed []*point) {
	t.Helper()
	hits = map[*chapter]int{}
	var mu sync.Mutex
	var busy sync.WaitGroup
	queue := make(chan *point)
	for range workers {
		busy.Go(func() {
			for x := range queue {
				hit := x.try(t)
				if !hit { // a step that came late
					hit = x.try(t)
				}
				mu.Lock()
				if hit {
					hits[x.chapter]++
				} else {
					missed = append(missed, x)
				}
				mu.Unlock()
			}
		})
	}
	for i, x := range all {
		if late(t) {
			say := t.Logf
			if long { // it promises every point
				say = t.Errorf
			}
			say("%d of %d points are left out for want of time", len(all)-i, len(all))
			break
		}
		if long && i%100 == 0 { // it takes its time
			fmt.Printf("%s: %d of %d points\n", t.Name(), i, len(all))
		}
		queue <- x
	}
	close(queue)
	busy.Wait()
	return hits, missed
}

// late tells whether the tests have to end soon.
func late(t *testing.T) bool {
	end, limited := t.Deadline()
	return limited && time.Until(end) < reserve
}

const (
	workers = 3               // points that are tried at a time
	reserve = 3 * time.Minute // for what is under way
)
