package mandates

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
)

// lockOpen locks a mandate to which something may still be added.
func lockOpen(ctx context.Context, tx pgx.Tx, mandate string) error {
	var status Status
	err := tx.QueryRow(ctx, `SELECT status FROM masp.mandates WHERE mandate_id = $1 FOR NO KEY UPDATE`, mandate).Scan(&status)
	switch {
	case err != nil:
		return translate(err, ErrNoMandate)
	case status != Active && status != PendingSignature && status != Suspended:
		return ErrNotActive
	}
	return nil
}

func mandateOf(ctx context.Context, tx pgx.Tx, debt string) (mandate string, err error) {
	err = tx.QueryRow(ctx, `SELECT mandate_id FROM masp.debts WHERE debt_id = $1`, debt).Scan(&mandate)
	return mandate, translate(err, ErrNoDebt)
}

// lastStep is the newest step of the person's file; the zero value when there is none.
func lastStep(ctx context.Context, tx pgx.Tx, mandate string) (FileStep, error) {
	var last FileStep
	err := tx.QueryRow(ctx, `
		SELECT state, on_day FROM masp.overindebtedness_steps WHERE mandate_id = $1
		 ORDER BY step_no DESC LIMIT 1`, mandate).Scan(&last.State, &last.On)
	if errors.Is(err, pgx.ErrNoRows) {
		return FileStep{}, nil
	}
	return last, err
}

func insertStep(ctx context.Context, tx pgx.Tx, mandate string, s FileStep) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO masp.overindebtedness_steps (mandate_id, step_no, file_no, state, on_day, documents, note)
		SELECT $1, count(*) + 1, coalesce(max(file_no), 0) + ($2 = 'TO_BUILD')::integer, $2, $3, $4, $5
		  FROM masp.overindebtedness_steps WHERE mandate_id = $1`,
		mandate, string(s.State), s.On, orEmpty(s.Documents), s.Note)
	return err
}

// FileSteps returns the steps of the over-indebtedness files of a mandate, the oldest first.
func (s *Service) FileSteps(ctx context.Context, mandate string) ([]FileStep, error) {
	rows, err := unit.Reader(ctx, s.DB).Query(ctx, `
		SELECT state, on_day, documents, note FROM masp.overindebtedness_steps WHERE mandate_id = $1 ORDER BY step_no`, mandate)
	if err != nil {
		return nil, fmt.Errorf("read the steps: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (s FileStep, err error) {
		err = row.Scan(&s.State, &s.On, &s.Documents, &s.Note)
		return s, err
	})
}

// FreezesTx reads what files of over-indebtedness forbid, by mandate; a mandate without a
// file has none.
func FreezesTx(ctx context.Context, tx pgx.Tx, mandates []string) (map[string]Freeze, error) {
	freezes := make(map[string]Freeze)
	var id string
	var f Freeze
	err := each(ctx, tx, []any{&id, &f.Admissible, &f.Measures, &f.Lifted}, func() { freezes[id] = f }, `
		SELECT mandate_id, admissible_on, measures_on, lifted_on FROM masp.freezes
		 WHERE mandate_id = ANY ($1) AND admissible_on IS NOT NULL`, orEmpty(mandates))
	if err != nil {
		return nil, fmt.Errorf("read what is frozen: %w", err)
	}
	return freezes, nil
}

// endPlan ends the plan lines of a debt before a day and drops what was missed of them. It
// answers the number of the next plan and the place of its line among the others.
func endPlan(ctx context.Context, tx pgx.Tx, debt string, from civil.Date) (number, place int, err error) {
	_, err = tx.Exec(ctx, `
		UPDATE masp.obligations o
		   SET valid_to = least(o.valid_to, greatest(o.valid_from, $2::date - 1)),
		       except_days = o.except_days || CASE WHEN o.valid_from >= $2 THEN ARRAY[o.valid_from] ELSE '{}' END
		           || ARRAY(SELECT due_on FROM masp.dues d WHERE d.obligation_id = o.obligation_id AND d.paid_cents < d.due_cents)
		 WHERE debt_id = $1 AND class = 'DEBT_PLAN'`, debt, from)
	if err != nil {
		return 0, 0, fmt.Errorf("end the plan of %s: %w", debt, err)
	}
	err = tx.QueryRow(ctx, `
		SELECT (SELECT count(*) + 1 FROM masp.debt_plans WHERE debt_id = $1),
		       (SELECT coalesce(min(position), 0) FROM masp.obligations WHERE debt_id = $1 AND class = 'DEBT_PLAN')`, debt).
		Scan(&number, &place)
	return number, place, err
}

func insertPlan(ctx context.Context, tx pgx.Tx, p Plan, number int, line Obligation) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO masp.debt_plans (debt_id, plan_no, obligation_id, signed_with_creditor_on, signed_with_caf_on)
		VALUES ($1, $2, $3, $4, $5)`, p.Debt, number, line.ID, p.SignedWithCreditorOn, p.SignedWithCAFOn)
	if err != nil {
		return fmt.Errorf("write the plan of %s: %w", p.Debt, err)
	}
	_, err = tx.Exec(ctx, `UPDATE masp.debts SET instalment_cents = $2 WHERE debt_id = $1`, p.Debt, p.Instalment.Cents())
	return err
}

// takeArrears sums what is unpaid to a creditor and leaves those days out from now on.
func takeArrears(ctx context.Context, tx pgx.Tx, d Debt, before civil.Month) (money.Amount, error) {
	var cents int64
	err := tx.QueryRow(ctx, `
		WITH unpaid AS (SELECT * FROM masp.unpaid_rents($1) WHERE mandate_id = $2 AND creditor_id = $3),
		     left_out AS (UPDATE masp.obligations o SET except_days = o.except_days || u.days
		                    FROM (SELECT obligation_id, array_agg(due_on) AS days FROM unpaid GROUP BY obligation_id) u
		                   WHERE o.obligation_id = u.obligation_id)
		SELECT coalesce(sum(open_cents), 0)::bigint FROM unpaid`, before.Add(-1).Last(), d.Mandate, d.Creditor).Scan(&cents)
	switch {
	case err != nil:
		return money.Amount{}, fmt.Errorf("take the arrears of %s: %w", d.Mandate, err)
	case cents == 0:
		return money.Amount{}, ErrNoArrears
	}
	return money.Cents(cents), nil
}

// arrears reads the rents and charges of the months before a month that nobody has paid in full,
// by mandate in order; which chooses among the mandates, its arguments begin at $2.
func arrears(ctx context.Context, tx pgx.Tx, before civil.Month, which string, args ...any) ([]Arrears, error) {
	rows, err := tx.Query(ctx, `
		SELECT mandate_id, min(due_on), max(due_on), count(DISTINCT date_trunc('month', due_on)), sum(open_cents)::bigint
		  FROM masp.unpaid_rents($1) `+which+`
		 GROUP BY mandate_id ORDER BY mandate_id`, append([]any{before.Add(-1).Last()}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("read arrears: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Arrears, error) {
		var a Arrears
		var first, last civil.Date
		var cents int64
		err := row.Scan(&a.Mandate, &first, &last, &a.Months, &cents)
		a.First, a.Last, a.Amount = first.MonthOf(), last.MonthOf(), money.Cents(cents)
		return a, err
	})
}
