package auth

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"masp/ledger/unit"
)

const selectUser = `
	SELECT user_id, name, roles, coalesce(email, ''), ends_on, disabled_at IS NOT NULL FROM masp.users `

func userByID(ctx context.Context, q unit.Querier, id string) (User, error) {
	return oneUser(ctx, q, ErrNoUser, selectUser+`WHERE user_id = $1`, id)
}

func oneUser(ctx context.Context, q unit.Querier, missing error, sql string, arg string) (User, error) {
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

func allUsers(ctx context.Context, q unit.Querier) ([]User, error) {
	rows, err := q.Query(ctx, selectUser+`ORDER BY user_id`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[User])
}

func insertUser(ctx context.Context, tx pgx.Tx, by Principal, u User) (actor string, err error) {
	return door(ctx, tx, by, `masp.add_user($3, $4, $5, nullif($6, ''), $7, $1)`, u.ID, u.Name, u.Roles, u.Email, u.Until)
}

// newToken is what a token is made with.
type newToken struct {
	life   time.Duration
	name   *string // nil is a personal token without a name
	scopes []Action
}

func insertToken(ctx context.Context, tx pgx.Tx, by Principal, user, secret string, t newToken) (actor string, err error) {
	return door(ctx, tx, by, `masp.add_token($3, $4, $5, $6, $7, $1)`, user, sum([]byte(secret)), t.life, t.name, t.scopes)
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

// refusals are the words of the database (migrations 0004, 0027, 0036 and 0046) in those of the package.
var refusals = map[string]error{
	"MA010": ErrUnknown, "MA011": ErrSelf, "MA012": ErrRole, "MA020": ErrClockMoved,
	"P0002": ErrNoUser, // no_data_found, raised by a door
	"MA090": ErrStepUp, "MA091": ErrLogin, "MA092": ErrSetup, "MA093": ErrScope, "MA094": ErrEntered,
	"MA096": ErrNoCredential, "MA160": ErrOwnToken, "MA200": ErrPassword,

	"users_pkey":                   ErrExists, // somebody was faster
	"email_is_one_persons":         ErrSamePerson,
	"second_factor_is_one_persons": ErrSamePerson,
}

// translate turns a refusal of the database into the package's own error.
func translate(err error, by Principal) error {
	var refused *pgconn.PgError
	if !errors.As(err, &refused) {
		return err
	}
	if refused.Code == "MA010" && by.secret == "" {
		return ErrNoProof
	}
	if known, ok := refusals[refused.Code]; ok {
		return known
	}
	if known, ok := refusals[refused.ConstraintName]; ok {
		return known
	}
	return err
}
