package export

import (
	"context"
	"encoding/binary"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// stretchSize is how many entries are read at once: the bound of the memory of an export.
const stretchSize = 8192

// stretch is some entries in memory, with the slices of the one that was there before.
type stretch struct {
	entries  []entry
	postings []posting
	texts    []byte
}

// The statements of a stretch. The rows come in binary, decoded by hand: the general decoder takes
// longer than the writing.
const (
	rowColumns = `
	SELECT p.entry_no, p.debit_account, p.credit_account, p.amount_cents,
	       e.journal_no, e.reverses, e.created_at, e.posted_on, e.booked_on, e.value_on,
	       e.hub, e.journal, e.kind, e.source, e.actor, t.label`

	// Each table in the order of its key: the planner merges them, with statistics or without. Left
	// alone it takes the three ranges for independent, expects few rows and looks up each.
	rowsOfAll = rowColumns + `
	  FROM (SELECT * FROM masp.postings WHERE entry_no BETWEEN $1 AND $2 ORDER BY entry_no, line_no OFFSET 0) p
	  JOIN (SELECT * FROM masp.entries WHERE entry_no BETWEEN $1 AND $2 ORDER BY entry_no OFFSET 0) e ON e.entry_no = p.entry_no
	  LEFT JOIN (SELECT * FROM masp.entry_texts WHERE entry_no BETWEEN $1 AND $2 ORDER BY entry_no OFFSET 0) t ON t.entry_no = p.entry_no
	 ORDER BY p.entry_no, p.line_no`

	// Of few postings the entries are looked up.
	rowsOfSome = rowColumns + `
	  FROM masp.postings p
	  JOIN masp.entries e ON e.entry_no = p.entry_no
	  LEFT JOIN masp.entry_texts t ON t.entry_no = p.entry_no
	 WHERE p.entry_no BETWEEN $1 AND $2`
	inOrder = ` ORDER BY p.entry_no, p.line_no`
)

// stream gives the entries of a scope, stretch by stretch: the next one is read while this one is
// written. The transaction is idle again when stream returns.
func (sc *scope) stream(
	ctx context.Context, tx pgx.Tx, accounts map[int64]*account, lines int64, write func([]entry) error,
) error {
	full, free, failed := make(chan *stretch), make(chan *stretch, 2), make(chan error, 1)
	free <- &stretch{}
	free <- &stretch{}
	go func() {
		defer close(full)
		failed <- sc.read(ctx, tx, accounts, lines, full, free)
	}()
	var broken error
	for s := range full {
		if broken == nil {
			broken = write(s.entries)
			if broken != nil {
				close(free) // the reader stops
			}
		}
		if broken == nil {
			free <- s
		}
	}
	if err := <-failed; broken == nil {
		return err
	}
	return broken
}

// read reads stretch after stretch into free ones, until there is none.
func (sc *scope) read(
	ctx context.Context, tx pgx.Tx, accounts map[int64]*account, lines int64, full chan<- *stretch, free <-chan *stretch,
) error {
	step := int64(stretchSize)
	if lines <= stretchSize { // of few lines far apart: one question
		step = max(sc.last, 1)
	}
	for first := sc.first; first <= sc.last && lines > 0; first += step {
		s, open := <-free
		if !open {
			return nil
		}
		if err := s.load(ctx, tx, sc, accounts, first, min(first+step-1, sc.last)); err != nil {
			return fmt.Errorf("read entries from %d on: %w", first, err)
		}
		full <- s
	}
	return nil
}

// load reads the entries of a range.
func (s *stretch) load(
	ctx context.Context, tx pgx.Tx, sc *scope, accounts map[int64]*account, first, last int64,
) error {
	s.entries, s.postings, s.texts = s.entries[:0], s.postings[:0], s.texts[:0]
	query, args := rowsOfAll, [][]byte{wire8(first), wire8(last)}
	switch {
	case sc.persons:
		query, args = rowsOfSome+ofPersons+inOrder, append(args, wire4s(sc.accounts))
	case sc.restricted:
		query = rowsOfSome + inOrder
	}
	binaries := []int16{1}
	result := tx.Conn().PgConn().ExecParams(ctx, query, args, nil, binaries, binaries)
	var hidden error
	for result.NextRow() {
		if hidden == nil {
			hidden = s.take(result.Values(), accounts)
		}
	}
	if _, err := result.Close(); err != nil {
		return err
	}
	for i := range s.entries {
		e := &s.entries[i]
		e.postings = s.postings[e.firstPosting : e.firstPosting+e.nPostings]
	}
	return hidden
}

// take keeps one row: a posting, and its entry when it is the first one of it.
func (s *stretch) take(row [][]byte, accounts map[int64]*account) error {
	no, debit, credit := int8Of(row[0]), accounts[int4Of(row[1])], accounts[int4Of(row[2])]
	if debit == nil || credit == nil {
		return fmt.Errorf("an account of entry %d is hidden from this reader", no)
	}
	debit.used, credit.used = true, true
	s.postings = append(s.postings, posting{debit, credit, int8Of(row[3])})
	if n := len(s.entries); n > 0 && s.entries[n-1].no == no {
		s.entries[n-1].nPostings++
		return nil
	}
	s.entries = append(s.entries, entry{
		no: no, inNo: int8Of(row[4]), reverses: int8Of(row[5]), at: int8Of(row[6]),
		posted: dayOf(row[7]), booked: dayOf(row[8]), value: dayOf(row[9]),
		hubIsDebit: string(row[10]) == "D", journal: s.keep(row[11]), kind: s.keep(row[12]),
		source: s.keep(row[13]), actor: s.keep(row[14]), label: s.keep(row[15]),
		firstPosting: len(s.postings) - 1, nPostings: 1,
	})
	return nil
}

// keep copies a text that is valid until the next row only.
func (s *stretch) keep(text []byte) []byte {
	at := len(s.texts)
	s.texts = append(s.texts, text...)
	return s.texts[at:len(s.texts):len(s.texts)]
}

func wire8(n int64) []byte {
	return binary.BigEndian.AppendUint64(nil, uint64(n)) //nolint:gosec // two's complement, as PostgreSQL reads it
}

// wire4s is an array of four-byte integers as PostgreSQL reads it.
func wire4s(list []int32) []byte {
	const oid = 23
	b := make([]byte, 0, 20+8*len(list))
	for _, n := range []int{1, 0, oid, len(list), 1} { // dimensions, NULLs, type, length, first index
		b = binary.BigEndian.AppendUint32(b, uint32(n)) //nolint:gosec // a few thousand accounts
	}
	for _, n := range list {
		b = binary.BigEndian.AppendUint32(b, 4)
		b = binary.BigEndian.AppendUint32(b, uint32(n)) //nolint:gosec // two's complement, as PostgreSQL reads it
	}
	return b
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

func dayOf(b []byte) day {
	if b == nil {
		return noDay
	}
	return day(int32(binary.BigEndian.Uint32(b))) //nolint:gosec // two's complement, as PostgreSQL sends it
}
