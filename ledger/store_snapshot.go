package ledger

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"masp/ledger/unit"
)

// Snapshot gives one consistent view for reading: all that read sees is of the same moment, and
// it cannot write.
func Snapshot(ctx context.Context, pool *pgxpool.Pool, read func(pgx.Tx) error) error {
	return unit.Snapshot(ctx, pool, read)
}
