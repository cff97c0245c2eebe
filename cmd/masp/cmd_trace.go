package main

import (
	"strings"

	"masp/payments/control"
)

type traceCommand struct {
	Of      string `arg:"" help:"Écriture (171), ligne de banque (line:17), virement, campagne, une de ses lignes (C-2026-11-1:M-0001:3), fichier de virements." placeholder:"QUOI"`
	Mandate string `help:"L'argent de ce mandat seulement." placeholder:"MANDAT"`
	Most    int    `default:"200" help:"Virements suivis au plus (${default})." placeholder:"NOMBRE"`
}

// control is what an auditor does.
func (h *house) control() *control.Service { return &control.Service{DB: h.db} }

// Run follows the money to both ends.
func (c *traceCommand) Run(s *session) error {
	ref, err := control.ParseRef(c.Of)
	if err != nil {
		return err
	}
	return s.with(func(h *house) error {
		t, err := h.control().Trace(s.ctx, ref, c.Mandate, c.Most)
		if err != nil {
			return err
		}
		return s.out.data(t, func() { s.out.print("%s", strings.TrimSuffix(t.Text(), "\n")) })
	})
}
