package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// figures are what a machine watches of the house as a whole.
type figures struct {
	gaps       []gap
	runs       map[string]int64 // by state
	alerts     int64            // open
	exceptions int64            // of runs that are not approved yet, undecided
	held       bool             // restored: nothing is released
	archive    *archive         // none: this server archives nothing
}

// gap is how an account stands: nothing of it is a person's, but cents of an organisation.
type gap struct {
	account         string
	bank, persons   int64 // bank − books, and books − (in transit + unidentified + persons)
	importing, none bool  // a statement is on its way; the bank has said nothing yet
}

// archive is how the log of the server leaves the machine: what is not archived is lost with it.
type archive struct {
	age   int64 // seconds since the last part left, or since the server keeps count
	fails int64 // 1 when the last try failed
}

// readFigures reads them in one snapshot.
func readFigures(ctx context.Context, db *pool) (f figures, err error) {
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err = pgx.BeginTxFunc(ctx, db, options, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT bank_account_id, coalesce(bank - books, 0), books - transit - unidentified - persons, importing, bank IS NULL
			  FROM masp.bank_agreement(NULL)`)
		if err != nil {
			return err
		}
		f.gaps, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (g gap, err error) {
			err = row.Scan(&g.account, &g.bank, &g.persons, &g.importing, &g.none)
			return g, err
		})
		if err != nil {
			return err
		}
		f.runs = map[string]int64{}
		rows, err = tx.Query(ctx, `SELECT state, count(*) FROM masp.runs GROUP BY state`)
		if err != nil {
			return err
		}
		var state string
		var n int64
		if _, err = pgx.ForEachRow(rows, []any{&state, &n}, func() error { f.runs[state] = n; return nil }); err != nil {
			return err
		}
		if f.archive, err = readArchive(ctx, tx); err != nil {
			return err
		}
		return tx.QueryRow(ctx, `
			SELECT (SELECT count(*) FROM masp.alerts WHERE closed_at IS NULL),
			       (SELECT count(*) FROM masp.run_exceptions e JOIN masp.runs r USING (run_id)
			          LEFT JOIN masp.run_verdicts v USING (run_id, exception_no)
			         WHERE r.state IN ('draft', 'in_review') AND v.run_id IS NULL),
			       EXISTS (SELECT FROM masp.restorations WHERE cleared_at IS NULL)`).Scan(&f.alerts, &f.exceptions, &f.held)
	})
	if err != nil {
		return figures{}, fmt.Errorf("read the figures of the house: %w", err)
	}
	return f, nil
}

func readArchive(ctx context.Context, tx pgx.Tx) (*archive, error) {
	rows, err := tx.Query(ctx, `
		SELECT extract(epoch FROM clock_timestamp() - coalesce(last_archived_time, stats_reset))::bigint,
		       coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false)::integer
		  FROM pg_stat_archiver WHERE current_setting('archive_mode') <> 'off'`)
	if err != nil {
		return nil, err
	}
	a, err := pgx.CollectExactlyOneRow(rows, func(row pgx.CollectableRow) (a archive, err error) {
		err = row.Scan(&a.age, &a.fails)
		return a, err
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return &a, err
}

// clockOff is how far the clock of this machine is before that of the database.
func clockOff(ctx context.Context, db *pool) (time.Duration, error) {
	before := time.Now()
	var theirs time.Time
	if err := db.QueryRow(ctx, `SELECT clock_timestamp()`).Scan(&theirs); err != nil {
		return 0, fmt.Errorf("read the clock of the database: %w", err)
	}
	return before.Add(time.Since(before) / 2).Sub(theirs), nil
}

// purgeTechnicalLog forgets the technical log of more than twelve months (CNIL 2021-122) and the answers that
// were kept for repeated requests, and answers how many rows that were.
func purgeTechnicalLog(ctx context.Context, db *pool) (n int64, err error) {
	if err = db.QueryRow(ctx, `SELECT masp.purge_technical_log() + masp.forget_answers()`).Scan(&n); err != nil {
		return 0, fmt.Errorf("purge the technical log: %w", err)
	}
	return n, nil
}
