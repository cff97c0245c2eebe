package reports

import (
	"context"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
)

// progressing are the rents and charges that a person owes herself: not what the law blocks, what a plan
// has taken over, or what a third party pays by order of the judge.
const progressing = `
	o.class IN ('RENT', 'RENTAL_CHARGE') AND o.block IS NULL AND NOT d.due_on = ANY (o.except_days)
	AND d.due_on <= coalesce(o.valid_to, 'infinity') AND d.due_cents > d.replaced_cents
	AND NOT EXISTS (SELECT FROM masp.direct_payments p WHERE p.obligation_id = d.obligation_id AND d.due_on BETWEEN p.starts_on AND p.ends_on)`

// readRents reads the rents that fell due within the days, with the payments that stayed.
func readRents(ctx context.Context, tx unit.Querier, a Ask) ([]rent, error) {
	var all []rent
	var r rent
	var days []civil.Date
	var cents []int64
	err := each(ctx, tx, []any{&r.mandate, &r.label, &r.on, &r.due, &days, &cents}, func() error {
		one := r
		payments := make([]payment, len(days))
		for i := range days {
			payments[i] = payment{days[i], money.Cents(cents[i])}
		}
		one.settle(payments)
		all = append(all, one)
		return nil
	}, `
		SELECT o.mandate_id, o.label, d.due_on, d.due_cents - d.replaced_cents, left_for.days, left_for.cents
		  FROM masp.dues d JOIN masp.obligations o USING (obligation_id) JOIN masp.mandates m USING (mandate_id)
		 CROSS JOIN LATERAL (
		       SELECT coalesce(array_agg(coalesce(i.settled_on, i.execute_on) ORDER BY coalesce(i.settled_on, i.execute_on), c.instruction_id), '{}') AS days,
		              coalesce(array_agg(c.amount_cents ORDER BY coalesce(i.settled_on, i.execute_on), c.instruction_id), '{}') AS cents
		         FROM masp.instruction_covers c JOIN masp.instructions i USING (instruction_id)
		        WHERE c.obligation_id = d.obligation_id AND c.due_on = d.due_on
		          AND i.state IN ('in_transit', 'settled') AND coalesce(i.settled_on, i.execute_on) <= $2) left_for
		 WHERE d.due_on BETWEEN $1 AND $2 AND `+progressing+ofDepartment+`
		 ORDER BY o.mandate_id, d.due_on, o.obligation_id`, a.From, a.To, a.Department)
	return all, err
}

// readDebtors reads the measures with management that lived within the days.
func readDebtors(ctx context.Context, tx unit.Querier, a Ask) ([]debtor, error) {
	var all []debtor
	var d debtor
	err := each(ctx, tx, []any{&d.mandate, &d.start, &d.end, &d.over, &d.before, &d.after, &d.unpaid}, func() error {
		all = append(all, d)
		return nil
	}, `
		WITH lived AS (
		    SELECT m.mandate_id, m.contract_start, least(coalesce(m.ended_on, $2), $2) AS seen_on, coalesce(m.ended_on <= $2, false) AS over
		      FROM masp.mandates m
		     WHERE (m.level = 'MASP2' OR EXISTS (SELECT FROM masp.amendments x WHERE x.mandate_id = m.mandate_id AND x.changes ? 'level'))
		       AND m.status <> 'PENDING_SIGNATURE' AND m.contract_start <= $2
		       AND (m.ended_on IS NULL OR m.ended_on >= $1)`+ofDepartment+`)
		SELECT l.mandate_id, l.contract_start, l.seen_on, l.over, coalesce(a.before, 0)::bigint, coalesce(a.after, 0)::bigint,
		       coalesce(u.cents, 0)::bigint
		  FROM lived l
		 CROSS JOIN LATERAL (
		       SELECT sum(v.amount_cents) FILTER (WHERE v.kind = 'OPENING' AND coalesce(b.born_on, l.contract_start) <= l.contract_start) AS before,
		              sum(v.amount_cents) FILTER (WHERE v.on_day <= l.seen_on) AS after
		         FROM masp.debts b JOIN masp.debt_movements v USING (debt_id)
		        WHERE b.mandate_id = l.mandate_id AND b.kind = 'RENT_ARREARS') a
		 CROSS JOIN LATERAL (
		       SELECT sum(d.due_cents - d.replaced_cents - coalesce((
		                  SELECT sum(c.amount_cents) FROM masp.instruction_covers c JOIN masp.instructions i USING (instruction_id)
		                   WHERE c.obligation_id = d.obligation_id AND c.due_on = d.due_on AND i.state IN ('in_transit', 'settled')
		                     AND coalesce(i.settled_on, i.execute_on) <= l.seen_on), 0)) AS cents
		         FROM masp.dues d JOIN masp.obligations o USING (obligation_id)
		        WHERE o.mandate_id = l.mandate_id AND d.due_on <= l.seen_on AND `+progressing+`) u
		 ORDER BY l.mandate_id`, a.From, a.To, a.Department)
	return all, err
}
