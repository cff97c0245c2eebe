package dbtest_test

import (
	"flag"
	"testing"

	"masp/migrations/dbtest"
)

func TestALotIsDrawnAgainByItsSeedAndTakesItsPart(t *testing.T) {
	t.Setenv("CI", "")
	t.Setenv("MASP_LONG", "")
	t.Setenv("MASP_SEED", "271")
	draw := func() (taken [1000]bool) {
		lot := dbtest.NewLot(t, 4, 2, 1)
		for i := range taken {
			taken[i] = lot.Takes()
		}
		return taken
	}
	count := func(taken [1000]bool) (n int) {
		for _, yes := range taken {
			if yes {
				n++
			}
		}
		return n
	}
	first := draw()
	if second := draw(); first != second {
		t.Error("the same seed draws another part")
	}
	if n := count(first); n < 200 || n > 300 {
		t.Errorf("one in four: got %d of 1000", n)
	}
	t.Setenv("CI", "true")
	if n := count(draw()); n < 430 || n > 570 {
		t.Errorf("one in two in CI: got %d of 1000", n)
	}
	t.Setenv("MASP_LONG", "1")
	if n := count(draw()); n != 1000 {
		t.Errorf("the long form leaves out %d of 1000", 1000-n)
	}
}

func TestASlowTestIsDoneByCIAndByWhoNamesIt(t *testing.T) {
	t.Setenv("MASP_LONG", "")
	for _, c := range []struct{ ci, run string }{{"true", ""}, {"", "Named"}} {
		t.Setenv("CI", c.ci)
		done := false
		t.Run("", func(t *testing.T) {
			run := flag.Lookup("test.run")
			was := run.Value.String()
			defer func() { _ = run.Value.Set(was) }()
			if err := run.Value.Set(c.run); err != nil {
				t.Fatal(err)
			}
			dbtest.Seldom(t, 1_000_000)
			done = true
		})
		if !done {
			t.Errorf("with %+v: it was left out", c)
		}
	}
}
