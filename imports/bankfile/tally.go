package bankfile

import (
	"math"

	"masp/ledger/money"
)

// tally adds amounts in cents without making a number of each; it turns to exact numbers where
// an int64 ends.
type tally struct {
	units int64 // never negative
	total money.Exact
}

// add adds an amount that is not negative.
func (t *tally) add(units int64) {
	if t.units > math.MaxInt64-units {
		t.total, t.units = t.sum(), 0
	}
	t.units += units
}

func (t *tally) sum() money.Exact {
	return t.total.Add(money.ExactMinor(t.units, 2))
}
