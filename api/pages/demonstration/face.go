package demonstration

import (
	"context"
	"embed"
	"net/http"

	"masp/api/auth"
	"masp/api/pages"
)

//go:embed *.html
var templates embed.FS

// Path is where the demonstration begins.
const Path = "/demonstration"

// Guide knows the secrets of the invented persons.
type Guide struct {
	Staff    []Login
	Persons  []Login
	Password string // of all of the staff
	// Code is what the authenticator of a user shows; one that is used is followed by the next.
	Code func(user string, use bool) string
	// Card is the code of a new card of a person.
	Card func(ctx context.Context, person string) (string, error)
}

// Login is one invented person: a reference, a name, and what he is there for.
type Login struct{ ID, Name, Role, Home string }

// Face is the page of the guide.
func Face(g Guide) pages.Face {
	return pages.Face{Templates: templates, Pages: []pages.Page{
		{Method: http.MethodGet, Route: Path, Do: func(_ context.Context, v *pages.Visit) error { return g.show(v) }},
		{Method: http.MethodPost, Route: Path, Do: g.enter},
	}}
}

func (g Guide) show(v *pages.Visit) error {
	codes := map[string]string{}
	for _, l := range g.Staff {
		codes[l.ID] = g.Code(l.ID, false)
	}
	return v.Show("demonstration.html", pages.Sheet{Title: "Démonstration", Bare: true, Data: map[string]any{
		"Guide": g, "Codes": codes,
	}})
}

// enter lets the reader in as one of the invented persons, by the same doors as everybody.
func (g Guide) enter(ctx context.Context, v *pages.Visit) error {
	id := v.Form.Value("qui")
	for _, l := range g.Staff {
		if l.ID != id {
			continue
		}
		return g.open(ctx, v, l, "/v1/sessions", map[string]string{"user": id, "password": g.Password, "code": g.Code(id, true)})
	}
	for _, l := range g.Persons {
		if l.ID != id {
			continue
		}
		code, err := g.Card(ctx, id)
		if err != nil {
			return err
		}
		return g.open(ctx, v, l, "/v1/card_entries", map[string]string{"code": code})
	}
	return v.Go(Path)
}

func (g Guide) open(ctx context.Context, v *pages.Visit, l Login, door string, secrets map[string]string) error {
	if v.Who().Means != auth.ByNobody { // who was here before goes first
		if _, err := v.Act(ctx, http.MethodDelete, "/v1/session", nil, ""); err != nil {
			return err
		}
	}
	if _, err := v.Act(ctx, http.MethodPost, door, secrets, ""); err != nil {
		if err = v.Form.Refused(err); err != nil {
			return err
		}
		return g.show(v)
	}
	return v.Go(l.Home)
}
