package payments

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/ledger/money"
	"masp/ledger/unit"
)

func insertFile(ctx context.Context, tx pgx.Tx, f PaymentFile, released bool) error {
	var id int64
	err := tx.QueryRow(ctx, `
		INSERT INTO masp.payment_files (run_id, pain_version, execute_on, message_id, name, content_hash, sha256,
		       content, transfers, total_cents, built_at, released_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, CASE WHEN $12 THEN $11::timestamptz END)
		RETURNING file_id`,
		f.Run, f.PainVersion, f.ExecuteOn, f.MessageID, f.Name, f.ContentHash, f.SHA256,
		f.Content, f.Transfers, f.Total.Cents(), f.BuiltAt, released).Scan(&id)
	if err != nil {
		return fmt.Errorf("insert file %s: %w", f.Name, err)
	}
	_, err = unit.Copy(ctx, tx, "payment_file_instructions",
		[]string{"file_id", "instruction_id", "payment_info_id"},
		pgx.CopyFromSlice(len(f.entries), func(i int) ([]any, error) {
			return []any{id, f.entries[i].instruction, f.entries[i].paymentInfoID}, nil
		}))
	if err != nil {
		return fmt.Errorf("insert the instructions of file %s: %w", f.Name, err)
	}
	return nil
}

const selectFile = `
	SELECT file_id, run_id, pain_version, execute_on, message_id, name, content_hash, sha256,
	       transfers, total_cents, built_at, released_at, handed_over_at, void, (
	       SELECT CASE WHEN t.rejected = payment_files.transfers THEN 'REJECTED'
	                   WHEN t.rejected > 0 OR b.statuses && '{PART}' THEN 'PARTLY'
	                   WHEN b.statuses && '{ACTC,ACCP,ACFC,ACSP,ACSC,ACWC,ACCC}' THEN 'ACCEPTED' ELSE '' END
	         FROM (SELECT count(*) FILTER (WHERE i.state = 'rejected') AS rejected
	                 FROM masp.payment_file_instructions fi JOIN masp.instructions i USING (instruction_id)
	                WHERE fi.file_id = payment_files.file_id AND NOT fi.void) t,
	              (SELECT array_agg(status) AS statuses FROM masp.status_reports
	                WHERE about = payment_files.message_id) b), `

func scanFile(row pgx.CollectableRow) (PaymentFile, error) {
	var f PaymentFile
	var cents int64
	var released, handed *time.Time
	err := row.Scan(&f.ID, &f.Run, &f.PainVersion, &f.ExecuteOn, &f.MessageID, &f.Name, &f.ContentHash, &f.SHA256,
		&f.Transfers, &cents, &f.BuiltAt, &released, &handed, &f.Void, &f.Answer, &f.Content)
	f.Total = money.Cents(cents)
	if released != nil {
		f.ReleasedAt = *released
	}
	if handed != nil {
		f.HandedAt = *handed
	}
	return f, err
}

// readFiles reads the files of a run without their bytes.
func readFiles(ctx context.Context, tx pgx.Tx, run string) ([]PaymentFile, error) {
	rows, err := tx.Query(ctx, selectFile+`NULL::bytea
		  FROM masp.payment_files WHERE run_id = $1 ORDER BY file_id`, run)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanFile)
}

// releasedFiles reads the files of a run that may leave, with their bytes.
func releasedFiles(ctx context.Context, tx pgx.Tx, run string) ([]PaymentFile, error) {
	rows, err := tx.Query(ctx, selectFile+`content
		  FROM masp.payment_files WHERE run_id = $1 AND released_at IS NOT NULL AND NOT void ORDER BY file_id`, run)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanFile)
}

// lastFile is the highest number of a file.
func lastFile(ctx context.Context, q unit.Querier) (last int64, err error) {
	return last, q.QueryRow(ctx, `SELECT coalesce(max(file_id), 0) FROM masp.payment_files`).Scan(&last)
}

