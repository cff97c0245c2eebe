package evidence

import (
	_ "embed" // the words of LISEZMOI.txt
	"fmt"
	"strings"
	"text/template"

	"masp/ledger/civil"
)

//go:embed lisezmoi.txt
var lisezmoiText string

// recipe makes the hashes of a bundle again in another language.
//
//go:embed recette.py
var recipe string

var lisezmoi = template.Must(template.New("LISEZMOI.txt").Parse(lisezmoiText))

// readMe says what the bundle is and how an auditor checks it with common tools.
func (b *bundle) readMe() (string, error) {
	var list strings.Builder
	for _, t := range everyTable() {
		fmt.Fprintf(&list, "  %-34s %s\n", t.name, t.says)
	}
	var out strings.Builder
	err := lisezmoi.Execute(&out, map[string]any{
		"Organisation": b.organisation, "AsOf": b.asOf.In(civil.Paris).Format("02/01/2006 à 15 h 04 min 05 s"), "Scope": b.scopeWords(),
		"FEC": b.fecName, "Tables": list.String(), "Whole": b.whole(),
		"Seed": b.ask.Seed, "Sample": b.ask.Sample, "Head": b.head(b.lastEntry), "Period": b.first > 1 || !b.ask.To.IsZero(),
	})
	return out.String(), err
}

func (b *bundle) scopeWords() string {
	words := "toute l'organisation"
	switch {
	case b.whole() && b.ask.Department != "":
		words += ", toute suivie pour le département " + b.ask.Department
	case b.ask.Mandate != "":
		words = "le mandat " + b.ask.Mandate
	case b.ask.Department != "":
		words = "les mandats du département " + b.ask.Department
	}
	if !b.ask.From.IsZero() {
		words += ", à partir du " + b.ask.From.French()
	}
	if !b.ask.To.IsZero() {
		words += ", jusqu'au " + b.ask.To.French()
	}
	return words
}
