package unit

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Querier reads: a pool or a transaction.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

type joinedKey struct{}

// Joined is a context under which services work in tx: what they begin is a part of it, and what
// they read is seen from it. tx must outlive every use of the context.
func Joined(ctx context.Context, tx pgx.Tx) context.Context {
	return context.WithValue(ctx, joinedKey{}, tx)
}

// IsJoined tells whether ctx carries a transaction.
func IsJoined(ctx context.Context) bool { return joined(ctx) != nil }

func joined(ctx context.Context) pgx.Tx {
	tx, _ := ctx.Value(joinedKey{}).(pgx.Tx)
	return tx
}

// Reader is where a service reads: the joined transaction, else the pool.
func Reader(ctx context.Context, pool *pgxpool.Pool) Querier {
	if tx := joined(ctx); tx != nil {
		return tx
	}
	return pool
}

// checkNow has the constraints that wait for the commit checked at once, and those of the work
// that follows wait again.
const checkNow = `SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED`

// Begin does work in a transaction of its own, or as a part of the joined one.
func Begin(ctx context.Context, pool *pgxpool.Pool, work func(pgx.Tx) error) error {
	tx := joined(ctx)
	if tx == nil {
		return pgx.BeginFunc(ctx, pool, work)
	}
	return pgx.BeginFunc(ctx, tx, func(part pgx.Tx) error {
		if err := work(part); err != nil {
			return err
		}
		_, err := part.Exec(ctx, checkNow, pgx.QueryExecModeSimpleProtocol)
		return err
	})
}

// Snapshot gives one consistent view for reading: all that read sees is of the same moment, and it
// cannot write. In a joined transaction the view is that transaction's own.
func Snapshot(ctx context.Context, pool *pgxpool.Pool, read func(pgx.Tx) error) error {
	if tx := joined(ctx); tx != nil {
		return read(tx)
	}
	view := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	return pgx.BeginTxFunc(ctx, pool, view, read)
}
