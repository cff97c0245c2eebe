package money

import (
	"cmp"
	"errors"
	"math"
	"slices"
)

// ErrWeights is returned by [Amount.Split] when the weights cannot share anything: none, a
// negative one, all zero, or a sum beyond int64.
var ErrWeights = errors.New("weights must be zero or more, with a positive sum within int64")

// Split shares a in proportion to the weights by the largest remainder: each part is the exact
// share rounded down, and the cents left over go one by one to the largest remainders, the first
// of equals before the others. The parts add up to a, differ from the exact share by less than a
// cent, and a weight of zero gets nothing. A negative amount is split as its opposite.
func (a Amount) Split(weights []int64) ([]Amount, error) {
	total, err := sumWeights(weights)
	if err != nil {
		return nil, err
	}
	whole := a.magnitude()
	parts := make([]uint64, len(weights))
	remainders := make([]uint64, len(weights))
	left := whole
	for i, w := range weights {
		parts[i], remainders[i] = share(whole, uint64(w), total) //nolint:gosec // no weight is negative
		left -= parts[i]
	}
	for _, i := range largestFirst(remainders)[:left] {
		parts[i]++
	}
	return a.withSign(parts), nil
}

// SplitEven shares a in n parts that differ by a cent at most; the first parts take the extra cent
// 272.22 in 4 is 68.06, 68.06, 68.05, 68.05). It panics when n is not positive: money
// cannot be shared among nobody.
func (a Amount) SplitEven(n int) []Amount {
	if n < 1 {
		panic("money: split among nobody")
	}
	whole := a.magnitude()
	each, extra := whole/uint64(n), whole%uint64(n)
	parts := make([]uint64, n)
	for i := range parts {
		parts[i] = each
		if uint64(i) < extra {
			parts[i]++
		}
	}
	return a.withSign(parts)
}

func sumWeights(weights []int64) (uint64, error) {
	var total int64
	for _, w := range weights {
		if w < 0 || w > math.MaxInt64-total {
			return 0, ErrWeights
		}
		total += w
	}
	if total == 0 {
		return 0, ErrWeights
	}
	return uint64(total), nil
}

// largestFirst returns the indices of the remainders, the largest first, equals in their order.
func largestFirst(remainders []uint64) []int {
	order := make([]int, len(remainders))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		return cmp.Compare(remainders[j], remainders[i])
	})
	return order
}

// withSign makes amounts of magnitudes, with the sign of a.
func (a Amount) withSign(parts []uint64) []Amount {
	amounts := make([]Amount, len(parts))
	for i, p := range parts {
		cents := int64(p) //nolint:gosec // a part of a; 2⁶³ wraps to the smallest int64, its own opposite
		if a.cents < 0 {
			cents = -cents
		}
		amounts[i] = Amount{cents}
	}
	return amounts
}
