package simbank

import (
	"fmt"
	"strconv"
	"strings"
)

// Widths of the two kinds of amount that a payment file states (EPC): one
// transfer is at most 999 999 999.99 €, a control sum is longer.
const (
	transferDigits = 9
	totalDigits    = 15
)

// parseCents reads an amount of a payment file: 1 to width digits, then
// optionally a point and one or two decimals. No sign, exponent, blank, comma
// or leading zero is accepted.
func parseCents(text string, width int) (int64, error) {
	whole, fraction, pointed := strings.Cut(text, ".")
	if !isDigits(whole, width) || pointed && !isDigits(fraction, 2) {
		return 0, fmt.Errorf("amount %.30q: digits, a point and at most two decimals are expected", text)
	}
	if len(whole) > 1 && whole[0] == '0' {
		return 0, fmt.Errorf("amount %.30q: leading zero", text)
	}
	cents, err := strconv.ParseInt(whole+(fraction + "00")[:2], 10, 64)
	if err != nil {
		return 0, fmt.Errorf("amount %.30q: %w", text, err)
	}
	return cents, nil
}

// parseCount reads a number of transactions: 1 to 15 digits (Max15NumericText).
func parseCount(text string) (int, error) {
	if !isDigits(text, 15) {
		return 0, fmt.Errorf("number of transactions %.30q: digits are expected", text)
	}
	return strconv.Atoi(text)
}

func isDigits(s string, most int) bool {
	if s == "" || len(s) > most {
		return false
	}
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// centsText writes an amount without its sign, as ISO 20022 wants it: the side
// is told by CdtDbtInd.
func centsText(cents int64) string {
	if cents < 0 {
		cents = -cents
	}
	return fmt.Sprintf("%d.%02d", cents/100, cents%100)
}

// side returns the CdtDbtInd of a signed amount; zero is CRDT by custom.
func side(cents int64) string {
	if cents < 0 {
		return "DBIT"
	}
	return "CRDT"
}

// isIBAN checks the shape and the check digits (ISO 13616, mod 97 = 1).
func isIBAN(iban string) bool {
	if len(iban) < 15 || len(iban) > 34 {
		return false
	}
	rest := 0
	for _, r := range iban[4:] + iban[:4] {
		switch {
		case r >= '0' && r <= '9':
			rest = (rest*10 + int(r-'0')) % 97
		case r >= 'A' && r <= 'Z':
			rest = (rest*100 + int(r-'A') + 10) % 97
		default:
			return false
		}
	}
	return rest == 1
}

// isText checks a text of 1 to most characters of the SEPA set (EPC): French
// banks refuse the others.
func isText(s string, most int) bool {
	if s == "" || len(s) > most {
		return false
	}
	return strings.IndexFunc(s, func(r rune) bool {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		return !letter && !strings.ContainsRune("/-?:().,'+ ", r)
	}) < 0
}

// isReference checks a reference: at most 35 characters, no slash at an end and
// no two in a row (EPC, use of slashes).
func isReference(s string) bool {
	return isText(s, 35) && s[0] != '/' && s[len(s)-1] != '/' && !strings.Contains(s, "//")
}
