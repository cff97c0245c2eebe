package money

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Reason says why a text is no amount. Its value is the English words that go into an error.
type Reason string

// The reasons for which a text is refused.
const (
	Empty        Reason = "nothing is written"
	NoDigit      Reason = "a digit is missing"
	Character    Reason = "a character that is neither digit nor separator"
	PlusSign     Reason = "a plus sign"
	Space        Reason = "a space"
	Comma        Reason = "a comma"
	Point        Reason = "a point"
	Exponent     Reason = "an exponent"
	TwoDecimals  Reason = "not exactly two decimals"
	ManyDecimals Reason = "more than two decimals"
	TooLong      Reason = "too many digits"
	Groups       Reason = "thousands not grouped by three"
)

var frenchReasons = map[Reason]string{
	Empty:        "Le montant est vide.",
	NoDigit:      "Il manque un chiffre.",
	Character:    "Le montant contient autre chose que des chiffres.",
	PlusSign:     "Le montant s'écrit sans signe plus.",
	Space:        "Le montant s'écrit sans espace.",
	Comma:        "Les centimes se séparent ici par un point.",
	Point:        "Les centimes se séparent par une virgule.",
	Exponent:     "Un montant s'écrit sans exposant.",
	TwoDecimals:  "Le montant s'écrit avec deux décimales.",
	ManyDecimals: "Le montant a plus de deux décimales.",
	TooLong:      "Le montant a trop de chiffres.",
	Groups:       "Les chiffres se groupent par trois.",
}

// SyntaxError is the refusal of a text that is not written as the grammar of its reader asks.
type SyntaxError struct {
	Text    string // the whole text as it came, possibly long and possibly not UTF-8
	Why     Reason
	example string // what the reader would accept in its place
}

// Error says why, in English. It gives the length of the text and never the text itself, because
// errors reach logs.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("parse amount of %d bytes: %s", len(e.Text), e.Why)
}

// French returns a sentence for the person who wrote the text: why, and what to write. When the
// sum that was meant is beyond doubt, that is all it says: «Écrivez 1234,50».
func (e *SyntaxError) French() string {
	if meant, ok := meant(e); ok {
		return "Écrivez " + meant
	}
	if e.Why == Empty {
		return frenchReasons[Empty] + " Écrivez par exemple " + e.example
	}
	return "« " + clip(e.Text) + " » : " + frenchReasons[e.Why] +
		" Écrivez par exemple " + e.example
}

// clip keeps the start of a long or broken text, so that it can be shown.
func clip(text string) string {
	const shown = 40 // bytes
	if len(text) > shown {
		end := shown
		for !utf8.RuneStart(text[end]) && end > shown-utf8.UTFMax {
			end--
		}
		text = text[:end] + "…"
	}
	return strings.ToValidUTF8(text, "\uFFFD")
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// strange names the reason for a byte that no grammar of this package knows at its place.
func strange(c byte) Reason {
	switch c {
	case '+':
		return PlusSign
	case ' ', '\t', '\n', '\r':
		return Space
	case ',':
		return Comma
	case 'e', 'E':
		return Exponent
	}
	return Character
}
