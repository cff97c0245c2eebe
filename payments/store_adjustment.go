package payments

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// deletePart takes back what the draft says of one mandate. The place of the mandate stays, and so
// do the exceptions about which somebody has decided: it answers their numbers.
func deletePart(ctx context.Context, tx pgx.Tx, run, mandate string) ([]int, error) {
	for _, sql := range []string{
		`DELETE FROM masp.payment_file_instructions WHERE void AND instruction_id IN ( -- the bytes of the file stay
		        SELECT instruction_id FROM masp.instructions WHERE run_id = $1 AND mandate_id = $2)`,
		`DELETE FROM masp.instruction_covers WHERE instruction_id IN (
		        SELECT instruction_id FROM masp.instructions WHERE run_id = $1 AND mandate_id = $2)`,
		`DELETE FROM masp.instructions WHERE run_id = $1 AND mandate_id = $2`,
		`DELETE FROM masp.run_lines WHERE run_id = $1 AND mandate_id = $2`,
		`DELETE FROM masp.run_exceptions e WHERE run_id = $1 AND mandate_id = $2 AND NOT EXISTS (
		        SELECT FROM masp.run_decisions d WHERE d.run_id = e.run_id AND d.exception_no = e.exception_no)`,
	} {
		if _, err := tx.Exec(ctx, sql, run, mandate); err != nil {
			return nil, fmt.Errorf("take back the part of %s in run %s: %w", mandate, run, err)
		}
	}
	rows, err := tx.Query(ctx, `SELECT exception_no FROM masp.run_exceptions WHERE run_id = $1 AND mandate_id = $2`, run, mandate)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[int])
}

// insertPart writes the part of one mandate anew, and what the run signs with it.
func insertPart(ctx context.Context, tx pgx.Tx, run Run, at int) error {
	m, part := run.Mandates[at], run.Mandates[at:at+1]
	_, err := tx.Exec(ctx, `
		UPDATE masp.run_mandates SET refused = $3, available_cents = $4, floor_left_cents = $5, reserved_cents = $6,
		       remit_cents = $7, carried_cents = $8, shortfall_cents = $9, remit_to = $10, remit_on = $11
		 WHERE run_id = $1 AND mandate_id = $2`,
		run.ID, m.Mandate, orNull(string(m.Refused)), m.Available.Cents(), m.FloorLeft.Cents(), m.Reserved.Cents(),
		m.Remit.Cents(), m.Carried.Cents(), m.Shortfall.Cents(), m.Plan.To, m.Plan.days())
	if err != nil {
		return fmt.Errorf("change the part of %s in run %s: %w", m.Mandate, run.ID, err)
	}
	if err := insertRunLines(ctx, tx, run.ID, part); err != nil {
		return fmt.Errorf("insert the lines of run %s: %w", run.ID, err)
	}
	numbers, err := insertInstructions(ctx, tx, part)
	if err != nil {
		return err
	}
	numberTransfers(part, numbers)
	if err := insertCovers(ctx, tx, part); err != nil {
		return err
	}
	if err := replaceExceptions(ctx, tx, run.ID, m); err != nil {
		return err
	}
	return setContent(ctx, tx, run)
}

// replaceExceptions writes the exceptions of a part; those that somebody decided keep their row.
func replaceExceptions(ctx context.Context, tx pgx.Tx, run string, m RunMandate) error {
	var fresh []Exception
	for _, e := range m.Exceptions {
		done, err := tx.Exec(ctx, `
			UPDATE masp.run_exceptions SET lines = $3, before_text = $4, after_text = $5, text = $6, awaits = $7,
			       instead_cents = $8
			 WHERE run_id = $1 AND exception_no = $2`,
			run, e.No, orNone(e.Lines), e.Before, e.After, e.Text, words(e.Awaits), e.Instead.Cents())
		if err != nil {
			return fmt.Errorf("change exception %d of run %s: %w", e.No, run, err)
		}
		if done.RowsAffected() == 0 {
			fresh = append(fresh, e)
		}
	}
	m.Exceptions = fresh
	return insertExceptions(ctx, tx, run, []RunMandate{m})
}

func insertAdjustment(ctx context.Context, tx pgx.Tx, run string, a Adjustment) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO masp.run_adjustments (run_id, adjustment_no, act_no, mandate_id, line, kind, amount_cents,
		       from_cents, to_cents, remit_to, remit_on, reason)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		run, a.No, a.Act, a.Mandate, a.key(), string(a.Kind), a.Amount.Cents(),
		a.From.Cents(), a.To.Cents(), a.Remit.To, a.Remit.days(), a.Reason)
	if err != nil {
		return fmt.Errorf("insert adjustment %d of run %s: %w", a.No, run, err)
	}
	return nil
}

// addAdjustments gives each mandate of a run what coordinators changed of it.
func addAdjustments(ctx context.Context, tx pgx.Tx, id string, list []RunMandate, place map[string]int) error {
	rows, err := tx.Query(ctx, `
		SELECT d.adjustment_no, d.mandate_id, d.line, d.kind, d.amount_cents, d.from_cents, d.to_cents,
		       d.remit_to, d.remit_on, d.reason, d.act_no, a.user_id, a.at
		  FROM masp.run_adjustments d JOIN masp.run_acts a USING (run_id, act_no)
		 WHERE d.run_id = $1 ORDER BY d.adjustment_no`, id)
	if err != nil {
		return fmt.Errorf("read the adjustments of run %s: %w", id, err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Adjustment, error) {
		var a Adjustment
		var line string
		var amount, from, to int64
		err := row.Scan(&a.No, &a.Mandate, &line, &a.Kind, &amount, &from, &to,
			&a.Remit.To, &a.Remit.On, &a.Reason, &a.Act, &a.By, &a.At)
		a.Amount, a.From, a.To = money.Cents(amount), money.Cents(from), money.Cents(to)
		a.Remit, a.Line = a.Remit.orNone(), lineOf(line)
		return a, err
	})
	for _, a := range all {
		if i, known := place[a.Mandate]; known { // else verify finds that it is missing
			list[i].Adjustments = append(list[i].Adjustments, a)
		}
	}
	return err
}

// lineOf reads a key as it is stored; one that is none is no line.
func lineOf(key string) LineAsk {
	at := strings.LastIndexByte(key, '@')
	if at < 0 {
		return LineAsk{}
	}
	on, err := civil.Parse(key[at+1:])
	if err != nil {
		return LineAsk{}
	}
	return LineAsk{Obligation: key[:at], DueOn: on}
}

// signaturesNeeded is how many persons who did not prepare a run must sign it.
func signaturesNeeded(ctx context.Context, tx pgx.Tx, run string) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT masp.signatures_needed($1)`, run).Scan(&n)
	return n, err
}
