package main

import (
	"masp/api/auth"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

type debtCommand struct {
	List     debtList     `cmd:"" help:"Les dettes d'un mandat et ce qui en reste dû."`
	Show     debtShow     `cmd:"" help:"L'histoire d'une dette : paiements, retenues, aides, actualisations."`
	Add      debtAdd      `cmd:"" help:"Ajoute une dette."`
	Plan     debtPlan     `cmd:"" help:"Donne un nouveau plan à une dette ; l'ancien finit la veille."`
	Withheld debtWithheld `cmd:"" help:"Note une retenue du payeur sur une prestation : la dette baisse, rien n'est écrit au compte."`
	Aid      debtAid      `cmd:"" help:"Note une aide versée directement au créancier (FSL…) : la dette baisse."`
	Correct  debtCorrect  `cmd:"" help:"Actualise ce qui reste dû, sur un décompte du créancier."`
	Contest  debtContest  `cmd:"" help:"Note que la personne conteste une dette (plus rien n'en est payé), ou que la contestation finit."`
	File     debtFile     `cmd:"" help:"Le dossier de surendettement : ses étapes, ou la suivante."`
	Contact  debtContact  `cmd:"" help:"Note qui joindre chez un créancier : nom, téléphone, adresse, horaires."`
	Arrears  debtArrears  `cmd:"" help:"Les loyers et charges impayés des mois passés."`
}

type debtList struct {
	Mandate string `arg:"" help:"Mandat (M-0001)."`
}

func (c *debtList) Run(s *session) error {
	return s.with(func(h *house) error {
		d, err := h.mandates.Dossier(s.ctx, c.Mandate)
		if err != nil {
			return err
		}
		answer := make([]map[string]any, 0, len(d.Debts))
		var rows [][]string
		for _, debt := range d.Debts {
			answer = append(answer, jsonDebtOf(d, debt))
			rows = append(rows, []string{
				debt.ID, frenchOr(frenchDebts, debt.Kind), debt.Creditor, debt.Outstanding.French(), d.Updated[debt.ID].On.FrenchShort(),
				debt.Instalment.French(), frenchContest(debt), d.Contacts[debt.Creditor].French(),
			})
		}
		return s.out.data(answer, func() {
			s.out.table([]string{"Dette", "Nature", "Créancier", ">Reste dû", "Actualisé", ">Mensualité", "Contestation", "Contact"}, rows)
		})
	})
}

func jsonDebt(d mandates.Debt) map[string]any {
	return map[string]any{
		"debt": d.ID, "mandate": d.Mandate, "creditor": d.Creditor, "kind": d.Kind, "principal": d.Principal,
		"outstanding": d.Outstanding, "instalment": d.Instalment, "born_on": orNothing(d.BornOn), "recovery": d.Recovery,
		"contested_on": orNothing(d.ContestedOn), "contest_ended_on": orNothing(d.ContestEndedOn),
	}
}

func frenchContest(d mandates.Debt) string {
	switch {
	case d.ContestedOn.IsZero():
		return "—"
	case d.ContestEndedOn.IsZero():
		return "depuis le " + d.ContestedOn.FrenchShort()
	}
	return "finie le " + d.ContestEndedOn.FrenchShort()
}

type debtShow struct {
	Debt string `arg:"" help:"Dette (D-0001)."`
}

func (c *debtShow) Run(s *session) error {
	return s.with(func(h *house) error {
		list, err := h.mandates.Movements(s.ctx, c.Debt)
		if err != nil {
			return err
		}
		answer := make([]map[string]any, 0, len(list))
		var rows [][]string
		left := money.Amount{}
		for _, m := range list {
			left = left.Add(m.Amount)
			answer = append(answer, map[string]any{
				"on": m.On, "kind": m.Kind, "amount": m.Amount, "outstanding": left, "evidence": m.Evidence,
			})
			rows = append(rows, []string{m.On.FrenchShort(), m.Kind.French(), m.Amount.French(), left.French(), m.Evidence})
		}
		return s.out.data(answer, func() {
			s.out.table([]string{"Jour", "Mouvement", ">Montant", ">Reste dû", "Pièce"}, rows)
		})
	})
}

type debtAdd struct {
	ID          string            `arg:"" help:"Référence, pour toujours (D-0001-EDF)."`
	Mandate     string            `required:"" help:"Mandat (M-0001)." placeholder:"MANDAT"`
	Creditor    string            `required:"" help:"Créancier (masp creditor add)." placeholder:"RÉFÉRENCE"`
	Kind        string            `default:"RENT_ARREARS" enum:"RENT_ARREARS,ENERGY_ARREARS,FSL_LOAN,CONSUMER_CREDIT,OVERDRAFT,BENEFIT_OVERPAYMENT,ALIMONY,FINE,OTHER" help:"RENT_ARREARS, ENERGY_ARREARS, FSL_LOAN, CONSUMER_CREDIT, OVERDRAFT, BENEFIT_OVERPAYMENT, ALIMONY, FINE, OTHER (${default})." placeholder:"NATURE"`
	Outstanding string            `help:"Ce qui reste dû (640 ou 640,00)." placeholder:"MONTANT" required:"" xor:"owed"`
	FromArrears bool              `help:"Reprend les loyers et charges impayés des mois passés chez ce bailleur." required:"" xor:"owed"`
	Principal   string            `help:"Montant d'origine ; par défaut ce qui reste dû." placeholder:"MONTANT"`
	BornOn      civil.Date        `help:"Jour où la dette est née : décide de ce qu'un surendettement bloque." placeholder:"JOUR"`
	Recovery    mandates.Recovery `enum:"DIRECT,WITHHOLDING" default:"DIRECT" help:"DIRECT (payée) ou WITHHOLDING (retenue sur prestation)." placeholder:"MODE"`
	Notified    string            `help:"Retenue mensuelle notifiée par le payeur : une retenue plus forte alerte." placeholder:"MONTANT"`
}

func (c *debtAdd) Run(s *session) error {
	if c.Principal == "" {
		c.Principal = c.Outstanding
	}
	d := mandates.Debt{
		ID: c.ID, Mandate: c.Mandate, Creditor: c.Creditor, Kind: c.Kind, BornOn: c.BornOn, Recovery: c.Recovery,
	}
	for _, read := range []struct {
		text string
		into *money.Amount
	}{{c.Outstanding, &d.Outstanding}, {c.Principal, &d.Principal}, {c.Notified, &d.Instalment}} {
		if read.text == "" {
			continue
		}
		var err error
		if *read.into, err = parseAmount(read.text); err != nil {
			return err
		}
	}
	return s.withPerson(func(h *house, who auth.Principal) error {
		err := error(nil)
		if c.FromArrears {
			d, err = h.mandates.AddArrears(s.ctx, who, d)
		} else {
			err = h.mandates.AddDebt(s.ctx, who, d)
		}
		if err != nil {
			return err
		}
		return s.out.data(jsonDebt(d), func() {
			next := "Pour la payer, donnez-lui un plan (masp debt plan)."
			if d.Recovery == mandates.Withholding {
				next = "Le payeur la retient : notez chaque retenue (masp debt withheld)."
			}
			s.out.print("%s : %s dus à %s. %s", d.ID, d.Outstanding.French(), d.Creditor, next)
		})
	})
}

type debtPlan struct {
	Debt               string             `arg:"" help:"Dette (D-0001)."`
	Instalment         string             `required:"" help:"Mensualité (30 ou 30,00)." placeholder:"MONTANT"`
	From               civil.Date         `required:"" help:"Première échéance." placeholder:"JOUR"`
	Frequency          mandates.Frequency `default:"MONTHLY" enum:"WEEKLY,FORTNIGHTLY,MONTHLY,QUARTERLY" help:"WEEKLY, FORTNIGHTLY, MONTHLY, QUARTERLY (${default})." placeholder:"PÉRIODICITÉ"`
	Reference          string             `help:"Ce que le créancier lit." placeholder:"TEXTE"`
	SignedWithCreditor civil.Date         `help:"Jour où le créancier a signé : une échéance manquée alerte." placeholder:"JOUR"`
	SignedWithCAF      civil.Date         `name:"signed-with-caf" help:"Jour où la CAF a signé (maintien de l'aide au logement)." placeholder:"JOUR"`
}

func (c *debtPlan) Run(s *session) error {
	amount, err := parseAmount(c.Instalment)
	if err != nil {
		return err
	}
	p := mandates.Plan{
		Debt: c.Debt, Instalment: amount, From: c.From, Frequency: c.Frequency, Reference: c.Reference,
		SignedWithCreditorOn: c.SignedWithCreditor, SignedWithCAFOn: c.SignedWithCAF,
	}
	return s.withPerson(func(h *house, who auth.Principal) error {
		line, err := h.mandates.ChangePlan(s.ctx, who, p)
		if err != nil {
			return err
		}
		return s.out.data(map[string]any{"debt": c.Debt, "obligation": line, "instalment": amount}, func() {
			s.out.print("%s : %s, %s, à partir du %s (échéance %s).", c.Debt, amount.French(), frenchFrequencies[c.Frequency],
				c.From.French(), line)
		})
	})
}
