package reports

import (
	"context"

	"masp/ledger/money"
	"masp/ledger/unit"
)

// countActivity reads what was noted, and what the measures and debts did, within the days.
func countActivity(ctx context.Context, tx unit.Querier, a Ask) (c counted, err error) {
	err = tx.QueryRow(ctx, `
		SELECT count(*), count(*) FILTER (WHERE outcome = 'REFUSED'), count(*) FILTER (WHERE outcome = 'NEVER_MET')
		  FROM masp.diagnostics m WHERE m.done_on BETWEEN $1 AND $2`+ofDepartment, a.From, a.To, a.Department).
		Scan(&c.diagnostics, &c.refused, &c.neverMet)
	if err != nil {
		return c, err
	}
	if err := c.readSupports(ctx, tx, a); err != nil {
		return c, err
	}
	err = tx.QueryRow(ctx, `
		SELECT count(*) FILTER (WHERE v.means <> 'PHONE'), count(*) FILTER (WHERE v.means = 'PHONE')
		  FROM masp.visits v JOIN masp.supports m USING (support_id) WHERE v.visited_on BETWEEN $1 AND $2`+ofDepartment,
		a.From, a.To, a.Department).Scan(&c.visits, &c.calls)
	if err != nil {
		return c, err
	}
	err = tx.QueryRow(ctx, `
		SELECT count(*) FILTER (WHERE m.contract_start <= $2 AND (m.ended_on IS NULL OR m.ended_on >= $1)),
		       count(*) FILTER (WHERE m.ended_on BETWEEN $1 AND $2),
		       count(*) FILTER (WHERE m.ended_on BETWEEN $1 AND $2 AND m.end_reason = 'AUTONOMY_REGAINED'),
		       coalesce(sum((SELECT count(*) FROM masp.authorised_benefits b WHERE b.mandate_id = m.mandate_id
		              AND b.valid_from BETWEEN $1 AND $2 AND b.valid_from > m.contract_start
		              AND NOT EXISTS (SELECT FROM masp.authorised_benefits e WHERE e.mandate_id = m.mandate_id
		                  AND e.benefit = b.benefit AND e.valid_from < b.valid_from))), 0)::bigint
		  FROM masp.mandates m WHERE m.status <> 'PENDING_SIGNATURE'`+ofDepartment, a.From, a.To, a.Department).
		Scan(&c.masp, &c.exits, &c.autonomy, &c.benefitsOpened)
	if err != nil {
		return c, err
	}
	return c, c.readDebts(ctx, tx, a)
}

func (c *counted) readSupports(ctx context.Context, tx unit.Querier, a Ask) error {
	var s Support
	of := map[SupportKind]*int64{Maintenance: &c.maintenance, Search: &c.search, Access: &c.access}
	return each(ctx, tx, []any{&s.ID, &s.Kind, &s.From, &s.To, &s.FirstMonth, &s.PerMonth}, func() error {
		c.supports = append(c.supports, s)
		*of[s.Kind]++
		return nil
	}, `
		SELECT m.support_id, m.kind, m.starts_on, m.ends_on, m.visits_first_month, m.visits_per_month FROM masp.supports m
		 WHERE m.starts_on <= $2 AND (m.ends_on IS NULL OR m.ends_on >= $1)`+ofDepartment+` ORDER BY 1`, a.From, a.To, a.Department)
}

// readDebts sums what made debts smaller, and counts those that reached zero within the days.
func (c *counted) readDebts(ctx context.Context, tx unit.Querier, a Ask) error {
	var paid, other money.Amount
	err := tx.QueryRow(ctx, `
		SELECT coalesce(-sum(v.amount_cents) FILTER (WHERE v.kind IN ('PAYMENT', 'RESTORED')), 0)::bigint,
		       coalesce(-sum(v.amount_cents) FILTER (WHERE v.kind IN ('WITHHOLDING', 'AID')), 0)::bigint
		  FROM masp.debt_movements v JOIN masp.debts d USING (debt_id) JOIN masp.mandates m USING (mandate_id)
		 WHERE v.on_day BETWEEN $1 AND $2`+ofDepartment, a.From, a.To, a.Department).Scan(&paid, &other)
	if err != nil {
		return err
	}
	c.debtPaid, c.debtOther = paid, other
	return tx.QueryRow(ctx, `
		SELECT count(*) FROM (
		       SELECT sum(v.amount_cents) AS after,
		              coalesce(sum(v.amount_cents) FILTER (WHERE v.on_day < $1 OR v.kind = 'OPENING'), 0) AS before
		         FROM masp.debt_movements v JOIN masp.debts d USING (debt_id) JOIN masp.mandates m USING (mandate_id)
		        WHERE v.on_day <= $2`+ofDepartment+` GROUP BY v.debt_id) b
		 WHERE b.before > 0 AND b.after = 0`, a.From, a.To, a.Department).Scan(&c.debtsCleared)
}
