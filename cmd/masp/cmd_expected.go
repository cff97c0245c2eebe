package main

import (
	"strconv"

	"masp/api/auth"
	"masp/imports"
	"masp/ledger/civil"
	"masp/payments/mandates"
)

type expectedCommand struct {
	List      expectedList      `cmd:"" help:"Prestations attendues pour un mois de droit, et ce qui est arrivé."`
	Add       expectedAdd       `cmd:"" help:"Attend une prestation, au jour du calendrier du payeur."`
	Drop      expectedDrop      `cmd:"" help:"N'attend plus une prestation dont rien n'est arrivé."`
	Plan      expectedPlan      `cmd:"" help:"Attend les mois qui viennent comme le dernier."`
	Calendar  expectedCalendar  `cmd:"" help:"Quand un payeur paie ; sans argument, tous les calendriers."`
	Tolerance expectedTolerance `cmd:"" help:"Ce qui passe pour reçu : quelques euros, quelques jours."`
}

type expectedList struct {
	Period  civil.Month `arg:"" help:"Mois du droit (2026-10) ; la CAF le paie le mois suivant."`
	Mandate string      `help:"Seulement ce mandat." placeholder:"MANDAT"`
}

var frenchExpected = map[imports.ExpectedStatus]string{
	imports.Matched: "arrivée", imports.Short: "incomplète", imports.Over: "en trop", imports.Late: "en retard",
	imports.Missing: "pas arrivée", imports.Awaited: "attendue",
}

// Run holds what was expected against what came.
func (c *expectedList) Run(s *session) error {
	return s.with(func(h *house) error {
		all, err := h.imports.Expected(s.ctx, h.db, c.Period)
		if err != nil {
			return err
		}
		shown := make(imports.Expectations, 0, len(all))
		for _, e := range all {
			if c.Mandate == "" || c.Mandate == e.Mandate {
				shown = append(shown, e)
			}
		}
		return s.out.data(shown, func() { printExpected(s.out, shown) })
	})
}

func printExpected(out *printer, all imports.Expectations) {
	var rows [][]string
	for _, e := range all {
		withheld := ""
		if e.Withheld.IsPositive() {
			withheld = e.Withheld.French()
		}
		rows = append(rows, []string{
			e.Mandate, e.Benefit, e.Payer, e.ExpectedOn.FrenchShort(), e.Amount.French(), e.Received.French(),
			e.ReceivedOn.FrenchShort(), frenchExpected[e.Status], withheld,
		})
	}
	out.table([]string{
		"Mandat", "Prestation", "Payeur", "Attendue le", ">Attendu", ">Reçu", "Reçue le", "État", ">Retenu",
	}, rows)
}

type expectedAdd struct {
	Mandate         string      `arg:"" help:"Mandat (M-0001)."`
	Benefit         string      `arg:"" help:"Prestation (RSA)."`
	Period          civil.Month `arg:"" help:"Mois du droit (2026-11)."`
	Amount          euros       `required:"" help:"Montant attendu." placeholder:"EUROS"`
	Payer           string      `required:"" help:"Qui paie (CAF)." placeholder:"PAYEUR"`
	On              civil.Date  `help:"Jour attendu ; par défaut celui du calendrier du payeur." placeholder:"JOUR"`
	ThirdParty      bool        `help:"Versée au bailleur (tiers payant) : jamais attendue sur le compte."`
	ThirdPartyEnded bool        `help:"Le tiers payant a cessé : la prestation arrive désormais sur le compte."`
}

// Run expects a benefit in the name of the person.
func (c *expectedAdd) Run(s *session) error {
	e := mandates.ExpectedBenefit{
		Mandate: c.Mandate, Benefit: c.Benefit, Period: c.Period, Payer: c.Payer, Amount: c.Amount.Amount,
		ExpectedOn: c.On, ThirdParty: c.ThirdParty,
	}
	return s.withPerson(func(h *house, who auth.Principal) (err error) {
		if e.ExpectedOn, err = h.mandates.Expect(s.ctx, who, e, c.ThirdPartyEnded); err != nil {
			return err
		}
		return s.out.data(jsonExpected(e), func() {
			s.out.print("%s %s, %s : %s attendus le %s.", e.Benefit, e.Period.FrenchOf(), e.Mandate,
				e.Amount.French(), e.ExpectedOn.French())
		})
	})
}

func jsonExpected(e mandates.ExpectedBenefit) map[string]any {
	return map[string]any{
		"mandate": e.Mandate, "benefit": e.Benefit, "period": e.Period, "payer": e.Payer, "amount": e.Amount,
		"expected_on": e.ExpectedOn, "third_party": e.ThirdParty,
	}
}

type expectedDrop struct {
	Mandate string      `arg:"" help:"Mandat (M-0001)."`
	Benefit string      `arg:"" help:"Prestation (RSA)."`
	Period  civil.Month `arg:"" help:"Mois du droit (2026-11)."`
	Reason  string      `required:"" help:"Pourquoi ; inscrit au journal des actes." placeholder:"RAISON"`
}

