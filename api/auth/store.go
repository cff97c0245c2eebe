package auth

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// querier is a pool or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

const selectUser = `SELECT user_id, name, roles, disabled_at IS NOT NULL FROM masp.users `

func userByID(ctx context.Context, q querier, id string) (User, error) {
	return oneUser(ctx, q, ErrNoUser, selectUser+`WHERE user_id = $1`, id)
}

func userOf(ctx context.Context, q querier, secret string) (User, error) {
	return oneUser(ctx, q, ErrUnknown, selectUser+`WHERE user_id = masp.user_of($1)`, secret)
}

func oneUser(ctx context.Context, q querier, missing error, sql string, arg string) (User, error) {
	rows, err := q.Query(ctx, sql, arg)
	if err != nil {
		return User{}, err
	}
	u, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[User])
	if errors.Is(err, pgx.ErrNoRows) {
		return User{}, missing
	}
	return u, err
}

func allUsers(ctx context.Context, q querier) ([]User, error) {
	rows, err := q.Query(ctx, selectUser+`ORDER BY user_id`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[User])
}

func insertUser(ctx context.Context, tx pgx.Tx, by Principal, u User) (actor string, err error) {
	return door(ctx, tx, by, `masp.add_user($3, $4, $5, $1)`, u.ID, u.Name, u.Roles)
}

func insertToken(
	ctx context.Context, tx pgx.Tx, by Principal, userID, secret string, life time.Duration,
) (actor string, err error) {
	hash := sha256.Sum256([]byte(secret))
	return door(ctx, tx, by, `masp.add_credential($3, 'token', $4, $5, $1)`, userID, hash[:], life)
}

func disableUser(ctx context.Context, tx pgx.Tx, by Principal, userID string) (actor string, err error) {
	return door(ctx, tx, by, `masp.disable_user($3, $1)`, userID)
}

func proven(ctx context.Context, tx pgx.Tx, by Principal, roles []Role) (actor string, err error) {
	return door(ctx, tx, by, `masp.proven($1, $3, NULL)`, roles)
}

// door calls a door of the database with the secret as $1, and answers who has acted.
func door(ctx context.Context, tx pgx.Tx, by Principal, call string, args ...any) (actor string, err error) {
	args = append([]any{by.secret, Operator}, args...)
	err = tx.QueryRow(ctx, `SELECT coalesce(`+call+`, $2)`, args...).Scan(&actor)
	return actor, translate(err, by)
}

func revokeTokens(ctx context.Context, tx pgx.Tx, by Principal, userID string) (actor string, revoked int, err error) {
	err = tx.QueryRow(ctx, `SELECT coalesce(who, $3), revoked FROM masp.revoke_credentials($2, $1)`,
		by.secret, userID, Operator).Scan(&actor, &revoked)
	return actor, revoked, translate(err, by)
}

// translate turns a refusal of the database (migrations/0004_identities.sql) into the
// package's own error.
func translate(err error, by Principal) error {
	var refused *pgconn.PgError
	if !errors.As(err, &refused) {
		return err
	}
	switch {
	case refused.Code == "MA010" && by.secret == "":
		return ErrNoProof
	case refused.Code == "MA010":
		return ErrUnknown
	case refused.Code == "MA011":
		return ErrSelf
	case refused.Code == "MA012":
		return ErrRole
	case refused.Code == "MA020":
		return ErrClockMoved
	case refused.Code == "P0002": // no_data_found, raised by a door
		return ErrNoUser
	case refused.ConstraintName == "users_pkey": // somebody was faster
		return ErrExists
	}
	return err
}
