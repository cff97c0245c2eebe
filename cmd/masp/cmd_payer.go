package main

import (
	"masp/api/auth"
	"masp/ledger/civil"
	"masp/payments/worklist"
)

type payerCommand struct {
	Ask     payerAsk     `cmd:"" help:"Note qu'un payeur a reçu la demande de verser ailleurs."`
	Confirm payerConfirm `cmd:"" help:"Note qu'il l'a confirmée."`
	List    payerList    `cmd:"" help:"Les demandes aux payeurs ; celles sans réponse d'abord."`
}

// payerNews is what both acts say.
type payerNews struct {
	Mandate string     `arg:"" help:"Mandat (M-0001)."`
	Payer   string     `arg:"" help:"Payeur (CAF, MSA, CARSAT…)."`
	End     bool       `help:"Fin de mesure : verser de nouveau à la personne."`
	On      civil.Date `help:"Jour ; par défaut aujourd'hui." placeholder:"JOUR"`
}

func (n payerNews) news() worklist.PayerNews {
	direction := worklist.Start
	if n.End {
		direction = worklist.End
	}
	return worklist.PayerNews{Mandate: n.Mandate, Payer: n.Payer, Direction: direction, On: n.On}
}

func (n payerNews) json(done string) map[string]any {
	return map[string]any{"mandate": n.Mandate, "payer": n.Payer, "direction": n.news().Direction, done: true}
}

type payerAsk struct{ payerNews }

func (c *payerAsk) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.worklist.AskPayer(s.ctx, who, c.news()); err != nil {
			return err
		}
		return s.out.data(c.json("asked"), func() { s.out.print("%s : demande à %s notée.", c.Mandate, c.Payer) })
	})
}

type payerConfirm struct{ payerNews }

func (c *payerConfirm) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.worklist.ConfirmPayer(s.ctx, who, c.news()); err != nil {
			return err
		}
		return s.out.data(c.json("confirmed"), func() { s.out.print("%s : confirmation de %s notée.", c.Mandate, c.Payer) })
	})
}

type payerList struct {
	Mandate string `arg:"" optional:"" help:"Seulement ce mandat."`
}

var frenchDirection = map[worklist.Direction]string{worklist.Start: "début", worklist.End: "fin"}

func (c *payerList) Run(s *session) error {
	return s.with(func(h *house) error {
		changes, err := h.worklist.PayerChanges(s.ctx, c.Mandate)
		if err != nil {
			return err
		}
		answer := make([]map[string]any, 0, len(changes))
		var rows [][]string
		for _, p := range changes {
			answer = append(answer, map[string]any{
				"mandate": p.Mandate, "payer": p.Payer, "direction": p.Direction, "requested_on": p.RequestedOn,
				"requested_by": p.RequestedBy, "confirmed_on": orNothing(p.ConfirmedOn), "confirmed_by": p.ConfirmedBy,
			})
			confirmed := "en attente"
			if !p.ConfirmedOn.IsZero() {
				confirmed = p.ConfirmedOn.FrenchShort()
			}
			rows = append(rows, []string{p.Mandate, p.Payer, frenchDirection[p.Direction], p.RequestedOn.FrenchShort(), confirmed})
		}
		return s.out.data(answer, func() {
			s.out.table([]string{"Mandat", "Payeur", "Mesure", "Demandé le", "Confirmé le"}, rows)
		})
	})
}
