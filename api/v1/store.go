package v1

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"
)

// readSeal reads the organisation's key (masp.address_keys).
func readSeal(ctx context.Context, db *pgxpool.Pool) (Seal, error) {
	var key []byte
	if err := db.QueryRow(ctx, `SELECT key FROM masp.address_keys`).Scan(&key); err != nil {
		return Seal{}, fmt.Errorf("read the seal: %w", err)
	}
	return NewSeal(key)
}
