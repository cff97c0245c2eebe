package v1

import (
	"errors"
	"net/http"
	"regexp"
	"strings"

	"masp/api"
	"masp/api/contract"
	"masp/imports"
	"masp/imports/reconcile"
)

// movedOn are the refusals of the bank side that say that the state of things is another one; the
// others are broken rules.
var movedOn = map[string]bool{
	"ADVICE_TWICE": true, "DOES_NOT_FOLLOW": true, "DROPPED": true, "IN_THE_WAY": true, "NOTHING_TO_UNDO": true, "NOT_CONFLICT": true,
	"NOT_DROPPED": true, "NOT_HELD": true, "NOT_IN_TRANSIT": true, "NOT_SETTLED": true, "OWNED": true, "PAGES": true, "REFUNDED": true,
	"RESERVED": true, "RULE_ENDED": true, "RULE_OVERLAPS": true, "TOO_LONG": true, "WHICH_MATCH": true,
}

// explainBank explains a refusal of the bank side.
func explainBank(own *imports.RefusedError) *api.Fault {
	code := strings.ToLower(own.Code)
	f := &api.Fault{Status: http.StatusUnprocessableEntity, Code: code, Detail: contract.Text{
		French: plainly(own.French), English: sentence(strings.ReplaceAll(code, "_", " ")),
	}}
	switch {
	case own.Code == "OFFER_UNKNOWN":
		f.Status = http.StatusNotFound
	case movedOn[own.Code]:
		f.Status = http.StatusConflict
	}
	return f
}

// absent answers what has no row as what is another's.
func absent(err error) error {
	for _, none := range []error{imports.ErrNoStatement, imports.ErrNoLine, imports.ErrNoMatch, reconcile.ErrNoAccount} {
		if errors.Is(err, none) {
			return api.NotFound()
		}
	}
	return err
}

// Sentences of the command line name rows by their numbers, which stay inside, and its options.
var (
	numberedRow = regexp.MustCompile(`\b([Ll])(e relevé|a ligne|a règle) \d+`)
	rowNumber   = regexp.MustCompile(` \(n° ?\d+\)|n° ?\d+, | ne porte le numéro \d+`)
	options     = regexp.MustCompile(` ?: pour la reprendre, ajoutez --from [^ ]+| \(--[a-z]+\)`)
	demonstrate = strings.NewReplacer("Le relevé", "Ce relevé", "le relevé", "ce relevé", "La ligne", "Cette ligne",
		"la ligne", "cette ligne", "La règle", "Une règle", "la règle", "une règle")
)

// plainly is a sentence of the domain without commands, options and numbers of rows.
func plainly(french string) string {
	french = options.ReplaceAllString(withoutCommand(french), "")
	french = numberedRow.ReplaceAllStringFunc(french, func(found string) string {
		return demonstrate.Replace(found[:strings.LastIndexByte(found, ' ')])
	})
	return rowNumber.ReplaceAllString(french, "")
}
