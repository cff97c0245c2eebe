package imports

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// statusRow is one thing that a pain.002 says, of one of our transfers or of the whole.
type statusRow struct {
	transfer                      int64  // 0: of no single transfer of ours
	about                         string // message of ours
	message, status, reason, text string
}

// insertStatus keeps what a report says, word for word.
func insertStatus(ctx context.Context, tx pgx.Tx, file int64, rows []statusRow) error {
	batch := &pgx.Batch{}
	for _, r := range rows {
		batch.Queue(`
			INSERT INTO masp.status_reports (file_id, instruction_id, message_id, about, status, reason, text, at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, masp.now())`,
			file, numberOrNull(r.transfer), r.message, r.about, r.status, r.reason, shorten(r.text, 1000))
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("store the status of transfers: %w", err)
	}
	return nil
}
