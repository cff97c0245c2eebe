package mandates

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// SetScale adds the scale of contributions that holds from a day on.
//
// Errors: ErrRole, ErrScaleTwice, Violations.
func (s *Service) SetScale(ctx context.Context, who auth.Principal, scale Scale) error {
	if err := scale.Check(); err != nil {
		return err
	}
	a := audit.Act{Action: "contribution.scale", ObjectType: "scale", ObjectID: scale.From.String(), Details: scale}
	return s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO masp.contribution_scales (valid_from, aah_cents, smic_cents, rates, until) VALUES ($1, $2, $3, $4, $5)`,
			scale.From, scale.AAH.Cents(), scale.SMIC.Cents(), scale.Rates[:], scale.Until[:])
		return translate(err, ErrNoMandate)
	})
}

// SetContribution sets what a measure costs the person from a month on: the line before it
// ends, another asks for the new amount, payable to a creditor on a day of the month. Zero only ends.
//
// Errors: ErrRole, ErrNoMandate, ErrNotActive, ErrContributionMonth, Violations.
func (s *Service) SetContribution(
	ctx context.Context, who auth.Principal, id string, c Contribution, creditor string, day int,
) (Contribution, error) {
	a := audit.Act{
		Action: "contribution.set", ObjectType: "mandate", ObjectID: id,
		Details: map[string]any{"from": c.From, "amount": c.Amount, "decision": c.Decision},
	}
	err := s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		today, err := ledger.Today(ctx, tx)
		if err != nil {
			return err
		}
		if err := lockOpen(ctx, tx, id); err != nil {
			return err
		}
		scale, err := scaleOn(ctx, tx, c.From.First())
		switch {
		case err != nil:
			return err
		case c.From.Before(today.MonthOf()):
			return ErrContributionMonth
		}
		if err := c.check(scale); err != nil {
			return err
		}
		if c.Obligation = ""; c.Amount.IsPositive() {
			c.Obligation = c.line(id, creditor, day).ID
		}
		return translate(c.write(ctx, tx, id, creditor, day), ErrNoMandate)
	})
	return c, err
}

// write ends the line before, adds the new one, and notes the contribution.
func (c Contribution) write(ctx context.Context, tx pgx.Tx, id, creditor string, day int) error {
	earlier, err := contributionsOf(ctx, tx, id)
	if err != nil {
		return err
	}
	for _, old := range earlier {
		if !old.From.Before(c.From) {
			return ErrContributionMonth
		}
		if old.Obligation == "" {
			continue
		}
		o, err := lockObligation(ctx, tx, old.Obligation)
		if err != nil {
			return err
		}
		if last := c.From.First().AddDays(-1); o.To.IsZero() || o.To.After(last) {
			o.To = last
			if err := updateEffect(ctx, tx, o); err != nil {
				return err
			}
		}
	}
	if c.Amount.IsPositive() {
		if err := addTx(ctx, tx, 0, c.line(id, creditor, day)); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO masp.contributions (mandate_id, valid_from, amount_cents, resources_cents, alone, decision, obligation_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		id, c.From.First(), c.Amount.Cents(), c.Resources.Cents(), c.Alone, c.Decision, orNull(c.Obligation))
	return err
}

// Contributions returns what a measure has cost the person, the oldest first.
func (s *Service) Contributions(ctx context.Context, id string) (all []Contribution, err error) {
	err = ledger.Snapshot(ctx, s.DB, func(tx pgx.Tx) error {
		all, err = contributionsOf(ctx, tx, id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list contributions: %w", err)
	}
	return all, nil
}

func contributionsOf(ctx context.Context, tx pgx.Tx, id string) (all []Contribution, err error) {
	var c Contribution
	var from civil.Date
	var amount, resources int64
	err = each(ctx, tx, []any{&from, &amount, &resources, &c.Alone, &c.Decision, &c.Obligation}, func() {
		c.From, c.Amount, c.Resources = from.MonthOf(), money.Cents(amount), money.Cents(resources)
		all = append(all, c)
	}, `
		SELECT valid_from, amount_cents, resources_cents, alone, decision, coalesce(obligation_id, '')
		  FROM masp.contributions WHERE mandate_id = $1 ORDER BY valid_from`, id)
	return all, err
}

// refuseContribution refuses to change the line of a contribution: its ceiling is not asked there.
func refuseContribution(ctx context.Context, tx pgx.Tx, obligation string) error {
	var asked bool
	err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM masp.contributions WHERE obligation_id = $1)`, obligation).Scan(&asked)
	if err == nil && asked {
		return ErrContributionLine
	}
	return err
}

// scaleOn reads the scale of a day, or nil.
func scaleOn(ctx context.Context, tx pgx.Tx, on civil.Date) (found *Scale, err error) {
	var s Scale
	var aah, smic int64
	var rates, until []int
	err = each(ctx, tx, []any{&s.From, &aah, &smic, &rates, &until}, func() {
		s.AAH, s.SMIC = money.Cents(aah), money.Cents(smic)
		s.Rates, s.Until = [3]int(rates), [2]int(until)
		found = &s
	}, `
		SELECT valid_from, aah_cents, smic_cents, rates, until FROM masp.contribution_scales
		 WHERE valid_from <= $1 ORDER BY valid_from DESC LIMIT 1`, on)
	return found, err
}
