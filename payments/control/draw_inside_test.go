package control

import (
	"math/big"
	"testing"

	"masp/ledger/money"
)

// Of all possible starts r, an entry of v cents is drawn m·v/T of the times: exactly, not about.
func TestEveryCentHasTheSameChance(t *testing.T) {
	t.Parallel()
	cents, total, draws := []int64{7, 1, 13, 5, 9, 12}, int64(47), int64(3)
	drawn := make([]int64, len(cents))
	for r := range total {
		h := newHits("", money.Cents(total), draws)
		h.start = big.NewInt(r)
		before, all := int64(0), 0
		for i, c := range cents {
			n := h.within(before, before+c)
			drawn[i] += int64(n)
			all += n
			before += c
		}
		if all != int(draws) {
			t.Errorf("start %d draws %d cents, want %d", r, all, draws)
		}
	}
	for i, c := range cents {
		if drawn[i] != draws*c {
			t.Errorf("an entry of %d cents is drawn at %d of %d starts, want %d", c, drawn[i], total, draws*c)
		}
	}
}
