package main

import (
	"fmt"
	"strconv"

	"masp/api/auth"
	"masp/imports"
	"masp/ledger/civil"
)

type suspenseCommand struct {
	List   suspenseList   `cmd:"" help:"L'argent que personne n'a encore identifié, le plus ancien d'abord."`
	Assign suspenseAssign `cmd:"" help:"Dit ce qu'est une ligne : une prestation d'un mandat, ou un de nos virements."`
}

type suspenseList struct{}

func (c *suspenseList) Run(s *session) error {
	return s.with(func(h *house) error {
		items, err := h.imports.Suspense(s.ctx)
		if err != nil {
			return err
		}
		return s.out.data(items, func() {
			if len(items) == 0 {
				s.out.print("Tout est identifié.")
			}
			for _, i := range items {
				s.out.print("%6d  %s  %s  %s jours  %s — %s", i.Line, i.BookedOn.FrenchShort(),
					right(i.Open.French(), 12), strconv.Itoa(i.Days), i.Counterparty, i.Text)
				s.out.print("        %s", i.Why)
				if i.Suggestion != "" {
					s.out.print("        Piste : %s", i.Suggestion)
				}
			}
		})
	})
}

type suspenseAssign struct {
	Line     int64       `arg:"" help:"Numéro de la ligne (masp suspense list)."`
	Mandate  string      `help:"Mandat à qui est cet argent." placeholder:"MANDAT"`
	Benefit  string      `help:"Prestation (RSA, AAH…), WAGE pour un salaire, REFUND_OF_PAYMENT pour un remboursement." placeholder:"CODE"`
	Period   civil.Month `help:"Mois du droit (2026-10)." placeholder:"MOIS"`
	Amount   euros       `help:"Partie identifiée ; par défaut tout ce qui reste." placeholder:"EUROS"`
	Transfer string      `help:"Pour un débit, référence du virement qu'il exécute (V000001-0001) ; pour un remboursement, celle du virement rendu." placeholder:"RÉFÉRENCE"`
	Reason   string      `required:"" help:"Pourquoi vous en êtes sûr ; inscrit au journal des actes." placeholder:"RAISON"`
}

func (c *suspenseAssign) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		done, err := h.imports.AssignSuspense(s.ctx, who, c.Line, imports.Assignment{
			Mandate: c.Mandate, Benefit: c.Benefit, Period: c.Period, Amount: c.Amount.Amount,
			Transfer: c.Transfer, Reason: c.Reason,
		})
		if err != nil {
			return err
		}
		return s.out.data(done, func() {
			s.out.print("%s", fmt.Sprintf("%s attribués au compte %s (écriture %d).", done.Amount.Abs().French(), done.Account, done.Entry))
			if !done.Open.IsZero() {
				s.out.print("Reste à identifier : %s.", done.Open.Abs().French())
			}
		})
	})
}
