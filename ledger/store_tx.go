package ledger

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"masp/ledger/unit"
)

// ErrBusy is work that lost against others each time that it was tried: nothing of it was done, and
// the caller may start again.
var ErrBusy = errors.New("others were at work on the same thing")

const (
	attempts = 5                     // how often InTx tries
	pause    = 50 * time.Millisecond // at most, before it tries again
)

// InTx does work in a transaction of its own. When the database ends it to resolve a deadlock, the
// work is done again from its beginning: it keeps nothing from an attempt before. It returns
// ErrBusy when that happens too often. Under a joined transaction (package unit) it is a part of it.
func InTx(ctx context.Context, pool *pgxpool.Pool, work func(pgx.Tx) error) error {
	if unit.IsJoined(ctx) {
		return unit.Begin(ctx, pool, work) // whoever began the whole does it again
	}
	var err error
	for range attempts {
		if err = unit.Begin(ctx, pool, work); !Crossed(err) {
			return err
		}
		time.Sleep(rand.N(pause)) //nolint:gosec // chance, so that the same two do not meet again
	}
	if errors.Is(err, ErrBackdated) {
		return err // not by somebody who posted at midnight
	}
	return fmt.Errorf("%w: %s", ErrBusy, err.Error()) // the words of the database end here
}

// Crossed tells that a transaction lost against a concurrent one and may be tried again.
func Crossed(err error) bool {
	refused, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (refused.Code == "40P01" || refused.Code == "40001") || errors.Is(err, ErrBackdated)
}

// LockTx takes the lock of the books until the transaction ends: balances read after it stay
// true until the commit. PostTx takes it anyway; call LockTx first to decide on balances, and
// before locking rows that an import touches after its postings.
func (l *Ledger) LockTx(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, `SELECT FROM masp.lock_books('{}', '{}', '{}')`); err != nil {
		return fmt.Errorf("lock the books: %w", err)
	}
	return nil
}
