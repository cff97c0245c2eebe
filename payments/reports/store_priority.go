package reports

import (
	"context"

	"masp/ledger/unit"
)

// judgedRuns are the runs that were approved within the days, with the moment of the last signature. A
// run of one transfer out of a part of the account that nobody may manage has no priority to keep.
const judgedRuns = `
	WITH judged AS (
	    SELECT r.run_id, r.run_on, max(a.at) AS at
	      FROM masp.runs r JOIN masp.run_acts a ON a.run_id = r.run_id AND a.act = 'approve'
	     WHERE r.purpose IN ('MONTHLY', 'OFF_CYCLE', 'EMERGENCY', 'MANUAL')
	       AND r.state IN ('approved', 'filed', 'handed_over', 'settled')
	     GROUP BY r.run_id HAVING (max(a.at) AT TIME ZONE 'Europe/Paris')::date BETWEEN $1 AND $2)`

// readParts reads what each run did for each person.
func readParts(ctx context.Context, tx unit.Querier, a Ask, use func(part)) error {
	lines, err := readLines(ctx, tx, a)
	if err != nil {
		return err
	}
	var p part
	var shortfall string
	return each(ctx, tx, []any{&p.run, &p.mandate, &p.available, &p.remitted, &p.floor, &p.served, &shortfall, &p.order, &p.leftOut}, func() error {
		one := p
		one.stops, one.lines = shortfall == "STOP", lines[[2]string{p.run, p.mandate}]
		use(one)
		return nil
	}, judgedRuns+`
		SELECT j.run_id, p.mandate_id, p.available_cents, coalesce(own.cents, 0)::bigint, coalesce(t.living_floor_cents, 0),
		       coalesce(before.cents, 0)::bigint, coalesce(t.shortfall, 'STOP'), coalesce(t.class_order, '{}'), coalesce(rents.cents, 0)::bigint
		  FROM judged j JOIN masp.run_mandates p USING (run_id) JOIN masp.mandates m USING (mandate_id)
		  LEFT JOIN LATERAL (SELECT * FROM masp.mandate_terms t WHERE t.mandate_id = p.mandate_id AND t.valid_from <= j.run_on
		       ORDER BY t.valid_from DESC LIMIT 1) t ON true
		 CROSS JOIN LATERAL (SELECT sum(i.amount_cents) AS cents FROM masp.instructions i
		       WHERE i.run_id = j.run_id AND i.mandate_id = p.mandate_id AND i.kind = 'REMITTANCE' AND i.state NOT IN ('draft', 'cancelled')) own
		 CROSS JOIN LATERAL (SELECT sum(i.amount_cents) AS cents FROM masp.instructions i
		       WHERE i.mandate_id = p.mandate_id AND i.kind = 'REMITTANCE' AND i.state NOT IN ('draft', 'cancelled') AND i.run_id <> j.run_id
		         AND date_trunc('month', i.leave_on) = date_trunc('month', j.run_on)
		         AND EXISTS (SELECT FROM masp.run_acts e WHERE e.run_id = i.run_id AND e.act = 'approve' AND e.at < j.at)) before
		 CROSS JOIN LATERAL (`+rentsLeftOut+`) rents
		 WHERE p.refused IS NULL`+ofDepartment+` ORDER BY j.run_id, p.mandate_id`, a.From, a.To, a.Department)
}

// rentsLeftOut is what was open, at the signature, of the rents and charges of the month that a run does
// not hold.
const rentsLeftOut = `
	SELECT sum(d.due_cents - d.replaced_cents - coalesce((
	           SELECT sum(c.amount_cents) FROM masp.instruction_covers c JOIN masp.instructions i USING (instruction_id)
	             LEFT JOIN masp.entries f ON f.entry_no = i.failed_entry
	            WHERE c.obligation_id = d.obligation_id AND c.due_on = d.due_on AND i.state NOT IN ('draft', 'cancelled')
	              AND (i.state NOT IN ('rejected', 'returned') OR f.created_at > j.at)
	              AND EXISTS (SELECT FROM masp.run_acts e WHERE e.run_id = i.run_id AND e.act = 'approve' AND e.at <= j.at)), 0)) AS cents
	  FROM masp.dues d JOIN masp.obligations o USING (obligation_id)
	 WHERE o.mandate_id = p.mandate_id AND o.class IN ('RENT', 'RENTAL_CHARGE') AND o.block IS NULL AND o.valid_from <= j.run_on
	   AND date_trunc('month', d.due_on) = date_trunc('month', j.run_on)
	   AND NOT d.due_on = ANY (o.except_days) AND d.due_on <= coalesce(o.valid_to, 'infinity')
	   AND NOT EXISTS (SELECT FROM masp.direct_payments x WHERE x.obligation_id = d.obligation_id AND d.due_on BETWEEN x.starts_on AND x.ends_on)
	   AND NOT EXISTS (SELECT FROM masp.run_lines l WHERE l.run_id = j.run_id AND l.obligation_id = d.obligation_id AND l.due_on = d.due_on)`

// readLines reads what each run asked for, and what the transfers paid of it. A rent that was withdrawn
// after the signature had its turn: that is an act with a reason. A transfer that covers no line is one
// more line.
func readLines(ctx context.Context, tx unit.Querier, a Ask) (map[[2]string][]line, error) {
	all := map[[2]string][]line{}
	var l line
	var run, mandate string
	err := each(ctx, tx, []any{&run, &mandate, &l.no, &l.class, &l.label, &l.due, &l.paid, &l.status, &l.reason}, func() error {
		key := [2]string{run, mandate}
		all[key] = append(all[key], l)
		return nil
	}, judgedRuns+`
		SELECT l.run_id, l.mandate_id, l.line_no, l.class, l.label, l.due_cents,
		       CASE WHEN l.class = 'RESERVE' THEN CASE l.status WHEN 'RESERVED' THEN l.paid_cents ELSE 0 END
		            ELSE coalesce(left_for.cents, 0) END::bigint, l.status, coalesce(l.reason, '')
		  FROM judged j JOIN masp.run_lines l USING (run_id) JOIN masp.mandates m USING (mandate_id)
		 CROSS JOIN LATERAL (SELECT sum(c.amount_cents) AS cents FROM masp.instruction_covers c JOIN masp.instructions i USING (instruction_id)
		       WHERE c.obligation_id = l.obligation_id AND c.due_on = l.due_on AND i.run_id = l.run_id AND i.state <> 'draft'
		         AND (i.state <> 'cancelled' OR l.class IN ('RENT', 'RENTAL_CHARGE'))) left_for
		 WHERE true`+ofDepartment+`
		 UNION ALL
		SELECT i.run_id, i.mandate_id, 1000000, 'OTHER_BILL', 'virement sans échéance ' || i.end_to_end_id, rest.cents, rest.cents, 'PAID', ''
		  FROM judged j JOIN masp.instructions i USING (run_id) JOIN masp.mandates m USING (mandate_id)
		 CROSS JOIN LATERAL (SELECT i.amount_cents - coalesce(sum(c.amount_cents), 0)::bigint AS cents
		        FROM masp.instruction_covers c JOIN masp.run_lines l ON l.run_id = i.run_id AND l.obligation_id = c.obligation_id AND l.due_on = c.due_on
		       WHERE c.instruction_id = i.instruction_id) rest
		 WHERE i.kind = 'PAYMENT' AND i.state NOT IN ('draft', 'cancelled') AND rest.cents > 0`+ofDepartment+`
		 ORDER BY 1, 2, 3`, a.From, a.To, a.Department)
	return all, err
}
