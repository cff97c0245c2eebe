package imports

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/imports/bankfile"
)

// fileRow is a file as it is stored.
type fileRow struct {
	name    string
	raw     []byte
	format  string
	outcome bankfile.Outcome
	reasons []bankfile.Reason
	by      string
}

// storedFile says where a file is, and whether it was there before.
type storedFile struct {
	id    int64
	at    time.Time
	known bool
}

// insertFile stores the original, or finds the same bytes. Two at once: the second waits for
// the first and finds it.
func insertFile(ctx context.Context, tx pgx.Tx, f fileRow) (storedFile, error) {
	digest := sha256.Sum256(f.raw)
	reasons, err := json.Marshal(f.reasons)
	if err != nil {
		return storedFile{}, fmt.Errorf("write reasons: %w", err)
	}
	var s storedFile
	err = tx.QueryRow(
		ctx,
		`
		INSERT INTO masp.bank_files (name, sha256, content, format, outcome, reasons, received_at, received_by)
		VALUES ($1, $2, $3, $4, $5, $6, masp.now(), $7)
		ON CONFLICT ON CONSTRAINT bank_file_once DO NOTHING
		RETURNING file_id, received_at`,
		f.name,
		digest[:],
		f.raw,
		f.format,
		f.outcome.String(),
		string(reasons),
		f.by,
	).Scan(&s.id, &s.at)
	if errors.Is(err, pgx.ErrNoRows) {
		s.known = true
		err = tx.QueryRow(ctx, `SELECT file_id, received_at FROM masp.bank_files WHERE sha256 = $1`,
			digest[:]).Scan(&s.id, &s.at)
	}
	if err != nil {
		return storedFile{}, fmt.Errorf("store bank file: %w", err)
	}
	return s, nil
}

// originalOf reads the bytes of the file of a statement, and its place in it.
func originalOf(
	ctx context.Context, tx pgx.Tx, statement int64,
) (raw []byte, ordinal int, err error) {
	err = tx.QueryRow(ctx, `
		SELECT f.content, s.ordinal FROM masp.bank_statements s JOIN masp.bank_files f USING (file_id)
		 WHERE s.statement_id = $1`, statement).Scan(&raw, &ordinal)
	if err != nil {
		return nil, 0, fmt.Errorf("read the file of statement %d: %w", statement, err)
	}
	return raw, ordinal, nil
}
