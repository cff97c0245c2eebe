package auth

import (
	"context"

	"github.com/jackc/pgx/v5"

	"masp/ledger/unit"
)

const credentialsOf = ` FROM masp.credentials_of($1, $2, $3)` //nolint:gosec // G101: a query

func sessionsOf(ctx context.Context, q unit.Querier, by Principal, user string) ([]Session, error) {
	rows, err := q.Query(ctx, `SELECT key::text, created_at, seen_at, expires_at, address, agent, mine`+credentialsOf,
		user, BySession, by.secret)
	if err != nil {
		return nil, err
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Session])
	return list, translate(err, by)
}

func tokensOf(ctx context.Context, q unit.Querier, by Principal, user string) ([]Token, error) {
	rows, err := q.Query(ctx, `SELECT key::text, coalesce(name, ''), scopes, created_at, expires_at, mine`+credentialsOf,
		user, ByToken, by.secret)
	if err != nil {
		return nil, err
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Token])
	return list, translate(err, by)
}

func endCredential(ctx context.Context, tx pgx.Tx, by Principal, key string, means Means) (actor, owner string, err error) {
	err = tx.QueryRow(ctx, `
		SELECT who, owner FROM masp.end_credential(CASE WHEN $1 ~ '^[0-9]{1,18}$' THEN $1::bigint END, $2, $3)`,
		key, means, by.secret).Scan(&actor, &owner)
	return actor, owner, translate(err, by)
}
