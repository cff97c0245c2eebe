package auth

import (
	"context"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"masp/ledger/civil"
	"masp/ledger/unit"
)

func assignCaseload(
	ctx context.Context, tx pgx.Tx, by Principal, user string, mandates []string, from, until civil.Date,
) (actor string, changed int, err error) {
	err = tx.QueryRow(ctx, `SELECT coalesce(who, $6), changed FROM masp.assign_caseload($1, $2, $3, $4, $5)`,
		user, mandates, from, until, by.secret, Operator).Scan(&actor, &changed)
	return actor, changed, refusedReach(err, by)
}

func releaseCaseload(
	ctx context.Context, tx pgx.Tx, by Principal, user string, mandates []string,
) (actor string, changed int, err error) {
	err = tx.QueryRow(ctx, `SELECT coalesce(who, $4), changed FROM masp.release_caseload($1, $2, $3)`,
		user, mandates, by.secret, Operator).Scan(&actor, &changed)
	return actor, changed, refusedReach(err, by)
}

func setAuditScope(ctx context.Context, tx pgx.Tx, by Principal, m Mission) (actor string, err error) {
	err = tx.QueryRow(ctx, `SELECT coalesce(masp.set_audit_scope($1, $2, $3, $4, $5), $6)`,
		m.User, m.Departments, m.From, m.Until, by.secret, Operator).Scan(&actor)
	return actor, refusedReach(err, by)
}

// refusedReach turns a refusal of migrations/0029_reach.sql into the package's own error.
func refusedReach(err error, by Principal) error {
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		switch {
		case refused.Code == "MA100":
			return ErrNotHisRole
		case refused.Code == "P0002", refused.ConstraintName == "file_reads_mandate_id_fkey":
			return ErrNoMandate
		}
	}
	return translate(err, by)
}

func caseload(ctx context.Context, q unit.Querier, user string) ([]Case, error) {
	rows, err := q.Query(ctx, `
		SELECT user_id, mandate_id, from_on, until_on FROM masp.caseloads
		 WHERE $1 IN ('', user_id) AND coalesce(until_on, 'infinity') >= masp.today()
		 ORDER BY user_id, mandate_id, from_on`, user)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Case])
}

func own(ctx context.Context, q unit.Querier, user string) (mandates []string, err error) {
	err = q.QueryRow(ctx, `
		SELECT ARRAY(SELECT DISTINCT c.mandate_id FROM masp.caseloads c, (SELECT masp.today() AS day OFFSET 0) clock
		              WHERE c.user_id = $1 AND clock.day BETWEEN c.from_on AND coalesce(c.until_on, 'infinity')
		                AND c.mandate_id NOT IN (SELECT masp.archived_mandates())
		              ORDER BY 1)`, user).Scan(&mandates)
	return mandates, err
}

func missions(ctx context.Context, q unit.Querier) ([]Mission, error) {
	rows, err := q.Query(ctx, `
		SELECT user_id, array_agg(department ORDER BY department), min(from_on), min(until_on)
		  FROM masp.auditor_scopes GROUP BY user_id ORDER BY user_id`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Mission])
}

// restrictedKey marks the context of a restricted reading: who may not ask of any secret asks of his own.
type restrictedKey struct{}

func isRestricted(ctx context.Context) bool { return ctx.Value(restrictedKey{}) != nil }

func reaches(ctx context.Context, q unit.Querier, secret, mandate string) (yes bool, err error) {
	if isRestricted(ctx) {
		err = q.QueryRow(ctx, `
			SELECT $1 = ANY (masp.reached())
			       OR masp.reaches_all() AND EXISTS (SELECT FROM masp.mandates m WHERE m.mandate_id = $1)`, mandate).Scan(&yes)
		return yes, err
	}
	err = q.QueryRow(ctx, `
		SELECT ($2 = ANY (r.mandates) OR $2 = ANY (r.audited)
		        OR (r.whole OR r.audits_whole) AND EXISTS (SELECT FROM masp.mandates m WHERE m.mandate_id = $2))
		  FROM masp.reach_of($1) r`, secret, mandate).Scan(&yes)
	return yes, err
}

// reached asks for all the mandates where there is no need of a list.
func reached(ctx context.Context, q unit.Querier, p Principal) (mandates []string, err error) {
	if isRestricted(ctx) {
		err = q.QueryRow(ctx, `
			SELECT CASE WHEN masp.reaches_all() THEN ARRAY(SELECT mandate_id FROM masp.mandates) ELSE masp.reached() END`).Scan(&mandates)
		slices.Sort(mandates)
		return slices.Compact(mandates), err
	}
	err = q.QueryRow(ctx, `
		SELECT CASE WHEN $2 OR r.whole OR r.audits_whole THEN ARRAY(SELECT mandate_id FROM masp.mandates)
		            ELSE r.mandates || r.audited END
		  FROM masp.reach_of($1) r`, p.secret, p.SeesAll()).Scan(&mandates)
	slices.Sort(mandates)
	return slices.Compact(mandates), err
}

func noteRead(ctx context.Context, pool *pgxpool.Pool, p Principal, mandate, what, request string) error {
	_, err := pool.Exec(ctx, `SELECT masp.note_read($1, $2, $3, $4)`, p.secret, mandate, what, request)
	return refusedReach(err, p)
}

// restrict makes the transaction read as masp_reach, for whom the secret proves. Both end with it: the
// connection goes back to the pool as it came.
func restrict(ctx context.Context, tx pgx.Tx, secret string) error {
	_, err := tx.Exec(ctx, `SELECT set_config('masp.secret', $1, true), set_config('role', 'masp_reach', true)`, secret)
	return err
}
