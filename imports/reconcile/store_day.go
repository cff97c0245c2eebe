package reconcile

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"masp/ledger"
	"masp/ledger/chain"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
)

const selectDays = `
	SELECT r.bank_account_id, r.day, r.revision, r.state, r.bank_cents, coalesce(r.statement_id, 0), s.closing_on, s.closing_cents,
	       r.books_cents, r.transit_cents, r.unidentified_cents, r.persons_cents, r.chain_no, r.last_entry, r.hash
	  FROM masp.reconciliations r LEFT JOIN masp.bank_statements s USING (statement_id) `

// storedDay is a day as it was stored, with the hash that it was given.
type storedDay struct {
	Day
	hash chain.Hash
}

func scanDay(row pgx.CollectableRow) (storedDay, error) {
	var d storedDay
	var bank, printed *int64
	var books, transit, unidentified, persons int64
	err := row.Scan(&d.Account, &d.Day.Day, &d.Revision, &d.State, &bank, &d.statement, &d.BankOn, &printed,
		&books, &transit, &unidentified, &persons, &d.place.chain, &d.place.entry, &d.hash)
	if bank != nil {
		d.known, d.Bank, d.Printed = true, money.Cents(*bank), money.Cents(*printed)
	}
	d.Books, d.InTransit = money.Cents(books), money.Cents(transit)
	d.Unidentified, d.Persons = money.Cents(unidentified), money.Cents(persons)
	d.Gap = d.Figures.Gap()
	return d, err
}

// lastRevisions reads the open days through one as they were last stored.
func lastRevisions(
	ctx context.Context, q ledger.Querier, through civil.Date,
) (map[dayKey]Day, error) {
	rows, err := q.Query(ctx, `SELECT DISTINCT ON (bank_account_id, day) * FROM (`+selectDays+`
		  LEFT JOIN masp.bank_locks k ON k.bank_account_id = r.bank_account_id
		 WHERE r.day <= $1 AND r.day > coalesce(k.locked_through, '-infinity')) d
		 ORDER BY bank_account_id, day, revision DESC`, through)
	if err != nil {
		return nil, fmt.Errorf("read stored days: %w", err)
	}
	days, err := pgx.CollectRows(rows, scanDay)
	if err != nil {
		return nil, fmt.Errorf("read stored days: %w", err)
	}
	last := make(map[dayKey]Day, len(days))
	for _, d := range days {
		last[dayKey{d.Account, d.Day.Day}] = d.Day
	}
	return last, nil
}

// instant is now by the clock of the database.
func instant(ctx context.Context, tx pgx.Tx) (at time.Time, err error) {
	if err = tx.QueryRow(ctx, `SELECT masp.now()`).Scan(&at); err != nil {
		err = fmt.Errorf("ask the clock: %w", err)
	}
	return at, err
}

func nextBatch(ctx context.Context, tx pgx.Tx) (batch int64, err error) {
	err = tx.QueryRow(ctx, `SELECT nextval('masp.reconciliation_batches')`).Scan(&batch)
	if err != nil {
		err = fmt.Errorf("number a reconciliation: %w", err)
	}
	return batch, err
}

// insertDays stores days; nothing when there is none.
func insertDays(ctx context.Context, tx pgx.Tx, batch int64, by string, days []Day) error {
	if len(days) == 0 {
		return nil
	}
	at, err := instant(ctx, tx)
	if err != nil {
		return err
	}
	columns := []string{
		"bank_account_id", "day", "revision", "state", "statement_id", "bank_cents", "books_cents", "transit_cents",
		"unidentified_cents", "persons_cents", "chain_no", "last_entry", "batch", "computed_at", "computed_by", "hash",
	}
	_, err = unit.Copy(ctx, tx, "reconciliations", columns,
		pgx.CopyFromSlice(len(days), func(i int) ([]any, error) {
			d := days[i]
			hash := d.hash()
			var bank, statement any
			if d.known {
				bank, statement = d.Bank.Cents(), d.statement
			}
			return []any{
				d.Account, d.Day.Time(), d.Revision, string(d.State), statement, bank, d.Books.Cents(), d.InTransit.Cents(),
				d.Unidentified.Cents(), d.Persons.Cents(), d.place.chain, d.place.entry, batch, at, by, hash[:],
			}, nil
		}))
	if err != nil {
		return fmt.Errorf("store reconciled days: %w", err)
	}
	return nil
}

// digestOf hashes the rows of a batch, each whole.
func digestOf(ctx context.Context, q ledger.Querier, batch int64) (chain.Hash, error) {
	var sum []byte
	err := q.QueryRow(ctx, `
		SELECT sha256(coalesce(string_agg(sha256(convert_to(row::text, 'UTF8')), '' ORDER BY key), ''))
		  FROM (SELECT ARRAY[bank_account_id, day::text, revision::text] AS key,
		               to_jsonb(r) - 'computed_at' || jsonb_build_object('at', extract(epoch FROM computed_at)) AS row
		          FROM masp.reconciliations r WHERE batch = $1
		         UNION ALL
		        SELECT ARRAY['', mandate_id, month::text, bank_account_id, revision::text],
		               to_jsonb(r) - 'computed_at' || jsonb_build_object('at', extract(epoch FROM computed_at))
		          FROM masp.beneficiary_months r WHERE batch = $1) rows`, batch).Scan(&sum)
	if err != nil {
		return chain.Hash{}, fmt.Errorf("hash a reconciliation: %w", err)
	}
	return chain.Hash(sum), nil
}

// translate turns a refusal of the database into the package's own error.
func translate(err error) error {
	refused, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return err
	}
	switch refused.Code {
	case "MA010":
		return ErrToken
	case "MA012":
		return ErrRole
	case "MA072":
		return ErrNotOver
	case "MA073":
		return &OpenDaysError{Account: refused.Detail}
	case "MA074":
		return ErrSamePerson
	}
	return err
}