// releasedAfter reads the files after a number that may leave and were not handed over, with their bytes.
func releasedAfter(ctx context.Context, q unit.Querier, file int64) ([]PaymentFile, error) {
	rows, err := q.Query(ctx, selectFile+`content
		  FROM masp.payment_files
		 WHERE file_id > $1 AND released_at IS NOT NULL AND handed_over_at IS NULL AND NOT void ORDER BY file_id`, file)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanFile)
}

// filesWithContent reads every file of a run with its bytes.
func filesWithContent(ctx context.Context, tx pgx.Tx, run string) ([]PaymentFile, error) {
	rows, err := tx.Query(ctx, selectFile+`content FROM masp.payment_files WHERE run_id = $1 ORDER BY file_id`, run)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanFile)
}

// batchesOfRun reads which transfers stand in which batch of which file of a run.
func batchesOfRun(ctx context.Context, tx pgx.Tx, run string) (map[int64][]batch, error) {
	transfers, err := instructionsOfRun(ctx, tx, run)
	if err != nil {
		return nil, err
	}
	byID := make(map[int64]Instruction, len(transfers))
	for _, t := range transfers {
		byID[t.ID] = t
	}
	rows, err := tx.Query(ctx, `
		SELECT file_id, payment_info_id, instruction_id
		  FROM masp.payment_file_instructions JOIN masp.payment_files f USING (file_id)
		  JOIN masp.instructions i USING (instruction_id)
		 WHERE f.run_id = $1 ORDER BY file_id, payment_info_id, instruction_id`, run)
	if err != nil {
		return nil, err
	}
	held := make(map[int64][]batch)
	var file, instruction int64
	var id string
	_, err = pgx.ForEachRow(rows, []any{&file, &id, &instruction}, func() error {
		of := held[file]
		if len(of) == 0 || of[len(of)-1].id != id {
			of = append(of, batch{id: id})
		}
		last := &of[len(of)-1]
		last.transfers = append(last.transfers, byID[instruction])
		held[file] = of
		return nil
	})
	return held, err
}

