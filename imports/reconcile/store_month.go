package reconcile

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/chain"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
)

// computeMonths are the months of all persons on some accounts, by the books up to an entry.
func computeMonths(
	ctx context.Context, q ledger.Querier, accounts []string, of civil.Month, entry int64,
) ([]month, error) {
	rows, err := q.Query(ctx, `
		WITH m AS (
		    SELECT mandate_id, bank_account_id, entry_no, day >= $4 AS within, sum(persons)::bigint AS cents
		      FROM masp.agreement_moves
		     WHERE mandate_id IS NOT NULL AND bank_account_id = ANY ($1) AND day <= $2 AND entry_no <= $3
		     GROUP BY 1, 2, 3, 4
		), p AS (
		    SELECT mandate_id, bank_account_id, sum(cents) FILTER (WHERE NOT within) AS opening,
		           sum(cents) FILTER (WHERE within AND cents > 0) AS came,
		           -sum(cents) FILTER (WHERE within AND cents < 0) AS went FROM m GROUP BY 1, 2
		), t AS (
		    SELECT t.mandate_id, sum(t.amount_cents) AS cents FROM masp.transfer_days t WHERE `+underWay+` GROUP BY 1
		), e AS (
		    SELECT mandate_id, sum(amount_cents) AS cents FROM masp.expected_benefits
		     WHERE NOT third_party AND expected_on BETWEEN $4 AND $2 GROUP BY 1
		), r AS (
		    SELECT mandate_id, sum(amount_cents) AS cents FROM masp.receipts WHERE received_on BETWEEN $4 AND $2 GROUP BY 1
		), v AS (
		    SELECT mandate_id, sum(amount_cents) AS cents FROM masp.reserve_movements WHERE on_day <= $2 GROUP BY 1
		), b AS (
		    SELECT mandate_id, bank_account_id, count(*) AS times FROM masp.beneficiary_months WHERE month = $4 GROUP BY 1, 2
		)
		SELECT p.mandate_id, p.bank_account_id, coalesce(p.opening, 0)::bigint, coalesce(p.came, 0)::bigint,
		       coalesce(p.went, 0)::bigint, coalesce(t.cents, 0)::bigint, coalesce(e.cents, 0)::bigint,
		       coalesce(r.cents, 0)::bigint, coalesce(v.cents, 0)::bigint, coalesce(b.times, 0)
		  FROM p LEFT JOIN t USING (mandate_id) LEFT JOIN e USING (mandate_id) LEFT JOIN r USING (mandate_id)
		  LEFT JOIN v USING (mandate_id) LEFT JOIN b USING (mandate_id, bank_account_id) ORDER BY 1, 2`,
		accounts, of.Last().Time(), entry, of.First().Time())
	if err != nil {
		return nil, fmt.Errorf("compute the month %s of persons: %w", of, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (month, error) {
		m := month{of: of, entry: entry}
		var a [8]int64
		err := row.Scan(&m.mandate, &m.account, &a[0], &a[1], &a[2], &a[4], &a[5], &a[6], &a[7], &m.revision)
		a[3] = a[0] + a[1] - a[2]
		m.Amounts = amounts(a)
		return m, err
	})
}

// amounts names eight figures.
func amounts(a [8]int64) Amounts {
	return Amounts{
		Opening: money.Cents(a[0]), In: money.Cents(a[1]), Out: money.Cents(a[2]), Closing: money.Cents(a[3]),
		InTransit: money.Cents(a[4]), Expected: money.Cents(a[5]), Received: money.Cents(a[6]), Reserved: money.Cents(a[7]),
	}
}

// insertMonths stores months of persons.
func insertMonths(ctx context.Context, tx pgx.Tx, batch int64, by string, months []month) error {
	at, err := instant(ctx, tx)
	if err != nil {
		return err
	}
	columns := []string{
		"mandate_id", "month", "revision", "bank_account_id", "opening_cents", "in_cents", "out_cents", "closing_cents",
		"transit_cents", "expected_cents", "received_cents", "reserved_cents", "last_entry", "batch", "computed_at",
		"computed_by", "hash",
	}
	_, err = unit.Copy(ctx, tx, "beneficiary_months", columns,
		pgx.CopyFromSlice(len(months), func(i int) ([]any, error) {
			m := months[i]
			hash := m.hash()
			return []any{
				m.mandate, m.of.First().Time(), m.revision + 1, m.account, m.Opening.Cents(), m.In.Cents(), m.Out.Cents(),
				m.Closing.Cents(), m.InTransit.Cents(), m.Expected.Cents(), m.Received.Cents(), m.Reserved.Cents(), m.entry,
				batch, at, by, hash[:],
			}, nil
		}))
	if err != nil {
		return fmt.Errorf("store the months of persons: %w", err)
	}
	return nil
}

// storedMonth is a month as it was stored, with the hash that it was given.
type storedMonth struct {
	month
	hash chain.Hash
}

// storedMonths reads stored months: all of them, or those of one mandate and month.
func storedMonths(ctx context.Context, q ledger.Querier, mandate string, of civil.Month) ([]storedMonth, error) {
	rows, err := q.Query(ctx, `
		SELECT mandate_id, month, revision, bank_account_id, opening_cents, in_cents, out_cents, closing_cents, transit_cents,
		       expected_cents, received_cents, reserved_cents, last_entry, hash
		  FROM masp.beneficiary_months WHERE $1 = '' OR mandate_id = $1 AND month = $2
		 ORDER BY last_entry, month, bank_account_id, mandate_id, revision`, mandate, of.First().Time())
	if err != nil {
		return nil, fmt.Errorf("read stored months: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (storedMonth, error) {
		var m storedMonth
		var first civil.Date
		var a [8]int64
		err := row.Scan(&m.mandate, &first, &m.revision, &m.account, &a[0], &a[1], &a[2], &a[3], &a[4], &a[5], &a[6], &a[7],
			&m.entry, &m.hash)
		m.of, m.Amounts = first.MonthOf(), amounts(a)
		return m, err
	})
}
