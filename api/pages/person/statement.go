package person

import (
	"context"
	"net/http"
	"regexp"

	"masp/api"
	"masp/api/pages"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// sheet is a PersonStatement of the contract.
type sheet struct {
	Number, Organisation, Person, Mandate string
	Month                                 civil.Month
	From, To                              civil.Date
	ClosingOn                             civil.Date `json:"closing_on"`
	Provisional                           bool
	Opening, In, Out, Closing             money.Amount
	Lines                                 []sheetLine
	Content                               string
}

type sheetLine struct {
	On               civil.Date
	ValueOn          civil.Date `json:"value_on"`
	Label            string
	In, Out, Balance money.Amount
}

// Eve is the day before the first one.
func (s sheet) Eve() civil.Date { return s.From.AddDays(-1) }

const mostMonths = 24

// statements lists the months of which there is an account statement, the newest first.
func statements(ctx context.Context, v *pages.Visit) error {
	var f Facts
	if err := v.Read(ctx, "/v1/me/view", &f); err != nil {
		return err
	}
	var all []civil.Month
	for m := f.Day.MonthOf(); !m.Before(f.From.MonthOf()) && len(all) < mostMonths; m = m.Add(-1) {
		all = append(all, m)
	}
	return v.Show("moi_releves.html", pages.Sheet{Title: "Mes relevés", Back: "/moi", Bare: true, Data: all})
}

var oneMonth = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}$`)

func statement(ctx context.Context, v *pages.Visit) error {
	if !oneMonth.MatchString(v.Path("month")) {
		return api.NotFound()
	}
	var s sheet
	if err := v.Read(ctx, "/v1/me/statements/"+v.Path("month"), &s); err != nil {
		return err
	}
	title := "Mon relevé de " + s.Month.French()
	if hiding(v) {
		return v.Show("moi_cache.html", pages.Sheet{Title: title, Back: "/moi/releves", Bare: true})
	}
	return v.Show("moi_releve.html", pages.Sheet{Title: title, Back: "/moi/releves", Bare: true, Data: s})
}

// paper is the same for print and to keep.
func paper(ctx context.Context, v *pages.Visit) error {
	if !oneMonth.MatchString(v.Path("month")) {
		return api.NotFound()
	}
	reply, err := v.Ask(ctx, http.MethodGet, "/v1/me/statements/"+v.Path("month")+"/paper?format=pdf", http.Header{}, http.NoBody)
	if err != nil {
		return err
	}
	return v.Write(http.StatusOK, reply.Header.Get("Content-Type"), reply.Body, false)
}
