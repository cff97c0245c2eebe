package payments

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/ledger/money"
)

func insertFile(ctx context.Context, tx pgx.Tx, f PaymentFile, released bool) error {
	var id int64
	err := tx.QueryRow(ctx, `
		INSERT INTO masp.payment_files (run_id, pain_version, execute_on, message_id, name, content_hash, sha256,
		       content, transfers, total_cents, built_at, released_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, CASE WHEN $12 THEN masp.now() END)
		RETURNING file_id`,
		f.Run, f.PainVersion, f.ExecuteOn, f.MessageID, f.Name, f.ContentHash, f.SHA256,
		f.Content, f.Transfers, f.Total.Cents(), f.BuiltAt, released).Scan(&id)
	if err != nil {
		return fmt.Errorf("insert file %s: %w", f.Name, err)
	}
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"masp", "payment_file_instructions"},
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
	       transfers, total_cents, built_at, released_at, handed_over_at, void, `

func scanFile(row pgx.CollectableRow) (PaymentFile, error) {
	var f PaymentFile
	var cents int64
	var released, handed *time.Time
	err := row.Scan(&f.ID, &f.Run, &f.PainVersion, &f.ExecuteOn, &f.MessageID, &f.Name, &f.ContentHash, &f.SHA256,
		&f.Transfers, &cents, &f.BuiltAt, &released, &handed, &f.Void, &f.Content)
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
		  FROM masp.payment_files WHERE run_id = $1 AND released_at IS NOT NULL ORDER BY file_id`, run)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanFile)
}

// releaseFiles lets the files of an approved run leave.
func releaseFiles(ctx context.Context, tx pgx.Tx, run string) error {
	_, err := tx.Exec(ctx, `
		UPDATE masp.payment_files SET released_at = masp.now()
		 WHERE run_id = $1 AND released_at IS NULL AND NOT void`, run)
	return err
}

// handOverFiles notes that the bank has every released file of a run.
func handOverFiles(ctx context.Context, tx pgx.Tx, run string) (int64, error) {
	done, err := tx.Exec(ctx, `
		UPDATE masp.payment_files SET handed_over_at = masp.now()
		 WHERE run_id = $1 AND released_at IS NOT NULL AND handed_over_at IS NULL`, run)
	return done.RowsAffected(), err
}

// voidFiles makes the unreleased files of a run worthless; their instructions may stand
// in another file.
func voidFiles(ctx context.Context, tx pgx.Tx, run string) error {
	_, err := tx.Exec(ctx, `
		WITH dead AS (UPDATE masp.payment_files SET void = true
		               WHERE run_id = $1 AND released_at IS NULL AND NOT void RETURNING file_id)
		UPDATE masp.payment_file_instructions i SET void = true FROM dead WHERE i.file_id = dead.file_id`, run)
	return err
}
