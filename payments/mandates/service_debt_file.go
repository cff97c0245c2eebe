package mandates

import (
	"context"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/payments/worklist"
)

// StepFile notes the next step of the over-indebtedness file of the person of a mandate.
// From the day of admissibility no older debt is paid, and a task reminds to ask for
// suspended housing aid. Imposed measures bring plans, which alone are paid;
// a rejection or the closure lets everything be paid again.
func (s *Service) StepFile(ctx context.Context, who auth.Principal, mandate string, step FileStep) error {
	a := audit.Act{
		Action: "overindebtedness." + string(step.State), ObjectType: "mandate", ObjectID: mandate,
		Details: map[string]any{"on": step.On, "plans": len(step.Plans)},
	}
	return s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		if err := lockOpen(ctx, tx, mandate); err != nil {
			return err
		}
		last, err := lastStep(ctx, tx, mandate)
		if err != nil {
			return err
		}
		today, err := ledger.Today(ctx, tx)
		if err != nil {
			return err
		}
		if err := step.check(last, today); err != nil {
			return err
		}
		if err := insertStep(ctx, tx, mandate, step); err != nil {
			return err
		}
		for _, p := range step.Plans {
			if _, err := changePlanTx(ctx, tx, mandate, p); err != nil {
				return err
			}
		}
		if step.State != FileAdmissible {
			return nil
		}
		return worklist.RaiseTx(ctx, tx, worklist.Alert{
			On: step.On, Code: AskAllowanceRestored, Mandate: mandate, Subject: "surendettement",
			Text:   "Dossier recevable : si l'aide au logement est suspendue, demandez son rétablissement.",
			Source: AskAllowanceRestored + " " + mandate + " " + step.On.String(),
		})
	})
}

// ChangePlan gives a debt a new plan and answers the reference of its line: the lines of the
// old plan end the day before, and what was missed of them is asked by the new plan.
func (s *Service) ChangePlan(ctx context.Context, who auth.Principal, p Plan) (line string, err error) {
	a := audit.Act{
		Action: "debt.plan", ObjectType: "debt", ObjectID: p.Debt,
		Details: map[string]any{"instalment": p.Instalment, "from": p.From},
	}
	err = s.act(ctx, who, a, func(tx pgx.Tx, a *audit.Act) error {
		mandate, err := mandateOf(ctx, tx, p.Debt)
		if err != nil {
			return err
		}
		if err := lockOpen(ctx, tx, mandate); err != nil {
			return err
		}
		o, err := changePlanTx(ctx, tx, mandate, p)
		line, a.After = o.ID, o.hash()
		return err
	})
	return line, err
}

// changePlanTx ends the lines of the debt's old plan and adds the new one's.
func changePlanTx(ctx context.Context, tx pgx.Tx, mandate string, p Plan) (Obligation, error) {
	d, err := lockDebt(ctx, tx, p.Debt)
	switch {
	case err != nil:
		return Obligation{}, err
	case d.Mandate != mandate:
		return Obligation{}, ErrNoDebt
	}
	if err := p.check(d); err != nil {
		return Obligation{}, err
	}
	number, place, err := endPlan(ctx, tx, p.Debt, p.From)
	if err != nil {
		return Obligation{}, err
	}
	o := p.line(d, number)
	if err := addTx(ctx, tx, place, o); err != nil {
		return o, err
	}
	return o, insertPlan(ctx, tx, p, number, o)
}

// AddDebt adds a debt to those of a mandate, once its creditor is known.
func (s *Service) AddDebt(ctx context.Context, who auth.Principal, d Debt) error {
	a := audit.Act{
		Action: "debt.add", ObjectType: "debt", ObjectID: d.ID,
		Details: map[string]any{"mandate": d.Mandate, "outstanding": d.Outstanding},
	}
	return s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		if err := lockOpen(ctx, tx, d.Mandate); err != nil {
			return err
		}
		return addDebtTx(ctx, tx, d)
	})
}

// addDebtTx judges a debt and writes it.
func addDebtTx(ctx context.Context, tx pgx.Tx, d Debt) error {
	if err := checkReference(d.ID); err != nil {
		return err
	}
	if err := checkDebt(ctx, tx, d); err != nil {
		return err
	}
	return AddDebtsTx(ctx, tx, d)
}

// AddArrears makes a debt of the rents and charges of past months that are unpaid to a landlord:
// they are asked no more one by one, and a plan pays them. The debt comes with its ID,
// mandate, creditor and birth; it answers what is owed, ErrNoArrears when nothing is.
func (s *Service) AddArrears(ctx context.Context, who auth.Principal, d Debt) (Debt, error) {
	d.Kind, d.Recovery = KindRentArrears, Direct
	a := audit.Act{Action: "debt.arrears", ObjectType: "debt", ObjectID: d.ID, Details: map[string]string{"mandate": d.Mandate}}
	err := s.act(ctx, who, a, func(tx pgx.Tx, a *audit.Act) (err error) {
		if err := lockOpen(ctx, tx, d.Mandate); err != nil {
			return err
		}
		today, err := ledger.Today(ctx, tx)
		if err != nil {
			return err
		}
		if d.Outstanding, err = takeArrears(ctx, tx, d, today.MonthOf()); err != nil {
			return err
		}
		d.Principal = d.Outstanding
		a.Details = map[string]any{"mandate": d.Mandate, "outstanding": d.Outstanding}
		return addDebtTx(ctx, tx, d)
	})
	return d, err
}

// Arrears returns the unpaid rents and charges of past months of every mandate, by mandate.
func (s *Service) Arrears(ctx context.Context) ([]Arrears, error) { return s.arrears(ctx, ``) }

// ArrearsOf returns those of these mandates; of none there are none.
func (s *Service) ArrearsOf(ctx context.Context, mandates ...string) ([]Arrears, error) {
	return s.arrears(ctx, `WHERE mandate_id = ANY ($2)`, mandates)
}

func (s *Service) arrears(ctx context.Context, which string, args ...any) (list []Arrears, err error) {
	err = ledger.Snapshot(ctx, s.DB, func(tx pgx.Tx) error {
		today, err := ledger.Today(ctx, tx)
		if err != nil {
			return err
		}
		list, err = arrears(ctx, tx, today.MonthOf(), which, args...)
		return err
	})
	return list, err
}
