package payments

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// factsOf reads what the exceptions of each mandate of a run depend on, in the order of the run; who
// computes the parts adds them. It asks the database once for each kind of fact, however many
// mandates there are.
func (s *Service) factsOf(ctx context.Context, tx pgx.Tx, about inquiry) ([]Facts, error) {
	g := gathering{inquiry: about, facts: make([]Facts, len(about.parts)), place: make(map[string]int, len(about.parts))}
	for i, p := range g.parts {
		g.ids, g.place[p.mandate] = append(g.ids, p.mandate), i
		g.facts[i] = Facts{On: g.run.On, Purpose: g.run.Purpose, Preparer: g.preparer}
	}
	balances, err := s.Ledger.Balances(ctx, tx, g.restricted())
	if err != nil {
		return nil, err
	}
	for i, p := range g.parts {
		g.facts[i].Restricted = balances[ledger.Sub(p.mandate, ledger.Restricted)].Neg()
	}
	for _, read := range []func(context.Context, pgx.Tx) error{
		g.settings, g.measures, g.past, g.decided, g.payees, g.recent, g.openRuns, g.expected, g.debts,
	} {
		if err := read(ctx, tx); err != nil {
			return nil, fmt.Errorf("look for exceptions: %w", err)
		}
	}
	return g.facts, nil
}

// gathering fills the facts of many mandates at once.
type gathering struct {
	inquiry
	ids   []string
	facts []Facts
	place map[string]int // of a mandate among the facts
}

// of is where the facts of a mandate stand.
func (g *gathering) of(mandate string) *Facts { return &g.facts[g.place[mandate]] }

func (g *gathering) restricted() []ledger.Code {
	codes := make([]ledger.Code, len(g.ids))
	for i, id := range g.ids {
		codes[i] = ledger.Sub(id, ledger.Restricted)
	}
	return codes
}

// settings are those of the organisation.
func (g *gathering) settings(ctx context.Context, tx pgx.Tx) error {
	settings, err := exceptionSettings(ctx, tx)
	for i := range g.facts {
		g.facts[i].Settings = settings
	}
	return err
}

// approvedRuns are the states in which a run has decided something.
const approvedRuns = `('approved', 'filed', 'handed_over', 'settled')`

// measures reads the life of each measure and what earlier runs of the month did for it.
func (g *gathering) measures(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `
		SELECT m.mandate_id, coalesce(m.ended_on, m.last_day),
		       NOT EXISTS (SELECT FROM masp.run_mandates p JOIN masp.runs r USING (run_id)
		                    WHERE p.mandate_id = m.mandate_id AND p.refused IS NULL AND r.state IN `+approvedRuns+`
		                      AND r.purpose IN ('MONTHLY', 'OFF_CYCLE', 'EMERGENCY')),
		       EXISTS (SELECT FROM masp.obligations o JOIN masp.dues d USING (obligation_id)
		                WHERE o.mandate_id = m.mandate_id AND o.class = 'RENT' AND d.paid_cents > 0
		                  AND d.due_on BETWEEN $2 AND $3),
		       EXISTS (SELECT FROM masp.obligations o WHERE o.mandate_id = m.mandate_id AND o.class = 'RENT'
		                  AND o.valid_from <= $3 AND coalesce(o.valid_to, $2) >= $2),
		       coalesce((SELECT remit_to IS NOT NULL AND (remit_weekly > 0 OR cardinality(remit_days) > 0)
		                   FROM masp.mandate_terms t WHERE t.mandate_id = m.mandate_id AND t.valid_from <= $4
		                  ORDER BY valid_from DESC LIMIT 1), false),
		       (SELECT coalesce(sum(amount_cents), 0)::bigint FROM masp.instructions i
		         WHERE i.mandate_id = m.mandate_id AND kind = 'REMITTANCE' AND state NOT IN ('draft', 'cancelled')
		           AND leave_on BETWEEN $2 AND $3),
		       coalesce((SELECT remit_cents FROM masp.run_mandates p JOIN masp.runs r USING (run_id)
		                  WHERE p.mandate_id = m.mandate_id AND r.state IN `+approvedRuns+` AND r.purpose = 'MONTHLY'
		                  ORDER BY run_number DESC LIMIT 1), 0)
		  FROM masp.mandates m WHERE mandate_id = ANY ($1)`,
		g.ids, g.run.Month.First(), g.run.Month.Last(), g.run.On)
	if err != nil {
		return fmt.Errorf("read the measures: %w", err)
	}
	var id string
	var f Facts
	var remitted, last int64
	into := []any{&id, &f.EndsOn, &f.First, &f.RentPaid, &f.RentKnown, &f.RemitPlanned, &remitted, &last}
	_, err = pgx.ForEachRow(rows, into, func() error {
		to := g.of(id)
		to.EndsOn, to.First, to.RemitPlanned = f.EndsOn, f.First, f.RemitPlanned
		to.RentPaid, to.RentKnown = f.RentPaid, f.RentKnown
		to.Remitted, to.LastRemitted = money.Cents(remitted), money.Cents(last)
		return nil
	})
	return err
}

