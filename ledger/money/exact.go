package money

import (
	"cmp"
	"errors"
	"log/slog"
	"strings"

	"github.com/shopspring/decimal"
)

// Exact is a number of any length as read from a file, with no rounding anywhere. Its zero value
// is 0. It is compared with [Exact.Cmp]: == does not compile, for 1.5 and 1.50 are one number in
// two forms.
type Exact struct {
	_ [0]func()
	// hundredths are the number when large is nil: what banks write, without memory of its own.
	hundredths int64
	large      *decimal.Decimal
}

// maxHundredths bounds the small form: the sum of two of them is an int64.
const maxHundredths = 1 << 61

// decimal is e for arithmetic that the small form does not hold.
func (e Exact) decimal() decimal.Decimal {
	if e.large != nil {
		return *e.large
	}
	return decimal.New(e.hundredths, -2)
}

// exactHundredths is n hundredths.
func exactHundredths(n int64) Exact {
	if n > maxHundredths || n < -maxHundredths {
		return exactDecimal(decimal.New(n, -2))
	}
	return Exact{hundredths: n}
}

func exactDecimal(d decimal.Decimal) Exact { return Exact{large: &d} }

// Errors of [Exact.Amount].
var (
	// ErrFraction says that a number has a fraction of a cent.
	ErrFraction = errors.New("fraction of a cent")
	// ErrRange says that a number is beyond the limit of an amount, 9 999 999 999 999.99 €.
	ErrRange = errors.New("beyond the limit of an amount")
)

// maxExactDigits is how many digits a number may have on each side of its point.
const maxExactDigits = 64

// ParseExact reads a number as bank files write it: ^[+-]?\d{1,64}(\.\d{0,64})?$, no exponent, no
// space. Anything else is refused with a [*SyntaxError] before a decimal is made of it.
func ParseExact(s string) (Exact, error) {
	if why := checkExact(s); why != "" {
		return Exact{}, &SyntaxError{Text: s, Why: why, example: "1234.50"}
	}
	if n, small := parseHundredths(s); small {
		return Exact{hundredths: n}, nil
	}
	d, err := decimal.NewFromString(s)
	if err != nil {
		return Exact{}, err
	}
	return exactDecimal(d), nil
}

// parseHundredths reads a number that the grammar has passed, when it has at most fifteen
// digits and two decimals.
func parseHundredths(s string) (n int64, small bool) {
	text := strings.TrimLeft(s, "+-")
	whole, fraction, _ := strings.Cut(text, ".")
	if len(whole) > 15 || len(fraction) > 2 {
		return 0, false
	}
	for _, digits := range [...]string{whole, (fraction + "00")[:2]} {
		for i := range len(digits) {
			n = n*10 + int64(digits[i]-'0')
		}
	}
	if s[0] == '-' {
		n = -n
	}
	return n, true
}

// checkExact checks the grammar; it returns "" when s is in it.
func checkExact(s string) Reason {
	if s == "" {
		return Empty
	}
	i := 0
	if s[0] == '+' || s[0] == '-' {
		i = 1
	}
	whole := countDigits(s[i:])
	i += whole
	switch {
	case whole > maxExactDigits:
		return TooLong
	case i == len(s) && whole > 0:
		return ""
	case i < len(s) && s[i] != '.':
		return strange(s[i])
	case whole == 0:
		return NoDigit
	}
	decimals := countDigits(s[i+1:])
	switch end := i + 1 + decimals; {
	case decimals > maxExactDigits:
		return TooLong
	case end < len(s) && s[end] == '.':
		return Point
	case end < len(s):
		return strange(s[end])
	}
	return ""
}

// countDigits returns how many digits s begins with; it stops counting when there are too many.
func countDigits(s string) int {
	n := 0
	for n < len(s) && n <= maxExactDigits && isDigit(s[n]) {
		n++
	}
	return n
}

// ExactMinor returns units × 10^−scale: the way of formats that write minor units and the number
// of decimals apart (CFONB). A scale beyond 0…64 panics: no format has it.
func ExactMinor(units int64, scale int) Exact {
	if scale < 0 || scale > maxExactDigits {
		panic("money: scale of minor units out of 0…64")
	}
	if scale == 2 {
		return exactHundredths(units)
	}
	return exactDecimal(decimal.New(units, -int32(scale)))
}

// Exact returns a as a number.
func (a Amount) Exact() Exact { return Exact{hundredths: a.cents} }

// Amount returns e as an amount of euros: [ErrFraction] when it has more than two significant
// decimals (12.500 has one), [ErrRange] beyond the limit of an amount.
func (e Exact) Amount() (Amount, error) {
	if n := e.hundredths; e.large == nil && n <= maxCents && n >= -maxCents {
		return Amount{n}, nil
	}
	cents := e.decimal().Shift(2)
	if !cents.IsInteger() {
		return Amount{}, ErrFraction
	}
	whole := cents.BigInt()
	if !whole.IsInt64() || whole.Int64() > maxCents || whole.Int64() < -maxCents {
		return Amount{}, ErrRange
	}
	return Amount{whole.Int64()}, nil
}

// Add returns e + f.
func (e Exact) Add(f Exact) Exact {
	if e.large == nil && f.large == nil {
		return exactHundredths(e.hundredths + f.hundredths)
	}
	return exactDecimal(e.decimal().Add(f.decimal()))
}

// Sub returns e − f.
func (e Exact) Sub(f Exact) Exact { return e.Add(f.Neg()) }

// Neg returns −e.
func (e Exact) Neg() Exact {
	if e.large == nil {
		return Exact{hundredths: -e.hundredths}
	}
	return exactDecimal(e.large.Neg())
}

// Cmp returns −1, 0 or +1 as e is less than, equal to or greater than f, whatever their forms.
func (e Exact) Cmp(f Exact) int {
	if e.large == nil && f.large == nil {
		return cmp.Compare(e.hundredths, f.hundredths)
	}
	return e.decimal().Cmp(f.decimal())
}

// Sign returns −1, 0 or +1 as e is negative, zero or positive.
func (e Exact) Sign() int { return e.Cmp(Exact{}) }

// IsZero tells whether e is 0.
func (e Exact) IsZero() bool { return e.Sign() == 0 }

// String returns one form for one number: a point, at least two decimals, and more only as far as
// they are significant: "1234.50", "-0.10", "1.005". [ParseExact] reads it back.
func (e Exact) String() string {
	s := e.decimal().String()
	_, decimals, found := strings.Cut(s, ".")
	switch {
	case !found:
		return s + ".00"
	case len(decimals) == 1:
		return s + "0"
	}
	return s
}

// MarshalText writes e as [Exact.String] does.
func (e Exact) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// UnmarshalText reads what [ParseExact] reads.
func (e *Exact) UnmarshalText(text []byte) error {
	parsed, err := ParseExact(string(text))
	if err != nil {
		return err
	}
	*e = parsed
	return nil
}

// LogValue masks the number in logs.
func (e Exact) LogValue() slog.Value { return slog.StringValue(mask) }
