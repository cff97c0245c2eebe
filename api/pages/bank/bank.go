package bank

import (
	"embed"
	"net/http"

	"masp/api/auth"
	"masp/api/pages"
)

//go:embed *.html
var templates embed.FS

// Face is the pages of the bank.
func Face() pages.Face {
	get, post := http.MethodGet, http.MethodPost
	return pages.Face{Templates: templates, Pages: []pages.Page{
		{Method: get, Route: "/banque", Action: auth.ReadBank, Do: showHome},
		{Method: get, Route: "/banque/imports", Action: auth.ReadBank, Do: showImports},
		{Method: post, Route: "/banque/imports", Action: auth.ImportBank, Upload: true, Do: importFile},
		{Method: get, Route: "/banque/imports/:statement", Action: auth.ReadBank, Do: showStatement},
		{Method: post, Route: "/banque/imports/:statement", Action: auth.MatchBank, Do: decideStatement},
		{Method: get, Route: "/banque/comptes", Action: auth.ReadBank, Do: showAccounts},
	}}
}

// known is the names of mandates, to say whose they are.
type known map[string]string

// Of is the name of a mandate, or its reference for who may not know it.
func (k known) Of(mandate string) string {
	if name := k[mandate]; name != "" {
		return name + " (" + mandate + ")"
	}
	return mandate
}
