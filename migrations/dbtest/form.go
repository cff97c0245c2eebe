package dbtest

import (
	"flag"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"
)

// Form picks how much a long test does: its usual part, which keeps the whole suite under two minutes;
// that of CI (the variable CI is set); or all of it (MASP_LONG is).
func Form[T any](usual, ci, long T) T {
	switch {
	case os.Getenv("MASP_LONG") != "":
		return long
	case os.Getenv("CI") != "":
		return ci
	}
	return usual
}

// Lot draws the part of a test that is done this time. What is left out today is tried another day.
type Lot struct {
	*rand.Rand
	seed  uint64
	oneIn int
}

// NewLot draws one in so many, as [Form] says. Its seed is in the log of a test that fails, and MASP_SEED
// draws the same again.
func NewLot(t testing.TB, usual, ci, long int) *Lot {
	t.Helper()
	l := newLot(t.Name(), Form(usual, ci, long)) // each test draws for itself
	if l.oneIn > 1 {
		t.Logf("MASP_SEED=%d draws one in %d", l.seed, l.oneIn)
	}
	return l
}

// seed is that of all draws of this process.
var seed = sync.OnceValue(func() uint64 {
	return uint64(time.Now().UnixNano()) % 1_000_000
})

func newLot(name string, oneIn int) *Lot {
	drawn, err := strconv.ParseUint(os.Getenv("MASP_SEED"), 10, 64)
	if err != nil {
		drawn = seed()
	}
	sum := fnv.New64()
	_, _ = sum.Write([]byte(name))
	return &Lot{Rand: rand.New(rand.NewPCG(drawn, sum.Sum64())), seed: drawn, oneIn: oneIn} //nolint:gosec // a lot
}

// First is where a walk of the lot's stride begins, from 0.
func (l *Lot) First() int { return l.IntN(l.oneIn) }

// Takes tells whether the next part is tried.
func (l *Lot) Takes() bool { return l.IntN(l.oneIn) == 0 }

// Seldom leaves out a slow test, but for one time in so many. CI does it each time, and so does who names
// tests with -run.
func Seldom(t testing.TB, oneIn int) {
	t.Helper()
	if named() {
		return
	}
	if !NewLot(t, oneIn, 1, 1).Takes() {
		t.Skipf("a slow test, done one time in %d: all are with CI or MASP_LONG, or by -run", oneIn)
	}
}

// named tells whether somebody chose tests with -run.
func named() bool {
	run := flag.Lookup("test.run")
	return run != nil && run.Value.String() != ""
}
