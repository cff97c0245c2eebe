package reconcile

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// accounts are the histories of bank accounts as one snapshot sees them.
type accounts struct {
	of        map[string]*history
	names     []string // in their order
	importing map[string]bool
	locked    map[string]civil.Date
	entry     int64 // the last one of the books
}

// readAccounts reads the histories of one bank account, or of all when it is empty.
func readAccounts(ctx context.Context, q ledger.Querier, only string) (*accounts, error) {
	all := &accounts{of: map[string]*history{}, importing: map[string]bool{}, locked: map[string]civil.Date{}}
	rows, err := q.Query(ctx, `
		SELECT a.bank_account_id, k.locked_through, (SELECT last_entry FROM masp.chain_heads),
		       EXISTS (SELECT FROM masp.bank_statements s
		                WHERE s.bank_account_id = a.bank_account_id AND s.state = 'importing')
		  FROM masp.bank_accounts a LEFT JOIN masp.bank_locks k USING (bank_account_id)
		 WHERE $1 IN ('', a.bank_account_id) ORDER BY 1`, only)
	if err != nil {
		return nil, fmt.Errorf("read bank accounts: %w", err)
	}
	var name string
	var locked civil.Date
	var importing bool
	_, err = pgx.ForEachRow(rows, []any{&name, &locked, &all.entry, &importing}, func() error {
		all.names, all.of[name] = append(all.names, name), &history{}
		all.importing[name], all.locked[name] = importing, locked
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read bank accounts: %w", err)
	}
	if err := all.readClosings(ctx, q, only); err != nil {
		return nil, err
	}
	err = readMoves(ctx, q, daily, only, func(_ int64, m move) error {
		if h := all.of[m.account]; h != nil {
			h.add(m)
		}
		return nil
	})
	return all, err
}

// readClosings reads the balances that the bank has said.
func (all *accounts) readClosings(ctx context.Context, q ledger.Querier, only string) error {
	rows, err := q.Query(ctx, `
		SELECT bank_account_id, statement_id, chain_no, closing_on, counts_on, closing_cents
		  FROM masp.statement_days WHERE $1 IN ('', bank_account_id) ORDER BY 1, 3`, only)
	if err != nil {
		return fmt.Errorf("read the balances of the bank: %w", err)
	}
	var name string
	var c closing
	var cents int64
	_, err = pgx.ForEachRow(rows, []any{&name, &c.statement, &c.chain, &c.printed, &c.on, &cents}, func() error {
		c.balance = money.Cents(cents)
		if h := all.of[name]; h != nil {
			h.closings = append(h.closings, c)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the balances of the bank: %w", err)
	}
	return nil
}

// The moves of bank accounts: by day, or entry by entry in the order of the books.
const (
	sumsOfMoves = `sum(m.books)::bigint, sum(m.line)::bigint, sum(m.transit)::bigint,
		       sum(m.unidentified)::bigint, sum(m.persons)::bigint, bool_or(m.kind = 'OPENING' AND m.books <> 0)
		  FROM masp.agreement_moves m
		 WHERE $1 IN ('', m.bank_account_id) AND m.bank_account_id IS NOT NULL `
	daily    = `SELECT 0::bigint, m.bank_account_id, m.day, ` + sumsOfMoves + `GROUP BY 2, 3 ORDER BY 2, 3`
	oneByOne = `SELECT m.entry_no, m.bank_account_id, m.day, ` + sumsOfMoves + `GROUP BY 1, 2, 3 ORDER BY 1`
)

// readMoves gives moves to use, with the entry where the query keeps them apart.
func readMoves(
	ctx context.Context, q ledger.Querier, query, only string, use func(int64, move) error,
) error {
	rows, err := q.Query(ctx, query, only)
	if err != nil {
		return fmt.Errorf("read the moves of bank accounts: %w", err)
	}
	var m move
	var entry, books, line, transit, unidentified, persons int64
	_, err = pgx.ForEachRow(rows, []any{
		&entry, &m.account, &m.day, &books, &line, &transit, &unidentified, &persons, &m.opening,
	}, func() error {
		m.sums = sums{
			money.Cents(books), money.Cents(line), money.Cents(transit), money.Cents(unidentified),
			money.Cents(persons),
		}
		return use(entry, m)
	})
	if err != nil {
		return fmt.Errorf("read the moves of bank accounts: %w", err)
	}
	return nil
}
