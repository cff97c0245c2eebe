package imports

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// RetryHeld tries again, in their order, the statements that wait: for a statement before
// them, for an account that was missing, for opening entries. A new file of the same account
// does the same for its account. Those that can follow are booked; the others say what they
// wait for now. It answers the ones that were accepted.
func (s *Service) RetryHeld(ctx context.Context, who string) ([]StatementOutcome, error) {
	var released []StatementOutcome
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		ibans, err := ibansHeld(ctx, tx)
		if err != nil {
			return err
		}
		accounts, err := lockAccounts(ctx, tx, ibans)
		if err != nil {
			return err
		}
		b := &batch{service: s, ctx: ctx, tx: tx, who: who}
		for _, account := range accounts {
			if err := b.advance(account); err != nil {
				return err
			}
		}
		if len(b.released) == 0 {
			released = nil
			return nil
		}
		if err := b.finish(
			"bank_statement.release", "bank_statement", b.released[0].id,
		); err != nil {
			return err
		}
		var out Outcome
		b.report(&out)
		released = out.Released
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("retry held statements: %w", err)
	}
	return released, nil
}

// ibansHeld lists the accounts that have a statement waiting.
func ibansHeld(ctx context.Context, tx pgx.Tx) ([]string, error) {
	rows, err := tx.Query(ctx, `
		SELECT DISTINCT account_iban FROM masp.bank_statements
		 WHERE state = 'held' AND reason = ANY ($1) ORDER BY account_iban`, curable)
	if err != nil {
		return nil, fmt.Errorf("read held statements: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// Held lists the statements that wait, with their reasons, the oldest first.
func (s *Service) Held(ctx context.Context) ([]StatementOutcome, error) {
	rows, err := s.DB.Query(
		ctx,
		selectOutcome+`WHERE s.state = 'held' ORDER BY s.account_iban, s.closing_on, s.statement_id`,
	)
	if err != nil {
		return nil, fmt.Errorf("list held statements: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (StatementOutcome, error) {
		o, err := scanOutcome(row)
		return o.StatementOutcome, err
	})
}
