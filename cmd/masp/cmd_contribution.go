package main

import (
	"masp/api/auth"
	"masp/ledger/civil"
	"masp/payments/mandates"
)

type contributionCommand struct {
	List  contributionList  `cmd:"" help:"Ce qu'une mesure a coûté à la personne, mois par mois."`
	Set   contributionSet   `cmd:"" help:"Fixe la participation d'une personne à partir d'un mois, sous le plafond du barème."`
	Scale contributionScale `cmd:"" help:"Donne le barème des participations à partir d'un jour."`
}

type contributionScale struct {
	From  civil.Date `required:"" help:"Premier jour." placeholder:"JOUR"`
	AAH   euros      `name:"aah" required:"" help:"AAH d'une année." placeholder:"MONTANT"`
	SMIC  euros      `name:"smic" required:"" help:"SMIC brut d'une année." placeholder:"MONTANT"`
	Rates []euros    `sep:";" default:"10;23;3" help:"Taux des trois tranches, en pour cent (${default})." placeholder:"TAUX"`
	Until []euros    `sep:";" default:"2,5;6" help:"Fin de la deuxième et de la troisième tranche, en SMIC (${default})." placeholder:"NOMBRE"`
}

// Run adds a scale in the name of the person.
func (c *contributionScale) Run(s *session) error {
	scale := mandates.Scale{From: c.From, AAH: c.AAH.Amount, SMIC: c.SMIC.Amount}
	if len(c.Rates) != len(scale.Rates) || len(c.Until) != len(scale.Until) {
		return scaleShapeError{}
	}
	for i, r := range c.Rates {
		scale.Rates[i] = int(r.Cents()) // two decimals of a per cent
	}
	for i, u := range c.Until {
		scale.Until[i] = int(u.Cents())
	}
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.mandates.SetScale(s.ctx, who, scale); err != nil {
			return err
		}
		return s.out.data(map[string]any{"from": scale.From, "aah": scale.AAH, "smic": scale.SMIC}, func() {
			s.out.print("Barème des participations à partir du %s.", scale.From.French())
		})
	})
}

// scaleShapeError is a scale of another number of slices.
type scaleShapeError struct{}

// Error says what is wanted.
func (scaleShapeError) Error() string { return "a scale has three rates and two ends of slices" }

// French says what to write.
func (scaleShapeError) French() string {
	return "Le barème a trois taux (--rates 10;23;3) et deux fins de tranche (--until 2,5;6)."
}

type contributionSet struct {
	ID        string      `arg:"" help:"Mandat (M-0001)."`
	From      civil.Month `required:"" help:"Premier mois (2026-12)." placeholder:"MOIS"`
	Amount    euros       `required:"" help:"Par mois ; 0 : rien n'est demandé." placeholder:"MONTANT"`
	Resources euros       `required:"" help:"Ressources d'une année." placeholder:"MONTANT"`
	Alone     string      `enum:"RSA,AAH," default:"" help:"RSA ou AAH à taux plein, quand la personne n'a rien d'autre : la participation est de 0." placeholder:"CODE"`
	Decision  string      `required:"" help:"Décision du président du conseil départemental." placeholder:"TEXTE"`
	To        string      `help:"Qui la reçoit (masp creditor list)." placeholder:"DESTINATAIRE"`
	Day       int         `default:"28" help:"Jour du mois (${default})." placeholder:"JOUR"`
}

// Run sets a contribution in the name of the person.
func (c *contributionSet) Run(s *session) error {
	asked := mandates.Contribution{
		From: c.From, Amount: c.Amount.Amount, Resources: c.Resources.Amount, Alone: c.Alone, Decision: c.Decision,
	}
	return s.withPerson(func(h *house, who auth.Principal) error {
		set, err := h.mandates.SetContribution(s.ctx, who, c.ID, asked, c.To, c.Day)
		if err != nil {
			return err
		}
		return s.out.data(jsonContribution(set), func() {
			s.out.print("%s : participation de %s par mois à partir de %s.", c.ID, set.Amount.French(), set.From.French())
		})
	})
}

type contributionList struct {
	ID string `arg:"" help:"Mandat (M-0001)."`
}

// Run lists the contributions of a measure.
func (c *contributionList) Run(s *session) error {
	return s.with(func(h *house) error {
		all, err := h.mandates.Contributions(s.ctx, c.ID)
		if err != nil {
			return err
		}
		answer := make([]map[string]any, 0, len(all))
		var rows [][]string
		for _, one := range all {
			answer = append(answer, jsonContribution(one))
			rows = append(rows, []string{one.From.French(), one.Amount.French(), one.Resources.French(), one.Obligation, one.Decision})
		}
		return s.out.data(answer, func() {
			s.out.table([]string{"À partir de", ">Par mois", ">Ressources d'une année", "Échéance", "Décision"}, rows)
		})
	})
}

func jsonContribution(c mandates.Contribution) map[string]any {
	return map[string]any{
		"from": c.From, "amount": c.Amount, "resources": c.Resources, "alone": c.Alone, "decision": c.Decision, "obligation": c.Obligation,
	}
}