// Run takes back an expectation in the name of the person.
func (c *expectedDrop) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.mandates.DropExpected(s.ctx, who, c.Mandate, c.Benefit, c.Period, c.Reason); err != nil {
			return err
		}
		return s.out.data(map[string]any{"mandate": c.Mandate, "benefit": c.Benefit, "period": c.Period}, func() {
			s.out.print("%s %s n'est plus attendue pour %s.", c.Benefit, c.Period.FrenchOf(), c.Mandate)
		})
	})
}

type expectedPlan struct {
	Months  int    `default:"3" help:"Mois de droit, celui-ci compris (${default})." placeholder:"N"`
	Mandate string `help:"Seulement ce mandat." placeholder:"MANDAT"`
}

// Run plans the months to come in the name of the person.
func (c *expectedPlan) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		added, err := h.mandates.PlanExpected(s.ctx, who, c.Mandate, c.Months)
		if err != nil {
			return err
		}
		rows := make([]map[string]any, 0, len(added))
		for _, e := range added {
			rows = append(rows, jsonExpected(e))
		}
		return s.out.data(rows, func() {
			s.out.print("%s de plus.", plural(len(added), "prestation attendue", "prestations attendues"))
			for _, e := range added {
				s.out.print("  %s  %s %s : %s le %s", e.Mandate, e.Benefit, e.Period.FrenchOf(), e.Amount.French(), e.ExpectedOn.FrenchShort())
			}
		})
	})
}

type expectedCalendar struct {
	Payer       string         `arg:"" optional:"" help:"Payeur (MSA)."`
	Day         int            `help:"Jour du mois (1 à 31)." placeholder:"JOUR"`
	MonthsAfter *int           `help:"Mois après celui du droit (1 à la création)." placeholder:"N"`
	Shift       mandates.Shift `default:"" enum:"AFTER,BEFORE,SATURDAY_BEFORE," help:"Jour chômé : AFTER (à la création), BEFORE ou SATURDAY_BEFORE." placeholder:"SENS"`
	Benefit     string         `help:"Seulement cette prestation." placeholder:"CODE"`
	ThirdParty  bool           `help:"Ce qui est versé au bailleur."`
	Reason      string         `help:"Pourquoi ; demandée pour changer un calendrier, dont le reste est gardé." placeholder:"RAISON"`
}

// Run sets the calendar of a payer in the name of the person; nothing to set lists his, or all of them.
func (c *expectedCalendar) Run(s *session) error {
	if c.Day == 0 && c.MonthsAfter == nil && c.Shift == "" {
		return s.with(func(h *house) error { return s.listCalendars(h, c.Payer) })
	}
	calendar := mandates.CalendarChange{
		Payer: c.Payer, Benefit: c.Benefit, ThirdParty: c.ThirdParty, Day: c.Day, MonthsAfter: c.MonthsAfter, Shift: c.Shift,
	}
	return s.withPerson(func(h *house, who auth.Principal) error {
		if _, err := h.mandates.SetCalendar(s.ctx, who, calendar, c.Reason); err != nil {
			return err
		}
		return s.listCalendars(h, "")
	})
}

// listCalendars prints those of one payer, or of all.
func (s *session) listCalendars(h *house, payer string) error {
	all, err := h.mandates.Calendars(s.ctx)
	if err != nil {
		return err
	}
	answer := make([]map[string]any, 0, len(all))
	var rows [][]string
	for _, c := range all {
		if payer != "" && c.Payer != payer {
			continue
		}
		answer = append(answer, map[string]any{
			"payer": c.Payer, "benefit": c.Benefit, "third_party": c.ThirdParty, "day": c.Day,
			"months_after": c.MonthsAfter, "shift": c.Shift,
		})
		whom := "compte"
		if c.ThirdParty {
			whom = "bailleur"
		}
		rows = append(rows, []string{c.Payer, c.Benefit, whom, strconv.Itoa(c.Day), strconv.Itoa(c.MonthsAfter), string(c.Shift)})
	}
	return s.out.data(answer, func() {
		s.out.table([]string{"Payeur", "Prestation", "Versé au", ">Jour", ">Mois après", "Jour chômé"}, rows)
	})
}

type expectedTolerance struct {
	Benefit string `arg:"" optional:"" help:"Prestation ; par défaut toutes celles qui n'ont pas la leur."`
	Amount  euros  `help:"Écart accepté, en plus ou en moins." placeholder:"EUROS"`
	Days    int    `help:"Jours de retard acceptés (0 à 60)." placeholder:"N"`
}

// Run sets a tolerance in the name of the person.
func (c *expectedTolerance) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.mandates.SetTolerance(s.ctx, who, c.Benefit, c.Amount.Amount, c.Days); err != nil {
			return err
		}
		return s.out.data(map[string]any{"benefit": c.Benefit, "amount": c.Amount, "days": c.Days}, func() {
			s.out.print("Tolérance : %s, %s.", c.Amount.French(), plural(c.Days, "jour", "jours"))
		})
	})
}
