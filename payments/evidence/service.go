package evidence

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"masp/ledger"
	"masp/ledger/export"
	"masp/ledger/unit"
)

// Service writes the evidence of one organisation, and its seals of the day.
type Service struct{ DB *pgxpool.Pool }

// Check tells whether a bundle can be made, before anybody downloads.
func (s *Service) Check(ctx context.Context, a Ask) error {
	if err := a.check(); err != nil {
		return err
	}
	return ledger.Snapshot(ctx, s.DB, func(tx pgx.Tx) error {
		sc := &scope{ask: a}
		if err := sc.findHouse(ctx, tx); err != nil {
			return err
		}
		return sc.findMandates(ctx, tx)
	})
}

// Write writes a bundle as one zip, and answers its manifest. It reads one snapshot, and its memory
// grows with the accounts and the list of files, not with the entries. progress, which may be nil, gets
// how many entries of the chain are written of how many.
//
// Errors: ErrPeriod, ErrScope, ErrSample, ErrNobody, those of the writer and that of ctx. What was
// written before an error is no bundle: its last piece, the list of the others, is missing.
func (s *Service) Write(ctx context.Context, a Ask, out io.Writer, progress func(done, of int64)) (Manifest, error) {
	if err := a.check(); err != nil {
		return Manifest{}, err
	}
	var m Manifest
	err := ledger.Snapshot(ctx, s.DB, func(tx pgx.Tx) error {
		sc, err := scopeOf(ctx, tx, a)
		if err != nil {
			return err
		}
		b := &bundle{scope: sc, archive: newArchive(out), db: s.DB, tx: tx, progress: progress}
		m, err = b.write(unit.Joined(ctx, tx))
		return err
	})
	if err != nil {
		return Manifest{}, fmt.Errorf("write the bundle: %w", err)
	}
	return m, nil
}

// bundle is one bundle while it is written.
type bundle struct {
	*scope
	*archive
	db       *pgxpool.Pool
	tx       pgx.Tx
	progress func(done, of int64)
	ledger   export.Summary

	lastEntry int64 // of the books
	fecName   string
}

// everyTable are the tables in the order of the bundle.
func everyTable() []table {
	return slices.Concat([]table{balanceTable}, tables, []table{bankFilesTable}, bankTables, runTables, []table{paymentFilesTable})
}

func (b *bundle) write(ctx context.Context) (Manifest, error) {
	if err := b.prepare(ctx); err != nil {
		return Manifest{}, err
	}
	words, err := b.readMe()
	if err != nil {
		return Manifest{}, err
	}
	for _, of := range [][2]string{{"LISEZMOI.txt", words}, {"recette.py", recipe}} {
		if err := b.text(of[0], of[1]); err != nil {
			return Manifest{}, err
		}
	}
	if err := b.addLedger(ctx); err != nil {
		return Manifest{}, err
	}
	if err := b.addChains(ctx); err != nil {
		return Manifest{}, err
	}
	for _, t := range everyTable() {
		if err := b.add(t.name, func(w io.Writer) (int64, error) { return t.write(ctx, b.tx, b.scope, w) }); err != nil {
			return Manifest{}, fmt.Errorf("%s: %w", t.name, err)
		}
	}
	if err := b.addOriginals(ctx, b.tx, b.archive); err != nil {
		return Manifest{}, fmt.Errorf("the originals: %w", err)
	}
	m := b.manifest(b.lastEntry, b.ledger, slices.Clone(b.pieces))
	return m, b.close(m)
}

// addLedger adds the ledger in each of the forms that an accountant opens.
func (b *bundle) addLedger(ctx context.Context) error {
	for _, of := range []struct {
		format export.Format
		name   string
	}{
		{export.CSVFrench, "livre/ecritures.csv"},
		{export.XLSX, "livre/ecritures.xlsx"},
		{export.FEC, "livre/" + b.fecName},
		{export.Hledger, "livre/ecritures.journal"},
	} {
		err := b.add(of.name, func(w io.Writer) (int64, error) {
			sum, err := export.Ledger(ctx, b.db, b.scope.ledger(of.format), w, nil)
			b.ledger = sum
			return sum.Lines, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// prepare finds the end of the books and the name that the tax office wants: the last day of the file.
func (b *bundle) prepare(ctx context.Context) error {
	var day string
	err := b.tx.QueryRow(ctx, `
		SELECT last_entry, to_char(coalesce($2::date, (SELECT posted_on FROM masp.entries WHERE entry_no = $1),
		       (SELECT opened_on FROM masp.organisations)), 'YYYYMMDD')
		  FROM masp.chain_heads`, b.last, orNull(b.ask.To)).Scan(&b.lastEntry, &day)
	b.fecName = b.siren + "FEC" + day + ".txt"
	return err
}

// addChains adds what the hashes are made of, and the draw.
func (b *bundle) addChains(ctx context.Context) error {
	for _, of := range []struct {
		name  string
		write func(io.Writer) (int64, error)
	}{
		{"chaine/ecritures.jsonl", func(w io.Writer) (int64, error) { return b.writeEntries(ctx, b.tx, w, b.progress) }},
		{"chaine/lots.jsonl", func(w io.Writer) (int64, error) { return b.writeSeals(ctx, b.tx, w) }},
		{"chaine/actes.jsonl", func(w io.Writer) (int64, error) { return b.writeActs(ctx, b.tx, w) }},
		{"chaine/lectures.jsonl", func(w io.Writer) (int64, error) { return b.writeReads(ctx, b.tx, w) }},
		{"echantillon.csv", func(w io.Writer) (int64, error) {
			rows, err := b.drawSample(ctx, b.tx)
			if err != nil {
				return 0, err
			}
			return writeRows(rows, sampleColumns, w)
		}},
	} {
		if err := b.add(of.name, of.write); err != nil {
			return fmt.Errorf("%s: %w", of.name, err)
		}
	}
	return nil
}
