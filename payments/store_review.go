package payments

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
)

// receivedBy sums the benefits that came to persons in a month, until the day of an instant.
func receivedBy(ctx context.Context, q unit.Querier, ids []string, month civil.Month, until time.Time) (money.Amount, error) {
	var cents int64
	err := q.QueryRow(ctx, `
		SELECT coalesce(sum(amount_cents), 0)::bigint FROM masp.receipts
		 WHERE mandate_id = ANY ($1) AND received_on BETWEEN $2 AND least($3::date, $4::date)`,
		ids, month.First(), month.Last(), civil.FromTime(until, civil.Paris)).Scan(&cents)
	if err != nil {
		return money.Amount{}, fmt.Errorf("sum what was received: %w", err)
	}
	return money.Cents(cents), nil
}

// paidBefore reads whom the monthly runs of the month before paid, if they pay one of these mandates; but
// nobody who stands in another run of this month.
func paidBefore(ctx context.Context, q unit.Querier, run Run) ([]PastPart, error) {
	rows, err := q.Query(ctx, `
		WITH prior AS (
		    SELECT run_id FROM masp.runs
		     WHERE month = $1 AND purpose = 'MONTHLY' AND state IN ('approved', 'filed', 'handed_over', 'settled')
		       AND EXISTS (SELECT FROM masp.run_mandates m WHERE m.run_id = runs.run_id AND m.mandate_id = ANY ($4))),
		others AS (
		    SELECT mandate_id FROM masp.run_mandates JOIN masp.runs USING (run_id)
		     WHERE month = $2 AND run_id <> $3 AND purpose = 'MONTHLY' AND state <> 'cancelled')
		SELECT i.mandate_id, concat_ws(' ', b.civility, b.last_name, b.first_name), count(*), sum(i.amount_cents)::bigint
		  FROM masp.instructions i JOIN prior USING (run_id)
		  JOIN masp.mandates m USING (mandate_id) JOIN masp.beneficiaries b USING (beneficiary_id)
		 WHERE i.state <> 'cancelled' AND (i.mandate_id = ANY ($4) OR i.mandate_id NOT IN (SELECT mandate_id FROM others))
		 GROUP BY i.mandate_id, b.beneficiary_id ORDER BY i.mandate_id`,
		run.Month.Add(-1).First(), run.Month.First(), run.ID, run.ids())
	if err != nil {
		return nil, fmt.Errorf("read the month before: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (p PastPart, err error) {
		var cents int64
		err = row.Scan(&p.Mandate, &p.Person, &p.Transfers, &cents)
		p.Total = money.Cents(cents)
		return p, err
	})
}

// payingAccounts reads the bank accounts that a run debits.
func payingAccounts(ctx context.Context, q unit.Querier, run Run) ([]Paying, error) {
	var ids []string
	for _, t := range run.Instructions() {
		ids = append(ids, t.BankAccount)
	}
	rows, err := q.Query(ctx, `
		SELECT bank_account_id, iban FROM masp.bank_accounts WHERE bank_account_id = ANY ($1) ORDER BY bank_account_id`, ids)
	if err != nil {
		return nil, fmt.Errorf("read the accounts that pay: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Paying])
}
