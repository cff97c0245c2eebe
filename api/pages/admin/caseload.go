package admin

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"masp/api/pages"
	"masp/ledger/civil"
)

// oneCase is a measure that a coordinator follows.
type oneCase struct {
	Mandate     string
	From, Until civil.Date
}

// casesPage is what a coordinator follows, today and later.
type casesPage struct {
	user
	Cases []oneCase
	Code  bool
}

func showCases(ctx context.Context, v *pages.Visit) error {
	u, _, err := readUser(ctx, v)
	if err != nil {
		return err
	}
	data := casesPage{user: u, Code: askCode(v)}
	if data.Cases, err = pages.All[oneCase](ctx, v, "/v1/caseloads"+of(u.User)); err != nil {
		return err
	}
	return v.Show("admin_mesures.html", pages.Sheet{Title: "Mesures suivies, " + u.Name, Data: data, Back: u.Path()})
}

// references are the references of a text: one on a line, or with blanks and commas between.
func references(text string) []string {
	return strings.FieldsFunc(strings.ToUpper(text), func(r rune) bool { return strings.ContainsRune(" \t\r\n,;", r) })
}

// caseDeed is what gives measures to a coordinator, or takes them.
type caseDeed struct {
	User     string     `json:"user"`
	Mandates []string   `json:"mandates"`
	From     civil.Date `json:"from,omitzero"`
	Until    civil.Date `json:"until,omitzero"`
}

func assign(ctx context.Context, v *pages.Visit) error {
	ask := caseDeed{User: v.Path("user"), From: v.Form.Date("from"), Until: v.Form.Date("until")}
	ask.Mandates = references(v.Form.Need("mandates", "Écrivez au moins une référence, par exemple M-0001."))
	return onCases(ctx, v, "/v1/caseloads", ask, "confiée", "confiées")
}

func release(ctx context.Context, v *pages.Visit) error {
	ask := caseDeed{User: v.Path("user"), Mandates: v.Form.Values["taken"]}
	if len(ask.Mandates) == 0 {
		v.Form.Bad("taken", "Cochez au moins une mesure.")
	}
	return onCases(ctx, v, "/v1/caseload_releases", ask, "retirée", "retirées")
}

// onCases changes what a coordinator follows, and says of how many measures.
func onCases(ctx context.Context, v *pages.Visit, target string, ask caseDeed, one, many string) error {
	reply, err := act(ctx, v, deed{Method: http.MethodPost, Target: target, Body: ask})
	if errors.Is(err, errAgain) {
		joinProblems(v)
		return showCases(ctx, v)
	}
	if err != nil {
		return err
	}
	var done struct{ Changed int }
	if err := json.Unmarshal(reply.Body, &done); err != nil {
		return err
	}
	say := pages.Count(done.Changed, "mesure "+one, "mesures "+many) + "."
	return v.Done(user{User: ask.User}.Path()+"/mesures", say)
}

// joinProblems brings what is wrong with one reference of many to their one field.
func joinProblems(v *pages.Visit) {
	for i, p := range v.Form.Problems {
		if strings.HasPrefix(p.Field, "mandates.") {
			v.Form.Problems[i].Field = "mandates"
		}
	}
}
