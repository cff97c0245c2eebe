package imports

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/worklist"
)

// selectExpected reads expected benefits with what came of them. What a third party receives
// is never expected on an account.
const selectExpected = `
	SELECT e.mandate_id, e.benefit, e.period, e.payer, e.amount_cents, e.expected_on,
	       coalesce(r.received, 0)::bigint, r.last_day, coalesce(t.amount_cents, 0), coalesce(t.days, 0),
	       coalesce((SELECT sum(w.amount_cents) FROM masp.debt_withholdings w
	                  WHERE w.mandate_id = e.mandate_id AND w.on_day = r.last_day), 0)::bigint
	  FROM masp.expected_benefits e
	  LEFT JOIN LATERAL (
	       SELECT t.amount_cents, t.days FROM masp.benefit_tolerances t
	        WHERE t.benefit IN (e.benefit, '') ORDER BY t.benefit DESC LIMIT 1) t ON true
	  LEFT JOIN LATERAL (
	       SELECT sum(r.amount_cents) AS received, max(r.received_on) AS last_day FROM masp.receipts r
	        WHERE r.mandate_id = e.mandate_id AND r.benefit = e.benefit AND r.period = e.period
	        HAVING sum(r.amount_cents) > 0) r ON true
	 WHERE NOT e.third_party `

func scanExpected(row pgx.CollectableRow) (ExpectedOutcome, error) {
	var e ExpectedOutcome
	var period civil.Date
	var amount, received, tolerated, withheld int64
	err := row.Scan(
		&e.Mandate, &e.Benefit, &period, &e.Payer, &amount, &e.ExpectedOn, &received, &e.ReceivedOn,
		&tolerated, &e.Tolerance.Days, &withheld,
	)
	e.Period, e.Amount, e.Received = period.MonthOf(), money.Cents(amount), money.Cents(received)
	e.Tolerance.Amount, e.Withheld = money.Cents(tolerated), money.Cents(withheld)
	return e, err
}

// Expected holds what was expected for a month of right against what came, by mandate and
// day. In November that is mostly October: the CAF pays for the month before.
func (s *Service) Expected(
	ctx context.Context, q ledger.Querier, period civil.Month,
) (Expectations, error) {
	return s.judged(ctx, q, `AND e.period = $1 ORDER BY e.mandate_id, e.expected_on, e.benefit`, period.First().Time())
}

// ExpectedWithin holds what was expected for a mandate within a calendar month, whatever the month of
// the right, against what came.
func (s *Service) ExpectedWithin(
	ctx context.Context, q ledger.Querier, mandate string, within civil.Month,
) (Expectations, error) {
	return s.judged(ctx, q, `AND e.mandate_id = $1 AND e.expected_on BETWEEN $2 AND $3
		ORDER BY e.expected_on, e.benefit, e.period`, mandate, within.First().Time(), within.Last().Time())
}

// missingAfter is how many TARGET days a benefit may be late before somebody is told.
const missingAfter = 3

// RaiseMissing tells the coordinators of each expected benefit of which nothing has come three
// banking days after its day, once. It answers how many are missing. A daily job calls it.
func (s *Service) RaiseMissing(ctx context.Context) (int, error) {
	missing := 0
	err := ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		today, err := ledger.Today(ctx, tx)
		if err != nil {
			return err
		}
		rows, err := tx.Query(
			ctx,
			selectExpected+`AND r.received IS NULL AND e.expected_on BETWEEN $1 AND $2
			ORDER BY e.expected_no`,
			today.AddDays(-400).Time(),
			today.Time(),
		)
		if err != nil {
			return fmt.Errorf("read missing benefits: %w", err)
		}
		all, err := pgx.CollectRows(rows, scanExpected)
		if err != nil {
			return fmt.Errorf("read missing benefits: %w", err)
		}
		var alerts []worklist.Alert
		for _, e := range all {
			latest := e.ExpectedOn.AddDays(e.Tolerance.Days)
			if !civil.AddTARGET(latest, missingAfter).After(today) {
				alerts = append(alerts, e.alert(today))
			}
		}
		missing = len(alerts)
		return worklist.RaiseTx(ctx, tx, alerts...)
	})
	if err != nil {
		return 0, fmt.Errorf("raise missing benefits: %w", err)
	}
	return missing, nil
}

// Overdue are the benefits that were expected from a day on, before today, and of which nothing has come:
// the oldest first, so many of them.
func (s *Service) Overdue(ctx context.Context, q ledger.Querier, since civil.Date, most int) (Expectations, error) {
	return s.judged(ctx, q, `AND e.expected_on >= $1 AND e.expected_on < (SELECT masp.today()) AND r.received IS NULL
		ORDER BY e.expected_on, e.mandate_id, e.benefit LIMIT $2`, since.Time(), most)
}

// ExpectedOf holds what was expected for some mandates within some days against what came, by mandate,
// benefit and day.
func (s *Service) ExpectedOf(ctx context.Context, q ledger.Querier, mandates []string, from, to civil.Date) (Expectations, error) {
	return s.judged(ctx, q, `AND e.mandate_id = ANY ($1) AND e.expected_on BETWEEN $2 AND $3
		ORDER BY e.mandate_id, e.benefit, e.payer, e.expected_on`, mandates, from.Time(), to.Time())
}

// judged reads expected benefits and judges them today.
func (s *Service) judged(ctx context.Context, q ledger.Querier, which string, values ...any) (Expectations, error) {
	today, err := ledger.Today(ctx, q)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, selectExpected+which, values...)
	if err != nil {
		return nil, fmt.Errorf("read expected benefits: %w", err)
	}
	all, err := pgx.CollectRows(rows, scanExpected)
	if err != nil {
		return nil, fmt.Errorf("read expected benefits: %w", err)
	}
	for i := range all {
		all[i].Judge(today)
	}
	return all, nil
}
