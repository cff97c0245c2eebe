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
		 WHERE closed_at IS NULL AND (snoozed_until IS NULL OR snoozed_until <= masp.today())
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

// readIBANsToSign counts the newest IBANs that a load has brought, that two persons have not signed yet, and
// that a user has not.
func readIBANsToSign(ctx context.Context, q unit.Querier, user string) (n int, err error) {
	err = q.QueryRow(ctx, `
		SELECT count(*)::int FROM masp.creditor_ibans i
		 WHERE i.proposed_by IS NULL
		   AND NOT EXISTS (SELECT FROM masp.creditor_ibans n WHERE n.creditor_id = i.creditor_id AND n.version > i.version)
		   AND NOT EXISTS (SELECT FROM masp.load_signatures s WHERE s.load_sha256 = i.load_sha256 AND s.user_id = $1)`, user).Scan(&n)
	return n, err
}
