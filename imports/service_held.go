package imports

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
)

// RetryHeld tries again, in their order, the statements that wait: for a statement before
// them, for an account that was missing, for opening entries, for their day. A new file of the
// same account does the same for its account. Those that can follow are booked; the others say
// what they wait for now. It answers the ones that were accepted.
func (s *Service) RetryHeld(ctx context.Context, who string) ([]StatementOutcome, error) {
	var released []StatementOutcome
	err := ledger.InTx(ctx, s.DB, func(tx pgx.Tx) (err error) {
		released, err = s.retry(ctx, tx, who, nil)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("retry held statements: %w", err)
	}
	return released, nil
}

// retry tries the statements that wait on these accounts; on all accounts when it gets nil.
func (s *Service) retry(
	ctx context.Context, tx pgx.Tx, who string, on []string,
) ([]StatementOutcome, error) {
	ibans, err := ibansHeld(ctx, tx, on)
	if err != nil || len(ibans) == 0 {
		return nil, err
	}
	accounts, err := lockAccounts(ctx, tx, ibans)
	if err != nil {
		return nil, err
	}
	b, err := s.begin(ctx, tx, who, 0)
	if err != nil {
		return nil, err
	}
	for _, account := range accounts {
		if err := b.advance(account); err != nil {
			return nil, err
		}
	}
	if len(b.released) == 0 {
		return nil, nil
	}
	if err := b.finish("bank_statement.release", "bank_statement", b.released[0].id); err != nil {
		return nil, err
	}
	var out Outcome
	b.report(&out)
	return out.Released, nil
}

// ibansHeld lists the accounts, among these or of all, that have a statement waiting.
func ibansHeld(ctx context.Context, tx pgx.Tx, on []string) ([]string, error) {
	rows, err := tx.Query(ctx, `
		SELECT DISTINCT account_iban FROM masp.bank_statements
		 WHERE state = 'held' AND reason = ANY ($1) AND ($2::text[] IS NULL OR account_iban = ANY ($2))
		 ORDER BY account_iban`, curable, on)
	if err != nil {
		return nil, fmt.Errorf("read held statements: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// Held lists the statements that wait for something or somebody, account after account, the
// oldest first; each explanation says why it waits and what to do.
func (s *Service) Held(ctx context.Context) ([]StatementOutcome, error) {
	return s.stored(ctx, `WHERE s.state = 'held' AND s.reason <> $1`, HeldDropped)
}

// Dropped lists the statements that a person has given up.
func (s *Service) Dropped(ctx context.Context) ([]StatementOutcome, error) {
	return s.stored(ctx, `WHERE s.state = 'held' AND s.reason = $1`, HeldDropped)
}

// Numbered reads what has become of statements, by their numbers: another process may have
// released one since an import answered that it waits. They come account after account, the
// oldest first.
func (s *Service) Numbered(ctx context.Context, ids []int64) ([]StatementOutcome, error) {
	return s.stored(ctx, `WHERE s.statement_id = ANY ($1)`, ids)
}

func (s *Service) stored(ctx context.Context, which string, arg any) ([]StatementOutcome, error) {
	rows, err := s.DB.Query(
		ctx, selectOutcome+which+` ORDER BY s.account_iban, s.closing_on, s.statement_id`, arg,
	)
	if err != nil {
		return nil, fmt.Errorf("list statements: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (StatementOutcome, error) {
		o, err := scanOutcome(row)
		return o.StatementOutcome, err
	})
}
