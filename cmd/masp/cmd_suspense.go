package main

import (
	"fmt"
	"strings"

	"masp/api/auth"
	"masp/imports"
	"masp/ledger/civil"
	"masp/ledger/money"
)

type suspenseCommand struct {
	List     suspenseList     `cmd:"" help:"L'argent que personne n'a encore identifié, le plus ancien d'abord, et son âge."`
	Assign   suspenseAssign   `cmd:"" help:"Dit ce qu'est une ligne : une prestation d'un mandat, ou un de nos virements."`
	Split    suspenseSplit    `cmd:"" help:"Répartit une ligne en un seul acte : plusieurs mandats, prestations ou virements ; le reste attend."`
	Take     suspenseTake     `cmd:"" help:"Vous vous occupez de la ligne."`
	Give     suspenseGive     `cmd:"" help:"Confie la ligne à un coordinateur ou à un comptable."`
	Unassign suspenseUnassign `cmd:"" help:"Plus personne ne s'occupe de la ligne."`
	Note     suspenseNote     `cmd:"" help:"Garde ce que vous avez essayé : appel au payeur, courrier, réponse."`
	Clear    suspenseClear    `cmd:"" help:"Compense deux lignes : un débit et sa correction, des frais et ce que l'association a versé pour eux."`
	Return   suspenseReturn   `cmd:"" help:"Prépare le virement qui rend l'argent à l'expéditeur ; ensuite run submit, approve et file."`
	Deadline suspenseDeadline `cmd:"" help:"Règle en combien de jours une ligne doit être identifiée."`
}

type suspenseList struct{}

// Run lists what is unidentified and how old it is.
func (c *suspenseList) Run(s *session) error {
	return s.with(func(h *house) error {
		report, err := h.imports.SuspenseReport(s.ctx)
		if err != nil {
			return err
		}
		return s.out.data(report, func() {
			if len(report.Items) == 0 {
				s.out.print("Tout est identifié.")
				return
			}
			for _, i := range report.Items {
				printSuspense(s.out, i, report.On)
			}
			printAges(s.out, report)
		})
	})
}

// printSuggestions lists what a line may be, by the numbers that suspense assign takes.
func printSuggestions(out *printer, all []imports.Suggestion) {
	for n, i := range all {
		var why []string
		for _, clue := range i.Reasons {
			why = append(why, clue.Text)
		}
		what := strings.Join(strings.Fields(i.Mandate+" "+i.Benefit+" "+i.Period.French()+" "+i.Transfer), " ")
		out.print("        Piste %d (%d/100) : %s — %s", n+1, i.Score, what, strings.Join(why, ", "))
	}
}

func printSuspense(out *printer, i imports.SuspenseItem, on civil.Date) {
	out.print("%6d  %s  %s  %s  %s — %s", i.Line, i.BookedOn.FrenchShort(), right(i.Open.French(), 12),
		plural(i.Days, "jour", "jours"), i.Counterparty, i.Text)
	out.print("        %s", i.Why)
	if i.Suggestion != "" {
		out.print("        Piste : %s", i.Suggestion)
	}
	printSuggestions(out, i.Suggestions)
	who := "personne ne s'en occupe"
	if i.Owner != "" {
		who = "suivie par " + i.Owner
	}
	until := "à identifier avant le " + i.Deadline.FrenchShort()
	if i.Late(on) {
		until = out.red("en retard depuis le " + i.Deadline.FrenchShort())
	}
	out.print("        %s, %s", who, until)
	if i.Return != "" {
		out.print("        %s repartent vers l'expéditeur par la campagne %s, pas encore approuvée", i.Reserved.French(), i.Return)
	}
	for _, n := range i.Notes {
		if n.Note != "" {
			out.print("        %s, %s : %s", n.At.In(civil.Paris).Format("02/01/2006"), n.By, n.Note)
		}
	}
}

func printAges(out *printer, r imports.SuspenseReport) {
	for _, a := range r.Ages {
		days := fmt.Sprintf("%d à %d jours", a.From, a.Until)
		if a.Until == 0 {
			days = fmt.Sprintf("plus de %d jours", a.From-1)
		}
		out.print("  %-16s %s  entrées %s  sorties %s", days, right(plural(a.Lines, "ligne", "lignes"), 10),
			right(a.In.French(), 14), right(a.Out.French(), 14))
	}
	out.print("  En tout %s, comme le compte d'attente 471.", r.Total.French())
}

