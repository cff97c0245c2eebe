package mandates

import (
	"cmp"
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/civil"
)

// Expect adds a benefit that a mandate should receive for a month of right, on the day
// of the payer's calendar unless one is given. What the landlord receives (tiers payant) is
// never expected on the account (R-030, ErrThirdParty), unless thirdPartyEnded says that this
// has stopped. Violations, ErrExpectedTwice, ErrNoCalendar.
func (s *Service) Expect(
	ctx context.Context, who auth.Principal, e ExpectedBenefit, thirdPartyEnded bool,
) (civil.Date, error) {
	if e.Period.Year() > lastYear {
		return civil.Date{}, Violations{{Rule: "R-032", Code: "PERIOD_TOO_FAR", French: "Ce mois est trop lointain : vérifiez l'année."}}
	}
	a := audit.Act{
		Action: "expected.add", ObjectType: "mandate", ObjectID: e.Mandate,
		Details: map[string]any{"benefit": e.Benefit, "period": e.Period, "third_party": e.ThirdParty},
	}
	err := s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		calendars, err := calendarsTx(ctx, tx)
		if err != nil {
			return err
		}
		if c, known := calendarFor(calendars, e); known && e.ExpectedOn.IsZero() {
			e.ExpectedOn = c.PaysOn(e.Period)
		}
		if e.ExpectedOn.IsZero() {
			return ErrNoCalendar
		}
		if err := checkExpected(ctx, tx, e); err != nil {
			return err
		}
		elsewhere, err := paidElsewhere(ctx, tx, e)
		if err != nil {
			return err
		}
		if elsewhere && !e.ThirdParty && !thirdPartyEnded {
			return ErrThirdParty
		}
		return benefitRefusal(ExpectTx(ctx, tx, e))
	})
	return e.ExpectedOn, err
}

// DropExpected takes back an expectation of which nothing has come, with the reason: the right
// has ended, or was never there.
func (s *Service) DropExpected(
	ctx context.Context, who auth.Principal, mandate, benefit string, period civil.Month, reason string,
) error {
	a := audit.Act{
		Action: "expected.drop", ObjectType: "mandate", ObjectID: mandate,
		Details: map[string]any{"benefit": benefit, "period": period},
	}
	return s.actBecause(ctx, who, a, reason, func(tx pgx.Tx) error {
		done, err := tx.Exec(ctx, `
			DELETE FROM masp.expected_benefits WHERE mandate_id = $1 AND benefit = $2 AND period = $3`,
			mandate, benefit, period.First())
		if err == nil && done.RowsAffected() == 0 {
			err = ErrNoExpected
		}
		return err
	})
}

// PlanExpected continues the benefits of every running mandate, or of one, for so many months of
// right from the present one, as the last month was. Again it adds nothing. It answers what it
// has added. ErrRole, ErrMonths (1 to 24).
func (s *Service) PlanExpected(
	ctx context.Context, who auth.Principal, mandate string, months int,
) (added []ExpectedBenefit, err error) {
	switch {
	case !mayEdit(who):
		return nil, fmt.Errorf("plan expected benefits: %w", ErrRole)
	case months < 1 || months > 24:
		return nil, fmt.Errorf("plan expected benefits: %w", ErrMonths)
	}
	err = ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		today, err := ledger.Today(ctx, tx)
		if err != nil {
			return err
		}
		calendars, err := calendarsTx(ctx, tx)
		if err != nil {
			return err
		}
		prospects, err := prospectsTx(ctx, tx, mandate)
		if err != nil {
			return err
		}
		for _, p := range prospects {
			added = append(added, p.Next(calendars, today, today.MonthOf().Add(months-1))...)
		}
		if len(added) == 0 {
			return nil
		}
		if err := benefitRefusal(ExpectTx(ctx, tx, added...)); err != nil {
			return err
		}
		_, err = audit.Record(ctx, tx, audit.Act{
			Actor: who.ID, Action: "expected.plan", ObjectType: "mandate", ObjectID: cmp.Or(mandate, "all"),
			Details: map[string]any{"months": months, "added": len(added)},
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("plan expected benefits: %w", err)
	}
	return added, nil
}
