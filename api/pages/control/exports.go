package control

import (
	"context"
	"maps"
	"net/url"
	"time"

	"masp/api/auth"
	"masp/api/pages"
	"masp/ledger/money"
)

// exportFormats are the forms of an export in the words of who opens it.
var exportFormats = []pages.Choice{
	{Value: "csv-fr", Name: "Tableur français (csv)"},
	{Value: "xlsx", Name: "Excel (xlsx)"},
	{Value: "fec", Name: "Fichier des écritures comptables (FEC)"},
	{Value: "csv", Name: "Csv international"},
	{Value: "hledger", Name: "hledger"},
	{Value: "jsonl", Name: "JSON, une écriture par ligne"},
}

// preview is what an export would hold.
type preview struct {
	File    string       `json:"file"`
	Entries int          `json:"entries"`
	Lines   int          `json:"lines"`
	Debit   money.Amount `json:"debit"`
	Credit  money.Amount `json:"credit"`
	AsOf    time.Time    `json:"as_of"`
}

type exportsShown struct {
	Formats []pages.Choice
	Preview *preview
	Export  string // where the file is
	Bundle  string // where the evidence of the same period is; empty for who may not have it
}

func showExports(ctx context.Context, v *pages.Visit) error {
	shown := exportsShown{Formats: exportFormats}
	q := asked(v)
	if v.May(auth.ExportEvidence) {
		shown.Bundle = "/v1/exports/bundle?" + q.Encode()
	}
	format := v.Query("format")
	if format == "" || len(v.Form.Problems) > 0 {
		return v.Show("controle_exports.html", pages.Sheet{Title: "Exporter les livres", Data: shown, Back: "/controle"})
	}
	asks := url.Values{"format": {format}}
	maps.Copy(asks, q)
	var found preview
	err := v.Read(ctx, "/v1/export_previews?"+asks.Encode(), &found)
	if err == nil {
		shown.Preview, shown.Export = &found, "/v1/exports/ledger?"+asks.Encode()
	}
	return answered(v, err, "Aucun mandat de votre périmètre ne répond à cette demande.",
		"controle_exports.html", pages.Sheet{Title: "Exporter les livres", Data: shown, Back: "/controle"})
}
