package imports

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// plainLetters writes French capitals without accents, as banks do.
var plainLetters = strings.NewReplacer("À", "A", "Â", "A", "Ä", "A", "Ç", "C", "É", "E", "È", "E",
	"Ê", "E", "Ë", "E", "Î", "I", "Ï", "I", "Ô", "O", "Ö", "O", "Ù", "U", "Û", "U", "Ü", "U",
	"Ÿ", "Y", "Œ", "OE", "Æ", "AE", "’", "'", ".", "")

// fold makes two spellings of one name comparable: capitals, no accents, no dots, single
// blanks.
func fold(s string) string {
	if folded(s) {
		return s
	}
	return strings.Join(strings.Fields(plainLetters.Replace(strings.ToUpper(s))), " ")
}

// folded tells that fold would change nothing, of the usual text of a bank: capitals of ASCII.
func folded(s string) bool {
	before := byte(' ')
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c >= utf8.RuneSelf || 'a' <= c && c <= 'z' || c == '.' || c == ' ' && before == ' ' {
			return false
		}
		before = c
	}
	return s == "" || before != ' '
}

// words cuts a folded text at everything that is neither letter nor digit.
func words(s string) []string {
	return strings.FieldsFunc(
		fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) },
	)
}

// join puts texts behind one another with single blanks.
func join(texts ...string) string {
	return strings.Join(strings.Fields(strings.Join(texts, " ")), " ")
}

// shorten cuts a text to at most n characters, with … where something is missing.
func shorten(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}

// plural is a number with its noun: none and one take the singular in French.
func plural(n int, one, many string) string {
	if n < 2 {
		return fmt.Sprintf("%d %s", n, one)
	}
	return fmt.Sprintf("%d %s", n, many)
}
