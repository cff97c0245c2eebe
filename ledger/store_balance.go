package ledger

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// Balance is what an account holds now, debit positive: read from one row, however long the account.
// An account without postings holds nothing.
func (l *Ledger) Balance(ctx context.Context, q Querier, code Code) (money.Amount, error) {
	const query = `
		SELECT b.debit_cents - b.credit_cents
		  FROM masp.accounts a JOIN masp.account_balances b USING (account_id)
		 WHERE a.code = $1`
	return readBalance(q.QueryRow(ctx, query, code), code)
}

// BalanceOn is what an account held at the end of a day, debit positive, by posting day. It costs
// about twenty look-ups by key on an account of a million lines, whatever the day.
func (l *Ledger) BalanceOn(ctx context.Context, q Querier, code Code, on civil.Date) (money.Amount, error) {
	const query = `
		SELECT coalesce(
		  (SELECT debit_after FROM masp.postings WHERE debit_account = s.account_id AND debit_seq = s.seq),
		  (SELECT credit_after FROM masp.postings WHERE credit_account = s.account_id AND credit_seq = s.seq),
		  masp.audited_opening(s.account_id, s.seq), 0)
		  FROM (SELECT account_id, masp.account_seq_on(account_id, $2) AS seq
		          FROM masp.accounts WHERE code = $1 OFFSET 0) s`
	return readBalance(q.QueryRow(ctx, query, code, on), code)
}

func readBalance(row pgx.Row, code Code) (money.Amount, error) {
	var balance money.Amount
	err := row.Scan(&balance)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return balance, fmt.Errorf("read balance of %s: %w", code, err)
	}
	return balance, nil
}

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

// TrialLine is one account of the trial balance. Balance is debit positive.
type TrialLine struct {
	Code          Code
	Debit, Credit money.Amount // totals of all its postings
	Balance       money.Amount
}

// TrialBalance lists every account by its code. The balances sum to zero.
func (l *Ledger) TrialBalance(ctx context.Context, q Querier) ([]TrialLine, error) {
	const query = `
		SELECT a.code, b.debit_cents AS debit, b.credit_cents AS credit,
		       b.debit_cents - b.credit_cents AS balance
		  FROM masp.accounts a JOIN masp.account_balances b USING (account_id)
		 ORDER BY a.code`
	rows, err := q.Query(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("read trial balance: %w", err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowToStructByName[TrialLine])
	if err != nil {
		return nil, fmt.Errorf("read trial balance: %w", err)
	}
	return lines, nil
}
