package papers

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"masp/ledger/money"
	"masp/payments/papers/page"
)

// Paper puts the account in words.
func (a Account) Paper() page.Paper {
	p := a.paper(KindAnnual)
	a.fill(&p)
	p.Notes = append(p.Notes, contest)
	return p
}

// fill adds the sections that an annual and a final account share.
func (a Account) fill(p *page.Paper) {
	p.Facts = append(p.Facts, pageFact("Contrat", "du "+a.Mandate.From.French()+" au "+a.Mandate.To.French()),
		pageFact("Département", a.Mandate.Department))
	p.Sections = append(p.Sections, a.summary(), a.receivedSection(), a.paidSection())
	if len(a.Other) > 0 {
		p.Sections = append(p.Sections, a.otherSection())
	}
	p.Sections = append(p.Sections, a.debtSection(), a.reserveSection(), a.monthSection())
	p.Notes = append(p.Notes, "Solde au début "+a.Opening.French()+" + reçu "+a.TotalReceived().French()+" − payé "+
		a.TotalPaid().French()+signed(a.TotalOther())+" = solde à la fin "+a.Closing.French()+".")
}

// signed is the rest of the equation, nothing for zero.
func signed(a money.Amount) string {
	switch a.Sign() {
	case 1:
		return " + autres mouvements " + a.French()
	case -1:
		return " − autres mouvements " + a.Neg().French()
	}
	return ""
}

func pageFact(name, value string) page.Fact { return page.Fact{Name: name, Value: value} }

// summary says the account in a few lines.
func (a Account) summary() page.Section {
	s := page.Section{Title: "En bref", Columns: []page.Column{
		{Title: "Argent tenu pour la personne", Width: 64}, {Title: "Montant", Width: 14, Number: true},
	}}
	add := func(strong bool, label string, amount money.Amount) {
		s.Rows = append(s.Rows, page.Row{Strong: strong, Cells: []string{label, amount.French()}})
	}
	add(true, "Solde au "+a.From.AddDays(-1).FrenchShort()+" au soir", a.Opening)
	add(false, "+ Reçu", a.TotalReceived())
	add(false, "− Payé, moins ce qui est revenu", a.TotalPaid())
	if !a.TotalOther().IsZero() {
		add(false, "Autres mouvements", a.TotalOther())
	}
	add(true, "Solde au "+a.To.FrenchShort()+" au soir", a.Closing)
	for _, part := range a.Parts {
		if part.Sub != "" && !part.Amount.IsZero() {
			add(false, "dont "+frenchParts[part.Sub], part.Amount)
		}
	}
	if !a.Reserve.End.IsZero() {
		add(false, "dont mis de côté", a.Reserve.End)
	}
	if !a.InTransit.IsZero() {
		s.Note = "Des virements de " + a.InTransit.French() + " avaient quitté ce solde et n'étaient pas encore exécutés par la banque."
	}
	return s
}

func (a Account) receivedSection() page.Section {
	s := page.Section{Title: "Ce qui est entré", Empty: "Rien n'est entré.", Columns: []page.Column{
		{Title: "Prestation", Width: 64, Meaning: "une aide versée par la CAF ou un autre organisme."},
		{Title: "Reçu", Width: 14, Number: true},
	}}
	for _, r := range a.Received {
		s.Rows = append(s.Rows, page.Row{Cells: []string{r.Label, r.Amount.French()}})
	}
	if len(s.Rows) > 0 {
		s.Rows = append(s.Rows, page.Row{Strong: true, Cells: []string{"Total reçu", a.TotalReceived().French()}})
	}
	return s
}