// countFiles is how many files a run has, void ones too.
func countFiles(ctx context.Context, tx pgx.Tx, run string) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT count(*) FROM masp.payment_files WHERE run_id = $1`, run).Scan(&n)
	return n, err
}

// releaseFiles lets the files of an approved run leave.
func releaseFiles(ctx context.Context, tx pgx.Tx, run string, at time.Time) error {
	_, err := tx.Exec(ctx, `
		UPDATE masp.payment_files SET released_at = $2
		 WHERE run_id = $1 AND released_at IS NULL AND NOT void`, run, at)
	return err
}

// waitingInFiles reads the scheduled transfers that stand in the unreleased files of a run, of
// measures that run on, in their order.
func waitingInFiles(ctx context.Context, tx pgx.Tx, run string) ([]Instruction, error) {
	rows, err := tx.Query(ctx, selectInstruction+`
		 WHERE run_id = $1 AND state = 'scheduled'
		   AND (SELECT status FROM masp.mandates m WHERE m.mandate_id = instructions.mandate_id) = 'ACTIVE'
		   AND EXISTS (SELECT FROM masp.payment_file_instructions f
		                WHERE f.instruction_id = instructions.instruction_id AND NOT f.void)
		 ORDER BY instruction_id FOR UPDATE`, run)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanInstruction)
}

// voidStoppedFiles makes the unreleased files void that hold a transfer which is not leaving, and
// answers the transfers of theirs that are.
func voidStoppedFiles(ctx context.Context, tx pgx.Tx, run string) ([]Instruction, error) {
	rows, err := tx.Query(ctx, `
		UPDATE masp.payment_files f SET void = true
		 WHERE run_id = $1 AND released_at IS NULL AND NOT void AND EXISTS (
		       SELECT FROM masp.payment_file_instructions fi JOIN masp.instructions i USING (instruction_id)
		        WHERE fi.file_id = f.file_id AND i.posted_entry IS NULL) RETURNING file_id`, run)
	if err != nil {
		return nil, err
	}
	files, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil || len(files) == 0 {
		return nil, err
	}
	_, err = tx.Exec(ctx, `UPDATE masp.payment_file_instructions SET void = true WHERE file_id = ANY ($1)`, files)
	if err != nil {
		return nil, err
	}
	rows, err = tx.Query(ctx, selectInstruction+`
		 WHERE posted_entry IS NOT NULL
		   AND instruction_id IN (SELECT instruction_id FROM masp.payment_file_instructions WHERE file_id = ANY ($1))
		 ORDER BY instruction_id`, files)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanInstruction)
}

// inNoFile keeps the transfers that stand in no file.
func inNoFile(ctx context.Context, tx pgx.Tx, transfers []Instruction) ([]Instruction, error) {
	ids := make([]int64, len(transfers))
	for i, t := range transfers {
		ids[i] = t.ID
	}
	rows, err := tx.Query(ctx, `
		SELECT instruction_id FROM masp.payment_file_instructions WHERE NOT void AND instruction_id = ANY ($1)`, ids)
	if err != nil {
		return nil, err
	}
	filed := make(map[int64]bool)
	var id int64
	_, err = pgx.ForEachRow(rows, []any{&id}, func() error { filed[id] = true; return nil })
	return slices.DeleteFunc(transfers, func(t Instruction) bool { return filed[t.ID] }), err
}

// countToHandOver is how many files have left without being handed over.
func countToHandOver(ctx context.Context, tx pgx.Tx, run string) (n int, err error) {
	err = tx.QueryRow(ctx, `
		SELECT count(*) FROM masp.payment_files
		 WHERE run_id = $1 AND released_at IS NOT NULL AND handed_over_at IS NULL AND NOT void`, run).Scan(&n)
	return n, err
}

// replacementWaits tells whether a file that took the place of one that had left is still to be handed
// over, and nobody has written the files of the run out since.
func replacementWaits(ctx context.Context, tx pgx.Tx, run string) (waits bool, err error) {
	err = tx.QueryRow(ctx, `
		SELECT EXISTS (
		       SELECT FROM masp.payment_files f JOIN masp.payment_files v USING (run_id, execute_on, pain_version)
		        WHERE f.run_id = $1 AND NOT f.void AND f.released_at IS NOT NULL AND f.handed_over_at IS NULL
		          AND v.void AND v.released_at IS NOT NULL AND v.file_id < f.file_id)
		   AND (SELECT coalesce(max(act_no) FILTER (WHERE act IN ('void_file', 'cancel_transfer')), 0)
		             > coalesce(max(act_no) FILTER (WHERE act = 'file'), 0) FROM masp.run_acts WHERE run_id = $1)`, run).Scan(&waits)
	return waits, err
}

// handOverFiles notes that the bank has every released file of a run.
func handOverFiles(ctx context.Context, tx pgx.Tx, run string, at time.Time) error {
	_, err := tx.Exec(ctx, `
		UPDATE masp.payment_files SET handed_over_at = $2
		 WHERE run_id = $1 AND released_at IS NOT NULL AND handed_over_at IS NULL AND NOT void`, run, at)
	return err
}

// voidFiles makes the unreleased files of a cancelled run worthless.
func voidFiles(ctx context.Context, tx pgx.Tx, run string) error {
	_, err := tx.Exec(ctx, `
		UPDATE masp.payment_files SET void = true WHERE run_id = $1 AND released_at IS NULL AND NOT void`, run)
	if err != nil {
		return fmt.Errorf("void the files of run %s: %w", run, err)
	}
	_, err = tx.Exec(ctx, `
		UPDATE masp.payment_file_instructions i SET void = true
		  FROM masp.payment_files f WHERE f.file_id = i.file_id AND f.run_id = $1 AND f.void AND NOT i.void`, run)
	if err != nil {
		return fmt.Errorf("void the files of run %s: %w", run, err)
	}
	return nil
}
