package campaign

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"masp/migrations/dbtest/pgproxy"
)

// TestCrashAtEachStep kills the program, and cuts its connection, before and after what it says to
// PostgreSQL: in CI at each COMMIT and at drawn steps, in the long form at every one.
func TestCrashAtEachStep(t *testing.T) {
	t.Parallel()
	b := theMonth(t)
	lot := draw(t.Name())
	var all []*point
	for _, c := range b.chapters {
		all = append(all, b.pointsOf(c, lot)...)
	}
	lot.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	slices.SortStableFunc(all, func(x, y *point) int { return cmp.Compare(x.rank, y.rank) }) // those first
	hits, missed := tryAll(t, all)
	for _, x := range missed {
		t.Errorf("%s, %s: no point reaches %s", x.chapter.name, x.fault, x.name)
	}
	b.everyWorkWasReached(t, hits)
}

// pointsOf are the points of one work.
func (b *book) pointsOf(c *chapter, lot *rand.Rand) (all []*point) {
	const some = 3 // of the commits of a long work
	commits := c.commits()
	for i, s := range c.steps {
		if !long && (s.Commit && lot.IntN(max(commits, some)) >= some || !s.Commit && lot.IntN(2*len(c.steps)) > 0) {
			continue
		}
		all = append(all, b.killAt(c, i+1, pgproxy.Before), b.killAt(c, i+1, pgproxy.After))
		if s.Commit {
			all = append(all, b.cutAt(c, i+1, pgproxy.After))
		}
		if s.Commit && long {
			all = append(all, b.cutAt(c, i+1, pgproxy.Before))
		}
	}
	if len(all) == 0 { // it writes nothing, and the lot fell on none
		all = append(all, b.killAt(c, 1+lot.IntN(len(c.steps)), pgproxy.After))
	}
	return all
}

// commits is how many of the steps are the COMMIT of a writer.
func (c *chapter) commits() (n int) {
	for _, s := range c.steps {
		if s.Commit {
			n++
		}
	}
	return n
}

// everyWorkWasReached prints the works, their steps, the points that came to pass and the different
// houses that they left.
func (b *book) everyWorkWasReached(t *testing.T, hits map[*chapter]int) {
	t.Helper()
	t.Logf("%-26s %6s %8s %7s %7s", "work", "steps", "commits", "points", "houses")
	for _, c := range b.chapters {
		houses := len(c.ends)
		if c.args == "migrate" { // each was surveyed
			houses = hits[c]
		}
		t.Logf("%-26s %6d %8d %7d %7d", c.name, len(c.steps), c.commits(), hits[c], houses)
		if hits[c] == 0 {
			t.Errorf("no point reaches the work %q", c.name)
		}
	}
}

// TestCrashAtRandomMoments kills the program after a drawn time.
func TestCrashAtRandomMoments(t *testing.T) {
	t.Parallel()
	b := theMonth(t)
	lot := draw(t.Name())
	var all []*point
	for range among(12, 300) {
		c := b.chapters[lot.IntN(len(b.chapters))]
		after := time.Duration(lot.Int64N(int64(c.took)))
		x := &point{chapter: c, book: b, fault: "program killed at a random moment", name: fmt.Sprint("after ", after)}
		x.strike = func(t testing.TB, p *place) bool {
			_, _ = p.doThen(t, b.orderOf(c, p, nil), func(process *os.Process) {
				time.AfterFunc(after, func() { _ = process.Kill() })
			})
			return true // it may have been done before
		}
		all = append(all, x)
	}
	tryAll(t, all)
}
