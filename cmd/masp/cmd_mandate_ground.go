package main

import (
	"masp/api/auth"
	"masp/payments/mandates"
)

type mandateGround struct {
	ID   string `arg:"" help:"Mandat (M-0001)."`
	Text string `help:"Écrit ce qui menace la santé ou la sécurité, en quelques mots ; sans lui : le lit." placeholder:"TEXTE"`
}

var frenchGrounds = map[mandates.ThreatGround]string{
	mandates.Health: "santé", mandates.Safety: "sécurité", mandates.Both: "santé et sécurité",
}

// Run writes or reads why a measure is needed, in the name of the person.
func (c *mandateGround) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if c.Text != "" {
			if err := h.mandates.NoteThreat(s.ctx, who, c.ID, c.Text); err != nil {
				return err
			}
			return s.out.data(map[string]any{"mandate": c.ID}, func() { s.out.print("%s : motif noté.", c.ID) })
		}
		note, err := h.mandates.Threat(s.ctx, who, c.ID)
		if err != nil {
			return err
		}
		return s.out.data(map[string]any{
			"mandate": c.ID, "threat_ground": note.Ground, "noted_on": orNothing(note.On), "text": note.Text,
		}, func() {
			s.out.print("%s : menace pour : %s. %s", c.ID, frenchGrounds[note.Ground], note.Text)
		})
	})
}
