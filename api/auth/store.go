package auth

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
)

// querier is a pool or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

const selectUser = `SELECT user_id, name, roles FROM masp.users `

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

func insertUser(ctx context.Context, tx pgx.Tx, u User) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO masp.users (user_id, name, roles, created_at) VALUES ($1, $2, $3, masp.now())`,
		u.ID, u.Name, u.Roles)
	return err
}

func insertToken(ctx context.Context, tx pgx.Tx, userID, secret string, life time.Duration) error {
	hash := sha256.Sum256([]byte(secret))
	_, err := tx.Exec(ctx, `
		INSERT INTO masp.credentials (user_id, purpose, secret_hash, created_at, expires_at)
		VALUES ($1, 'token', $2, masp.now(), masp.now() + $3)`,
		userID, hash[:], life)
	return err
}
