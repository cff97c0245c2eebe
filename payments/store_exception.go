package payments

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/money"
	"masp/ledger/unit"
)

// actEdit is the act of whoever decides about an exception.
const actEdit = "edit"

func insertExceptions(ctx context.Context, tx pgx.Tx, run string, parts []RunMandate) error {
	var rows [][]any
	for _, m := range parts {
		for _, e := range m.Exceptions {
			rows = append(rows, []any{
				run, e.No, m.Mandate, string(e.Code), orNone(e.Lines), e.Before, e.After, e.Text, words(e.Awaits),
				e.Instead.Cents(),
			})
		}
	}
	_, err := unit.Copy(ctx, tx, "run_exceptions",
		[]string{
			"run_id", "exception_no", "mandate_id", "code", "lines", "before_text", "after_text", "text", "awaits",
			"instead_cents",
		},
		pgx.CopyFromRows(rows))
	if err != nil {
		return fmt.Errorf("insert the exceptions of run %s: %w", run, err)
	}
	return nil
}

// orNone stores a missing list as an empty one.
func orNone(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func words(decisions []Decision) []string {
	out := make([]string, len(decisions))
	for i, d := range decisions {
		out[i] = string(d)
	}
	return out
}

// addExceptions gives each mandate of a run its exceptions, with what counts of the decisions.
func addExceptions(ctx context.Context, tx pgx.Tx, id string, list []RunMandate, place map[string]int) error {
	rows, err := tx.Query(ctx, `
		SELECT e.exception_no, e.mandate_id, e.code, e.lines, e.before_text, e.after_text, e.text, e.awaits, e.instead_cents,
		       coalesce(v.decision, ''), coalesce(v.reason, ''), coalesce(v.user_id, ''),
		       v.at, coalesce(v.act_no, 0)
		  FROM masp.run_exceptions e LEFT JOIN masp.run_verdicts v USING (run_id, exception_no)
		 WHERE e.run_id = $1 ORDER BY e.exception_no`, id)
	if err != nil {
		return fmt.Errorf("read the exceptions of run %s: %w", id, err)
	}
	var e Exception
	var at *time.Time
	var instead int64
	fields := []any{
		&e.No, &e.Mandate, &e.Code, &e.Lines, &e.Before, &e.After, &e.Text, &e.Awaits, &instead,
		&e.Verdict.Decision, &e.Verdict.Reason, &e.Verdict.By, &at, &e.Verdict.Act,
	}
	_, err = pgx.ForEachRow(rows, fields, func() error {
		if e.Verdict.At = (time.Time{}); at != nil {
			e.Verdict.At = *at
		}
		e.Instead = money.Cents(instead)
		if len(e.Lines) == 0 {
			e.Lines = nil
		}
		if len(e.Awaits) == 0 {
			e.Awaits = nil
		}
		if i, known := place[e.Mandate]; known { // else verify finds that it is missing
			list[i].Exceptions = append(list[i].Exceptions, e)
		}
		e.Lines, e.Awaits = nil, nil // the next row gets lists of its own
		return nil
	})
	return err
}

// decideException records a decision through the door that asks for the secret, and answers the
// act as written.
func decideException(ctx context.Context, tx pgx.Tx, c Choice, secret string) (Act, error) {
	var no int
	err := tx.QueryRow(ctx, `SELECT masp.decide_exception($1, $2, $3, $4, $5, $6)`,
		c.Run, c.Exception, orNull(string(c.Decision)), c.Reason, c.Seen, secret).Scan(&no)
	if err != nil {
		return Act{}, err
	}
	acts, err := readActs(ctx, tx, c.Run)
	if err != nil {
		return Act{}, err
	}
	return acts[no-1], nil
}

// proveDecisions holds the decisions against the log of acts, both ways.
func proveDecisions(ctx context.Context, tx pgx.Tx, report func(ledger.Finding)) error {
	rows, err := tx.Query(ctx, `
		WITH named AS (SELECT object_id AS run_id, (d ->> 'act')::integer AS act_no, (d ->> 'exception')::integer AS exception_no,
		                      d ->> 'decision' AS decision, d ->> 'reason' AS reason
		                 FROM (SELECT object_id, details::jsonb AS d FROM masp.audit_log
		                        WHERE object_type = 'run' AND action = 'run.edit') acts
		                WHERE d ? 'exception'),
		     kept AS (SELECT run_id, act_no, exception_no, coalesce(decision, ''), reason FROM masp.run_decisions)
		SELECT run_id || ' ' || act_no FROM (
		       (TABLE named EXCEPT TABLE kept) UNION (SELECT * FROM kept EXCEPT SELECT * FROM named)) apart ORDER BY 1`)
	if err != nil {
		return fmt.Errorf("prove decisions: %w", err)
	}
	var place string
	_, err = pgx.ForEachRow(rows, []any{&place}, func() error {
		report(ledger.Finding{
			Code: "DECISION_CHANGED", Place: place,
			Text: "cette décision sur une exception n'est pas celle que garde le journal des actes",
		})
		return nil
	})
	return err
}

// exceptionSettings are the thresholds of the organisation; the defaults while there is none.
func exceptionSettings(ctx context.Context, tx pgx.Tx) (ExceptionSettings, error) {
	settings := DefaultExceptionSettings()
	var cents int64
	err := tx.QueryRow(ctx, `
		SELECT amount_change_cents, amount_change_percent, measure_ending_days FROM masp.organisations`).
		Scan(&cents, &settings.ChangePercent, &settings.EndingDays)
	if errors.Is(err, pgx.ErrNoRows) {
		return settings, nil
	}
	settings.ChangeCents = money.Cents(cents)
	return settings, err
}

// writeExceptionSettings goes through the door that asks for the secret.
func writeExceptionSettings(ctx context.Context, tx pgx.Tx, to ExceptionSettings, secret string) error {
	_, err := tx.Exec(ctx, `SELECT masp.set_exception_settings($1, $2, $3, $4)`,
		to.ChangeCents.Cents(), to.ChangePercent, to.EndingDays, secret)
	return err
}
