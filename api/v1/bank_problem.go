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

// explainBank explains a refusal of the bank side.
func explainBank(own *imports.RefusedError) *api.Fault {
	code := strings.ToLower(own.Code)
	f := &api.Fault{Status: http.StatusUnprocessableEntity, Code: code, Detail: contract.Text{
		French: plainly(own.French), English: sentence(strings.ReplaceAll(code, "_", " ")),
	}}
	switch {
	case own.Code == "OFFER_UNKNOWN":
		f.Status = http.StatusNotFound
	case own.MovedOn():
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
