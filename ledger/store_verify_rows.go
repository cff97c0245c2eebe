package ledger

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"

	"github.com/jackc/pgx/v5"

	"masp/ledger/chain"
)

// blockSize is how many entries are read at once: the bound of the memory of a verification.
const blockSize = 8192

// block is a stretch of the books in memory, with the slices of the one before it.
type block struct {
	entries []storedEntry
	lines   []storedLine
	seals   []seal // the next ones: no block has more seals than entries
	last    int64
	free    chan<- *block
}

// The statements of a block; the rows come in binary, decoded by hand: the general decoder takes
// longer than the hashing.
const (
	entriesOfBlock = `
		SELECT e.entry_no, e.journal_no, e.reverses, e.created_at, e.posted_on, e.booked_on, e.value_on,
		       e.line_count, e.hash_version, e.journal, e.kind, e.hub, e.source, e.actor,
		       e.content_hash, e.label_commitment, e.leaf, t.salt, t.label
		  FROM masp.entries e
		  LEFT JOIN masp.entry_texts t ON t.entry_no = e.entry_no AND t.entry_no BETWEEN $1 AND $2
		 WHERE e.entry_no BETWEEN $1 AND $2 ORDER BY e.entry_no`
	linesOfBlock = `
		SELECT entry_no, line_no, debit_account, credit_account, amount_cents,
		       debit_seq, debit_after, credit_seq, credit_after
		  FROM masp.postings WHERE entry_no BETWEEN $1 AND $2 ORDER BY entry_no, line_no`
	sealsOfBlock = `
		SELECT batch_no, first_entry, last_entry, sealed_at, merkle_root, head
		  FROM masp.seals WHERE batch_no > $1 ORDER BY batch_no LIMIT $2`
)

// readBooks reads all entries, block by block.
func (v *verifier) readBooks(ctx context.Context, tx pgx.Tx, progress func(entries, of int64)) error {
	last, err := v.lastEntry(ctx, tx)
	if err != nil {
		return err
	}
	if err := v.checkOutside(ctx, tx, last); err != nil {
		return err
	}
	blocks, failed := readAhead(ctx, tx, last)
	for b := range blocks {
		v.readBlock(b)
		if progress != nil {
			progress(min(b.last, last), last)
		}
		b.free <- b
	}
	if err := <-failed; err != nil {
		return err
	}
	v.sealUpTo(math.MaxInt64) // seals of entries that are not there
	return nil
}

// readAhead reads the books block by block: the next one while this one is verified. Each block goes
// back by its channel when it is done with. The transaction is idle again when failed has answered.
func readAhead(ctx context.Context, tx pgx.Tx, last int64) (blocks <-chan *block, failed <-chan error) {
	out, errs, free := make(chan *block), make(chan error, 1), make(chan *block, 2)
	free <- &block{free: free}
	free <- &block{free: free}
	go func() {
		defer close(out)
		batch := int64(math.MinInt64) // of the last seal read
		for first := int64(1); first <= last; first += blockSize {
			b := <-free
			if err := b.load(ctx, tx, first, batch); err != nil {
				errs <- err
				return
			}
			if n := len(b.seals); n > 0 {
				batch = b.seals[n-1].batch
			}
			out <- b
		}
		errs <- nil
	}()
	return out, errs
}

// lastEntry is the last number that any table of the books knows of: the end that was cut off one of
// them stands out. A number far beyond the rows is not followed.
func (v *verifier) lastEntry(ctx context.Context, tx pgx.Tx) (int64, error) {
	var last int64
	err := tx.QueryRow(ctx, `SELECT greatest(
		(SELECT max(last_entry) FROM masp.chain_heads),
		(SELECT last_entry FROM masp.seals ORDER BY batch_no DESC LIMIT 1), 0)`).Scan(&last)
	if err != nil {
		return 0, err
	}
	var count int64
	if err := tx.QueryRow(ctx, `SELECT count(*) FROM masp.entries`).Scan(&count); err != nil {
		return 0, err
	}
	return min(last, count+maxMissing), nil
}

// maxMissing bounds how far a forged number is followed.
const maxMissing = 1_000_000

// checkOutside finds rows whose number lies beyond the books.
func (v *verifier) checkOutside(ctx context.Context, tx pgx.Tx, last int64) error {
	for _, table := range []string{"entries", "entry_texts", "postings"} {
		var no int64
		query := fmt.Sprintf(`SELECT coalesce(
			(SELECT min(entry_no) FROM masp.%[1]s WHERE entry_no < 1),
			(SELECT min(entry_no) FROM masp.%[1]s WHERE entry_no > $1), 0)`, table)
		if err := tx.QueryRow(ctx, query, last).Scan(&no); err != nil {
			return err
		}
		if no != 0 {
			v.found(foundEntryOutside, placeOf(table, no), "la ligne n'appartient à aucun lot")
		}
	}
	return nil
}

