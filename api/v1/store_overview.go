package v1

import (
	"context"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/unit"
)

// readParts reads what payments and benefits explain of the entries of some days, by entry.
func readParts(ctx context.Context, q unit.Querier, mandate string, from, to civil.Date) (map[int64][]entryPart, error) {
	rows, err := q.Query(ctx, `
		WITH sent AS (
		    SELECT i.*, i.posted_entry AS entry_no, -1 AS side FROM masp.instructions i
		     WHERE i.mandate_id = $1 AND i.posted_entry IS NOT NULL AND i.account = '467:' || i.mandate_id
		     UNION ALL
		    SELECT i.*, i.failed_entry, 1 FROM masp.instructions i
		     WHERE i.mandate_id = $1 AND i.failed_entry IS NOT NULL AND i.account = '467:' || i.mandate_id)
		SELECT s.entry_no, CASE WHEN c.beneficiary_id IS NULL THEN 'payee' ELSE 'person' END, s.creditor_name,
		       s.side * s.amount_cents, s.end_to_end_id,
		       coalesce((SELECT m.line_id FROM masp.line_matches m WHERE m.instruction_id = s.instruction_id AND m.undone_by IS NULL
		                    AND m.meaning = CASE s.side WHEN 1 THEN 'RETURNED' ELSE 'SETTLED' END LIMIT 1), 0)
		  FROM sent s JOIN masp.entries e USING (entry_no) LEFT JOIN masp.creditors c USING (creditor_id)
		 WHERE e.posted_on BETWEEN $2 AND $3
		 UNION ALL
		SELECT r.entry_no, 'benefit', coalesce((SELECT b.label FROM masp.benefits b WHERE b.code = r.benefit
		           ORDER BY b.valid_from DESC LIMIT 1), r.benefit), r.amount_cents, '', coalesce(r.line_id, 0)
		  FROM masp.receipts r JOIN masp.entries e USING (entry_no)
		 WHERE r.mandate_id = $1 AND e.posted_on BETWEEN $2 AND $3`, mandate, from, to)
	if err != nil {
		return nil, err
	}
	parts := map[int64][]entryPart{}
	var p entryPart
	_, err = pgx.ForEachRow(rows, []any{&p.Entry, &p.Kind, &p.Name, &p.Amount, &p.Payment, &p.Line}, func() error {
		parts[p.Entry] = append(parts[p.Entry], p)
		return nil
	})
	return parts, err
}

// comingDays is how far a sheet looks ahead.
const comingDays = 35

// readComing reads what will come and leave in the next days: benefits that are awaited, and transfers of
// runs that have not left yet.
func readComing(ctx context.Context, q unit.Querier, mandate string, today civil.Date) ([]overviewDay, error) {
	rows, err := q.Query(ctx, `
		SELECT e.expected_on, coalesce((SELECT b.label FROM masp.benefits b WHERE b.code = e.benefit ORDER BY b.valid_from DESC LIMIT 1),
		           e.benefit), e.amount_cents, 0::bigint, ''
		  FROM masp.expected_benefits e
		 WHERE e.mandate_id = $1 AND NOT e.third_party AND e.expected_on <= $2::date + $3::int AND e.expected_on > $2::date - $3::int
		   AND NOT EXISTS (SELECT FROM masp.receipts r WHERE r.mandate_id = e.mandate_id AND r.benefit = e.benefit AND r.period = e.period)
		 UNION ALL
		SELECT i.execute_on, i.creditor_name, 0, i.amount_cents, i.end_to_end_id
		  FROM masp.instructions i JOIN masp.runs r USING (run_id)
		 WHERE i.mandate_id = $1 AND i.state IN ('draft', 'approved', 'scheduled') AND r.state <> 'cancelled'
		 ORDER BY 1, 2`, mandate, today, comingDays)
	return collected(rows, err, pgx.RowToStructByPos[overviewDay])
}

// readTaken reads which dues of some day on a run has taken up, by their keys.
func readTaken(ctx context.Context, q unit.Querier, mandate string, from civil.Date) (map[string]bool, error) {
	rows, err := q.Query(ctx, `
		SELECT DISTINCT l.obligation_id || '@' || l.due_on
		  FROM masp.run_lines l JOIN masp.runs r USING (run_id)
		 WHERE l.mandate_id = $1 AND l.due_on >= $2 AND r.state <> 'cancelled' AND l.status IN ('PAID', 'PARTIAL', 'RESERVED')`, mandate, from)
	if err != nil {
		return nil, err
	}
	taken := map[string]bool{}
	var key string
	_, err = pgx.ForEachRow(rows, []any{&key}, func() error {
		taken[key] = true
		return nil
	})
	return taken, err
}
