package papers

import (
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/papers/page"
)

// Statement is what happened on a person's managed money between two days.
type Statement struct {
	Heading
	Account ledger.AccountStatement
}

// PrintedDay is the day that a person reads: the bank's own for a line of the bank.
func PrintedDay(l ledger.StatementLine) civil.Date {
	if l.BookedOn.IsZero() {
		return l.PostedOn
	}
	return l.BookedOn
}

// ClosingDay is the day of the closing balance: the end of the period, or that of a line which the
// bank has dated later.
func (s Statement) ClosingDay() civil.Date {
	day := s.To
	for _, l := range s.Account.Lines {
		if d := PrintedDay(l); d.After(day) {
			day = d
		}
	}
	return day
}

// outOfOrder tells whether the dates jump: lines stand in the order of their posting.
func (s Statement) outOfOrder() bool {
	last := s.From
	for _, l := range s.Account.Lines {
		if PrintedDay(l).Before(last) {
			return true
		}
		last = PrintedDay(l)
	}
	return last.After(s.To)
}

// Paper puts the statement in the form of a bank's.
func (s Statement) Paper() page.Paper {
	p, a := s.paper(KindStatement), s.Account
	moves := page.Section{
		Title: "Mouvements du compte", Columns: statementColumns, Named: 2,
		Rows: []page.Row{balance("Solde précédent au "+s.From.AddDays(-1).FrenchShort(), "", "", a.Opening)},
	}
	for _, l := range a.Lines {
		moves.Rows = append(moves.Rows, page.Row{Cells: []string{
			PrintedDay(l).FrenchShort(), l.ValueOn.FrenchShort(), l.Label, some(l.Out), some(l.In), l.Balance.French(),
		}})
	}
	moves.Rows = append(moves.Rows,
		page.Row{Strong: true, Cells: []string{"", "", "Total des mouvements", a.Out.French(), a.In.French(), ""}},
		balance("Nouveau solde au "+s.ClosingDay().FrenchShort(), "", "", a.Closing))
	p.Sections = []page.Section{moves}
	p.Notes = []string{
		"Solde précédent " + a.Opening.French() + " + crédits " + a.In.French() + " − débits " + a.Out.French() +
			" = nouveau solde " + a.Closing.French() + ".",
	}
	if s.outOfOrder() {
		p.Notes = append(p.Notes, "Les dates sont celles de la banque ; les lignes suivent l'ordre des écritures.")
	}
	p.Notes = append(p.Notes, contest)
	p.Terms = []page.Term{
		{Word: "Solde précédent", Meaning: "ce qui restait sur le compte la veille du premier jour."},
		{Word: "Nouveau solde", Meaning: "ce qui reste sur le compte à la fin du dernier jour."},
	}
	return p
}

func balance(label, out, in string, amount money.Amount) page.Row {
	return page.Row{Strong: true, Cells: []string{"", "", label, out, in, amount.French()}}
}

// some is an amount, and nothing for zero.
func some(a money.Amount) string {
	if a.IsZero() {
		return ""
	}
	return a.French()
}

var statementColumns = []page.Column{
	{Title: "Date d'opération", Width: 11, Meaning: "le jour où la banque a noté le mouvement."},
	{Title: "Date de valeur", Width: 10, Meaning: "le jour à partir duquel la banque compte cet argent."},
	{Title: "Libellé", Width: 34, Meaning: "ce que c'est : qui a envoyé l'argent, ou à qui il est allé."},
	{Title: "Débit (sorties)", Width: 12, Number: true, Meaning: "l'argent qui sort du compte."},
	{Title: "Crédit (entrées)", Width: 12, Number: true, Meaning: "l'argent qui entre sur le compte."},
	{Title: "Solde", Width: 13, Number: true, Meaning: "ce qui reste sur le compte après cette ligne."},
}
