package main

import (
	"strconv"

	"masp/imports/reconcile"
	"masp/ledger/civil"
	"masp/ledger/money"
)

type reconcileBeneficiary struct {
	Mandate string      `arg:"" help:"Mandat (M-0001)."`
	Month   civil.Month `required:"" help:"Mois (2026-10)." placeholder:"MOIS"`
}

// Run prints what a person had in a month, opened down to the lines of the bank. It fails when the own
// account of the person differs from its bank.
func (c *reconcileBeneficiary) Run(s *session) error {
	return s.with(func(h *house) error {
		sheet, err := h.reconcile.Beneficiary(s.ctx, c.Mandate, c.Month)
		if err != nil {
			return err
		}
		err = s.out.data(sheet, func() { printSheet(s.out, sheet) })
		if err == nil && sheet.Own != nil && sheet.Own.State == reconcile.Difference {
			return errFound
		}
		return err
	})
}

func plainNumber(n int) string { return strconv.Itoa(n) }

// figureLine is a figure with its name.
type figureLine struct {
	what   string
	amount money.Amount
}

func printSheet(out *printer, s reconcile.Sheet) {
	out.print("%s", out.bold("Mandat "+s.Mandate+", "+s.Month.French()+" — compte "+s.Account))
	lines := []figureLine{
		{"Début", s.Opening},
		{"+ entrées", s.In},
		{"− sorties", s.Out},
		{"= fin", s.Closing},
		{"En route vers les destinataires", s.InTransit},
		{"Mis de côté", s.Reserved},
		{"Prestations attendues", s.Expected},
		{"Prestations reçues", s.Received},
	}
	if s.Own != nil {
		lines = append(lines, figureLine{"Selon la banque, compte de la personne", s.Own.Bank}, figureLine{"Écart", s.Own.Gap})
	}
	for _, l := range lines {
		out.print("  %s %s", fit(l.what, 46), right(l.amount.French(), 15))
	}
	printSheetLines(out, s)
}

func printSheetLines(out *printer, s reconcile.Sheet) {
	var rows [][]string
	for _, m := range s.Moves {
		rows = append(rows, []string{
			m.Day.FrenchShort(), plainNumber(int(m.Entry)), m.Source, m.In.French(), m.Out.French(), m.Balance.French(), placeOf(m.Line),
		})
	}
	out.table([]string{"Jour", ">Écriture", "Pièce", ">Entrée", ">Sortie", ">Reste", "Banque"}, rows)
	for _, t := range s.Transfers {
		out.print("En route : %s à %s, parti le %s (%s).", t.Amount.French(), t.Payee, t.SentOn.FrenchShort(), t.Reference)
	}
	printExpected(out, s.Benefits)
	if s.Stored > 0 && !s.Same {
		out.print("%s", out.yellow("Le mois a été enregistré avec d'autres chiffres : on en a appris plus depuis."))
	}
}
