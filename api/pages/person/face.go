package person

import (
	"context"
	"embed"
	"net/http"

	"masp/api/auth"
	"masp/api/pages"
)

//go:embed *.html
var templates embed.FS

// Face is the pages of the person, and her first page for who helps her.
func Face() pages.Face {
	get := func(route string, do func(context.Context, *pages.Visit) error) pages.Page {
		return pages.Page{Method: http.MethodGet, Route: route, Action: auth.ReadOwnAccount, Do: do}
	}
	return pages.Face{Templates: templates, Pages: []pages.Page{
		get("/moi", home),
		get("/moi/detail", month),
		get("/moi/prochain", coming),
		get("/moi/mouvements", movements),
		get("/moi/mouvements/:movement", movement),
		get("/moi/releves", statements),
		get("/moi/releves/:month", statement),
		get("/moi/releves/:month/pdf", paper),
		get("/moi/dette", debts),
		get("/moi/question", question),
		{Method: http.MethodPost, Route: "/moi/question", Action: auth.WriteOwnAccount, Do: ask},
		{Method: http.MethodPost, Route: "/moi/montants", Action: auth.ReadOwnAccount, Do: hide},
		{Method: http.MethodGet, Route: "/beneficiaires/:mandate/vue-personne", Action: auth.ReadPersons, Do: watch},
	}}
}
