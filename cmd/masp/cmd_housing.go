package main

import (
	"masp/api/auth"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

type housingCommand struct {
	Show       housingShow       `cmd:"" help:"Ce que le bailleur a demandé à un mandat, mois après mois."`
	Set        housingSet        `cmd:"" help:"Note loyer, charges et aides versées au bailleur : le loyer restant dû suit, dans le passé aussi."`
	Regularise housingRegularise `cmd:"" help:"Ajoute une régularisation de charges, en une ou plusieurs fois."`
}

type housingShow struct {
	Mandate string `arg:"" help:"Mandat (M-0001)."`
}

func (c *housingShow) Run(s *session) error {
	return s.with(func(h *house) error {
		list, err := h.mandates.HousingOf(s.ctx, c.Mandate)
		if err != nil {
			return err
		}
		answer := make([]map[string]any, 0, len(list))
		var rows [][]string
		for _, r := range list {
			left := mandates.Residual(r.Housing)
			answer = append(answer, map[string]any{
				"from": r.From, "landlord": r.Landlord, "rent": r.Rent, "charges": r.Charges, "rls": r.RLS, "apl": r.APL,
				"new_tenancy": r.NewTenancy, "residual_rent": left.Rent, "residual_charges": left.Charges, "credit": left.Credit,
			})
			rows = append(rows, []string{
				r.From.French(), r.Landlord, r.Rent.French(), r.Charges.French(), r.RLS.Add(r.APL).French(), left.Total().French(),
			})
		}
		return s.out.data(answer, func() {
			s.out.table([]string{"À partir de", "Bailleur", ">Loyer", ">Charges", ">Aides", ">Reste dû"}, rows)
		})
	})
}

type housingSet struct {
	Mandate    string      `arg:"" help:"Mandat (M-0001)."`
	From       civil.Month `required:"" help:"Premier mois (2026-12)." placeholder:"MOIS"`
	Landlord   string      `required:"" help:"Bailleur." placeholder:"RÉFÉRENCE"`
	Rent       string      `required:"" help:"Loyer sans charges." placeholder:"MONTANT"`
	Charges    string      `default:"0" help:"Charges." placeholder:"MONTANT"`
	RLS        string      `name:"rls" default:"0" help:"Réduction de loyer de solidarité." placeholder:"MONTANT"`
	APL        string      `name:"apl" default:"0" help:"Aide au logement versée au bailleur." placeholder:"MONTANT"`
	NewTenancy bool        `help:"Nouveau bail : pas d'aide le premier mois."`
	DueDay     int         `default:"5" help:"Jour du loyer, pour une nouvelle échéance (${default})." placeholder:"JOUR"`
	Reference  string      `help:"Ce que le bailleur lit." placeholder:"TEXTE"`
}

func (c *housingSet) Run(s *session) error {
	r := mandates.HousingRecord{
		Mandate: c.Mandate, From: c.From, Landlord: c.Landlord, NewTenancy: c.NewTenancy, DueDay: c.DueDay, Reference: c.Reference,
	}
	for _, read := range []struct {
		text string
		into *money.Amount
	}{{c.Rent, &r.Rent}, {c.Charges, &r.Charges}, {c.RLS, &r.RLS}, {c.APL, &r.APL}} {
		var err error
		if *read.into, err = parseAmount(read.text); err != nil {
			return err
		}
	}
	return s.withPerson(func(h *house, who auth.Principal) error {
		all, err := h.mandates.SetHousing(s.ctx, who, r)
		if err != nil {
			return err
		}
		answer := make([]map[string]any, 0, len(all))
		for _, changed := range all {
			answer = append(answer, jsonChanged(changed))
		}
		return s.out.data(answer, func() {
			for _, changed := range all {
				s.printChanged(changed)
			}
			if len(all) == 0 {
				s.out.print("%s : rien ne change.", c.Mandate)
			}
		})
	})
}

type housingRegularise struct {
	Mandate   string     `arg:"" help:"Mandat (M-0001)."`
	ID        string     `required:"" name:"as" help:"Référence, pour toujours (O-0001-REG-2025)." placeholder:"RÉFÉRENCE"`
	Creditor  string     `required:"" help:"Bailleur." placeholder:"RÉFÉRENCE"`
	Amount    string     `required:"" help:"Montant en tout (86,40)." placeholder:"MONTANT"`
	Months    int        `default:"1" help:"Nombre de mensualités (${default})." placeholder:"NOMBRE"`
	From      civil.Date `required:"" help:"Première échéance." placeholder:"JOUR"`
	Label     string     `default:"Régularisation de charges" help:"Ce que la personne lit (${default})." placeholder:"TEXTE"`
	Reference string     `help:"Ce que le bailleur lit." placeholder:"TEXTE"`
}

func (c *housingRegularise) Run(s *session) error {
	amount, err := parseAmount(c.Amount)
	if err != nil {
		return err
	}
	return s.withPerson(func(h *house, who auth.Principal) error {
		lines, err := h.mandates.Regularise(s.ctx, who, mandates.Regularisation{
			ID: c.ID, Mandate: c.Mandate, Creditor: c.Creditor, Amount: amount, Months: c.Months, From: c.From,
			Label: c.Label, Reference: c.Reference,
		})
		if err != nil {
			return err
		}
		return s.out.data(jsonObligations(lines), func() {
			for _, o := range lines {
				s.out.print("%s : %s le %s.", o.ID, o.Amount.French(), o.From.French())
			}
		})
	})
}
