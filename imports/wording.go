package imports

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// wording is what a transaction says, folded, with a blank on both sides of every word.
type wording struct{ party, text string }

// wordingOf reads the only transaction of a line. The name of the party decides who it is; only
// where the bank gives none does the text count, as for the payers.
func wordingOf(l Line) wording {
	var d Detail
	if len(l.Details) > 0 {
		d = l.Details[0]
	}
	w := wording{party: phrase(firstOf(d.Party, d.Ultimate)), text: phrase(join(d.Text, l.Text, d.EndToEndID))}
	if w.party == "" {
		w.party = w.text
	}
	return w
}

// tidy writes a text as its words, with single blanks between them.
func tidy(text string) string { return strings.Join(words(text), " ") }

// phrase is a text in which tidied words may be looked for; empty when it has none.
func phrase(text string) string {
	if found := tidy(text); found != "" {
		return " " + found + " "
	}
	return ""
}

// says tells whether tidied words stand in a phrase, one behind the other and each whole. None
// stand nowhere: who names nothing does not mean everybody.
func says(phrase, part string) bool {
	for from := 0; part != ""; from++ {
		i := strings.Index(phrase[from:], part)
		if i < 0 {
			return false
		}
		from += i
		if phrase[from-1] == ' ' && phrase[from+len(part)] == ' ' {
			return true
		}
	}
	return false
}

// dated are words of digits that are days or months, which number no person.
var dated = regexp.MustCompile(
	`^(?:[0-3][0-9][01][0-9](?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}[01][0-9][0-3][0-9])$`,
)

// numbersNobody tells that no word of these phrases can be a number of a person: seven digits
// at least (the shortest that a payer uses), and no day. The migration says the same.
func numbersNobody(phrases []string) bool {
	for _, p := range phrases {
		for _, word := range strings.FieldsFunc(p, notPlain) {
			if len(digitsOnly(word)) >= 7 && !dated.MatchString(word) {
				return false
			}
		}
	}
	return true
}

// notPlain tells what is neither a capital nor a digit.
func notPlain(r rune) bool { return (r < '0' || r > '9') && (r < 'A' || r > 'Z') }

// months are left out of the shape of a text, as the same payment comes with another one.
var months = []string{
	"JANVIER", "FEVRIER", "MARS", "AVRIL", "MAI", "JUIN", "JUILLET", "AOUT", "SEPTEMBRE", "OCTOBRE",
	"NOVEMBRE", "DECEMBRE",
}

// shapeOf is what two texts of the same payment have in common: their words, but those with
// digits and the months.
func shapeOf(text string) string {
	kept := slices.DeleteFunc(words(text), func(word string) bool {
		return strings.ContainsFunc(word, unicode.IsDigit) || slices.Contains(months, word)
	})
	return strings.Join(kept, " ")
}
