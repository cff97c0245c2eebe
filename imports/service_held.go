package imports

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/unit"
)

// RetryHeld goes on with what was interrupted, and tries again, in their order, the statements
// that wait: for a statement before them, for an account that was missing, for opening entries,
// for their day. A new file of the same account does the same for its account. Those that can
// follow are booked; the others say what they wait for now. It answers the ones that were
// accepted.
func (s *Service) RetryHeld(ctx context.Context, who string) ([]StatementOutcome, error) {
	ibans, err := ibansWaiting(ctx, unit.Reader(ctx, s.DB))
	if err != nil {
		return nil, err
	}
	w := s.work(ctx, who)
	if err := w.advance(ibans); err != nil {
		return nil, fmt.Errorf("retry held statements: %w", err)
	}
	return w.accepted()
}

// ibansWaiting lists the accounts of which more may be posted.
func ibansWaiting(ctx context.Context, q ledger.Querier) ([]string, error) {
	rows, err := q.Query(ctx, `
		SELECT account_iban FROM masp.bank_statements
		 WHERE kind = 'BOOKED' AND state <> 'accepted' AND (state = 'importing' OR reason = ANY ($1))
		 UNION
		SELECT account_iban FROM masp.bank_statements WHERE kind = 'NOTICE' AND posted_lines < entries
		 ORDER BY account_iban`, curable)
	if err != nil {
		return nil, fmt.Errorf("read held statements: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// Held lists the statements that wait for something or somebody, account after account, the
// oldest first; each explanation says why it waits and what to do.
func (s *Service) Held(ctx context.Context) ([]StatementOutcome, error) {
	return s.stored(ctx, `WHERE s.state <> 'accepted' AND s.kind = 'BOOKED' AND s.reason IS DISTINCT FROM $1`, HeldDropped)
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
	rows, err := unit.Reader(ctx, s.DB).Query(
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