// memory is how many days a run looks back: a yearly bill is compared with the one before.
const memory = 400

// past reads what approved runs decided, for each obligation: the newest line that was paid as a
// whole, the newest that was not, and those of each very due that this run holds too.
func (g *gathering) past(ctx context.Context, tx pgx.Tx) error {
	var obligations []string
	var days []time.Time
	for _, p := range g.parts {
		for _, d := range p.dues {
			obligations, days = append(obligations, d.Obligation), append(days, d.On.Time())
		}
	}
	const line = `r.run_number, l.run_id, l.mandate_id, l.line_no, l.obligation_id, l.due_on, l.class, l.creditor_id, l.label,
		       l.due_cents, l.paid_cents, l.status, l.reason`
	rows, err := tx.Query(ctx, `
		WITH approvals AS (SELECT object_id AS run_id, max(seq) AS seq FROM masp.audit_log
		                    WHERE object_type = 'run' AND action = 'run.approve' GROUP BY object_id),
		     found AS (
		SELECT x.* FROM masp.obligations o CROSS JOIN LATERAL (
		       SELECT DISTINCT ON (l.status IN ('PAID', 'RESERVED')) `+line+`
		         FROM masp.run_lines l JOIN masp.runs r USING (run_id)
		        WHERE l.obligation_id = o.obligation_id AND l.due_on > $4 AND r.state IN `+approvedRuns+`
		        ORDER BY l.status IN ('PAID', 'RESERVED'), r.run_number DESC, l.line_no) x
		 WHERE o.mandate_id = ANY ($1)
		UNION ALL
		SELECT `+line+` FROM unnest($2::text[], $3::date[]) AS k (obligation_id, due_on)
		  JOIN masp.run_lines l USING (obligation_id, due_on) JOIN masp.runs r USING (run_id)
		 WHERE r.state IN `+approvedRuns+`)
		SELECT f.mandate_id, f.run_id, coalesce(a.seq, 0), f.obligation_id, f.due_on, f.class, coalesce(f.creditor_id, ''),
		       f.label, f.due_cents, f.paid_cents, f.status, coalesce(f.reason, '')
		  FROM found f LEFT JOIN approvals a USING (run_id)
		 ORDER BY f.run_number DESC, f.mandate_id, f.line_no`, g.ids, obligations, days, g.run.On.AddDays(-memory))
	if err != nil {
		return fmt.Errorf("read the past: %w", err)
	}
	var id string
	var p PastLine
	var cents, paid int64
	fields := []any{
		&id, &p.Run, &p.Act, &p.Obligation, &p.DueOn, &p.Class, &p.Creditor, &p.Label, &cents, &paid, &p.Status, &p.Reason,
	}
	_, err = pgx.ForEachRow(rows, fields, func() error {
		p.Due, p.Paid = money.Cents(cents), money.Cents(paid)
		g.of(id).Past = append(g.of(id).Past, p)
		return nil
	})
	return err
}

