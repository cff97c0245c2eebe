package sepa

import (
	"database/sql/driver"
	"fmt"
	"log/slog"
	"strings"
)

// IBAN is a checked international bank account number (ISO 13616), upper case
// and without spaces. It is comparable; the zero value is no IBAN. Logs and %v
// of a struct show it masked, String and JSON in full.
type IBAN struct{ text string }

// Reasons of an [IBANError].
const (
	IBANEmpty      = "empty"
	IBANCharacter  = "character" // something else than letters, digits and spaces
	IBANCountry    = "country"   // not in the IBAN registry
	IBANLength     = "length"
	IBANCheck      = "check_digits"
	IBANRIBKey     = "rib_key" // France and Monaco: the national key is wrong
	IBANRIBDetails = "rib"     // France and Monaco: bank, branch or key are not digits
)

// An IBANError says why a text is not an IBAN, without repeating the text.
type IBANError struct {
	Reason      string // one of the IBAN constants
	Country     string // when known
	Length, Got int    // characters, for IBANLength
}

func (e *IBANError) Error() string { return "invalid iban: " + e.Reason }

// French is the sentence shown beside the field.
func (e *IBANError) French() string {
	switch e.Reason {
	case IBANEmpty:
		return "Écrivez l’IBAN : il figure sur le RIB."
	case IBANCharacter:
		return "L’IBAN ne contient que des lettres sans accent et des chiffres."
	case IBANCountry:
		return "L’IBAN commence par deux lettres de pays, par exemple FR."
	case IBANLength:
		return fmt.Sprintf("L’IBAN (%s) doit avoir %d caractères ; celui-ci en a %d.",
			e.Country, e.Length, e.Got)
	case IBANRIBKey, IBANRIBDetails:
		return "L’IBAN est faux : la clé RIB ne correspond pas. Demandez un nouveau RIB."
	}
	return "L’IBAN est faux : un chiffre a été mal recopié. Relisez le RIB."
}

// ParseIBAN accepts an IBAN with or without spaces, in any case. It checks the
// length by country, the check digits (mod 97-10) and, for France and Monaco,
// the RIB key: an IBAN may have right check digits and a wrong key. The error
// is an *[IBANError].
func ParseIBAN(s string) (IBAN, error) {
	text, ok := compactIBAN(s)
	if !ok {
		return IBAN{}, &IBANError{Reason: IBANCharacter}
	}
	if text == "" {
		return IBAN{}, &IBANError{Reason: IBANEmpty}
	}
	if len(text) < 4 || ibanLength[text[:2]] == 0 {
		return IBAN{}, &IBANError{Reason: IBANCountry}
	}
	country := text[:2]
	if want := ibanLength[country]; len(text) != want {
		return IBAN{}, &IBANError{Reason: IBANLength, Country: country, Length: want, Got: len(text)}
	}
	if !isDigits(text[2:4]) || mod97(text[4:]+text[:4]) != 1 || text[2:4] < "02" || text[2:4] > "98" {
		return IBAN{}, &IBANError{Reason: IBANCheck, Country: country}
	}
	if country == "FR" || country == "MC" {
		if reason := checkRIB(text[4:]); reason != "" {
			return IBAN{}, &IBANError{Reason: reason, Country: country}
		}
	}
	return IBAN{text}, nil
}

// MustParseIBAN is ParseIBAN for constants of tests and seeds; it panics.
func MustParseIBAN(s string) IBAN {
	iban, err := ParseIBAN(s)
	if err != nil {
		panic(err)
	}
	return iban
}

// compactIBAN removes spaces and raises letters; false when anything else is
// there or when the text is too long to be an IBAN.
func compactIBAN(s string) (string, bool) {
	const longest = 34
	var out [longest]byte
	n := 0
	for _, r := range s {
		switch {
		case r == ' ', r == '\t', r == '\u00A0', r == '\u202F':
			continue
		case r >= 'a' && r <= 'z':
			r -= 'a' - 'A'
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		default:
			return "", false
		}
		if n == longest {
			return "", false
		}
		out[n] = byte(r) //nolint:gosec // A to Z, 0 to 9
		n++
	}
	return string(out[:n]), true
}

// mod97 is the rest by 97 of the number written by s, letters counting 10 to 35.
func mod97(s string) int {
	rest := 0
	for i := range len(s) {
		if c := s[i]; c <= '9' {
			rest = (rest*10 + int(c-'0')) % 97
		} else {
			rest = (rest*100 + int(c-'A') + 10) % 97
		}
	}
	return rest
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// IsZero tells that there is no IBAN.
func (i IBAN) IsZero() bool { return i.text == "" }

// String is the IBAN without spaces, empty for the zero value.
func (i IBAN) String() string { return i.text }

// Country is the code of the IBAN's country, as "FR".
func (i IBAN) Country() string {
	if i.text == "" {
		return ""
	}
	return i.text[:2]
}

// InSEPA tells that euro transfers to this account are SEPA transfers.
func (i IBAN) InSEPA() bool { return i.text != "" && strings.Contains(sepaCountries, i.text[:2]) }

// Formatted is the IBAN in groups of four, as on paper.
func (i IBAN) Formatted() string {
	var b strings.Builder
	for at := 0; at < len(i.text); at += 4 {
		if at > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(i.text[at:min(at+4, len(i.text))])
	}
	return b.String()
}

// Masked shows enough to recognise an account and no more: "FR76…4471".
func (i IBAN) Masked() string {
	if i.text == "" {
		return ""
	}
	return i.text[:4] + "…" + i.text[len(i.text)-4:]
}

// Format prints the IBAN masked with %v and %+v, in full with %s only.
func (i IBAN) Format(f fmt.State, verb rune) {
	text := i.Masked()
	if verb == 's' || verb == 'q' {
		text = i.text
	}
	if verb == 'q' {
		text = `"` + text + `"`
	}
	_, _ = f.Write([]byte(text)) // a fmt.State does not fail
}

// LogValue masks the IBAN in logs.
func (i IBAN) LogValue() slog.Value { return slog.StringValue(i.Masked()) }

// MarshalText gives the IBAN without spaces.
func (i IBAN) MarshalText() ([]byte, error) { return []byte(i.text), nil }

// UnmarshalText checks like ParseIBAN; an empty text is no IBAN.
func (i *IBAN) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*i = IBAN{}
		return nil
	}
	parsed, err := ParseIBAN(string(text))
	if err != nil {
		return err
	}
	*i = parsed
	return nil
}

// Value stores the IBAN as text, the zero value as NULL.
func (i IBAN) Value() (driver.Value, error) {
	if i.text == "" {
		return nil, nil
	}
	return i.text, nil
}

// Scan reads what Value stored and checks it again.
func (i *IBAN) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*i = IBAN{}
		return nil
	case string:
		return i.UnmarshalText([]byte(v))
	case []byte:
		return i.UnmarshalText(v)
	}
	return fmt.Errorf("scan iban: unexpected %T", src)
}
