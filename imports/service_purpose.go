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

// RaisePurposes warns, once, of each housing allowance and each benefit for children of the
// month that has ended that was not spent on its purpose. It answers how many
// there are. A daily job calls it.
func (s *Service) RaisePurposes(ctx context.Context) (int, error) {
	var alerts []worklist.Alert
	err := ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		today, err := ledger.Today(ctx, tx)
		if err != nil {
			return err
		}
		month := today.MonthOf().Add(-1)
		all, err := earmarkedIn(ctx, tx, month)
		if err != nil {
			return err
		}
		alerts = nil
		for _, e := range all {
			alerts = append(alerts, e.alerts(month, today)...)
		}
		return worklist.RaiseTx(ctx, tx, alerts...)
	})
	if err != nil {
		return 0, fmt.Errorf("raise purposes that are not met: %w", err)
	}
	return len(alerts), nil
}

// earmarkedIn reads who received earmarked money on the managed account in a month, and what
// left it. A transfer counts on the day on which it was posted, unless it failed.
func earmarkedIn(ctx context.Context, tx pgx.Tx, month civil.Month) ([]earmarked, error) {
	rows, err := tx.Query(ctx, `
		WITH came AS (
		    SELECT r.mandate_id, sum(r.amount_cents) FILTER (WHERE b.purpose = 'HOUSING') AS housing,
		           sum(r.amount_cents) FILTER (WHERE b.purpose = 'CHILD') AS child
		      FROM masp.receipts r
		      JOIN masp.benefits b ON b.code = r.benefit AND r.received_on >= b.valid_from AND coalesce(r.received_on <= b.valid_to, true)
		     WHERE r.received_on BETWEEN $1 AND $2 AND b.purpose IN ('HOUSING', 'CHILD')
		       AND EXISTS (SELECT FROM masp.postings p
		                     JOIN masp.accounts a ON a.account_id = CASE WHEN r.amount_cents > 0 THEN p.credit_account ELSE p.debit_account END
		                    WHERE p.entry_no = r.entry_no AND p.amount_cents = abs(r.amount_cents) AND a.code = '467:' || r.mandate_id)
		     GROUP BY r.mandate_id)
		SELECT c.mandate_id, coalesce(c.housing, 0)::bigint, coalesce(c.child, 0)::bigint,
		       coalesce(rent.cents, 0)::bigint, coalesce(gone.cents, 0)::bigint
		  FROM came c
		  LEFT JOIN LATERAL (
		       SELECT sum(i.amount_cents) AS cents FROM masp.instructions i JOIN masp.entries e ON e.entry_no = i.posted_entry
		        WHERE i.account = '467:' || c.mandate_id AND e.posted_on BETWEEN $1 AND $2
		          AND i.state IN ('in_transit', 'settled')) gone ON true
		  LEFT JOIN LATERAL (
		       SELECT sum(v.amount_cents) AS cents FROM masp.instructions i JOIN masp.entries e ON e.entry_no = i.posted_entry
		         JOIN masp.instruction_covers v USING (instruction_id) JOIN masp.obligations o USING (obligation_id)
		        WHERE i.mandate_id = c.mandate_id AND e.posted_on BETWEEN $1 AND $2
		          AND i.state IN ('in_transit', 'settled') AND o.class IN ('RENT', 'RENTAL_CHARGE')) rent ON true
		 ORDER BY c.mandate_id`, month.First(), month.Last())
	if err != nil {
		return nil, fmt.Errorf("read earmarked money: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (earmarked, error) {
		var e earmarked
		var housing, child, rent, left int64
		err := row.Scan(&e.mandate, &housing, &child, &rent, &left)
		e.housing, e.child = money.Cents(housing), money.Cents(child)
		e.rent, e.left = money.Cents(rent), money.Cents(left)
		return e, err
	})
}
