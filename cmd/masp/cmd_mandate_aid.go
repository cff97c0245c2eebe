package main

import (
	"masp/api/auth"
	"masp/ledger/civil"
	"masp/payments/mandates"
)

type mandateAid struct {
	ID      string           `arg:"" help:"Mandat (M-0001)."`
	On      civil.Date       `required:"" help:"Jour de la demande, ou de la décision." placeholder:"JOUR"`
	Of      string           `help:"À qui l'aide est demandée." placeholder:"NOM"`
	Purpose string           `help:"Pour quoi." placeholder:"TEXTE"`
	Amount  euros            `help:"Montant demandé, s'il est dit." placeholder:"MONTANT"`
	Request int              `help:"Ou le numéro d'une demande qui est décidée." placeholder:"NUMÉRO"`
	Outcome mandates.Outcome `enum:"GRANTED,REFUSED,WITHDRAWN," default:"" help:"Ce qu'elle devient : GRANTED, REFUSED ou WITHDRAWN." placeholder:"ISSUE"`
}

// Run notes a request, or its decision.
func (c *mandateAid) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if c.Request > 0 {
			if err := h.mandates.DecideAid(s.ctx, who, c.ID, c.Request, c.Outcome, c.On); err != nil {
				return err
			}
			return s.out.data(map[string]any{"mandate": c.ID, "request": c.Request, "outcome": c.Outcome}, func() {
				s.out.print("%s : décision notée pour la demande %d.", c.ID, c.Request)
			})
		}
		asked := mandates.AidRequest{AskedOn: c.On, AskedOf: c.Of, Purpose: c.Purpose, Amount: c.Amount.Amount}
		number, err := h.mandates.AskAid(s.ctx, who, c.ID, asked)
		if err != nil {
			return err
		}
		return s.out.data(map[string]any{"mandate": c.ID, "request": number}, func() {
			s.out.print("%s : demande %d notée.", c.ID, number)
		})
	})
}

// jsonRequests are the requests of a dossier that are wanted.
func jsonRequests(d mandates.Dossier, wanted func(mandates.AidRequest) bool) []map[string]any {
	answer := []map[string]any{}
	for _, r := range d.Requests {
		if wanted(r) {
			answer = append(answer, map[string]any{
				"request": r.No, "asked_on": r.AskedOn, "asked_of": r.AskedOf, "purpose": r.Purpose, "amount": r.Amount,
				"decided_on": orNothing(r.DecidedOn), "outcome": r.Outcome,
			})
		}
	}
	return answer
}