// decided reads the newest act on the obligation of each line, or on its debt. One that nobody added
// came with a load: while no run knows it, the newest load stands for it.
func (g *gathering) decided(ctx context.Context, tx pgx.Tx) error {
	var load int64
	err := tx.QueryRow(ctx, `
		SELECT coalesce(max(seq), 0) FROM masp.audit_log WHERE object_type = 'load' AND action = 'load'`).Scan(&load)
	if err != nil {
		return fmt.Errorf("read the newest load: %w", err)
	}
	rows, err := tx.Query(ctx, `
		SELECT obligation_id, max(seq) FROM (
		       SELECT o.obligation_id, a.seq FROM masp.obligations o
		         JOIN masp.audit_log a ON a.object_type = 'obligation' AND a.object_id = o.obligation_id WHERE o.mandate_id = ANY ($1)
		        UNION ALL
		       SELECT o.obligation_id, a.seq FROM masp.obligations o
		         JOIN masp.audit_log a ON a.object_type = 'debt' AND a.object_id = o.debt_id WHERE o.mandate_id = ANY ($1)) acts
		 GROUP BY obligation_id`, g.ids)
	if err != nil {
		return fmt.Errorf("read the decisions on what is due: %w", err)
	}
	acts := make(map[string]int64)
	var obligation string
	var act int64
	_, err = pgx.ForEachRow(rows, []any{&obligation, &act}, func() error {
		acts[obligation] = act
		return nil
	})
	for i, p := range g.parts {
		f := &g.facts[i]
		f.Decided = make(map[string]int64, len(p.dues))
		for _, d := range p.dues {
			act, acted := acts[d.Obligation]
			if _, known := f.past(d.Obligation, anyLine); !acted && !known {
				act = load
			}
			f.Decided[d.Obligation] = act
		}
	}
	return err
}

// expected reads the benefits of the month whose day has gone by, with what has come of them.
func (g *gathering) expected(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `
		SELECT e.mandate_id, e.benefit, e.period, e.expected_on, e.amount_cents, coalesce(sum(r.amount_cents), 0)::bigint
		  FROM masp.expected_benefits e LEFT JOIN masp.receipts r USING (mandate_id, benefit, period)
		 WHERE e.mandate_id = ANY ($1) AND NOT e.third_party AND e.expected_on >= $2 AND e.expected_on < $3
		 GROUP BY e.mandate_id, e.benefit, e.period, e.expected_on, e.amount_cents
		 ORDER BY e.mandate_id, e.expected_on, e.benefit`, g.ids, g.run.Month.First(), g.run.On)
	if err != nil {
		return fmt.Errorf("read the expected benefits: %w", err)
	}
	var id string
	var b ExpectedFact
	var period civil.Date
	var amount, received int64
	_, err = pgx.ForEachRow(rows, []any{&id, &b.Benefit, &period, &b.On, &amount, &received}, func() error {
		b.Period, b.Amount, b.Received = period.MonthOf(), money.Cents(amount), money.Cents(received)
		g.of(id).Expected = append(g.of(id).Expected, b)
		return nil
	})
	return err
}

// debts reads what is left of each debt.
func (g *gathering) debts(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `
		SELECT mandate_id, debt_id, outstanding_cents FROM masp.debts WHERE mandate_id = ANY ($1)`, g.ids)
	if err != nil {
		return fmt.Errorf("read the debts: %w", err)
	}
	var id, debt string
	var cents int64
	_, err = pgx.ForEachRow(rows, []any{&id, &debt, &cents}, func() error {
		f := g.of(id)
		if f.Outstanding == nil {
			f.Outstanding = make(map[string]money.Amount)
		}
		f.Outstanding[debt] = money.Cents(cents)
		return nil
	})
	return err
}

// recent reads the lines that were paid in the last thirty days.
func (g *gathering) recent(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `
		SELECT i.mandate_id, c.obligation_id, c.due_on, i.creditor_id, c.amount_cents, i.leave_on, i.end_to_end_id
		  FROM unnest($1::text[]) AS k (mandate_id)
		 CROSS JOIN LATERAL (SELECT * FROM masp.instructions i WHERE i.mandate_id = k.mandate_id AND i.kind = 'PAYMENT'
		                        AND i.state IN ('scheduled', 'in_transit', 'settled') AND i.execute_on >= $2 OFFSET 0) i -- by their key
		  JOIN masp.instruction_covers c USING (instruction_id) ORDER BY i.instruction_id, c.line_no`, g.ids, g.run.On.AddDays(-30))
	if err != nil {
		return fmt.Errorf("read the recent payments: %w", err)
	}
	var id string
	var r RecentPayment
	var cents int64
	fields := []any{&id, &r.Obligation, &r.DueOn, &r.Creditor, &cents, &r.On, &r.EndToEndID}
	_, err = pgx.ForEachRow(rows, fields, func() error {
		r.Amount = money.Cents(cents)
		g.of(id).Recent = append(g.of(id).Recent, r)
		return nil
	})
	return err
}
