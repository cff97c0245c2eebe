package pages

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"masp/api"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// words are the functions of all templates: everything that a reader sees of money and time.
var words = template.FuncMap{
	"euros":     Euros,
	"jour":      civil.Date.French,
	"court":     civil.Date.FrenchShort,
	"semaine":   Weekday,
	"bref":      Day,
	"mois":      civil.Month.French,
	"heure":     Hour,
	"instant":   Instant,
	"iban":      IBANEnd,
	"nombre":    Number,
	"compte":    Count,
	"compteau":  CountBounded,
	"nombreau":  NumberBounded,
	"majuscule": Capital,
	"champ":     fieldOf,
	"coche":     fieldOf,
	"dict":      dict,
	"liste":     func(all ...string) []string { return all },
}

// Euros is an amount with the sign that stands on the line of its digits.
func Euros(a money.Amount) string { return strings.Replace(a.French(), "-", "−", 1) }

var weekdays = [...]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"}

// Weekday is a day near enough to need no year: "vendredi 28 novembre".
func Weekday(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	return weekdays[d.Weekday()] + " " + Day(d)
}

// Day is a day without its year: "5 novembre".
func Day(d civil.Date) string {
	return strings.TrimSuffix(d.French(), " "+strconv.Itoa(d.Year()))
}

// Hour is an hour of Paris: "7 h 10".
func Hour(t time.Time) string {
	local := t.In(civil.Paris)
	return fmt.Sprintf("%d\u00a0h\u00a0%02d", local.Hour(), local.Minute())
}

// Instant is a moment in Paris: "05/11/2026 à 7 h 10".
func Instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return civil.FromTime(t, civil.Paris).FrenchShort() + " à " + Hour(t)
}

const ibanShown = 4

// IBANEnd is what a reader needs of an IBAN to know it again: "FR76…4471".
func IBANEnd(iban string) string {
	if len(iban) < 3*ibanShown {
		return iban
	}
	return iban[:ibanShown] + "…" + iban[len(iban)-ibanShown:]
}

const narrow = "\u202f"

// Number writes a count: "12 400".
func Number(n int) string {
	digits := strconv.Itoa(n)
	var b strings.Builder
	for i, digit := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 && digits[i-1] != '-' {
			b.WriteString(narrow)
		}
		b.WriteRune(digit)
	}
	return b.String()
}

// Count writes how many of something there are: "1 paiement", "12 paiements"; French counts zero as one.
func Count(n int, one, many string) string {
	if n < 2 && n > -2 {
		return Number(n) + "\u00a0" + one
	}
	return Number(n) + "\u00a0" + many
}

// CountBounded writes a count that was not followed further than count=bounded goes: "plus de 1 000 paiements".
func CountBounded(n int, one, many string) string {
	if n < api.CountBound {
		return Count(n, one, many)
	}
	return NumberBounded(n) + "\u00a0" + many
}

// NumberBounded writes the number of such a count.
func NumberBounded(n int) string {
	if n < api.CountBound {
		return Number(n)
	}
	return "plus de " + Number(api.CountBound-1)
}

// Capital begins a sentence.
func Capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// field is one field of a form as the layout writes it.
type field struct {
	Name, Label, Hint, Value, Type, Mode, Complete, Wrong string
	Checked                                               bool
	Choices                                               []Choice
}

// Choice is one answer of a list of answers.
type Choice struct {
	Value, Name string
	Chosen      bool
}

// fieldOf makes a field for the templates "champ", "zone", "choix", "menu" and "coche": the page, its name,
// its label, then pairs of an option and its value: hint, type, mode (the keyboard of a telephone), complete
// (autocomplete), value (before anything was typed), choices ([]Choice).
func fieldOf(page *shown, name, label string, options ...any) (field, error) {
	f := field{Name: name, Label: label, Type: "text", Complete: "off", Wrong: page.Form.Wrong(name)}
	for i := 0; i+1 < len(options); i += 2 {
		text, _ := options[i+1].(string)
		switch options[i] {
		case "hint":
			f.Hint = text
		case "type":
			f.Type = text
		case "mode":
			f.Mode = text
		case "complete":
			f.Complete = text
		case "value":
			f.Value = text
		case "choices":
			f.Choices, _ = options[i+1].([]Choice)
		default:
			return f, fmt.Errorf("a field has no option %v", options[i])
		}
	}
	if typed, ok := page.Form.Values[name]; ok && len(typed) > 0 {
		f.Value, f.Checked = typed[0], true
	}
	choices := make([]Choice, len(f.Choices))
	for i, c := range f.Choices {
		choices[i] = Choice{c.Value, c.Name, c.Value == f.Value}
	}
	f.Choices = choices
	return f, nil
}

// dict gives a template several values by name.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict wants pairs, got %d values", len(pairs))
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: %v is no name", pairs[i])
		}
		m[name] = pairs[i+1]
	}
	return m, nil
}
