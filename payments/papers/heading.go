package papers

import (
	"strings"
	"time"

	"masp/ledger/civil"
	"masp/payments/mandates"
	"masp/payments/papers/page"
)

// Kind is what a paper is.
type Kind string

// The kinds of paper.
const (
	KindStatement Kind = "STATEMENT" // relevé de compte
	KindAnnual    Kind = "ANNUAL"    // compte de gestion
	KindFinal     Kind = "FINAL"     // compte rendu final
)

// French is the title of a paper.
func (k Kind) French() string {
	switch k {
	case KindStatement:
		return "Relevé de compte"
	case KindAnnual:
		return "Compte de gestion"
	case KindFinal:
		return "Compte rendu final"
	}
	return string(k)
}

var prefixes = map[Kind]string{KindStatement: "RC", KindAnnual: "CG", KindFinal: "CF"}

// Heading is whose paper it is, and of which days.
type Heading struct {
	Organisation string
	Siren        string // nine digits, or empty
	Mandate      mandates.Summary
	From, To     civil.Date
	Today        civil.Date // of the books
}

// Provisional tells whether the last day is not over: more may come.
func (h Heading) Provisional() bool { return !h.To.Before(h.Today) }

// Number names the paper: kind, mandate and days.
func (h Heading) Number(k Kind) string {
	day := func(d civil.Date) string { return strings.ReplaceAll(d.String(), "-", "") }
	return prefixes[k] + "-" + h.Mandate.ID + "-" + day(h.From) + "-" + day(h.To)
}

const frenchProvisional = "Provisoire : la période n'est pas finie, d'autres mouvements peuvent venir."

// paper is the head of a paper.
func (h Heading) paper(k Kind) page.Paper {
	p := page.Paper{
		Number: h.Number(k), Title: k.French(), Subtitle: h.period(), From: h.Organisation, Dated: h.To.Time().Add(noon),
		Facts: []page.Fact{{Name: "Personne", Value: h.Mandate.Person}, {Name: "Mandat", Value: h.Mandate.ID}},
	}
	if h.Siren != "" {
		p.From += " — SIREN " + h.Siren[:3] + "\u00a0" + h.Siren[3:6] + "\u00a0" + h.Siren[6:]
	}
	if h.Provisional() {
		p.Warning = frenchProvisional
	}
	return p
}

// noon keeps the day of a PDF in every zone of Europe.
const noon = 12 * time.Hour

// period is the days in words: a month, a year, or from day to day.
func (h Heading) period() string {
	from, to := h.From, h.To
	switch {
	case from == from.MonthOf().First() && to == from.MonthOf().Last():
		return from.MonthOf().French()
	case from.Year() == to.Year() && from.String()[5:] == "01-01" && to.String()[5:] == "12-31":
		return "année " + from.String()[:4]
	}
	return "du " + from.French() + " au " + to.French()
}

const contest = "Une question, une erreur ? Parlez-en à votre coordination : une explication ou une correction " +
	"se demande à tout moment, sans délai."