func (a Account) paidSection() page.Section {
	s := page.Section{Title: "Ce qui est sorti", Empty: "Rien n'est sorti.", Named: 1, Columns: []page.Column{
		{Title: "Rang", Width: 22, Meaning: "l'ordre des paiements : le loyer passe d'abord."},
		{Title: "Destinataire", Width: 28, Meaning: "à qui l'argent est allé."},
		{Title: "Payé", Width: 13, Number: true},
		{Title: "Revenu", Width: 12, Number: true, Meaning: "ce qu'une banque a refusé ou renvoyé, et qui est revenu sur le compte."},
		{Title: "Reste payé", Width: 13, Number: true},
	}}
	var sent, back money.Amount
	for _, e := range a.Paid {
		sent, back = sent.Add(e.Paid), back.Add(e.Back)
		s.Rows = append(s.Rows, page.Row{Cells: []string{
			capital(frenchRank(e.Rank)), e.Payee, e.Paid.French(), some(e.Back), e.Net().French(),
		}})
	}
	if len(s.Rows) > 0 {
		s.Rows = append(s.Rows, page.Row{Strong: true, Cells: []string{"", "Total", sent.French(), some(back), a.TotalPaid().French()}})
	}
	return s
}

func (a Account) otherSection() page.Section {
	s := page.Section{Title: "Autres mouvements", Columns: []page.Column{
		{Title: "Nature", Width: 64}, {Title: "Montant", Width: 14, Number: true},
	}}
	for _, o := range a.Other {
		s.Rows = append(s.Rows, page.Row{Cells: []string{capital(o.Label), o.Amount.French()}})
	}
	s.Rows = append(s.Rows, page.Row{Strong: true, Cells: []string{"Total", a.TotalOther().French()}})
	return s
}

func (a Account) debtSection() page.Section {
	s := page.Section{Title: "Dettes", Empty: "Aucune dette n'est notée.", Columns: []page.Column{
		{Title: "Dette", Width: 26},
		{Title: "Au début", Width: 13, Number: true},
		{Title: "En plus", Width: 12, Number: true, Meaning: "une dette notée pour la première fois, ou plus grande que prévu."},
		{Title: "Payé ici", Width: 12, Number: true, Meaning: "ce que ce compte a payé."},
		{Title: "Autres baisses", Width: 12, Number: true, Meaning: "retenu par un organisme, payé par une aide, ou corrigé."},
		{Title: "À la fin", Width: 13, Number: true},
	}}
	var sum DebtSum
	for _, d := range a.Debts {
		sum.Start, sum.More, sum.Paid = sum.Start.Add(d.Start), sum.More.Add(d.More), sum.Paid.Add(d.Paid)
		sum.Less, sum.End = sum.Less.Add(d.Less), sum.End.Add(d.End)
		s.Rows = append(s.Rows, debtRow(false, capital(frenchDebt(d.Kind))+" — "+d.Creditor, d))
	}
	if len(s.Rows) > 0 {
		s.Rows = append(s.Rows, debtRow(true, "Total", sum))
	}
	return s
}

func debtRow(strong bool, label string, d DebtSum) page.Row {
	return page.Row{Strong: strong, Cells: []string{
		label, d.Start.French(), some(d.More), some(d.Paid), some(d.Less), d.End.French(),
	}}
}

func (a Account) reserveSection() page.Section {
	r := a.Reserve
	s := page.Section{
		Title: "Argent mis de côté", Empty: "Rien n'était mis de côté.",
		Columns: []page.Column{
			{Title: "Provision", Width: 26, Meaning: "de l'argent gardé sur ce même compte pour une dépense à venir."},
			{Title: "Au début", Width: 13, Number: true},
			{Title: "Mis de côté", Width: 13, Number: true},
			{Title: "Repris", Width: 13, Number: true},
			{Title: "À la fin", Width: 13, Number: true},
		},
	}
	if r != (Reserve{}) {
		s.Rows = []page.Row{{Cells: []string{"Provisions", r.Start.French(), some(r.Aside), some(r.Used), r.End.French()}}}
	}
	return s
}

func (a Account) monthSection() page.Section {
	s := page.Section{Title: "Mois par mois", Columns: []page.Column{
		{Title: "Mois", Width: 26},
		{Title: "Solde au début", Width: 13, Number: true},
		{Title: "Entré", Width: 13, Number: true},
		{Title: "Sorti", Width: 13, Number: true},
		{Title: "Solde à la fin", Width: 13, Number: true},
	}}
	for _, m := range a.Months {
		s.Rows = append(s.Rows, page.Row{Cells: []string{
			capital(m.Month.French()), m.Opening.French(), some(m.In), some(m.Out), m.Closing.French(),
		}})
	}
	return s
}

// capital begins a line.
func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + strings.TrimPrefix(text, text[:size])
}
