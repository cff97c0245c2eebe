package main

import (
	"masp/ledger/civil"
	"masp/payments/papers"
)

type statementCommand struct {
	Mandate string     `arg:"" help:"Mandat (M-0001)."`
	From    civil.Date `help:"Premier jour ; par défaut le premier du mois." placeholder:"JOUR"`
	To      civil.Date `help:"Dernier jour ; par défaut aujourd'hui." placeholder:"JOUR"`
}

// Run prints the account statement of one person.
func (c *statementCommand) Run(s *session) error {
	return s.with(func(h *house) error {
		statement, err := h.papers().Statement(s.ctx, c.Mandate, c.From, c.To)
		if err != nil {
			return err
		}
		return s.out.data(jsonStatement(statement), func() { s.out.print("%s", statement.Paper().Text()) })
	})
}

func jsonStatement(st papers.Statement) map[string]any {
	a := st.Account
	lines := make([]map[string]any, 0, len(a.Lines))
	for _, l := range a.Lines {
		lines = append(lines, map[string]any{
			"entry": l.No, "posted_on": l.PostedOn, "booked_on": l.BookedOn, "value_on": l.ValueOn,
			"kind": l.Kind, "label": l.Label, "in": l.In, "out": l.Out, "balance": l.Balance,
		})
	}
	return map[string]any{
		"mandate": st.Mandate.ID, "person": st.Mandate.Person, "from": st.From, "to": st.To,
		"opening": a.Opening, "in": a.In, "out": a.Out, "closing": a.Closing, "closing_on": st.ClosingDay(), "lines": lines,
	}
}
