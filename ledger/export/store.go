package export

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// booksOf reads where the books stand.
func booksOf(ctx context.Context, tx pgx.Tx) (Summary, error) {
	var s Summary
	err := tx.QueryRow(ctx, `
		SELECT last_entry, concat_ws(':', last_batch, last_entry, encode(head, 'hex')), masp.now(),
		       coalesce((SELECT siren FROM masp.organisations), '')
		  FROM masp.chain_heads`).Scan(&s.LastEntry, &s.Head, &s.AsOf, &s.SIREN)
	if err != nil {
		return s, fmt.Errorf("read the head of the books: %w", err)
	}
	return s, nil
}

// scope is a range of entries and, of them, the postings that touch some accounts.
type scope struct {
	first, last int64
	restricted  bool // row-level security hides some entries from the reader
	persons     bool // only the postings of accounts
	accounts    []int32
}

func scopeOf(ctx context.Context, tx pgx.Tx, a Ask, last int64) (scope, error) {
	sc := scope{first: 1, last: last}
	if err := tx.QueryRow(ctx, `SELECT current_user = 'masp_reach'`).Scan(&sc.restricted); err != nil {
		return sc, fmt.Errorf("ask who reads: %w", err)
	}
	if !a.From.IsZero() || !a.To.IsZero() {
		if err := sc.period(ctx, tx, a); err != nil {
			return sc, fmt.Errorf("find the period: %w", err)
		}
	}
	if a.Mandate == "" && a.Department == "" {
		return sc, nil
	}
	var known bool
	err := tx.QueryRow(ctx, `
		SELECT count(*) > 0, coalesce(array_agg(a.account_id::int ORDER BY a.account_id) FILTER (WHERE a.account_id > 0), '{}')
		  FROM masp.mandates m LEFT JOIN masp.accounts a ON a.owner = m.mandate_id AND a.pcg = '467'
		 WHERE ($1 = '' OR m.mandate_id = $1) AND ($2 = '' OR m.department = $2)`,
		a.Mandate, a.Department).Scan(&known, &sc.accounts)
	if err != nil {
		return sc, fmt.Errorf("find the accounts: %w", err)
	}
	if !known {
		return sc, ErrNoMandate
	}
	sc.persons = true
	return sc, nil
}

// period narrows a scope to posting days. They rise with the numbers of the entries: two of them bound
// the period.
func (sc *scope) period(ctx context.Context, tx pgx.Tx, a Ask) error {
	if sc.restricted {
		return tx.QueryRow(ctx, `SELECT coalesce(min(entry_no), 1), coalesce(max(entry_no), 0) FROM masp.entries
			 WHERE entry_no <= $3 AND posted_on >= coalesce($1, '-infinity'::date) AND posted_on <= coalesce($2, 'infinity'::date)`,
			a.From, a.To, sc.last).Scan(&sc.first, &sc.last)
	}
	var err error
	last := sc.last
	if !a.From.IsZero() {
		if sc.first, err = firstOn(ctx, tx, last, a.From); err != nil {
			return err
		}
	}
	if !a.To.IsZero() {
		sc.last, err = firstOn(ctx, tx, last, a.To.AddDays(1))
		sc.last--
	}
	return err
}

// firstOn is the first entry posted on a day or later, last + 1 when there is none: found by some
// twenty look-ups by key.
func firstOn(ctx context.Context, tx pgx.Tx, last int64, on civil.Date) (int64, error) {
	low, high := int64(1), last+1
	for low < high {
		middle := (low + high) / 2
		var early bool
		if err := tx.QueryRow(ctx, `SELECT posted_on < $2 FROM masp.entries WHERE entry_no = $1`, middle, on).Scan(&early); err != nil {
			return 0, err
		}
		if early {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low, nil
}

// ofPersons narrows a query on postings p to the accounts of $3.
const ofPersons = ` AND (p.debit_account = ANY ($3::int[]) OR p.credit_account = ANY ($3::int[]))`

// count counts a scope before anything is written.
func (sc *scope) count(ctx context.Context, tx pgx.Tx, s *Summary) error {
	entries := `count(DISTINCT p.entry_no)`
	if !sc.restricted && !sc.persons {
		entries = `count(*) FILTER (WHERE p.line_no = 1)` // every entry has one: nothing to sort
	}
	query := `SELECT ` + entries + `, count(*), coalesce(sum(p.amount_cents), 0)::bigint
		FROM masp.postings p WHERE p.entry_no BETWEEN $1 AND $2`
	args := []any{sc.first, sc.last}
	if sc.persons {
		query, args = query+ofPersons, append(args, sc.accounts)
	}
	var postings int64
	var cents money.Amount
	if err := tx.QueryRow(ctx, query, args...).Scan(&s.Entries, &postings, &cents); err != nil {
		return fmt.Errorf("count the entries: %w", err)
	}
	s.Lines, s.Debit, s.Credit = s.Entries+postings, cents, cents
	return nil
}

// accountsOf reads the accounts, with the persons' names where the format tells them.
func accountsOf(ctx context.Context, tx pgx.Tx, named bool) (map[int64]*account, error) {
	query := `SELECT a.account_id, a.code, a.pcg, a.owner, coalesce(a.sub, ''), '' FROM masp.accounts a`
	if named {
		query = `SELECT a.account_id, a.code, a.pcg, a.owner, coalesce(a.sub, ''), coalesce(b.last_name || ' ' || b.first_name, '')
			  FROM masp.accounts a
			  LEFT JOIN masp.mandates m ON a.pcg = '467' AND m.mandate_id = a.owner
			  LEFT JOIN masp.beneficiaries b ON b.beneficiary_id = m.beneficiary_id`
	}
	rows, err := tx.Query(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("read the accounts: %w", err)
	}
	accounts := map[int64]*account{}
	var id int64
	var a account
	_, err = pgx.ForEachRow(rows, []any{&id, &a.code, &a.pcg, &a.owner, &a.sub, &a.person}, func() error {
		own := a
		accounts[id] = &own
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the accounts: %w", err)
	}
	return accounts, nil
}
