package payments

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// refuseDifferent refuses a run while any account differs from its bank: one question about the
// balances and the days that were stored wrong. Only when there is a difference its history is read for the first day.
func refuseDifferent(ctx context.Context, tx pgx.Tx, run string, today civil.Date) error {
	e := &DifferenceError{Run: run}
	var cents int64
	err := tx.QueryRow(ctx, `
		SELECT d.bank_account_id, d.importing, d.cents, masp.drift_since(d.bank_account_id)
		  FROM masp.disagreements($1) d LIMIT 1`, run).Scan(&e.Account, &e.Importing, &cents, &e.Since)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("compare the bank with the books: %w", err)
	}
	e.Amount = money.Cents(cents)
	if e.Since.IsZero() {
		e.Since = today // the history agrees: the balances alone are wrong
	}
	return e
}
