package money

import (
	"cmp"
	"log/slog"
	"math"
	"math/bits"
)

// Amount is a sum of euros, exact to the cent, positive, zero or negative. Its zero value is 0.00 €
// and two amounts are equal when == says so.
type Amount struct{ cents int64 }

// maxCents is the largest amount that a text may carry: 9 999 999 999 999.99 €.
const maxCents = 999_999_999_999_999

// Limit returns the largest amount that a text may carry, 9 999 999 999 999.99 €; its negative is
// the smallest.
func Limit() Amount { return Amount{maxCents} }

// Cents returns the amount of c euro cents.
func Cents(c int64) Amount { return Amount{c} }

// Cents returns a in euro cents.
func (a Amount) Cents() int64 { return a.cents }

// Add returns a + b. It panics beyond int64 cents, which amounts within the limit of texts reach
// only by the thousands.
func (a Amount) Add(b Amount) Amount {
	sum := a.cents + b.cents
	if (sum > a.cents) != (b.cents > 0) {
		panic("money: sum beyond int64 cents")
	}
	return Amount{sum}
}

// Sub returns a − b. It panics beyond int64 cents.
func (a Amount) Sub(b Amount) Amount {
	difference := a.cents - b.cents
	if (difference < a.cents) != (b.cents > 0) {
		panic("money: difference beyond int64 cents")
	}
	return Amount{difference}
}

// Neg returns −a. It panics for the smallest int64, which has no opposite.
func (a Amount) Neg() Amount {
	if a.cents == math.MinInt64 {
		panic("money: opposite beyond int64 cents")
	}
	return Amount{-a.cents}
}

// Abs returns a without its sign. It panics for the smallest int64, which has no opposite.
func (a Amount) Abs() Amount {
	if a.cents < 0 {
		return a.Neg()
	}
	return a
}

// Cmp returns −1, 0 or +1 as a is less than, equal to or greater than b.
func (a Amount) Cmp(b Amount) int { return cmp.Compare(a.cents, b.cents) }

// Sign returns −1, 0 or +1 as a is negative, zero or positive.
func (a Amount) Sign() int { return cmp.Compare(a.cents, 0) }

// IsZero tells whether a is 0.00 €.
func (a Amount) IsZero() bool { return a.cents == 0 }

// IsPositive tells whether a is above 0.00 €.
func (a Amount) IsPositive() bool { return a.cents > 0 }

// IsNegative tells whether a is below 0.00 €.
func (a Amount) IsNegative() bool { return a.cents < 0 }

// Min returns the smaller of two amounts.
func Min(a, b Amount) Amount { return Amount{min(a.cents, b.cents)} }

// Max returns the greater of two amounts.
func Max(a, b Amount) Amount { return Amount{max(a.cents, b.cents)} }

// Sum returns the sum of all amounts, 0.00 € of none. It panics beyond int64 cents.
func Sum(amounts ...Amount) Amount {
	var total Amount
	for _, a := range amounts {
		total = total.Add(a)
	}
	return total
}

// LogValue masks the amount in logs: what a person has is not for them.
func (a Amount) LogValue() slog.Value { return slog.StringValue(mask) }

const mask = "…"

// magnitude returns the cents without sign, right even for the smallest int64.
func (a Amount) magnitude() uint64 {
	if a.cents < 0 {
		return -uint64(a.cents) //nolint:gosec // wraps round twice, which is right
	}
	return uint64(a.cents)
}

// share returns whole × weight / total rounded down, and the remainder of the division. The
// product has 128 bits; weight ≤ total keeps the quotient within 64.
func share(whole, weight, total uint64) (quotient, remainder uint64) {
	high, low := bits.Mul64(whole, weight)
	return bits.Div64(high, low, total)
}
