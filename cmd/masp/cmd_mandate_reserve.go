package main

import "masp/api/auth"

type mandateReleaseReserve struct {
	ID     string `arg:"" help:"Mandat (M-0001)."`
	Amount euros  `arg:"" optional:"" help:"Montant ; par défaut tout ce qui est mis de côté."`
	Reason string `required:"" help:"Pourquoi ; inscrit au journal des actes." placeholder:"RAISON"`
}

// Run releases a reserve in the name of the person.
func (c *mandateReleaseReserve) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		released, left, err := h.mandates.ReleaseReserve(s.ctx, who, c.ID, c.Amount.Amount, c.Reason)
		if err != nil {
			return err
		}
		return s.out.data(map[string]any{"mandate": c.ID, "released": released, "left": left}, func() {
			s.out.print("%s : %s de provision libérés ; il reste %s mis de côté.", c.ID, released.French(), left.French())
		})
	})
}
