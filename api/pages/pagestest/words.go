package pagestest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// banned are words that no page for a person says (ux 3.9).
var banned = regexp.MustCompile(`(?i)(^|[^\pL])(soldes?|crédit\pL*|débit\pL*|créanc\pL*|virements?|prélèvements?|échéanc\pL*|apurement|imputation|` +
	`valeur|opérations?|encours|provisions?|écritures?|lettrage|rapprochement|sepa|iban|bic|bénéficiaires?|prestations?|mandats?|` +
	`régularis\pL*|notifi\pL*|montants?|effectu\pL*|procéd\pL*|sollicit\pL*|ci-dessous|etc|masp|tutelle)([^\pL]|$)|[%!−]|[^\pL]-\d`)

// acronym is a word of capitals; those of knownAcronyms everybody knows.
var acronym = regexp.MustCompile(`\b[A-Z]{2,}\b`)

var knownAcronyms = []string{"CAF", "MSA", "RIB", "PDF"}

// cardCode is the code of a card, as an example shows it.
var cardCode = regexp.MustCompile(`\b[A-Z]{4}-[A-Z]{4}-[A-Z]{4}\b`)

// spoken are the words that one reads as one: an hour, an amount.
var spoken = regexp.MustCompile(`\d+ h \d+|[\d ]*\d,\d\d €|••• €`)

// named is what a person's page may say although a word of it is banned: the one wish about her screen.
var named = strings.NewReplacer("Cacher les montants", "Cacher", "Montrer les montants", "Montrer")

const mostWords = 12

// Hard tells what of a text is hard to read: sentences of more than twelve words, words of banks, signs.
func Hard(text string) (found []string) {
	text = cardCode.ReplaceAllString(named.Replace(strings.Join(strings.Fields(Plain(text)), " ")), "le code")
	if bad := banned.FindString(text); bad != "" {
		found = append(found, fmt.Sprintf("%q says %q", text, strings.TrimSpace(bad)))
	}
	for _, a := range acronym.FindAllString(text, -1) {
		if !slices.Contains(knownAcronyms, a) {
			found = append(found, fmt.Sprintf("%q has the letters %s", text, a))
		}
	}
	text = spoken.ReplaceAllString(text, "x")
	for sentence := range strings.SplitSeq(strings.NewReplacer("? ", ".", ". ", ".").Replace(text), ".") {
		if n := wordsIn(sentence); n > mostWords {
			found = append(found, fmt.Sprintf("%q has %d words", sentence, n))
		}
	}
	return found
}

func wordsIn(sentence string) (n int) {
	for word := range strings.FieldsSeq(sentence) {
		if strings.ContainsFunc(word, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			n++
		}
	}
	return n
}

// blocks are the elements that one reads as one text.
var blocks = []string{"title", "h1", "h2", "h3", "p", "li", "dt", "dd", "button", "label", "legend", "summary", "text", "desc", "a", "td", "th"}

// Easy fails when something of the page is hard to read.
func (s *Screen) Easy() *Screen {
	s.t.Helper()
	walk(s.root, func(n *html.Node) {
		if slices.Contains(blocks, n.Data) && !withinFooter(n) && !strings.Contains(attr(n, "class"), "boutons") {
			for _, bad := range Hard(textOf(n)) {
				s.t.Errorf("%s: %s", s.Path, bad)
			}
		}
	})
	return s
}

func withinFooter(n *html.Node) bool {
	for p := range n.Ancestors() {
		if p.Data == "footer" {
			return true
		}
	}
	return false
}
