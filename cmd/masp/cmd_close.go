package main

import (
	"masp/api/auth"
	"masp/ledger/civil"
)

type closeCommand struct {
	Month  civil.Month `arg:"" help:"Mois à clôturer (2026-11)."`
	Reopen string      `help:"Rouvre ce mois (le dernier clos), avec sa raison." placeholder:"RAISON"`
}

// Run closes a month: nothing is ever dated in it again. An auditor looks, and closes nothing.
func (c *closeCommand) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if !who.Is(auth.Accountant) && !who.Is(auth.Approver) && !who.Is(auth.Coordinator) {
			return auth.ErrRole
		}
		return h.write(s.ctx, func(tx tx) error {
			if c.Reopen != "" {
				if _, err := h.ledger.ReopenMonth(s.ctx, tx, c.Month, who.ID, c.Reopen); err != nil {
					return err
				}
				return s.out.data(map[string]any{"reopened": c.Month}, func() {
					s.out.print("%s rouvert. L'acte est inscrit au journal des actes.", c.Month.French())
				})
			}
			closing, err := h.ledger.CloseMonth(s.ctx, tx, c.Month, who.ID)
			if err != nil {
				return err
			}
			return s.out.data(closing, func() {
				s.out.print("%s clôturé. Plus aucune écriture ne peut y être datée.", c.Month.French())
			})
		})
	})
}
