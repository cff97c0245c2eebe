package main

import (
	"strings"

	"masp/api/auth"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// debtMoney is an amount of a debt on a day.
type debtMoney struct {
	Debt   string     `arg:"" help:"Dette (D-0001)."`
	Amount string     `arg:"" help:"Montant (50 ou 50,00)."`
	On     civil.Date `required:"" help:"Jour du mouvement." placeholder:"JOUR"`
}

// run lets a person move a debt and says what is left of it.
func (c *debtMoney) run(s *session, move func(*house, auth.Principal, money.Amount) error) error {
	amount, err := parseAmount(c.Amount)
	if err != nil {
		return err
	}
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := move(h, who, amount); err != nil {
			return err
		}
		moves, err := h.mandates.Movements(s.ctx, c.Debt)
		if err != nil {
			return err
		}
		left := money.Amount{}
		for _, m := range moves {
			left = left.Add(m.Amount)
		}
		return s.out.data(map[string]any{"debt": c.Debt, "amount": amount, "outstanding": left}, func() {
			s.out.print("%s : il reste %s à payer.", c.Debt, left.French())
		})
	})
}

type debtWithheld struct{ debtMoney }

func (c *debtWithheld) Run(s *session) error {
	return c.run(s, func(h *house, who auth.Principal, amount money.Amount) error {
		return h.mandates.RecordWithholding(s.ctx, who, c.Debt, amount, c.On)
	})
}

type debtAid struct {
	debtMoney
	From     string `required:"" help:"Qui a payé le créancier (FSL, CAF…)." placeholder:"NOM"`
	Evidence string `required:"" help:"La décision ou le reçu." placeholder:"PIÈCE"`
}

func (c *debtAid) Run(s *session) error {
	return c.run(s, func(h *house, who auth.Principal, amount money.Amount) error {
		return h.mandates.RecordAid(s.ctx, who, c.Debt, mandates.Aid{
			From: c.From, Amount: amount, On: c.On, Evidence: c.Evidence,
		})
	})
}

type debtCorrect struct {
	debtMoney
	Evidence string `required:"" help:"Le décompte du créancier." placeholder:"PIÈCE"`
}

func (c *debtCorrect) Run(s *session) error {
	return c.run(s, func(h *house, who auth.Principal, owed money.Amount) error {
		return h.mandates.CorrectDebt(s.ctx, who, c.Debt, owed, c.On, c.Evidence)
	})
}

type debtContest struct {
	Debt   string     `arg:"" help:"Dette (D-0001)."`
	On     civil.Date `required:"" help:"Jour de la contestation, ou premier jour où la dette se paie de nouveau." placeholder:"JOUR"`
	End    bool       `help:"La contestation finit."`
	Reason string     `help:"Comment elle a fini (décision, désistement)." placeholder:"TEXTE"`
}

func (c *debtContest) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		text := "%s : contestée, rien n'en est payé à partir du %s."
		err := error(nil)
		if c.End {
			text = "%s : la contestation est finie, la dette se paie de nouveau à partir du %s."
			err = h.mandates.EndContest(s.ctx, who, c.Debt, c.On, c.Reason)
		} else {
			err = h.mandates.Contest(s.ctx, who, c.Debt, c.On)
		}
		if err != nil {
			return err
		}
		return s.out.data(map[string]any{"debt": c.Debt, "on": c.On, "contested": !c.End}, func() {
			s.out.print(text, c.Debt, c.On.French())
		})
	})
}

type debtFile struct {
	Mandate  string             `arg:"" help:"Mandat (M-0001)."`
	State    mandates.FileState `enum:"TO_BUILD,SENT,DEPOSITED,ADMISSIBLE,MEASURES,CLOSED,REJECTED," default:"" help:"Étape : TO_BUILD, SENT, DEPOSITED, ADMISSIBLE, MEASURES, CLOSED, REJECTED. Sans elle : montre le dossier." placeholder:"ÉTAPE"`
	On       civil.Date         `help:"Jour de l'étape." placeholder:"JOUR"`
	Document []string           `sep:"none" help:"Pièce du dossier (à répéter)." placeholder:"TEXTE"`
	Note     string             `help:"Ce qui a été expliqué à la personne, numéro du dossier." placeholder:"TEXTE"`
	Plan     []string           `help:"Plan imposé par les mesures : DETTE=30,00@2026-12-15 (à répéter)." sep:"none" placeholder:"PLAN"`
}

