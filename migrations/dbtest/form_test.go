package dbtest_test

import (
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
