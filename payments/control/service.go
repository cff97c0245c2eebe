package control

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"masp/ledger/unit"
)

// Service reads the books of one organisation for an auditor.
type Service struct{ DB *pgxpool.Pool }

// DefaultMost is how many payments a trace follows that begins at a run, a file or a bank line for many.
const DefaultMost = 200

// Trace follows the money of one thing to both ends, of a mandate alone when it is given; at most so many
// payments.
//
// Errors: ErrNothing.
func (s *Service) Trace(ctx context.Context, start Ref, mandate string, most int) (Trace, error) {
	var t Trace
	err := unit.Snapshot(ctx, s.DB, func(tx pgx.Tx) (err error) {
		t, err = traceTx(ctx, tx, start, mandate, most)
		return err
	})
	if err != nil {
		return Trace{}, fmt.Errorf("trace %s: %w", start.Key(), err)
	}
	return t, nil
}

// traceTx is Trace in the caller's view of the books.
func traceTx(ctx context.Context, tx unit.Querier, start Ref, mandate string, most int) (Trace, error) {
	w := &way{tx: tx, mandate: mandate, Trace: Trace{Start: start}}
	if err := w.begin(ctx, most); err != nil {
		return Trace{}, err
	}
	for _, step := range []func(context.Context) error{
		w.readPayments, w.readRunLines, w.readActs, w.readFiles, w.readAnswers, w.readBank, w.readMatches, w.readEntries, w.readAccounts,
	} {
		if err := step(ctx); err != nil {
			return Trace{}, err
		}
	}
	if len(w.Links) == 0 {
		return Trace{}, ErrNothing
	}
	w.order()
	return w.Trace, nil
}

// notFound translates what the database calls no rows.
func notFound(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return ErrNothing
	}
	return err
}
