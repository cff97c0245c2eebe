package inbox

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// JobStatus is how a job stands.
type JobStatus struct {
	Job       string     `json:"job"`
	Running   bool       `json:"running"`              // a living process is at it
	Succeeded *time.Time `json:"last_success"`         // nil: never
	DoneUpTo  *time.Time `json:"done_up_to,omitempty"` // of its calendar
	Failing   string     `json:"failing,omitempty"`    // kind of the error, when the last run failed
}

// Run is one run of the log.
type Run struct {
	ID      int64      `json:"run"`
	Job     string     `json:"job"`
	Started time.Time  `json:"started"`
	Ended   *time.Time `json:"ended"`   // nil: it runs
	Outcome string     `json:"outcome"` // running, done, failed, interrupted
	Taken   int        `json:"taken"`   // files
	Held    int        `json:"held"`
	Refused int        `json:"refused"`
	Failed  int        `json:"failed"` // accidents: they are tried again
	Error   string     `json:"error,omitempty"`
	Times   int        `json:"times"` // how often it failed like this, one after the other
}

// Jobs says how the jobs stand, in the order of their names.
func (s *Store) Jobs(ctx context.Context) ([]JobStatus, error) {
	rows, err := s.DB.Query(ctx, `
		SELECT j.job, coalesce(j.lease_until > clock_timestamp(), false), j.succeeded_at, j.done_up_to, coalesce(r.error, '')
		  FROM masp.jobs j LEFT JOIN LATERAL (
		       SELECT error, ended_at FROM masp.job_runs WHERE job = j.job AND outcome <> 'running' ORDER BY run_id DESC LIMIT 1) r
		    ON coalesce(j.succeeded_at < r.ended_at, true)
		 ORDER BY j.job`)
	if err != nil {
		return nil, fmt.Errorf("read the jobs: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (j JobStatus, err error) {
		err = row.Scan(&j.Job, &j.Running, &j.Succeeded, &j.DoneUpTo, &j.Failing)
		return j, err
	})
}

// Troubles are the open alerts of the sources themselves, by source: what keeps every file of it
// from being read or put away.
func (s *Store) Troubles(ctx context.Context) (map[string][]string, error) {
	rows, err := s.DB.Query(ctx, `
		SELECT subject, code FROM masp.alerts WHERE closed_at IS NULL AND code IN ($1, $2) ORDER BY code`, SourceFailed, Stuck)
	if err != nil {
		return nil, fmt.Errorf("read the troubles of the sources: %w", err)
	}
	troubles := map[string][]string{}
	var source, code string
	_, err = pgx.ForEachRow(rows, []any{&source, &code}, func() error {
		troubles[source] = append(troubles[source], code)
		return nil
	})
	return troubles, err
}

// Now is the time of the books, in which runs are written down.
func (s *Store) Now(ctx context.Context) (now time.Time, err error) {
	err = s.DB.QueryRow(ctx, `SELECT masp.now()`).Scan(&now)
	return now, err
}

// Runs answers the newest runs first.
func (s *Store) Runs(ctx context.Context, limit int) ([]Run, error) {
	rows, err := s.DB.Query(ctx, `
		SELECT run_id, job, started_at, ended_at, outcome, taken, held, refused, failed, error, times
		  FROM masp.job_runs ORDER BY run_id DESC LIMIT $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("read the runs: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (r Run, err error) {
		err = row.Scan(&r.ID, &r.Job, &r.Started, &r.Ended, &r.Outcome, &r.Taken, &r.Held, &r.Refused, &r.Failed,
			&r.Error, &r.Times)
		return r, err
	})
}

// Figures are what a machine watches.
type Figures struct {
	Files         map[string]map[string]int64 // by job, by outcome, since the first run
	Runs          map[string]map[string]int64 // the same, of runs
	Held          int64                       // statements that wait
	Importing     int64                       // long statements of which not all lines are posted
	LinesLeft     int64                       // of those
	Open          int64                       // days since the organisation opened its books
	Suspense      int64                       // lines that nobody has identified
	SuspenseDays  int64                       // age of the oldest
	LastStatement map[string]int64            // by account that had one: days since its last statement closed
}

// Figures reads them in one snapshot.
func (s *Store) Figures(ctx context.Context) (f Figures, err error) {
	f = Figures{Files: map[string]map[string]int64{}, Runs: map[string]map[string]int64{}, LastStatement: map[string]int64{}}
	err = pgx.BeginTxFunc(ctx, s.DB, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `
			SELECT (SELECT count(*) FROM masp.bank_statements WHERE state = 'held' AND reason <> 'DROPPED'),
			       (SELECT count(*) FROM masp.suspense_items WHERE open_cents <> 0),
			       coalesce((SELECT masp.today() - min(l.booked_on) FROM masp.suspense_items i JOIN masp.bank_lines l USING (line_id)
			                  WHERE i.open_cents <> 0), 0),
			       (SELECT count(*) FROM masp.bank_statements WHERE state = 'importing'),
			       (SELECT coalesce(sum(entries - posted_lines), 0)::bigint FROM masp.bank_statements WHERE state = 'importing'),
			       coalesce((SELECT masp.today() - min(opened_on) FROM masp.organisations), 0)`).
			Scan(&f.Held, &f.Suspense, &f.SuspenseDays, &f.Importing, &f.LinesLeft, &f.Open)
		if err != nil {
			return err
		}
		if err := counted(ctx, tx, f.Files, `
			SELECT job, c.what, sum(c.n)::bigint FROM masp.job_runs
			 CROSS JOIN LATERAL (VALUES ('taken', taken), ('held', held), ('refused', refused), ('failed', failed)) AS c (what, n)
			 GROUP BY job, c.what`); err != nil {
			return err
		}
		if err := counted(ctx, tx, f.Runs, `SELECT job, outcome, sum(times)::bigint FROM masp.job_runs GROUP BY job, outcome`); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `
			SELECT bank_account_id, (masp.today() - max(closing_on))::bigint FROM masp.bank_statements
			 WHERE state = 'accepted' GROUP BY bank_account_id`)
		if err != nil {
			return err
		}
		var account string
		var days int64
		_, err = pgx.ForEachRow(rows, []any{&account, &days}, func() error {
			f.LastStatement[account] = days
			return nil
		})
		return err
	})
	if err != nil {
		return Figures{}, fmt.Errorf("read the figures: %w", err)
	}
	return f, nil
}

func counted(ctx context.Context, tx pgx.Tx, into map[string]map[string]int64, query string) error {
	rows, err := tx.Query(ctx, query)
	if err != nil {
		return err
	}
	var job, outcome string
	var n int64
	_, err = pgx.ForEachRow(rows, []any{&job, &outcome, &n}, func() error {
		if into[job] == nil {
			into[job] = map[string]int64{}
		}
		into[job][outcome] = n
		return nil
	})
	return err
}
