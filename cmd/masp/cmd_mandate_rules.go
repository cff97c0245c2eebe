package main

import (
	"masp/api/auth"
	"masp/ledger/civil"
	"masp/payments/mandates"
)

// mandateRules are the acts on what the law says beside the contract.
type mandateRules struct {
	Mjagbf mandateCourt `cmd:"" help:"Note les prestations qu'un délégué aux prestations familiales gère (MJAGBF) ; le contrat ne peut pas les autoriser."`

	Ground     mandateGround     `cmd:"" help:"Ce qui menace la santé ou la sécurité : à accès restreint, hors des listes et du journal."`
	Convention mandateConvention `cmd:"" help:"Dit sous quelle convention une mesure est menée, à partir d'un jour."`
	Unseizable mandateUnseizable `cmd:"" help:"Les sommes insaisissables reçues sur le compte d'une personne : la preuve pour sa banque."`

	Aid              mandateAid              `cmd:"" help:"Note une aide demandée (FSL, secours…) ou ce qu'elle devient ; ce qui reste ouvert passe aux relais."`
	EndDirectPayment mandateEndDirectPayment `cmd:"" help:"Note la décision qui met fin à un versement direct avant son terme : le loyer est de nouveau payé ici."`
}

type mandateCourt struct {
	ID       string     `arg:"" help:"Mandat (M-0001)."`
	Benefit  []string   `required:"" help:"Prestations que le délégué gère." placeholder:"CODE"`
	Judgment string     `help:"Décision du juge : tribunal, numéro et date." placeholder:"TEXTE"`
	From     civil.Date `help:"Premier jour." placeholder:"JOUR"`
	End      civil.Date `help:"Ou le dernier jour d'une décision déjà notée." placeholder:"JOUR"`
}

// Run notes the benefits of a delegate, or their last day.
func (c *mandateCourt) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if !c.End.IsZero() {
			for _, code := range c.Benefit {
				if err := h.mandates.EndCourt(s.ctx, who, c.ID, code, c.End); err != nil {
					return err
				}
			}
		} else {
			var all []mandates.CourtBenefit
			for _, code := range c.Benefit {
				all = append(all, mandates.CourtBenefit{Benefit: code, From: c.From, Judgment: c.Judgment})
			}
			if err := h.mandates.NoteCourt(s.ctx, who, c.ID, all...); err != nil {
				return err
			}
		}
		d, err := h.mandates.Dossier(s.ctx, c.ID)
		if err != nil {
			return err
		}
		return s.out.data(jsonCourt(d.Court), func() { s.printCourt(d.Court) })
	})
}

func (s *session) printCourt(all []mandates.CourtBenefit) {
	for _, c := range all {
		until := ""
		if !c.To.IsZero() {
			until = " au " + c.To.French()
		}
		s.out.print("  Gérée par un délégué (MJAGBF) : %s du %s%s (%s)", c.Benefit, c.From.French(), until, c.Judgment)
	}
}

func jsonCourt(all []mandates.CourtBenefit) []map[string]any {
	answer := []map[string]any{}
	for _, c := range all {
		answer = append(answer, map[string]any{
			"benefit": c.Benefit, "from": c.From, "to": orNothing(c.To), "judgment": c.Judgment,
		})
	}
	return answer
}
