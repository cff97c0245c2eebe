package desk

import (
	"context"
	"embed"
	"net/http"

	"masp/api"
	"masp/api/auth"
	"masp/api/pages"
)

//go:embed *.html
var templates embed.FS

// Face is the pages of the desk.
func Face() pages.Face {
	all := []pages.Page{get("/accueil", auth.OwnIdentity, home)}
	for _, of := range [][]pages.Page{
		personPages(), payPages(), measurePages(), obligationPages(), debtPages(), creditorPages(), enrolPages(),
		benefitPages(), alertPages(), cardPages(), paperPages(),
	} {
		all = append(all, of...)
	}
	return pages.Face{Pages: all, Templates: templates}
}

// notFound is what is not there, or not in reach.
func notFound() error {
	return api.NotFound()
}

type doing = func(ctx context.Context, v *pages.Visit) error

func get(route string, action auth.Action, do doing) pages.Page {
	return pages.Page{Method: http.MethodGet, Route: route, Action: action, Do: do}
}

func post(route string, action auth.Action, do doing) pages.Page {
	return pages.Page{Method: http.MethodPost, Route: route, Action: action, Do: do}
}
