package v1

import (
	"context"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/unit"
)

func readLastStatements(ctx context.Context, q unit.Querier) (s deskStatements, err error) {
	err = q.QueryRow(ctx, `
		WITH last AS (SELECT max(closing_on) AS day FROM masp.bank_statements WHERE state = 'accepted' AND kind = 'BOOKED')
		SELECT last.day,
		       coalesce((SELECT sum(s.entries) FROM masp.bank_statements s
		                  WHERE s.state = 'accepted' AND s.kind = 'BOOKED' AND s.closing_on = last.day), 0)::int,
		       (SELECT count(*) FROM masp.bank_statements s WHERE s.state = 'held' AND s.kind = 'BOOKED')::int
		  FROM last`).Scan(&s.Through, &s.Lines, &s.Held)
	return s, err
}

// readOpenAlerts counts what is open and awake, by code. What belongs to no mandate is for who sees the
// whole house, and for whom it was given to.
func readOpenAlerts(ctx context.Context, q unit.Querier, user string, whole bool) (map[string]deskAlerts, error) {
	rows, err := q.Query(ctx, `
		SELECT code, count(*)::int, min(on_day) FROM masp.alerts
		 WHERE closed_at IS NULL AND (snoozed_until IS NULL OR snoozed_until <= (SELECT masp.today()))
		   AND ($2 OR mandate_id IS NOT NULL OR assigned_to = $1)
		 GROUP BY code`, user, whole)
	if err != nil {
		return nil, err
	}
	found := map[string]deskAlerts{}
	var a deskAlerts
	_, err = pgx.ForEachRow(rows, []any{&a.Code, &a.Count, &a.Oldest}, func() error {
		found[a.Code] = a
		return nil
	})
	return found, err
}

// readOpenRuns reads the runs that are not at the bank yet, with what their reader sees of them.
func readOpenRuns(ctx context.Context, q unit.Querier, user string) ([]deskRun, error) {
	rows, err := q.Query(ctx, `
		SELECT r.run_id, r.month, r.run_on, r.state, r.purpose, paid.n, paid.cents, open.n, open.blocking,
		       signed.n, EXISTS (SELECT FROM masp.run_acts a WHERE a.run_id = r.run_id AND a.user_id = $1
		                            AND a.act IN ('propose', 'edit', 'submit')),
		       signed.hers, coalesce(r.submitted_at, r.created_at)
		  FROM masp.runs r
		  JOIN LATERAL (SELECT count(*)::int AS n, coalesce(sum(i.amount_cents), 0)::bigint AS cents
		                  FROM masp.instructions i WHERE i.run_id = r.run_id AND i.state <> 'cancelled') paid ON true
		  JOIN LATERAL (SELECT count(*)::int AS n, count(*) FILTER (WHERE e.blocking)::int AS blocking
		                  FROM masp.run_exceptions e WHERE e.run_id = r.run_id AND NOT EXISTS (
		                       SELECT FROM masp.run_verdicts v WHERE v.run_id = e.run_id AND v.exception_no = e.exception_no)) open ON true
		  JOIN LATERAL (SELECT count(*)::int AS n, coalesce(bool_or(a.user_id = $1), false) AS hers
		                  FROM masp.run_acts a WHERE a.run_id = r.run_id AND a.act = 'approve' AND a.act_no > coalesce((
		                       SELECT max(s.act_no) FROM masp.run_acts s WHERE s.run_id = r.run_id AND s.act = 'submit'), 0)) signed ON true
		 WHERE r.state IN ('draft', 'in_review', 'approved', 'filed')
		 ORDER BY r.run_number`, user)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (r deskRun, err error) {
		var month civil.Date
		err = row.Scan(&r.Run, &month, &r.On, &r.State, &r.Purpose, &r.Payments, &r.Total, &r.Open, &r.Blocking,
			&r.Signatures, &r.Yours, &r.Signed, &r.Since)
		r.Month = month.MonthOf()
		return r, err
	})
}

// readIBANsToSign counts the newest IBANs that loads have brought which two persons have not signed yet, and a
// user has not. Who sees the whole house counts by loads, which are few; another one by the payees whom he sees.
func readIBANsToSign(ctx context.Context, q unit.Querier, user string, whole bool) (n int, err error) {
	of := toSignSeen
	if whole {
		of = toSignOfAll
	}
	err = q.QueryRow(ctx, of, user).Scan(&n)
	return n, err
}

const (
	toSignSeen = `
		SELECT count(*)::int FROM masp.creditor_ibans i
		 WHERE i.proposed_by IS NULL AND i.load_sha256 NOT IN (
		       SELECT s.load_sha256 FROM masp.load_signatures s
		        GROUP BY s.load_sha256 HAVING count(*) >= 2 OR bool_or(s.user_id = $1))
		   AND NOT EXISTS (SELECT FROM masp.creditor_ibans n WHERE n.creditor_id = i.creditor_id AND n.version > i.version)`

	toSignOfAll = `
		WITH RECURSIVE loads AS (
		    (SELECT load_sha256 FROM masp.creditor_ibans WHERE proposed_by IS NULL ORDER BY load_sha256 LIMIT 1)
		    UNION ALL
		    SELECT (SELECT i.load_sha256 FROM masp.creditor_ibans i
		             WHERE i.proposed_by IS NULL AND i.load_sha256 > l.load_sha256 ORDER BY i.load_sha256 LIMIT 1)
		      FROM loads l WHERE l.load_sha256 IS NOT NULL)
		SELECT coalesce(sum((SELECT count(*) FROM masp.creditor_ibans i WHERE i.proposed_by IS NULL AND i.load_sha256 = l.load_sha256)
		        - (SELECT count(DISTINCT i.creditor_id || ' ' || i.version) -- those that were replaced, which are few
		             FROM masp.creditor_ibans n JOIN masp.creditor_ibans i ON i.creditor_id = n.creditor_id AND i.version < n.version
		            WHERE n.version > 1 AND i.proposed_by IS NULL AND i.load_sha256 = l.load_sha256)), 0)::int
		  FROM loads l
		 WHERE l.load_sha256 IS NOT NULL AND l.load_sha256 NOT IN (
		       SELECT s.load_sha256 FROM masp.load_signatures s
		        GROUP BY s.load_sha256 HAVING count(*) >= 2 OR bool_or(s.user_id = $1))`
)
