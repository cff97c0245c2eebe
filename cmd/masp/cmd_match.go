package main

import (
	"fmt"

	"masp/api/auth"
	"masp/imports"
	"masp/payments"
)

type matchCommand struct {
	Undo matchUndo `cmd:"" help:"Annule un rapprochement par extourne : la ligne revient en attente, rien d'autre ne bouge."`
}

type matchUndo struct {
	Line       int64  `arg:"" help:"Numéro de la ligne de banque."`
	Assignment int64  `xor:"which" help:"Attribution à annuler, quand la ligne en a plusieurs." placeholder:"NUMÉRO"`
	Recognised bool   `xor:"which" help:"Annule ce que l'import avait reconnu, et garde les attributions."`
	Reason     string `help:"Pourquoi il est faux ; inscrit au journal des actes." placeholder:"RAISON"`
	DryRun     bool   `help:"Montre ce qui changerait, sans rien changer."`
}

// Run undoes one match, or shows what that would change.
func (c *matchUndo) Run(s *session) error {
	ask := imports.UndoAsk{Line: c.Line, Assignment: c.Assignment, Recognised: c.Recognised, Reason: c.Reason}
	if c.DryRun {
		return s.with(func(h *house) error {
			u, err := h.imports.PlanUndo(s.ctx, ask)
			if err != nil {
				return err
			}
			return s.out.data(u, func() {
				printUndo(s.out, u)
				s.out.print("Rien n'est changé.")
			})
		})
	}
	return s.withPerson(func(h *house, who auth.Principal) error {
		u, err := h.imports.UndoMatch(s.ctx, who, ask)
		if err != nil {
			return err
		}
		return s.out.data(u, func() {
			printUndo(s.out, u)
			s.out.print("Annulé : écriture %d extournée par la %d.", u.Entry, u.Reversal)
		})
	})
}

// printUndo shows what the undo of a match changes, and what stands in its way.
func printUndo(out *printer, u imports.Undo) {
	out.print("Ligne %d : %s redeviennent à identifier (%s).", u.Line, u.Amount.Abs().French(), u.What)
	for _, a := range u.Accounts {
		out.print("  %s rend %s, il lui reste %s.", a.Account, a.Amount.French(), a.Holds.Sub(a.Amount).French())
	}
	for _, r := range u.Receipts {
		month := ""
		if !r.Period.IsZero() {
			month = " (" + r.Period.French() + ")"
		}
		out.print("  %s de %s%s n'est plus reçue : %s.", r.Benefit, r.Mandate, month, r.Amount.French())
	}
	for _, t := range u.Transfers {
		text := fmt.Sprintf("  Virement %s : de nouveau en route", t.Transfer)
		if t.To == payments.InstructionSettled {
			text = fmt.Sprintf("  Virement %s : de nouveau exécuté", t.Transfer)
		}
		if len(t.Dues) > 0 {
			text += ", " + plural(len(t.Dues), "échéance payée", "échéances payées")
		}
		out.print("%s.", text)
	}
	for _, o := range u.Obstacles {
		out.print("  %s %s", out.red("Obstacle :"), o)
	}
}