type suspenseAssign struct {
	Line     int64       `arg:"" help:"Numéro de la ligne (masp suspense list)."`
	Mandate  string      `help:"Mandat à qui est cet argent." placeholder:"MANDAT"`
	Benefit  string      `help:"Prestation (RSA, AAH…), WAGE pour un salaire, REFUND_OF_PAYMENT pour un remboursement." placeholder:"CODE"`
	Period   civil.Month `help:"Mois du droit (2026-10)." placeholder:"MOIS"`
	Amount   someEuros   `help:"Partie identifiée ; par défaut tout ce qui reste." placeholder:"EUROS"`
	Transfer string      `help:"Pour un débit, référence du virement qu'il exécute (V000001-0001) ; pour un remboursement, celle du virement rendu ; seule pour un crédit : ce virement est revenu." placeholder:"RÉFÉRENCE"`
	// Suggestion is the number of one of the line.
	Suggestion int    `help:"Prend cette piste de la ligne (masp suspense list)." placeholder:"PISTE"`
	Reason     string `required:"" help:"Pourquoi vous en êtes sûr ; inscrit au journal des actes." placeholder:"RAISON"`
}

// Run identifies a line.
func (c *suspenseAssign) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		done, err := h.imports.AssignSuspense(s.ctx, who, c.Line, imports.Assignment{
			Mandate: c.Mandate, Benefit: c.Benefit, Period: c.Period, Amount: c.Amount.Amount,
			Transfer: c.Transfer, Reason: c.Reason, Suggestion: c.Suggestion,
		})
		if err != nil {
			return err
		}
		return s.out.data(done, func() { printAssigned(s.out, done) })
	})
}

func printAssigned(out *printer, all ...imports.Assigned) {
	for _, done := range all {
		out.print("%s attribués au compte %s (écriture %d).", done.Amount.Abs().French(), done.Account, done.Entry)
	}
	if rest := all[len(all)-1].Open; !rest.IsZero() {
		out.print("Reste à identifier : %s.", rest.Abs().French())
	}
}

type suspenseSplit struct {
	Line   int64          `arg:"" help:"Numéro de la ligne (masp suspense list)."`
	Part   []suspensePart `required:"" sep:"none" help:"MANDAT:PRESTATION:MOIS=EUROS (M-0001:RSA:2026-10=120,00 ; le mois peut manquer), ou RÉFÉRENCE=EUROS pour un débit. À répéter." placeholder:"PART"`
	Reason string         `required:"" help:"Pourquoi vous en êtes sûr ; inscrit au journal des actes." placeholder:"RAISON"`
}

// suspensePart is a part of a line as it is typed.
type suspensePart struct{ imports.Assignment }

// UnmarshalText reads M-0001:RSA:2026-10=120,00 or V000001-000001=120,00.
func (p *suspensePart) UnmarshalText(text []byte) (err error) {
	what, amount, found := strings.Cut(string(text), "=")
	fields := strings.Split(what, ":")
	if !found || len(fields) > 3 {
		return fmt.Errorf("« %s » : écrivez MANDAT:PRESTATION:MOIS=EUROS, ou RÉFÉRENCE=EUROS", text)
	}
	if p.Amount, err = parseAmount(amount); err != nil {
		return err
	}
	if len(fields) == 1 {
		p.Transfer = fields[0]
		return nil
	}
	p.Mandate, p.Benefit = fields[0], fields[1]
	if len(fields) == 3 {
		p.Period, err = civil.ParseMonth(fields[2])
	}
	return err
}

// Run splits a line in one act.
func (c *suspenseSplit) Run(s *session) error {
	parts := make([]imports.Assignment, len(c.Part))
	var sum money.Amount
	for i, p := range c.Part {
		parts[i] = p.Assignment
		sum = sum.Add(p.Amount)
	}
	return s.withPerson(func(h *house, who auth.Principal) error {
		done, err := h.imports.SplitSuspense(s.ctx, who, c.Line, parts, c.Reason)
		if err != nil {
			return err
		}
		return s.out.data(map[string]any{"line": c.Line, "amount": sum, "parts": done}, func() { printAssigned(s.out, done...) })
	})
}
