package main

import (
	"cmp"
	"strings"

	"masp/api/auth"
	"masp/ledger/civil"
	"masp/payments/mandates"
)

type benefitCommand struct {
	List benefitList `cmd:"" help:"Le catalogue : prestations que l'on peut gérer, ressources que l'on ne peut pas."`
	Add  benefitAdd  `cmd:"" help:"Ajoute une ligne au catalogue ; inscrit au journal des actes."`
	End  benefitEnd  `cmd:"" help:"Fixe le dernier jour d'une ligne du catalogue."`

	SeizureFloor benefitFloor `cmd:"" help:"Fixe le solde bancaire insaisissable à partir d'un jour."`
}

type benefitList struct {
	On civil.Date `help:"Seulement ce qui vaut ce jour (2026-11-05)." placeholder:"JOUR"`
}

// Run lists the catalogue.
func (c *benefitList) Run(s *session) error {
	return s.with(func(h *house) error {
		all, err := h.mandates.Catalogue(s.ctx)
		if err != nil {
			return err
		}
		shown := all[:0:0]
		for _, b := range all {
			if _, holds := mandates.Find([]mandates.Benefit{b}, b.Code, c.On); c.On.IsZero() || holds {
				shown = append(shown, b)
			}
		}
		return s.out.data(jsonBenefits(shown), func() {
			var rows [][]string
			for _, b := range shown {
				managed := "oui"
				if !b.Manageable {
					managed = "non"
				}
				rows = append(rows, []string{
					b.Code, b.Label, managed, strings.Join(b.Payers, ", "), b.From.FrenchShort(), b.To.FrenchShort(), b.LegalItem,
				})
			}
			s.out.table([]string{"Code", "Prestation", "Gérable", "Payeurs", "Du", "Au", "Texte"}, rows)
		})
	})
}

func jsonBenefits(all []mandates.Benefit) []map[string]any {
	answer := make([]map[string]any, 0, len(all))
	for _, b := range all {
		answer = append(answer, map[string]any{
			"code": b.Code, "label": b.Label, "legal_item": b.LegalItem, "payers": b.Payers, "from": b.From, "to": orNothing(b.To),
			"manageable": b.Manageable, "third_party_excluded": b.ThirdPartyExcluded, "purpose": b.Purpose,
			"month_of_death": cmp.Or(b.MonthOfDeath, mandates.UndueMonth),
		})
	}
	return answer
}

type benefitAdd struct {
	Code         string             `arg:"" help:"Code (PRIME_ACTIVITE)."`
	Label        string             `required:"" help:"Libellé." placeholder:"TEXTE"`
	LegalItem    string             `required:"" help:"Texte de loi ou réponse écrite." placeholder:"TEXTE"`
	Payer        []string           `help:"Qui la verse (CAF, MSA, CPAM, CARSAT, CNAV, DEPARTEMENT)." placeholder:"PAYEUR"`
	From         civil.Date         `required:"" help:"Premier jour (2026-11-01)." placeholder:"JOUR"`
	To           civil.Date         `help:"Dernier jour." placeholder:"JOUR"`
	Unmanageable bool               `help:"Ne peut être ni perçue ni gérée."`
	ThirdParty   bool               `help:"Peut être versée à un tiers (tiers payant)."`
	Purpose      string             `help:"HOUSING, CHILD ou DEPENDENCY." placeholder:"OBJET"`
	Death        mandates.DeathRule `enum:"UNDUE,UNTIL_DAY,DUE" default:"UNDUE" help:"Le mois du décès : UNDUE (indu), UNTIL_DAY (dû jusqu'au jour) ou DUE (dû) (${default})." placeholder:"RÈGLE"`
	Reason       string             `required:"" help:"Pourquoi ; inscrit au journal des actes." placeholder:"RAISON"`
}

// Run adds a row in the name of the person.
func (c *benefitAdd) Run(s *session) error {
	b := mandates.Benefit{
		Code: c.Code, Label: c.Label, LegalItem: c.LegalItem, Payers: c.Payer, From: c.From, To: c.To,
		Manageable: !c.Unmanageable, ThirdPartyExcluded: c.ThirdParty, Purpose: c.Purpose, MonthOfDeath: c.Death,
	}
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.mandates.AddBenefit(s.ctx, who, b, c.Reason); err != nil {
			return err
		}
		return s.out.data(jsonBenefits([]mandates.Benefit{b})[0], func() {
			s.out.print("%s est au catalogue à partir du %s.", b.Code, b.From.French())
		})
	})
}

type benefitEnd struct {
	Code   string     `arg:"" help:"Code (PRIME_ACTIVITE)."`
	On     civil.Date `required:"" help:"Dernier jour (2026-10-31)." placeholder:"JOUR"`
	Reason string     `required:"" help:"Pourquoi ; inscrit au journal des actes." placeholder:"RAISON"`
}

// Run ends a row in the name of the person.
func (c *benefitEnd) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.mandates.EndBenefit(s.ctx, who, c.Code, c.On, c.Reason); err != nil {
			return err
		}
		return s.out.data(map[string]any{"code": c.Code, "to": c.On}, func() {
			s.out.print("%s n'est plus au catalogue après le %s.", c.Code, c.On.French())
		})
	})
}
