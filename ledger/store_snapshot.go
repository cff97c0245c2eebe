package ledger

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Snapshot gives one consistent view for reading: all that read sees is of the same moment, and
// it cannot write.
func Snapshot(ctx context.Context, pool *pgxpool.Pool, read func(pgx.Tx) error) error {
	view := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	return pgx.BeginTxFunc(ctx, pool, view, read)
}
