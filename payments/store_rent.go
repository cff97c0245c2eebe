package payments

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// rentOpen is what is left to pay, by mandate, of the rents and rental charges of the month of a run
// that pays only what is asked for: they come first all the same. What the law blocks, and
// what the run holds itself, is not counted. A run of the month holds them all.
func rentOpen(
	ctx context.Context, tx pgx.Tx, situations []mandates.Situation, run Run, held []string,
) (map[string]money.Amount, error) {
	if run.Purpose == MonthlyRun || held == nil {
		return nil, nil
	}
	open := make(map[string]money.Amount)
	var dues []mandates.DueOn
	for _, s := range situations {
		for _, due := range seniorDues(s, run.On.MonthOf()) {
			if !slices.Contains(held, due.Key()) {
				dues = append(dues, due)
				open[s.Mandate] = open[s.Mandate].Add(due.Amount)
			}
		}
	}
	if len(dues) == 0 {
		return open, nil
	}
	return open, known(ctx, tx, dues, open)
}

// seniorDues are the rents and charges that fall due in a month and may be paid.
func seniorDues(s mandates.Situation, month civil.Month) []mandates.DueOn {
	var dues []mandates.DueOn
	for _, o := range s.Obligations {
		if (mandates.Policy{}).IsSenior(o.Class) && o.Block == "" {
			dues = append(dues, mandates.Due(o, month)...)
		}
	}
	return dues
}

// known takes of what is open what the dues that have a row say otherwise: paid, or another amount.
func known(ctx context.Context, tx pgx.Tx, dues []mandates.DueOn, open map[string]money.Amount) error {
	ids, days, cents := make([]string, len(dues)), make([]time.Time, len(dues)), make([]int64, len(dues))
	for i, d := range dues {
		ids[i], days[i], cents[i] = d.Obligation, d.On.Time(), d.Amount.Cents()
	}
	rows, err := tx.Query(ctx, `
		SELECT o.mandate_id, d.due_cents - d.paid_cents - d.replaced_cents - k.cents
		  FROM unnest($1::text[], $2::date[], $3::bigint[]) AS k (obligation_id, due_on, cents)
		  JOIN masp.dues d USING (obligation_id, due_on) JOIN masp.obligations o USING (obligation_id)`, ids, days, cents)
	if err != nil {
		return fmt.Errorf("read the rent that is open: %w", err)
	}
	var mandate string
	var more int64
	_, err = pgx.ForEachRow(rows, []any{&mandate, &more}, func() error {
		open[mandate] = open[mandate].Add(money.Cents(more))
		return nil
	})
	return err
}