// shapeError is an argument that does not have the shape that its help shows.
type shapeError struct{ given, shape string }

func (e *shapeError) Error() string { return "argument " + e.given + " is not " + e.shape }

// French says how it is written.
func (e *shapeError) French() string {
	return "« " + e.given + " » ne se lit pas : écrivez " + e.shape + "."
}

func (c *debtFile) Run(s *session) error {
	if c.State == "" {
		return s.showFile(c.Mandate)
	}
	step := mandates.FileStep{State: c.State, On: c.On, Documents: c.Document, Note: c.Note}
	for _, text := range c.Plan {
		p, err := parsePlan(text)
		if err != nil {
			return err
		}
		step.Plans = append(step.Plans, p)
	}
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.mandates.StepFile(s.ctx, who, c.Mandate, step); err != nil {
			return err
		}
		return s.out.data(map[string]any{"mandate": c.Mandate, "state": c.State, "on": c.On}, func() {
			s.out.print("%s : dossier de surendettement %s, le %s.", c.Mandate, c.State.French(), c.On.French())
		})
	})
}

const planShape = "DETTE=30,00@2026-12-15"

// parsePlan reads DEBT=AMOUNT@DAY.
func parsePlan(text string) (mandates.Plan, error) {
	debt, rest, named := strings.Cut(text, "=")
	amount, day, dated := strings.Cut(rest, "@")
	if !named || !dated {
		return mandates.Plan{}, &shapeError{text, planShape}
	}
	from, err := civil.Parse(day)
	if err != nil {
		return mandates.Plan{}, &shapeError{text, planShape}
	}
	instalment, err := parseAmount(amount)
	return mandates.Plan{Debt: debt, Instalment: instalment, From: from}, err
}

func (s *session) showFile(mandate string) error {
	return s.with(func(h *house) error {
		steps, err := h.mandates.FileSteps(s.ctx, mandate)
		if err != nil {
			return err
		}
		answer := make([]map[string]any, 0, len(steps))
		var rows [][]string
		for _, step := range steps {
			answer = append(answer, map[string]any{
				"state": step.State, "on": step.On, "documents": step.Documents, "note": step.Note,
			})
			rows = append(rows, []string{step.On.FrenchShort(), step.State.French(), strings.Join(step.Documents, ", "), step.Note})
		}
		return s.out.data(answer, func() { s.out.table([]string{"Jour", "Étape", "Pièces", "Note"}, rows) })
	})
}

type debtArrears struct {
	Mandates []string `arg:"" optional:"" name:"mandats" help:"Mandats ; par défaut tous."`
}

func (c *debtArrears) Run(s *session) error {
	return s.with(func(h *house) error {
		list, err := h.mandates.ArrearsOf(s.ctx, c.Mandates...)
		if len(c.Mandates) == 0 {
			list, err = h.mandates.Arrears(s.ctx)
		}
		if err != nil {
			return err
		}
		answer := make([]map[string]any, 0, len(list))
		var rows [][]string
		for _, a := range list {
			answer = append(answer, map[string]any{
				"mandate": a.Mandate, "first": a.First, "last": a.Last, "months": a.Months, "amount": a.Amount,
			})
			rows = append(rows, []string{
				a.Mandate, a.First.French(), a.Last.French(), plural(a.Months, "mois", "mois"), a.Amount.French(),
			})
		}
		return s.out.data(answer, func() {
			s.out.table([]string{"Mandat", "De", "À", "Impayés", ">Montant"}, rows)
		})
	})
}
