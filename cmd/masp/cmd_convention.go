package main

import (
	"strings"

	"masp/api/auth"
	"masp/ledger/civil"
	"masp/payments/mandates"
)

type conventionCommand struct {
	List conventionList `cmd:"" help:"Les conventions, leur territoire et leurs dates."`
	Add  conventionAdd  `cmd:"" help:"Ajoute une convention ou un marché : qui délègue, à qui, où, de quand à quand."`
}

type conventionList struct{}

// Run lists the conventions.
func (c *conventionList) Run(s *session) error {
	return s.with(func(h *house) error {
		all, err := h.mandates.Conventions(s.ctx)
		if err != nil {
			return err
		}
		answer := make([]map[string]any, 0, len(all))
		var rows [][]string
		for _, one := range all {
			answer = append(answer, jsonConvention(one))
			rows = append(rows, []string{
				one.ID, one.Reference, one.Delegator, one.Delegate, one.Department, one.Territory, strings.Join(one.Places, " "),
				one.From.FrenchShort(), one.To.FrenchShort(),
			})
		}
		return s.out.data(answer, func() {
			s.out.table([]string{"Convention", "Référence", "Délégant", "Délégataire", "Dpt", "Territoire", "Communes", "Du", "Au"}, rows)
		})
	})
}

func jsonConvention(c mandates.Convention) map[string]any {
	return map[string]any{
		"convention": c.ID, "delegator": c.Delegator, "delegate": c.Delegate, "reference": c.Reference, "department": c.Department,
		"territory": c.Territory, "places": append([]string{}, c.Places...), "from": c.From, "to": c.To,
	}
}

type conventionAdd struct {
	ID         string     `arg:"" help:"Référence, pour toujours (CV-2026)."`
	Delegator  string     `required:"" help:"Qui délègue : le Département." placeholder:"NOM"`
	Delegate   string     `required:"" help:"À qui : l'association." placeholder:"NOM"`
	Reference  string     `required:"" help:"Convention, ou marché et lot." placeholder:"TEXTE"`
	Department string     `required:"" help:"Code du Département (34, 2A, 974)." placeholder:"CODE"`
	Territory  string     `required:"" help:"Nom du lot ou du territoire." placeholder:"NOM"`
	Place      []string   `help:"Codes INSEE ou postaux du lot ; sans eux : tout le Département." placeholder:"CODE"`
	From       civil.Date `required:"" help:"Premier jour." placeholder:"JOUR"`
	To         civil.Date `required:"" help:"Dernier jour." placeholder:"JOUR"`
}

// Run adds a convention in the name of the person.
func (c *conventionAdd) Run(s *session) error {
	one := mandates.Convention{
		ID: c.ID, Delegator: c.Delegator, Delegate: c.Delegate, Reference: c.Reference, Department: c.Department,
		Territory: c.Territory, Places: c.Place, From: c.From, To: c.To,
	}
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.mandates.AddConvention(s.ctx, who, one); err != nil {
			return err
		}
		return s.out.data(jsonConvention(one), func() {
			s.out.print("%s : convention du %s au %s. Les mesures du Département %s qui commencent en nomment une.",
				one.ID, one.From.French(), one.To.French(), one.Department)
		})
	})
}

type mandateConvention struct {
	ID         string     `arg:"" help:"Mandat (M-0001)."`
	Convention string     `arg:"" help:"Convention (masp convention list)."`
	From       civil.Date `help:"Jour à partir duquel ; par défaut le début de la mesure." placeholder:"JOUR"`
	Place      string     `help:"Code INSEE ou postal où vit la personne, si la convention nomme des communes." placeholder:"CODE"`
}

// Run brings a measure under a convention.
func (c *mandateConvention) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.mandates.UseConvention(s.ctx, who, c.ID, c.Convention, c.Place, c.From); err != nil {
			return err
		}
		return s.out.data(map[string]any{"mandate": c.ID, "convention": c.Convention, "from": orNothing(c.From), "place": c.Place}, func() {
			s.out.print("%s : mesure menée sous %s.", c.ID, c.Convention)
		})
	})
}
