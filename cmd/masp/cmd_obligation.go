package main

import (
	"masp/api/auth"
	"masp/ledger/civil"
	"masp/payments/mandates"
)

type obligationCommand struct {
	List obligationList `cmd:"" help:"Les échéances d'un mandat, dans l'ordre de la coordination."`
	Add  obligationAdd  `cmd:"" help:"Ajoute une échéance. Un nouveau montant est une nouvelle échéance."`
	End  obligationEnd  `cmd:"" help:"Fixe le dernier jour d'une échéance."`
	obligationMore
}

type obligationList struct {
	Mandate string `arg:"" help:"Mandat (M-0001)."`
}

func (c *obligationList) Run(s *session) error {
	return s.with(func(h *house) error {
		list, err := h.mandates.Obligations(s.ctx, c.Mandate)
		if err != nil {
			return err
		}
		return s.out.data(jsonObligations(list), func() { s.printObligations(list) })
	})
}

func jsonObligations(list []mandates.Obligation) []map[string]any {
	answer := make([]map[string]any, 0, len(list))
	for _, o := range list {
		answer = append(answer, map[string]any{
			"obligation": o.ID, "mandate": o.Mandate, "class": o.Class, "creditor": o.Creditor, "amount": o.Amount,
			"label": o.Label, "reference": o.Reference, "frequency": o.Frequency, "due_day": o.DueDay,
			"from": o.From, "to": orNothing(o.To), "debt": o.Debt, "block": o.Block,
			"except": append([]civil.Date{}, o.Except...), "shared": o.Shared, "covers": o.Covers,
		})
	}
	return answer
}

// orNothing prints a day that is not set as null.
func orNothing(d civil.Date) any {
	if d.IsZero() {
		return nil
	}
	return d
}

var frenchFrequencies = map[mandates.Frequency]string{
	mandates.Weekly: "chaque semaine", mandates.Fortnightly: "toutes les deux semaines", mandates.Monthly: "chaque mois",
	mandates.Quarterly: "chaque trimestre", mandates.Yearly: "chaque année", mandates.Once: "une fois",
}

var frenchBlocks = map[string]string{
	mandates.ContestedDebt: "dette contestée", mandates.OverIndebtednessFreeze: "surendettement",
	mandates.PaidByThirdParty: "versé au bailleur par le payeur",
}

func (s *session) printObligations(list []mandates.Obligation) {
	var rows [][]string
	for _, o := range list {
		until := "sans fin"
		if !o.To.IsZero() {
			until = "jusqu'au " + o.To.FrenchShort()
		}
		if o.Block != "" {
			reason, ok := frenchBlocks[o.Block]
			if !ok {
				reason = o.Block
			}
			until += ", bloquée : " + reason
		}
		rows = append(rows, []string{o.ID, o.Class.French(), o.Label, o.Creditor, o.Amount.French(), frenchFrequencies[o.Frequency], until})
	}
	s.out.table([]string{"Échéance", "Catégorie", "Libellé", "Destinataire", ">Montant", "Périodicité", "Durée"}, rows)
}

type obligationAdd struct {
	ID        string             `arg:"" help:"Référence, pour toujours (O-0001-RENT-2)."`
	Mandate   string             `required:"" help:"Mandat (M-0001)." placeholder:"MANDAT"`
	Class     mandates.Class     `required:"" enum:"RENT,RENTAL_CHARGE,HOUSING_OTHER,DEBT_PLAN,OTHER_BILL,RESERVE" help:"RENT, RENTAL_CHARGE, HOUSING_OTHER, DEBT_PLAN, OTHER_BILL, RESERVE." placeholder:"CATÉGORIE"`
	Creditor  string             `help:"Destinataire (aucun pour une provision)." placeholder:"RÉFÉRENCE"`
	Amount    string             `required:"" help:"Montant de chaque échéance (412 ou 412,50)." placeholder:"MONTANT"`
	Label     string             `required:"" help:"Ce que la personne lit sur son relevé." placeholder:"TEXTE"`
	Reference string             `help:"Ce que le destinataire lit ; rien qui dise la mesure ou les prestations." placeholder:"TEXTE"`
	Frequency mandates.Frequency `default:"MONTHLY" enum:"ONCE,WEEKLY,FORTNIGHTLY,MONTHLY,QUARTERLY,YEARLY" help:"ONCE, WEEKLY, FORTNIGHTLY, MONTHLY, QUARTERLY, YEARLY (${default})." placeholder:"PÉRIODICITÉ"`
	DueDay    int                `help:"Jour du mois (1 à 31), ou de la semaine (1 = lundi) ; par défaut celui de --from." placeholder:"JOUR"`
	From      civil.Date         `required:"" help:"Premier jour d'effet (2026-12-01)." placeholder:"JOUR"`
	To        civil.Date         `help:"Dernier jour d'effet." placeholder:"JOUR"`
	Debt      string             `help:"Dette que le paiement rembourse." placeholder:"RÉFÉRENCE"`
}

func (c *obligationAdd) Run(s *session) error {
	amount, err := parseAmount(c.Amount)
	if err != nil {
		return err
	}
	o := mandates.Obligation{
		ID: c.ID, Mandate: c.Mandate, Class: c.Class, Creditor: c.Creditor, Amount: amount, Label: c.Label,
		Reference: c.Reference, Frequency: c.Frequency, DueDay: c.DueDay, From: c.From, To: c.To, Debt: c.Debt,
	}
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.mandates.AddObligation(s.ctx, who, o); err != nil {
			return err
		}
		return s.out.data(jsonObligations([]mandates.Obligation{o})[0], func() {
			s.out.print("%s : %s de %s, %s, à partir du %s.", o.ID, o.Class.French(), amount.French(),
				frenchFrequencies[o.Frequency], o.From.French())
		})
	})
}

type obligationEnd struct {
	ID string     `arg:"" help:"Référence de l'échéance."`
	On civil.Date `required:"" help:"Dernier jour d'effet (2026-11-30)." placeholder:"JOUR"`
}

func (c *obligationEnd) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.mandates.EndObligation(s.ctx, who, c.ID, c.On); err != nil {
			return err
		}
		return s.out.data(map[string]any{"obligation": c.ID, "to": c.On}, func() {
			s.out.print("%s : plus rien n'est dû après le %s. Ce qui était dû avant le reste.", c.ID, c.On.French())
		})
	})
}
