package payments

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"masp/ledger/unit"
)

func restoration(ctx context.Context, q unit.Querier) (r Restoration, err error) {
	err = q.QueryRow(ctx, `
		SELECT r.restored_from, r.marked_at, r.marked_by,
		       (SELECT count(*) FROM masp.suspense_items i JOIN masp.bank_lines l USING (line_id)
		         WHERE i.open_cents <> 0 AND l.amount_cents < 0 AND l.booked_on >= r.restored_from::date)
		  FROM masp.restorations r WHERE r.cleared_at IS NULL`).Scan(&r.From, &r.Marked, &r.By, &r.Unknown)
	return r, err
}

func markRestored(ctx context.Context, tx pgx.Tx, secret string, from time.Time) (who string, at time.Time, err error) {
	var wanted *time.Time
	if !from.IsZero() {
		wanted = &from
	}
	err = tx.QueryRow(ctx, `SELECT coalesce(who, 'operator'), restored_from FROM masp.mark_restored($1, $2)`, wanted, secret).Scan(&who, &at)
	return who, at, err
}

func clearRestored(ctx context.Context, tx pgx.Tx, secret string) (who string, err error) {
	err = tx.QueryRow(ctx, `SELECT masp.clear_restored($1)`, secret).Scan(&who)
	return who, err
}

func knowsFile(ctx context.Context, q unit.Querier, sha256 []byte) (known bool, err error) {
	err = q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM masp.payment_files WHERE sha256 = $1 AND released_at IS NOT NULL)`, sha256).Scan(&known)
	return known, err
}

// missingDoor turns a door's "no data" into the package's own error.
func missingDoor(err, own error) error {
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok && refused.Code == "P0002" {
		return own
	}
	return err
}
