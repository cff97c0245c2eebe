package inbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/payments/worklist"
)

// Store keeps leases, runs and alerts in the database of the organisation.
type Store struct{ DB *pgxpool.Pool }

// Claim takes the lease of a job. What a dead holder left as running is written down as interrupted.
func (s *Store) Claim(ctx context.Context, job, holder string, lease time.Duration, due time.Time) (mine bool, err error) {
	err = pgx.BeginFunc(ctx, s.DB, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO masp.jobs (job) VALUES ($1) ON CONFLICT DO NOTHING`, job); err != nil {
			return err
		}
		done, err := tx.Exec(ctx, `
			UPDATE masp.jobs SET holder = $2, lease_until = clock_timestamp() + $3
			 WHERE job = $1 AND coalesce(lease_until < clock_timestamp(), true)
			   AND ($4::timestamptz IS NULL OR coalesce(done_up_to < $4, true))`, job, holder, lease, instant(due))
		if mine = err == nil && done.RowsAffected() == 1; !mine {
			return err
		}
		_, err = tx.Exec(ctx, `
			UPDATE masp.job_runs SET outcome = 'interrupted', ended_at = greatest(started_at, masp.now())
			 WHERE job = $1 AND outcome = 'running'`, job)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("claim job %s: %w", job, err)
	}
	return mine, nil
}

// Renew keeps the lease; false when it was lost.
func (s *Store) Renew(ctx context.Context, job, holder string, lease time.Duration) (bool, error) {
	done, err := s.DB.Exec(ctx, `
		UPDATE masp.jobs SET lease_until = clock_timestamp() + $3 WHERE job = $1 AND holder = $2`, job, holder, lease)
	if err != nil {
		return false, fmt.Errorf("renew the lease of job %s: %w", job, err)
	}
	return done.RowsAffected() == 1, nil
}

// Begin writes down that a run has something to do, so that one that dies is seen.
func (s *Store) Begin(ctx context.Context, job string) error {
	_, err := s.DB.Exec(ctx, `
		INSERT INTO masp.job_runs (job, started_at, outcome) VALUES ($1, masp.now(), 'running') ON CONFLICT DO NOTHING`, job)
	if err != nil {
		return fmt.Errorf("log the run of job %s: %w", job, err)
	}
	return nil
}

// End gives the lease back. A run that did nothing leaves no row; one that fails like the last one
// counts in its row.
func (s *Store) End(ctx context.Context, job, holder string, due time.Time, t Tally, kind string) error {
	err := pgx.BeginFunc(ctx, s.DB, func(tx pgx.Tx) error {
		done, err := tx.Exec(ctx, `
			UPDATE masp.jobs SET holder = NULL, lease_until = NULL,
			       succeeded_at = CASE $3 WHEN '' THEN masp.now() ELSE succeeded_at END,
			       done_up_to = CASE $3 WHEN '' THEN coalesce($4, done_up_to) ELSE done_up_to END
			 WHERE job = $1 AND holder = $2`, job, holder, kind, instant(due))
		if err != nil || done.RowsAffected() == 0 {
			return err
		}
		return writeRun(ctx, tx, job, t, kind)
	})
	if err != nil {
		return fmt.Errorf("end the run of job %s: %w", job, err)
	}
	return nil
}

func writeRun(ctx context.Context, tx pgx.Tx, job string, t Tally, kind string) error {
	outcome := "done"
	if kind != "" {
		outcome = "failed"
	}
	done, err := tx.Exec(ctx, `
		UPDATE masp.job_runs SET outcome = $2, error = $3, ended_at = greatest(started_at, masp.now()),
		       taken = $4, held = $5, refused = $6, failed = $7
		 WHERE job = $1 AND outcome = 'running'`, job, outcome, kind, t.Taken, t.Held, t.Refused, t.Failed)
	if err != nil || done.RowsAffected() > 0 || t == (Tally{}) && kind == "" {
		return err
	}
	if t == (Tally{}) {
		done, err = tx.Exec(ctx, `
			UPDATE masp.job_runs SET times = times + 1, ended_at = greatest(ended_at, masp.now())
			 WHERE run_id = (SELECT max(run_id) FROM masp.job_runs WHERE job = $1)
			   AND outcome = 'failed' AND error = $2 AND taken + held + refused + failed = 0`, job, kind)
		if err != nil || done.RowsAffected() > 0 {
			return err
		}
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO masp.job_runs (job, started_at, ended_at, outcome, error, taken, held, refused, failed)
		VALUES ($1, masp.now(), masp.now(), $2, $3, $4, $5, $6, $7)`,
		job, outcome, kind, t.Taken, t.Held, t.Refused, t.Failed)
	return err
}

func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// Tell keeps one open alert of a code and subject while there is a text, and closes it when there
// is none.
func (s *Store) Tell(ctx context.Context, code, subject, text string) error {
	err := ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		// Two processes tell one after the other.
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtext('masp.inbox'))`); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `
			SELECT source FROM masp.alerts WHERE code = $1 AND subject = $2 AND closed_at IS NULL`, code, subject)
		if err != nil {
			return err
		}
		open, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil || (text == "") == (len(open) == 0) {
			return err
		}
		if text == "" {
			return cure(ctx, tx, open)
		}
		return raise(ctx, tx, code, subject, text)
	})
	if err != nil {
		return fmt.Errorf("tell %s: %w", code, err)
	}
	return nil
}

func raise(ctx context.Context, tx pgx.Tx, code, subject, text string) error {
	a := worklist.Alert{Code: code, Subject: subject, Text: text}
	var at time.Time
	if err := tx.QueryRow(ctx, `SELECT masp.now(), masp.today()`).Scan(&at, &a.On); err != nil {
		return err
	}
	a.Source = fmt.Sprintf("%s %s %s", code, subject, at.UTC().Format(time.RFC3339Nano))
	return worklist.RaiseTx(ctx, tx, a)
}

func cure(ctx context.Context, tx pgx.Tx, sources []string) error {
	n, err := worklist.CureTx(ctx, tx, "va de nouveau", sources...)
	if err != nil {
		return err
	}
	_, err = audit.Record(ctx, tx, audit.Act{
		Actor: auth.Operator, Action: "alert.cure", ObjectType: "worklist", ObjectID: "inbox",
		Details: map[string]int{"cured": n},
	})
	return err
}

// databaseKind is the SQLSTATE of an error of the database, or that it does not answer.
func databaseKind(err error) string {
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok {
		return "sqlstate_" + refused.Code
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return "database_away"
	}
	if errors.Is(err, ledger.ErrBusy) {
		return "busy"
	}
	return ""
}
