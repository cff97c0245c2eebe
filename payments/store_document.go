package payments

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// runOfTransfer names the run of a transfer.
func runOfTransfer(ctx context.Context, tx pgx.Tx, endToEndID string) (run string, err error) {
	err = tx.QueryRow(ctx, `SELECT run_id FROM masp.instructions WHERE end_to_end_id = $1`, endToEndID).Scan(&run)
	return run, missing(err, ErrNoTransfer)
}

func lockTransfer(ctx context.Context, tx pgx.Tx, endToEndID string) (Instruction, error) {
	rows, err := tx.Query(ctx, selectInstruction+`WHERE end_to_end_id = $1 FOR UPDATE`, endToEndID)
	if err != nil {
		return Instruction{}, err
	}
	t, err := pgx.CollectExactlyOneRow(rows, scanInstruction)
	return t, missing(err, ErrNoTransfer)
}

// lockTransfersOf locks the transfers of a run that are under way. Whoever changes them locks them
// before the books, as an import does.
func lockTransfersOf(ctx context.Context, tx pgx.Tx, run string) error {
	_, err := tx.Exec(ctx, `
		SELECT FROM masp.instructions WHERE run_id = $1 AND state IN ('scheduled', 'in_transit')
		 ORDER BY instruction_id FOR UPDATE`, run)
	if err != nil {
		return fmt.Errorf("lock the transfers of run %s: %w", run, err)
	}
	return nil
}

// entryOfTransfer is the entry by which a transfer left the account of the person.
func entryOfTransfer(ctx context.Context, tx pgx.Tx, id int64) (entry int64, err error) {
	err = tx.QueryRow(ctx, `SELECT posted_entry FROM masp.instructions WHERE instruction_id = $1`, id).Scan(&entry)
	return entry, err
}

// setStopped cancels a transfer; reversal is the entry that gave its money back, if it had left.
func setStopped(ctx context.Context, tx pgx.Tx, id int64, reason string, reversal *int64) error {
	_, err := tx.Exec(ctx, `
		UPDATE masp.instructions SET state = 'cancelled', reason = $2, failed_entry = $3 WHERE instruction_id = $1`,
		id, reason, reversal)
	if err != nil {
		return fmt.Errorf("cancel instruction %d: %w", id, err)
	}
	return nil
}

// fileOfTransfer reads the file that a transfer stands in, without its bytes; zero when there is none.
func fileOfTransfer(ctx context.Context, tx pgx.Tx, id int64) (PaymentFile, error) {
	rows, err := tx.Query(ctx, selectFile+`NULL::bytea FROM masp.payment_files WHERE NOT void AND file_id IN (
		SELECT file_id FROM masp.payment_file_instructions WHERE instruction_id = $1 AND NOT void) FOR UPDATE`, id)
	if err != nil {
		return PaymentFile{}, err
	}
	f, err := pgx.CollectExactlyOneRow(rows, scanFile)
	if errors.Is(err, pgx.ErrNoRows) {
		return PaymentFile{}, nil
	}
	return f, err
}

func runOfFile(ctx context.Context, tx pgx.Tx, name string) (run string, err error) {
	err = tx.QueryRow(ctx, `SELECT run_id FROM masp.payment_files WHERE name = $1`, name).Scan(&run)
	return run, missing(err, ErrNoFile)
}

// fileNamed reads a file without its bytes.
func fileNamed(ctx context.Context, tx pgx.Tx, name string) (PaymentFile, error) {
	rows, err := tx.Query(ctx, selectFile+`NULL::bytea FROM masp.payment_files WHERE name = $1 FOR UPDATE`, name)
	if err != nil {
		return PaymentFile{}, err
	}
	f, err := pgx.CollectExactlyOneRow(rows, scanFile)
	return f, missing(err, ErrNoFile)
}

// voidFile makes a file worthless, with its transfers.
func voidFile(ctx context.Context, tx pgx.Tx, id int64) error {
	for _, sql := range []string{
		`UPDATE masp.payment_files SET void = true WHERE file_id = $1`,
		`UPDATE masp.payment_file_instructions SET void = true WHERE file_id = $1`,
	} {
		if _, err := tx.Exec(ctx, sql, id); err != nil {
			return fmt.Errorf("void file %d: %w", id, err)
		}
	}
	return nil
}

// transfersOfFile reads what stands in a file, in the order of the run.
func transfersOfFile(ctx context.Context, tx pgx.Tx, id int64) ([]Instruction, error) {
	rows, err := tx.Query(ctx, selectInstruction+`
		 WHERE instruction_id IN (SELECT instruction_id FROM masp.payment_file_instructions WHERE file_id = $1)
		 ORDER BY instruction_id`, id)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanInstruction)
}

// changedSince names the first thing that a run rests on and that somebody has changed since its
// part was computed: the terms of a mandate, an obligation or a debt of its lines; empty when
// there is none.
func changedSince(ctx context.Context, tx pgx.Tx, run string) (what string, err error) {
	err = tx.QueryRow(ctx, `
		WITH acts AS (
		    SELECT seq, object_type, object_id FROM masp.audit_log
		     WHERE seq > (SELECT max(seq) FROM masp.audit_log WHERE object_type = 'run' AND object_id = $1 AND action = 'run.propose')
		       AND (object_type = 'mandate' AND action IN ('mandate.amend', 'mandate.renew', 'mandate.direct_payment',
		                'overindebtedness.ADMISSIBLE', 'overindebtedness.MEASURES', 'overindebtedness.CLOSED', 'overindebtedness.REJECTED')
		            OR object_type = 'obligation' AND action IN ('obligation.end', 'obligation.change', 'obligation.except',
		                                                         'obligation.share', 'obligation.cover')
		            OR object_type = 'debt' AND action IN ('debt.contest', 'debt.contest_end', 'debt.plan'))),
		hits AS MATERIALIZED ( -- once, not once a mandate
		    SELECT a.seq, a.object_id, m.mandate_id FROM acts a JOIN masp.run_mandates m ON m.mandate_id = a.object_id
		     WHERE m.run_id = $1 AND a.object_type = 'mandate'
		    UNION ALL SELECT a.seq, a.object_id, l.mandate_id FROM acts a JOIN masp.run_lines l ON l.obligation_id = a.object_id
		     WHERE l.run_id = $1 AND a.object_type = 'obligation'
		    UNION ALL SELECT a.seq, a.object_id, l.mandate_id FROM acts a JOIN masp.run_lines l ON l.debt_id = a.object_id
		     WHERE l.run_id = $1 AND a.object_type = 'debt')
		SELECT coalesce(min(h.object_id), '') FROM hits h JOIN masp.run_mandates m ON m.run_id = $1 AND m.mandate_id = h.mandate_id
		 WHERE m.refused IS NULL AND NOT EXISTS (
		       SELECT FROM masp.audit_log e WHERE e.object_type = 'run' AND e.object_id = $1 AND e.action = 'run.edit'
		          AND e.seq >= h.seq AND e.details::jsonb ->> 'mandate' = h.mandate_id)`,
		run).Scan(&what)
	return what, err
}
