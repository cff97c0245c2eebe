package worklist

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"masp/ledger"
	"masp/ledger/civil"
)

// dues reads what each account in use waits for: a pooled one always, a person's own while money
// or a measure is on it.
func dues(ctx context.Context, q ledger.Querier, today civil.Date) ([]Due, error) {
	rows, err := q.Query(ctx, `
		SELECT a.bank_account_id, s.last, o.opened_on, coalesce(d.banking_days, $1)
		  FROM masp.bank_accounts a CROSS JOIN masp.organisations o
		  LEFT JOIN masp.statement_delays d USING (bank_account_id)
		 CROSS JOIN LATERAL (SELECT max(closing_on) AS last FROM masp.bank_statements
		       WHERE bank_account_id = a.bank_account_id AND state = 'accepted') s
		 WHERE a.model = 'POOLED' OR EXISTS (SELECT FROM masp.mandates m
		       WHERE m.bank_account_id = a.bank_account_id AND m.status IN ('ACTIVE', 'SUSPENDED'))
		    OR EXISTS (SELECT FROM masp.accounts c JOIN masp.account_balances b USING (account_id)
		       WHERE c.code = '512:' || a.bank_account_id AND b.debit_cents <> b.credit_cents)`, DefaultDelay)
	if err != nil {
		return nil, fmt.Errorf("read which statements are expected: %w", err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Due, error) {
		var account string
		var last *civil.Date
		var opened civil.Date
		var days int
		if err := row.Scan(&account, &last, &opened, &days); err != nil {
			return Due{}, err
		}
		if last == nil {
			last = &civil.Date{}
		}
		return dueAfter(account, *last, opened, days, today), nil
	})
	if err != nil {
		return nil, fmt.Errorf("read which statements are expected: %w", err)
	}
	slices.SortFunc(all, func(a, b Due) int {
		return cmp.Or(a.Expected.Compare(b.Expected), cmp.Compare(a.Account, b.Account))
	})
	return all, nil
}

func setDelay(ctx context.Context, tx pgx.Tx, account string, days int) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO masp.statement_delays (bank_account_id, banking_days) VALUES ($1, $2)
		    ON CONFLICT (bank_account_id) DO UPDATE SET banking_days = excluded.banking_days`, account, days)
	refused, ok := errors.AsType[*pgconn.PgError](err)
	if ok && refused.ConstraintName == "statement_delays_bank_account_id_fkey" {
		return ErrNoAccount
	}
	return err
}
