package sepa

import (
	"errors"
	"strings"
)

// BIC is a business identifier code (ISO 9362), 8 or 11 characters, or empty:
// it has been optional in SEPA since February 2016.
type BIC string

// ErrBIC tells that a text is not a BIC.
var ErrBIC = errors.New("invalid bic")

// ParseBIC accepts spaces around and lower case; an empty text gives an empty
// BIC. The pattern is the stricter one of pain.001.001.03, which also fits .09.
func ParseBIC(s string) (BIC, error) {
	b := BIC(strings.ToUpper(strings.TrimSpace(s)))
	if b != "" && !b.valid() {
		return "", ErrBIC
	}
	return b, nil
}

// valid checks [A-Z]{6}[A-Z2-9][A-NP-Z0-9]([A-Z0-9]{3})?.
func (b BIC) valid() bool {
	if len(b) != 8 && len(b) != 11 {
		return false
	}
	for i := range len(b) {
		c := b[i]
		letter, digit := c >= 'A' && c <= 'Z', c >= '0' && c <= '9'
		switch {
		case !letter && !digit,
			i < 6 && digit,
			i == 6 && c < '2',
			i == 7 && c == 'O':
			return false
		}
	}
	return true
}
