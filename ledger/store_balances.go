package ledger

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger/money"
)

// Balances is Balance of many accounts in one reading, debit positive. An account without
// postings is not in the answer: it holds nothing.
func (l *Ledger) Balances(ctx context.Context, q Querier, codes []Code) (map[Code]money.Amount, error) {
	const query = `
		SELECT a.code, b.debit_cents - b.credit_cents
		  FROM masp.accounts a JOIN masp.account_balances b USING (account_id)
		 WHERE a.code = ANY ($1)`
	rows, err := q.Query(ctx, query, codes)
	if err != nil {
		return nil, fmt.Errorf("read balances: %w", err)
	}
	balances := make(map[Code]money.Amount, len(codes))
	var code Code
	var balance money.Amount
	_, err = pgx.ForEachRow(rows, []any{&code, &balance}, func() error {
		balances[code] = balance
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read balances: %w", err)
	}
	return balances, nil
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
