package papers

import (
	"context"

	"github.com/jackc/pgx/v5"

	"masp/ledger/money"
	"masp/ledger/unit"
	"masp/payments/mandates"
)

// debts reads the debts of a mandate that were owed within the days: what was owed at the start, what
// was added, paid here and taken off otherwise, and what is owed at the end.
func debts(ctx context.Context, tx pgx.Tx, h Heading) ([]DebtSum, error) {
	return list(ctx, tx, func(row pgx.CollectableRow) (d DebtSum, err error) {
		var start, more, paid, less, end int64
		err = row.Scan(&d.ID, &d.Kind, &d.Creditor, &start, &more, &paid, &less, &end)
		d.Start, d.More, d.Paid = money.Cents(start), money.Cents(more), money.Cents(paid)
		d.Less, d.End = money.Cents(less), money.Cents(end)
		return d, err
	}, `
		WITH m AS (
		    SELECT debt_id, m.amount_cents AS cents, m.on_day < $2 AS before,
		           CASE WHEN m.kind IN ('PAYMENT', 'RESTORED') THEN 'paid' WHEN m.amount_cents > 0 THEN 'more' ELSE 'less' END AS how
		      FROM masp.debts d JOIN masp.debt_movements m USING (debt_id) WHERE d.mandate_id = $1 AND m.on_day <= $3
		), d AS (
		    SELECT debt_id, coalesce(sum(cents) FILTER (WHERE before), 0)::bigint AS start,
		           coalesce(sum(cents) FILTER (WHERE NOT before AND how = 'more'), 0)::bigint AS more,
		           -coalesce(sum(cents) FILTER (WHERE NOT before AND how = 'paid'), 0)::bigint AS paid,
		           -coalesce(sum(cents) FILTER (WHERE NOT before AND how = 'less'), 0)::bigint AS less, sum(cents)::bigint AS owed
		      FROM m GROUP BY debt_id)
		SELECT d.debt_id, o.kind, c.name, d.start, d.more, d.paid, d.less, d.owed
		  FROM d JOIN masp.debts o USING (debt_id) JOIN masp.creditors c USING (creditor_id)
		 WHERE (d.start, d.more, d.paid, d.less) <> (0, 0, 0, 0) ORDER BY d.debt_id`, h.Mandate.ID, h.From, h.To)
}

// readReserve reads what is set aside, and the transfers that had left and that the bank had neither
// executed nor sent back at the end.
func (a *Account) readReserve(ctx context.Context, tx pgx.Tx) error {
	var start, aside, used, end, transit int64
	err := tx.QueryRow(ctx, `
		SELECT coalesce(sum(amount_cents) FILTER (WHERE on_day < $2), 0)::bigint,
		       coalesce(sum(amount_cents) FILTER (WHERE on_day >= $2 AND amount_cents > 0), 0)::bigint,
		       -coalesce(sum(amount_cents) FILTER (WHERE on_day >= $2 AND amount_cents < 0), 0)::bigint,
		       coalesce(sum(amount_cents), 0)::bigint, (
		       SELECT coalesce(sum(i.amount_cents), 0)::bigint
		         FROM masp.instructions i JOIN masp.entries sent ON sent.entry_no = i.posted_entry
		         LEFT JOIN masp.entries done ON done.entry_no = least(i.settled_entry, i.failed_entry)
		        WHERE i.mandate_id = $1 AND sent.posted_on <= $3 AND (done.posted_on <= $3) IS NOT TRUE)
		  FROM masp.reserve_movements WHERE mandate_id = $1 AND on_day <= $3`, a.Mandate.ID, a.From, a.To).
		Scan(&start, &aside, &used, &end, &transit)
	a.Reserve = Reserve{Start: money.Cents(start), Aside: money.Cents(aside), Used: money.Cents(used), End: money.Cents(end)}
	a.InTransit = money.Cents(transit)
	return err
}

// bills are what goes on being due to somebody after the end of a measure.
func bills(ctx context.Context, q unit.Querier, m mandates.Summary) ([]Bill, error) {
	rows, err := q.Query(ctx, `
		SELECT o.label, c.name, o.amount_cents, o.frequency FROM masp.obligations o JOIN masp.creditors c USING (creditor_id)
		 WHERE o.mandate_id = $1 AND o.frequency <> 'ONCE' AND (o.valid_to IS NULL OR o.valid_to >= $2)
		 ORDER BY o.position, o.obligation_id`, m.ID, m.EndedOn)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (b Bill, err error) {
		var cents int64
		var frequency string
		err = row.Scan(&b.Label, &b.Payee, &cents, &frequency)
		b.Amount, b.Frequency = money.Cents(cents), frenchFrequencies[mandates.Frequency(frequency)]
		return b, err
	})
}
