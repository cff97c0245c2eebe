package control

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"masp/api/pages"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// reportNames are the reports, each with the resource that makes it.
var reportNames = []struct{ code, name, at string }{
	{"priority", "Le loyer d'abord", "/v1/reports/"},
	{"late_rents", "Loyers en retard", "/v1/reports/"},
	{"arrears", "Arriérés de loyer", "/v1/reports/"},
	{"activity", "Activité de l'année", "/v1/yearly_reports/"},
	{"masp", "Données annuelles des mesures", "/v1/yearly_reports/"},
}

// figure is one number of a report.
type figure struct {
	Code  string `json:"code"`
	Label string `json:"label"`
	Value string `json:"value"`
}

// French is the number as people read it: a count, an amount with two decimals, a rate with three.
func (f figure) French() string {
	whole, part, _ := strings.Cut(f.Value, ".")
	switch {
	case f.Value == "":
		return "–"
	case len(part) == 2:
		if a, err := money.Parse(f.Value); err == nil {
			return a.French()
		}
	case len(part) == 3:
		if n, err := strconv.Atoi(whole + part); err == nil {
			return strconv.Itoa(n/10) + "," + strconv.Itoa(n%10) + "\u00a0%"
		}
	}
	if n, err := strconv.Atoi(f.Value); err == nil {
		return pages.Number(n)
	}
	return f.Value
}

// Breach tells that the rule of priorities was not kept.
func (f figure) Breach() bool { return f.Code == "violations" && f.Value != "0" }

// report is the figures of a report; its lines are on its sheet.
type report struct {
	Title   string     `json:"title"`
	From    civil.Date `json:"from"`
	To      civil.Date `json:"to"`
	Figures []figure   `json:"figures"`
	Notes   []string   `json:"notes"`
}

type reportsShown struct {
	Names []pages.Choice
	Made  *report
	Sheet string // where it is for print and for spreadsheets, before the format
}

func showReports(ctx context.Context, v *pages.Visit) error {
	q := asked(v)
	q.Del("mandate")
	shown := reportsShown{}
	at, wanted := "", v.Query("rapport")
	for _, r := range reportNames {
		shown.Names = append(shown.Names, pages.Choice{Value: r.code, Name: r.name})
		if r.code == wanted {
			at = r.at + r.code
		}
	}
	var err error
	if at != "" && len(v.Form.Problems) == 0 {
		var made report
		if err = v.Read(ctx, at+"?"+q.Encode(), &made); err == nil {
			shown.Made, shown.Sheet = &made, sheetOf(at, q)
		}
	}
	return answered(v, err, "", "controle_rapports.html", pages.Sheet{Title: "Rapports", Data: shown, Back: "/controle"})
}

func sheetOf(at string, q url.Values) string {
	if len(q) == 0 {
		return at + "?format="
	}
	return at + "?" + q.Encode() + "&format="
}
