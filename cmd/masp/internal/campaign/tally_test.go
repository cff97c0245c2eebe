package campaign

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"
)

// count is one row of the table of the campaign.
type count struct {
	fault                          string
	tried, survived, lost, doubled int
}

// tally counts the points of all tests.
type tally struct {
	mu   sync.Mutex
	rows []*count
}

var points tally

// add counts a point; entries are compared with those of an undisturbed house: what is missing was
// lost, what is too much was doubled.
func (a *tally) add(fault string, survived bool, entries, want int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	i := slices.IndexFunc(a.rows, func(c *count) bool { return c.fault == fault })
	if i < 0 {
		i = len(a.rows)
		a.rows = append(a.rows, &count{fault: fault})
	}
	c := a.rows[i]
	c.tried++
	if survived {
		c.survived++
	}
	c.lost += max(0, want-entries)
	c.doubled += max(0, entries-want)
}

// print is the table.
func (a *tally) print(took time.Duration) {
	if len(a.rows) == 0 || !testing.Verbose() {
		return
	}
	form := "%-58s %7d %9d %6d %8d\n"
	fmt.Printf("\n%-58s %7s %9s %6s %8s\n", "fault", "points", "survived", "lost", "doubled")
	sum := count{fault: "in all, in " + took.Round(time.Second).String() + fmt.Sprintf(" (MASP_SEED=%d)", seed)}
	for _, c := range a.rows {
		fmt.Printf(form, c.fault, c.tried, c.survived, c.lost, c.doubled)
		sum.tried, sum.survived = sum.tried+c.tried, sum.survived+c.survived
		sum.lost, sum.doubled = sum.lost+c.lost, sum.doubled+c.doubled
	}
	fmt.Printf(form, sum.fault, sum.tried, sum.survived, sum.lost, sum.doubled)
}
