package main

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/payments/mandates"
)

type statementCommand struct {
	Mandate string     `arg:"" help:"Mandat (M-0001)."`
	From    civil.Date `help:"Premier jour ; par défaut le premier du mois." placeholder:"JOUR"`
	To      civil.Date `help:"Dernier jour ; par défaut aujourd'hui." placeholder:"JOUR"`
}

// Run prints the account statement of one person.
func (c *statementCommand) Run(s *session) error {
	return s.with(func(h *house) error {
		sheet, err := h.sheet(s, c.Mandate, c.From, c.To)
		if err != nil {
			return err
		}
		return s.out.data(sheet.json(), func() { s.out.print("%s", sheet.text()) })
	})
}

// sheet is a person's account statement with the names that head it.
type sheet struct {
	mandate mandates.Summary
	account ledger.AccountStatement
}

// sheet reads a statement from one snapshot.
func (h *house) sheet(s *session, mandate string, from, to civil.Date) (sheet, error) {
	var sh sheet
	err := h.read(s.ctx, func(tx tx) (err error) {
		if sh.mandate, err = mandates.SummaryTx(s.ctx, tx, mandate); err != nil {
			return err
		}
		if to.IsZero() {
			if to, err = ledger.Today(s.ctx, tx); err != nil {
				return err
			}
		}
		if from.IsZero() {
			from = to.MonthOf().First()
		}
		sh.account, err = h.ledger.AccountStatement(s.ctx, tx, ledger.Mandate(mandate), from, to)
		return err
	})
	return sh, err
}

const sheetWidth = 92

// text is the statement as a French bank prints it, in columns that a printer keeps.
func (sh sheet) text() string {
	a := sh.account
	w := &strings.Builder{}
	rule := strings.Repeat("─", sheetWidth)
	fmt.Fprintf(w, "%s\nRELEVÉ DE COMPTE — %s\n", rule, sh.mandate.Person)
	fmt.Fprintf(w, "Mandat %s · du %s au %s\n%s\n", sh.mandate.ID, a.From.French(), a.To.French(), rule)
	row(w, "Date", "Opération", "Entrées", "Sorties", "Solde")
	row(w, a.From.FrenchShort(), "Solde au début", "", "", a.Opening.French())
	for _, l := range a.Lines {
		in, out := "", ""
		if l.In.IsPositive() {
			in = l.In.French()
		}
		if l.Out.IsPositive() {
			out = l.Out.French()
		}
		row(w, printedDay(l).FrenchShort(), l.Label, in, out, l.Balance.French())
	}
	fmt.Fprintln(w, rule)
	row(w, "Totaux", "Solde au "+sh.closingDay().FrenchShort(), a.In.French(), a.Out.French(), a.Closing.French())
	fmt.Fprintf(w, "%s\nSolde au début + entrées − sorties = solde à la fin.", rule)
	if sh.outOfOrder() {
		fmt.Fprint(w, "\nLes dates sont celles de la banque ; les lignes suivent l'ordre des écritures.")
	}
	return w.String()
}

// printedDay is the day that a person reads: the bank's own for a line of the bank.
func printedDay(l ledger.StatementLine) civil.Date {
	if l.BookedOn.IsZero() {
		return l.PostedOn
	}
	return l.BookedOn
}

// closingDay is the day of the closing balance: the end of the period, or that of a line which
// the bank has dated later.
func (sh sheet) closingDay() civil.Date {
	day := sh.account.To
	for _, l := range sh.account.Lines {
		if d := printedDay(l); d.After(day) {
			day = d
		}
	}
	return day
}

// outOfOrder tells whether the dates jump: lines stand in the order of their posting.
func (sh sheet) outOfOrder() bool {
	last := sh.account.From
	for _, l := range sh.account.Lines {
		if printedDay(l).Before(last) {
			return true
		}
		last = printedDay(l)
	}
	return last.After(sh.account.To)
}

func row(w *strings.Builder, day, label, in, out, balance string) {
	fmt.Fprintf(w, "%s  %s  %s  %s  %s\n", fit(day, 10), fit(label, 40), right(in, 11), right(out, 11), right(balance, 12))
}

// fit cuts or fills a text to a number of characters.
func fit(text string, width int) string {
	if n := utf8.RuneCountInString(text); n <= width {
		return text + strings.Repeat(" ", width-n)
	}
	return string([]rune(text)[:width-1]) + "…"
}

func right(text string, width int) string {
	return strings.Repeat(" ", max(0, width-utf8.RuneCountInString(text))) + text
}

func (sh sheet) json() map[string]any {
	a := sh.account
	lines := make([]map[string]any, 0, len(a.Lines))
	for _, l := range a.Lines {
		lines = append(lines, map[string]any{
			"entry": l.No, "posted_on": l.PostedOn, "booked_on": l.BookedOn, "value_on": l.ValueOn,
			"kind": l.Kind, "label": l.Label, "in": l.In, "out": l.Out, "balance": l.Balance,
		})
	}
	return map[string]any{
		"mandate": sh.mandate.ID, "person": sh.mandate.Person, "from": a.From, "to": a.To,
		"opening": a.Opening, "in": a.In, "out": a.Out, "closing": a.Closing, "closing_on": sh.closingDay(), "lines": lines,
	}
}
