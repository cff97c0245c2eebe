package main

import (
	"masp/api/auth"
	"masp/ledger/civil"
	"masp/payments/mandates"
)

type mandateUnseizable struct {
	ID     string `arg:"" help:"Mandat (M-0001), dont le compte est au nom de la personne."`
	Months int    `default:"3" help:"Nombre de mois, celui-ci compris (${default})." placeholder:"NOMBRE"`
}

// Run lists what a bank may not let be seized.
func (c *mandateUnseizable) Run(s *session) error {
	return s.with(func(h *house) error {
		p, err := h.mandates.SeizureProof(s.ctx, c.ID, c.Months)
		if err != nil {
			return err
		}
		return s.out.data(jsonSeizure(p), func() {
			s.out.print("Sommes insaisissables reçues du %s au %s", p.From.French(), p.To.French())
			s.out.print("  %s, compte %s", p.Person, p.IBAN)
			var rows [][]string
			for _, u := range p.Credits {
				month := ""
				if !u.Period.IsZero() {
					month = u.Period.French()
				}
				rows = append(rows, []string{u.On.FrenchShort(), u.Label, month, u.Amount.French(), u.Item})
			}
			s.out.table([]string{"Jour", "Prestation", "Mois", ">Montant", "Texte"}, rows)
			s.out.print("  Total : %s", p.Total.French())
			s.out.print("  Solde bancaire insaisissable : %s, une fois par mois, sans cumul avec ces sommes.", p.Floor.French())
		})
	})
}

func jsonSeizure(p mandates.SeizureProof) map[string]any {
	credits := []map[string]any{}
	for _, u := range p.Credits {
		var period any
		if !u.Period.IsZero() {
			period = u.Period
		}
		credits = append(credits, map[string]any{
			"on": u.On, "benefit": u.Benefit, "label": u.Label, "legal_item": u.Item, "payer": u.Payer, "period": period, "amount": u.Amount,
		})
	}
	return map[string]any{
		"mandate": p.Mandate, "person": p.Person, "iban": p.IBAN, "from": p.From, "to": p.To,
		"seizure_floor": p.Floor, "credits": credits, "total": p.Total,
	}
}

type benefitFloor struct {
	From   civil.Date `required:"" help:"Premier jour." placeholder:"JOUR"`
	Amount euros      `required:"" help:"Montant par mois : le RSA d'une personne seule." placeholder:"MONTANT"`
}

// Run sets the balance that no seizure takes.
func (c *benefitFloor) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.mandates.SetSeizureFloor(s.ctx, who, c.From, c.Amount.Amount); err != nil {
			return err
		}
		return s.out.data(map[string]any{"from": c.From, "amount": c.Amount.Amount}, func() {
			s.out.print("Solde bancaire insaisissable : %s à partir du %s.", c.Amount.French(), c.From.French())
		})
	})
}
