package main

import (
	"strings"

	"masp/api/auth"
	"masp/ledger/civil"
	"masp/payments/mandates"
)

type mandatePetition struct {
	ID       string     `arg:"" help:"Mandat (M-0001)."`
	Domicile string     `help:"Domicile de la personne." placeholder:"ADRESSE"`
	Payer    []string   `sep:"none" help:"Nom et adresse d'un organisme payeur (répéter)." placeholder:"TEXTE"`
	Landlord string     `help:"Identité du bailleur." placeholder:"TEXTE"`
	Grounds  string     `help:"Exposé sommaire des motifs." placeholder:"TEXTE"`
	On       civil.Date `help:"Date de la requête." placeholder:"JOUR"`
	SignedBy string     `help:"Qui signe : président du conseil départemental, préfet ou CCAPEX." placeholder:"TEXTE"`
}

func (c *mandatePetition) Run(s *session) error {
	return s.with(func(h *house) error {
		p, err := h.mandates.Petition(s.ctx, c.ID, mandates.Petition{
			Domicile: c.Domicile, Payers: c.Payer, Landlord: c.Landlord, Grounds: c.Grounds, On: c.On, SignedBy: c.SignedBy,
		})
		if err != nil {
			return err
		}
		return s.out.data(map[string]any{
			"mandate": c.ID, "last_name": p.LastName, "first_name": p.FirstName, "domicile": p.Domicile, "payers": p.Payers,
			"landlord": p.Landlord, "grounds": p.Grounds, "on": p.On, "signed_by": p.SignedBy, "unpaid_months": p.UnpaidMonths,
		}, func() {
			s.out.print("Requête aux fins de versement direct au bailleur (CASF, L271-5 et R271-8)")
			s.out.print("  %s %s, demeurant %s", p.LastName, p.FirstName, p.Domicile)
			s.out.print("  Organismes payeurs : %s", strings.Join(p.Payers, " ; "))
			s.out.print("  Bailleur : %s", p.Landlord)
			s.out.print("  Motifs : %s (%d mois de loyer impayés)", p.Grounds, p.UnpaidMonths)
			s.out.print("  Le %s, %s", p.On.French(), p.SignedBy)
		})
	})
}

type mandateDirectPayment struct {
	ID         string     `arg:"" help:"Mandat (M-0001)."`
	Judgment   string     `required:"" help:"Tribunal, numéro et date." placeholder:"TEXTE"`
	Benefit    string     `required:"" help:"Prestation versée au bailleur." placeholder:"CODE"`
	Obligation string     `required:"" help:"Loyer qu'elle paie." placeholder:"RÉFÉRENCE"`
	Start      civil.Date `required:"" help:"Premier jour." placeholder:"JOUR"`
	End        civil.Date `required:"" help:"Dernier jour : 24 mois au plus, 48 en tout." placeholder:"JOUR"`
}

func (c *mandateDirectPayment) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		order := mandates.DirectPayment{
			Judgment: c.Judgment, Benefit: c.Benefit, Obligation: c.Obligation, Start: c.Start, End: c.End,
		}
		if err := h.mandates.OrderDirectPayment(s.ctx, who, c.ID, order); err != nil {
			return err
		}
		return s.out.data(map[string]any{"mandate": c.ID, "obligation": c.Obligation, "start": c.Start, "end": c.End}, func() {
			s.out.print("%s : %s est versée au bailleur du %s au %s ; %s n'est plus payé ici.",
				c.ID, c.Benefit, c.Start.French(), c.End.French(), c.Obligation)
		})
	})
}

type mandateEndDirectPayment struct {
	ID       string     `arg:"" help:"Mandat (M-0001)."`
	On       civil.Date `required:"" help:"Dernier jour du versement direct." placeholder:"JOUR"`
	Judgment string     `required:"" help:"La décision : tribunal, numéro et date." placeholder:"TEXTE"`
}

// Run ends an order of the judge early.
func (c *mandateEndDirectPayment) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.mandates.EndDirectPayment(s.ctx, who, c.ID, c.On, c.Judgment); err != nil {
			return err
		}
		return s.out.data(map[string]any{"mandate": c.ID, "end": c.On}, func() {
			s.out.print("%s : le versement direct finit le %s ; le loyer est de nouveau payé ici.", c.ID, c.On.French())
		})
	})
}
