package imports

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"masp/imports/bankfile"
	"masp/ledger"
)

// partSize is the size of the pieces in which a file is stored, in bytes.
const partSize = 1 << 20

// fileRow is a file as it is stored.
type fileRow struct {
	name    string
	bytes   *spool
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
	reasons, err := json.Marshal(f.reasons)
	if err != nil {
		return storedFile{}, fmt.Errorf("write reasons: %w", err)
	}
	var s storedFile
	var archive int64
	if f.bytes.from != nil {
		archive = f.bytes.from.id
	}
	err = tx.QueryRow(
		ctx,
		`
		INSERT INTO masp.bank_files (name, sha256, size, format, outcome, reasons, received_at, received_by, archive_id)
		VALUES ($1, $2, $3, $4, $5, $6, masp.now(), $7, $8)
		ON CONFLICT ON CONSTRAINT bank_file_once DO NOTHING
		RETURNING file_id, received_at`,
		f.name,
		f.bytes.hash[:],
		f.bytes.size,
		f.format,
		f.outcome.String(),
		string(reasons),
		f.by,
		numberOrNull(archive),
	).Scan(&s.id, &s.at)
	if err == nil {
		return s, insertParts(ctx, tx, s.id, f.bytes.reader())
	}
	if errors.Is(err, pgx.ErrNoRows) {
		s.known = true
		err = tx.QueryRow(ctx, `SELECT file_id, received_at FROM masp.bank_files WHERE sha256 = $1`,
			f.bytes.hash[:]).Scan(&s.id, &s.at)
	}
	if err != nil {
		return storedFile{}, fmt.Errorf("store bank file: %w", err)
	}
	return s, nil
}

// insertParts stores the bytes of a file, one piece in memory at a time.
func insertParts(ctx context.Context, tx pgx.Tx, file int64, content io.Reader) error {
	piece := make([]byte, partSize)
	no := 0
	_, err := tx.CopyFrom(
		ctx, pgx.Identifier{"masp", "bank_file_parts"}, []string{"file_id", "no", "content", "sha256"},
		pgx.CopyFromFunc(func() ([]any, error) {
			n, err := io.ReadFull(content, piece)
			if n == 0 && errors.Is(err, io.EOF) {
				return nil, nil
			}
			if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
				return nil, err
			}
			no++
			digest := sha256.Sum256(piece[:n])
			return []any{file, no, piece[:n], digest[:]}, nil
		}),
	)
	if err != nil {
		return fmt.Errorf("store the bytes of bank file %d: %w", file, err)
	}
	return nil
}

// partsReader reads a stored file, one piece in memory at a time, in whatever transaction is at
// hand when it needs the next one.
type partsReader struct {
	ctx  context.Context
	in   func() ledger.Querier
	file int64
	no   int
	rest []byte
}

func (r *partsReader) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		r.no++
		err := r.in().QueryRow(
			r.ctx, `SELECT content FROM masp.bank_file_parts WHERE file_id = $1 AND no = $2`, r.file, r.no,
		).Scan(&r.rest)
		if errors.Is(err, pgx.ErrNoRows) {
			return 0, io.EOF
		}
		if err != nil {
			return 0, fmt.Errorf("read piece %d of bank file %d: %w", r.no, r.file, err)
		}
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// checkFiles proves that the bytes of every file are those that came.
func checkFiles(ctx context.Context, tx pgx.Tx, report func(ledger.Finding)) error {
	rows, err := tx.Query(ctx, `
		SELECT f.file_id, f.sha256, f.size, coalesce(p.no, 0), coalesce(p.content, ''), coalesce(p.sha256, '')
		  FROM masp.bank_files f LEFT JOIN masp.bank_file_parts p USING (file_id) ORDER BY f.file_id, p.no`)
	if err != nil {
		return fmt.Errorf("check the bytes of bank files: %w", err)
	}
	var of, next wholeFile
	var no int
	var content, hash pgtype.DriverBytes
	judge := func() {
		if of.id != 0 && !of.same() {
			report(ledger.Finding{
				Code: "FILE_CHANGED", Place: fmt.Sprintf("bank_files %d", of.id),
				Text: "les octets du fichier ne sont plus ceux qui sont arrivés",
			})
		}
	}
	_, err = pgx.ForEachRow(rows, []any{&next.id, &next.hash, &next.size, &no, &content, &hash}, func() error {
		if next.id != of.id {
			judge()
			of = wholeFile{id: next.id, hash: next.hash, size: next.size, digest: sha256.New()}
		}
		of.add(no, content, hash)
		return nil
	})
	if err != nil {
		return fmt.Errorf("check the bytes of bank files: %w", err)
	}
	judge()
	return nil
}

// wholeFile proves a stored file, piece after piece.
type wholeFile struct {
	id, size int64
	hash     []byte
	digest   hash.Hash
	read     int64
	pieces   int
	wrong    bool
}

func (f *wholeFile) add(no int, content, hash []byte) {
	if no == 0 {
		return // a file of no bytes
	}
	f.pieces++
	f.read += int64(len(content))
	f.digest.Write(content)
	digest := sha256.Sum256(content)
	f.wrong = f.wrong || no != f.pieces || !bytes.Equal(hash, digest[:])
}

func (f *wholeFile) same() bool {
	return !f.wrong && f.read == f.size && bytes.Equal(f.hash, f.digest.Sum(nil))
}
