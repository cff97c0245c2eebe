package worklist

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"masp/ledger"
	"masp/ledger/civil"
)

// accountWaits holds for the accounts a in use: a pooled one always, a person's own while money or a measure
// is on it.
const accountWaits = `(a.model = 'POOLED' OR EXISTS (SELECT FROM masp.mandates m
		       WHERE m.bank_account_id = a.bank_account_id AND m.status IN ('ACTIVE', 'SUSPENDED'))
		    OR EXISTS (SELECT FROM masp.accounts c JOIN masp.account_balances b USING (account_id)
		       WHERE c.code = '512:' || a.bank_account_id AND b.debit_cents <> b.credit_cents))`

// dues reads what each account in use waits for; of these alone when some are named.
func dues(ctx context.Context, q ledger.Querier, today civil.Date, only []string) ([]Due, error) {
	rows, err := q.Query(ctx, `
		SELECT a.bank_account_id, s.last, o.opened_on, coalesce(d.banking_days, $1)
		  FROM masp.bank_accounts a CROSS JOIN masp.organisations o
		  LEFT JOIN masp.statement_delays d USING (bank_account_id)
		 CROSS JOIN LATERAL (SELECT max(closing_on) AS last FROM masp.bank_statements
		       WHERE bank_account_id = a.bank_account_id AND state = 'accepted') s
		 WHERE ($2::text[] IS NULL OR a.bank_account_id = ANY ($2)) AND `+accountWaits, DefaultDelay, only)
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

// Lateness is since when an account is late that must have its statement within so many banking days: when
// its last one closed on that day or before.
type Lateness struct {
	Days  int
	Since civil.Date
}

// LatenessOf is the lateness of today, for each delay that an account has.
func LatenessOf(ctx context.Context, q ledger.Querier) ([]Lateness, error) {
	today, err := ledger.Today(ctx, q)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, `SELECT $1::integer UNION SELECT banking_days FROM masp.statement_delays ORDER BY 1`, DefaultDelay)
	if err != nil {
		return nil, fmt.Errorf("read the delays of statements: %w", err)
	}
	delays, err := pgx.CollectRows(rows, pgx.RowTo[int])
	if err != nil {
		return nil, fmt.Errorf("read the delays of statements: %w", err)
	}
	late := make([]Lateness, len(delays))
	for i, days := range delays {
		late[i] = Lateness{days, lateSince(days, today)}
	}
	return late, nil
}

// Columns are the delays and the days of lateness, for IsLate.
func Columns(late []Lateness) (delays []int, since []time.Time) {
	for _, l := range late {
		delays, since = append(delays, l.Days), append(since, l.Since.Time())
	}
	return delays, since
}

// The SQL that tells whether the account of a row a is late, as Due.Late does, from the Columns $4 and $5: it
// reads the news of the last days, not the history. LateFrom continues the FROM of the accounts.
const (
	LateFrom = `
	  LEFT JOIN masp.statement_delays d ON d.bank_account_id = a.bank_account_id CROSS JOIN masp.organisations o`
	IsLate = `NOT EXISTS (SELECT FROM masp.bank_statements s
	        WHERE s.bank_account_id = a.bank_account_id AND s.state = 'accepted' AND s.closing_on > ` + lateFrom + `)
	   AND (o.opened_on <= ` + lateFrom + ` OR EXISTS (SELECT FROM masp.bank_statements s
	        WHERE s.bank_account_id = a.bank_account_id AND s.state = 'accepted'))
	   AND ` + accountWaits
	lateFrom = `($5::date[])[array_position($4::integer[], coalesce(d.banking_days, ` + defaultDelay + `))]`
)

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
