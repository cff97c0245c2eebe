package main

import "masp/api/auth"

type productionCommand struct{}

// Run ends the trial: the clock cannot be moved any more, and only an admin adds persons.
func (c *productionCommand) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.auth.EnterProduction(s.ctx, who); err != nil {
			return err
		}
		return s.out.data(map[string]bool{"in_production": true}, func() {
			s.out.print("L'organisation est en production. Désormais un admin ajoute les personnes, et l'horloge ne se déplace plus.")
		})
	})
}
