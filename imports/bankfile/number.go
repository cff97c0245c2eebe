package bankfile

import (
	"errors"
	"strings"

	"masp/ledger/money"
)

// number is a number without sign, as XML files write amounts. One of few digits, that is
// any amount of a real bank, stays a count of units until its side is known.
type number struct {
	units int64
	scale int         // decimals of units
	exact money.Exact // instead of units, when there are too many digits for them
	large bool
}

// smallDigits is how many digits surely fit the units of a number.
const smallDigits = 18

// parseNumber reads digits, a point, digits, and a plus before them at most, as XML Schema
// writes a decimal: ".72" and "72." are numbers. It refuses all else, a sign of minus first.
func parseNumber(text []byte) (number, error) {
	var n number
	count, point := 0, false
	for i, c := range text {
		switch {
		case '0' <= c && c <= '9' && count < smallDigits:
			n.units = n.units*10 + int64(c-'0')
			count++
			if point {
				n.scale++
			}
		case c == '.' && !point:
			point = true
		case c == '+' && i == 0:
		default:
			return parseLarge(text)
		}
	}
	if count == 0 {
		return parseLarge(text)
	}
	return n, nil
}

// parseLarge reads a number of many digits, or says why it is none.
func parseLarge(text []byte) (number, error) {
	digits := string(text)
	switch {
	case strings.HasPrefix(digits, "-"):
		return number{}, errSigned // money.ParseExact takes a sign, an amount has none
	case strings.HasPrefix(digits, "."), strings.HasPrefix(digits, "+."):
		digits = "0" + strings.TrimPrefix(digits, "+")
	}
	if digits == "0." {
		digits = string(text) // a point alone
	}
	exact, err := money.ParseExact(digits)
	return number{exact: exact, large: true}, err
}

var errSigned = errors.New("signed amount")

// signed gives the number the sign of its side.
func (n number) signed(s side) money.Exact {
	switch {
	case n.large && s == debit:
		return n.exact.Neg()
	case n.large:
		return n.exact
	case s == debit:
		return money.ExactMinor(-n.units, n.scale)
	}
	return money.ExactMinor(n.units, n.scale)
}
