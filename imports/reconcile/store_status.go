package reconcile

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// readStanding reads where each account stands by its balances, and how far it was reconciled.
func readStanding(ctx context.Context, q ledger.Querier, only string) ([]AccountStatus, error) {
	rows, err := q.Query(ctx, `
		SELECT g.bank_account_id, a.model, g.bank, g.bank_on, g.books, g.transit, g.unidentified, g.persons,
		       (SELECT r.day FROM masp.reconciliations r
		         WHERE r.bank_account_id = g.bank_account_id AND r.state = 'BALANCED' ORDER BY r.day DESC LIMIT 1)
		  FROM masp.bank_agreement(CASE WHEN $1 <> '' THEN ARRAY[$1] END) g JOIN masp.bank_accounts a USING (bank_account_id)
		 ORDER BY 1`, only)
	if err != nil {
		return nil, fmt.Errorf("read the balances: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (AccountStatus, error) {
		var a AccountStatus
		var bank *int64
		var books, transit, unidentified, persons int64
		err := row.Scan(&a.Account, &a.Model, &bank, &a.Now.BankOn, &books, &transit, &unidentified, &persons, &a.ReconciledTo)
		if bank != nil {
			a.Now.known, a.Now.Bank, a.Now.Printed = true, money.Cents(*bank), money.Cents(*bank)
		}
		a.Now.Books, a.Now.InTransit = money.Cents(books), money.Cents(transit)
		a.Now.Unidentified, a.Now.Persons = money.Cents(unidentified), money.Cents(persons)
		return a, err
	})
}

// readDifference reads how far the days of an account are locked, whether a statement is on its way, what
// differs of it and since when.
func (a *AccountStatus) readDifference(ctx context.Context, q ledger.Querier) (importing bool, gap money.Amount, err error) {
	var cents int64
	err = q.QueryRow(ctx, `
		SELECT k.locked_through, coalesce(d.cents, 0), CASE WHEN d.cents <> 0 THEN coalesce(masp.drift_since($1), masp.today()) END,
		       EXISTS (SELECT FROM masp.bank_statements s WHERE s.bank_account_id = $1 AND s.state = 'importing')
		  FROM (VALUES (1)) one (row)
		  LEFT JOIN masp.bank_locks k ON k.bank_account_id = $1
		  LEFT JOIN masp.disagreements('') d ON d.bank_account_id = $1`, a.Account,
	).Scan(&a.LockedThrough, &cents, &a.Since, &importing)
	return importing, money.Cents(cents), err
}

// read sums what the balances say, and what differs; both from one reading of them.
func (t *Totals) read(ctx context.Context, q ledger.Querier) error {
	var cents [6]int64
	err := q.QueryRow(ctx, `
		SELECT count(*), count(*) FILTER (WHERE bank IS NULL), coalesce(sum(bank), 0)::bigint,
		       coalesce(sum(books) FILTER (WHERE bank IS NOT NULL), 0)::bigint,
		       coalesce(sum(transit) FILTER (WHERE bank IS NOT NULL), 0)::bigint,
		       coalesce(sum(unidentified) FILTER (WHERE bank IS NOT NULL), 0)::bigint,
		       coalesce(sum(persons) FILTER (WHERE bank IS NOT NULL), 0)::bigint,
		       count(*) FILTER (WHERE differs), coalesce(sum(abs(cents)) FILTER (WHERE differs), 0)::bigint,
		       min(CASE WHEN differs THEN coalesce(masp.drift_since(bank_account_id), masp.today()) END)
		  FROM masp.agreement_gaps()`).Scan(
		&t.Accounts, &t.Silent, &cents[0], &cents[1], &cents[2], &cents[3], &cents[4], &t.Differing, &cents[5], &t.Since)
	for i, into := range []*money.Amount{&t.Bank, &t.Books, &t.InTransit, &t.Unidentified, &t.Persons, &t.Difference} {
		*into = money.Cents(cents[i])
	}
	return err
}

// lastStored reads a day as it was stored last; nil when it never was.
func lastStored(ctx context.Context, q ledger.Querier, account string, on civil.Date) (*Day, error) {
	rows, err := q.Query(ctx, selectDays+`
		WHERE r.bank_account_id = $1 AND r.day = $2 ORDER BY r.revision DESC LIMIT 1`, account, on.Time())
	if err != nil {
		return nil, fmt.Errorf("read a stored day: %w", err)
	}
	d, err := pgx.CollectExactlyOneRow(rows, scanDay)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil //nolint:nilnil // not stored
	}
	return &d.Day, err
}

// readCauses reads the entries of a day of an account, those first that contradict the bank or
// themselves, then those that alone are as large as the difference, or half as large. Late asks for those
// that the bank dates on the day and that came when it was locked.
func readCauses(
	ctx context.Context, q ledger.Querier, of dayKey, gap money.Amount, late bool,
) ([]Cause, error) {
	rows, err := q.Query(ctx, `
		SELECT m.entry_no, m.kind, m.source, m.day, m.books, m.bank, m.persons, coalesce(l.line_id, 0), coalesce(f.name, ''),
		       coalesce(encode(f.sha256, 'hex'), ''), coalesce(s.bank_ref, ''), coalesce(l.rank, 0), l.booked_on,
		       coalesce(l.amount_cents, 0),
		       $3::bigint <> 0 AND (wrong OR abs($3::bigint) IN (abs(m.books), abs(m.persons), 2 * abs(m.books))) AS suspect
		  FROM (SELECT entry_no, kind, source, day, sum(books)::bigint AS books, sum(line)::bigint AS bank, sum(persons)::bigint AS persons,
		               sum(books - transit - unidentified - persons) AS torn
		          FROM masp.agreement_moves WHERE bank_account_id = $1
		           AND CASE WHEN $4 THEN bank_day = $2 AND day > $2 ELSE day = $2 END GROUP BY 1, 2, 3, 4) m
		 CROSS JOIN LATERAL (SELECT m.books <> m.bank AND m.kind <> 'OPENING' OR m.torn <> 0 AS wrong) w
		  LEFT JOIN masp.bank_lines l USING (entry_no)
		  LEFT JOIN masp.bank_statements s USING (statement_id)
		  LEFT JOIN masp.bank_files f USING (file_id)
		 ORDER BY wrong DESC, suspect DESC, m.entry_no`, of.account, of.day.Time(), gap.Cents(), late)
	if err != nil {
		return nil, fmt.Errorf("read the entries of a day: %w", err)
	}
	causes, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Cause, error) {
		var c Cause
		var l BankLine
		var books, bank, persons, line int64
		err := row.Scan(&c.Entry, &c.Kind, &c.Source, &c.CountsOn, &books, &bank, &persons, &l.Line, &l.File, &l.SHA256, &l.Statement,
			&l.Rank, &l.BookedOn, &line, &c.Suspect)
		c.Books, c.Bank, c.Persons = money.Cents(books), money.Cents(bank), money.Cents(persons)
		l.Amount = money.Cents(line)
		if l.Line != 0 {
			c.Line = &l
		}
		return c, err
	})
	if causes == nil {
		causes = []Cause{}
	}
	return causes, err
}
