package export

import (
	"context"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"masp/ledger"
	"masp/ledger/money"
)

// Ledger writes the entries that are asked for, and answers what they were. It reads one snapshot, in
// the transaction of ctx when it carries one. progress, which may be nil, gets how many entries are
// written of how many.
//
// Errors: *InvalidError (ErrNoMandate too), those of the writer, and that of ctx when it ends. What was
// written before an error is no export.
func Ledger(
	ctx context.Context, pool *pgxpool.Pool, a Ask, out io.Writer, progress func(done, total int64),
) (Summary, error) {
	var s Summary
	err := read(ctx, pool, a, func(tx pgx.Tx, sc scope, counted Summary) (err error) {
		s, err = write(ctx, tx, sc, counted, out, progress)
		return err
	})
	if err != nil {
		return Summary{}, fmt.Errorf("export the ledger: %w", err)
	}
	return s, nil
}

// Preview answers what Ledger would: counts, totals, name of the file.
func Preview(ctx context.Context, pool *pgxpool.Pool, a Ask) (Summary, error) {
	var s Summary
	err := read(ctx, pool, a, func(_ pgx.Tx, _ scope, counted Summary) error {
		s = counted
		return nil
	})
	if err != nil {
		return Summary{}, fmt.Errorf("preview an export: %w", err)
	}
	return s, nil
}

// read finds the scope and counts it.
func read(ctx context.Context, pool *pgxpool.Pool, a Ask, use func(pgx.Tx, scope, Summary) error) error {
	if err := a.check(); err != nil {
		return err
	}
	return ledger.Snapshot(ctx, pool, func(tx pgx.Tx) error {
		s, err := booksOf(ctx, tx)
		if err != nil {
			return err
		}
		s.Ask = a
		sc, err := scopeOf(ctx, tx, a, s.LastEntry)
		if err != nil {
			return err
		}
		if err := sc.count(ctx, tx, &s); err != nil {
			return err
		}
		return use(tx, sc, s)
	})
}

// write streams the entries of a scope and compares them with what was counted.
func write(
	ctx context.Context, tx pgx.Tx, sc scope, counted Summary, out io.Writer, progress func(done, total int64),
) (Summary, error) {
	accounts, err := accountsOf(ctx, tx, counted.Format == FEC)
	if err != nil {
		return Summary{}, err
	}
	s, w := counted, newWriter(counted.Format, out, accounts)
	s.Entries, s.Lines, s.Debit, s.Credit = 0, 0, money.Amount{}, money.Amount{}
	if err := w.begin(); err != nil {
		return Summary{}, err
	}
	var lines []line
	err = sc.stream(ctx, tx, accounts, counted.Lines, func(entries []entry) error {
		for i := range entries {
			lines = entries[i].appendLines(lines[:0])
			s.add(lines)
			if err := w.entry(&entries[i], lines); err != nil {
				return err
			}
		}
		if progress != nil {
			progress(s.Entries, counted.Entries)
		}
		return nil
	})
	if err != nil {
		return Summary{}, err
	}
	if s != counted {
		return Summary{}, errNotCounted
	}
	return s, w.end(s)
}

// add counts an entry.
func (s *Summary) add(lines []line) {
	s.Entries++
	s.Lines += int64(len(lines))
	var debit, credit int64
	for i := range lines {
		debit += lines[i].debit
		credit += lines[i].credit
	}
	s.Debit, s.Credit = s.Debit.Add(money.Cents(debit)), s.Credit.Add(money.Cents(credit))
}

func newWriter(f Format, out io.Writer, accounts map[int64]*account) writer {
	switch f {
	case XLSX:
		return newXLSX(out)
	case FEC:
		return &textWriter{out: out, format: &fecFormat{days: calendar{}}}
	case Hledger:
		return &textWriter{out: out, format: &hledgerFormat{calendar{}, accounts}}
	case JSONLines:
		return &textWriter{out: out, format: &jsonFormat{calendar{}}}
	}
	return &textWriter{out: out, format: newCSV(f == CSVFrench)}
}