// readBlock gives the entries of a block with their lines to the verifier, and each seal after the
// last entry that it covers.
func (v *verifier) readBlock(b *block) {
	v.seals = append(v.seals, b.seals...)
	at := 0
	for i := range b.entries {
		e := &b.entries[i]
		for at < len(b.lines) && b.lines[at].entry < e.no {
			at++ // lines of an entry that is missing: read reports it
		}
		end := at
		for end < len(b.lines) && b.lines[end].entry == e.no {
			end++
		}
		v.read(e, b.lines[at:end])
		at = end
		v.sealUpTo(e.no)
	}
	for ; at < len(b.lines); at++ {
		v.found(foundLines, placeOf("postings", key(&b.lines[at])), "la ligne n'a pas d'écriture")
	}
}

// sealUpTo takes the seals that end at or before an entry.
func (v *verifier) sealUpTo(entry int64) {
	for len(v.seals) > 0 && v.seals[0].last <= entry {
		v.seal(&v.seals[0])
		v.seals = v.seals[1:]
	}
}

// load reads the entries from first on, their lines, and the seals after a batch.
func (b *block) load(ctx context.Context, tx pgx.Tx, first, batch int64) error {
	b.entries, b.lines, b.seals = b.entries[:0], b.lines[:0], b.seals[:0]
	b.last = first + blockSize - 1
	err := readRows(ctx, tx, entriesOfBlock, [2]int64{first, b.last}, func(row [][]byte) {
		b.entries = append(b.entries, decodeEntry(row))
	})
	if err != nil {
		return err
	}
	err = readRows(ctx, tx, linesOfBlock, [2]int64{first, b.last}, func(row [][]byte) {
		b.lines = append(b.lines, storedLine{
			entry: int8Of(row[0]), no: int4Of(row[1]), debit: int4Of(row[2]), credit: int4Of(row[3]),
			line: line{
				amount: int8Of(row[4]), debitSeq: int4Of(row[5]), debitAfter: int8Of(row[6]),
				creditSeq: int4Of(row[7]), creditAfter: int8Of(row[8]),
			},
		})
	})
	if err != nil {
		return err
	}
	return readRows(ctx, tx, sealsOfBlock, [2]int64{batch, blockSize}, func(row [][]byte) {
		b.seals = append(b.seals, seal{
			int8Of(row[0]), int8Of(row[1]), int8Of(row[2]), microsOf(row[3]), hashOf(row[4]), hashOf(row[5]),
		})
	})
}

func decodeEntry(row [][]byte) storedEntry {
	return storedEntry{
		record: record{
			no: int8Of(row[0]), journalNo: int8Of(row[1]), reverses: int8Of(row[2]), at: microsOf(row[3]),
			posted: dayOfRow(row[4]), booked: dayOfRow(row[5]), value: dayOfRow(row[6]),
			journal: string(row[9]), kind: string(row[10]), hub: string(row[11]),
			source: string(row[12]), actor: string(row[13]),
			content: hashOf(row[14]), commitment: hashOf(row[15]),
		},
		lineCount: int4Of(row[7]), version: int64(binary.BigEndian.Uint16(row[8])), leaf: hashOf(row[16]),
		salt: append([]byte(nil), row[17]...), label: append([]byte(nil), row[18]...),
	}
}

// readRows runs a statement with two numbers and gives each row, valid until the next one.
func readRows(ctx context.Context, tx pgx.Tx, query string, args [2]int64, yield func([][]byte)) error {
	conn := tx.Conn()
	statement, err := conn.Prepare(ctx, query, query)
	if err != nil {
		return err
	}
	values := [][]byte{appendInt8(nil, args[0]), appendInt8(nil, args[1])}
	format := []int16{1}
	result := conn.PgConn().ExecPrepared(ctx, statement.Name, values, format, format)
	for result.NextRow() {
		yield(result.Values())
	}
	_, err = result.Close()
	return err
}

func int8Of(b []byte) int64 {
	if b == nil {
		return 0
	}
	return int64(binary.BigEndian.Uint64(b)) //nolint:gosec // two's complement, as PostgreSQL sends it
}

func int4Of(b []byte) int64 {
	return int64(int32(binary.BigEndian.Uint32(b))) //nolint:gosec // two's complement, as PostgreSQL sends it
}

func microsOf(b []byte) int64 { return int8Of(b) + microsToPostgres }

func dayOfRow(b []byte) int64 {
	if b == nil {
		return noDay
	}
	return int4Of(b) + daysToPostgres
}

func hashOf(b []byte) chain.Hash {
	var h chain.Hash
	if len(b) == len(h) {
		copy(h[:], b)
	}
	return h
}
