package evidence

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"io"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/ledger/chain"
)

// blockSize is how many entries are in memory at once.
const blockSize = 4096

// entryRow is an entry as the chain seals it. Of one that is not in the scope only its leaf is given:
// it proves that the entry stands there, and tells nothing.
type entryRow struct {
	No   int64      `json:"no"`
	Leaf chain.Hash `json:"leaf"`
	*entryBody
}

// entryBody are the fields that the leaf is made of.
type entryBody struct {
	Journal    string     `json:"journal"`
	JournalNo  int64      `json:"journal_no"`
	Kind       string     `json:"kind"`
	Hub        string     `json:"hub"`
	PostedOn   string     `json:"posted_on"`
	BookedOn   string     `json:"booked_on,omitempty"`
	ValueOn    string     `json:"value_on,omitempty"`
	Source     string     `json:"source"`
	Content    chain.Hash `json:"content"`
	Reverses   int64      `json:"reverses,omitempty"`
	Actor      string     `json:"actor"`
	Commitment chain.Hash `json:"commitment"`
	At         string     `json:"at"`
	Salt       string     `json:"salt,omitempty"` // of the label; none once that is erased
	Label      *string    `json:"label,omitempty"`
	LineCount  int64      `json:"line_count"`
	// Partial: the other lines are of persons outside the scope. Leaf and content cannot be made again.
	Partial bool      `json:"partial,omitempty"`
	Lines   []lineRow `json:"lines"`
	inScope bool
}

// lineRow is a posting: cents, and the number and balance (debit positive) of both accounts after it.
type lineRow struct {
	No          int64  `json:"no"`
	Debit       string `json:"debit"`
	Credit      string `json:"credit"`
	Cents       int64  `json:"cents"`
	DebitSeq    int64  `json:"debit_seq"`
	DebitAfter  int64  `json:"debit_after"`
	CreditSeq   int64  `json:"credit_seq"`
	CreditAfter int64  `json:"credit_after"`
}

const (
	entriesOf = `
		SELECT e.entry_no, e.leaf, e.journal, e.journal_no, e.kind, e.hub, to_char(e.posted_on, 'YYYY-MM-DD'),
		       coalesce(to_char(e.booked_on, 'YYYY-MM-DD'), ''), coalesce(to_char(e.value_on, 'YYYY-MM-DD'), ''), e.source,
		       e.content_hash, coalesce(e.reverses, 0), e.actor, e.label_commitment, e.created_at, t.salt, t.label, e.line_count
		  FROM masp.entries e LEFT JOIN masp.entry_texts t ON t.entry_no = e.entry_no AND t.entry_no BETWEEN $1 AND $2
		 WHERE e.entry_no BETWEEN $1 AND $2 ORDER BY e.entry_no`
	linesOf = `
		SELECT entry_no, line_no, debit_account, credit_account, amount_cents, debit_seq, debit_after, credit_seq, credit_after
		  FROM masp.postings WHERE entry_no BETWEEN $1 AND $2 ORDER BY entry_no, line_no`
)

// writeEntries writes the entries of the batches of the period, block by block.
func (s *scope) writeEntries(ctx context.Context, tx pgx.Tx, out io.Writer, progress func(done, of int64)) (int64, error) {
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	var written int64
	for first := s.books.From; first <= s.books.To; first += blockSize {
		block, err := s.readBlock(ctx, tx, first, min(first+blockSize-1, s.books.To))
		if err != nil {
			return written, err
		}
		for i := range block {
			if !block[i].inScope || block[i].No < s.first || block[i].No > s.last {
				block[i].entryBody = nil
			}
			if err := lines.Encode(&block[i]); err != nil {
				return written, err
			}
			written++
		}
		if progress != nil {
			progress(written, s.books.To-s.books.From+1)
		}
	}
	return written, nil
}

func (s *scope) readBlock(ctx context.Context, tx pgx.Tx, first, last int64) ([]entryRow, error) {
	block := make([]entryRow, 0, last-first+1)
	rows, err := tx.Query(ctx, entriesOf, first, last)
	if err != nil {
		return nil, err
	}
	places := make(map[int64]int, last-first+1)
	for rows.Next() {
		e := entryRow{entryBody: &entryBody{}}
		var at time.Time
		var salt []byte
		err := rows.Scan(&e.No, &e.Leaf, &e.Journal, &e.JournalNo, &e.Kind, &e.Hub, &e.PostedOn, &e.BookedOn, &e.ValueOn, &e.Source,
			&e.Content, &e.Reverses, &e.Actor, &e.Commitment, &at, &salt, &e.Label, &e.LineCount)
		if err != nil {
			rows.Close()
			return nil, err
		}
		e.At, e.Salt = at.UTC().Format(instant), hex.EncodeToString(salt)
		places[e.No] = len(block)
		block = append(block, e)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return block, s.readLines(ctx, tx, first, last, block, places)
}

// readLines gives the entries their lines: all of them, or in a scope of persons their own.
func (s *scope) readLines(ctx context.Context, tx pgx.Tx, first, last int64, block []entryRow, places map[int64]int) error {
	rows, err := tx.Query(ctx, linesOf, first, last)
	if err != nil {
		return err
	}
	var no int64
	var debit, credit int32
	var l lineRow
	into := []any{&no, &l.No, &debit, &credit, &l.Cents, &l.DebitSeq, &l.DebitAfter, &l.CreditSeq, &l.CreditAfter}
	_, err = pgx.ForEachRow(rows, into, func() error {
		at, known := places[no]
		if !known {
			return nil // masp verify names it
		}
		e, d, c := &block[at], s.accounts[debit], s.accounts[credit]
		l.Debit, l.Credit = d.code, c.code
		switch {
		case s.whole() || d.ours || c.ours:
			e.Lines, e.inScope = append(e.Lines, l), true
		case d.person || c.person:
			e.Partial = true
		default:
			e.Lines = append(e.Lines, l) // between accounts of the house
		}
		return nil
	})
	return err
}

// writeSeals writes the batches from that of the first entry to the end of the books.
func (s *scope) writeSeals(ctx context.Context, tx pgx.Tx, out io.Writer) (int64, error) {
	rows, err := tx.Query(ctx, `SELECT batch_no, first_entry, last_entry, sealed_at, merkle_root, head
		FROM masp.seals WHERE batch_no BETWEEN $1 AND $2 ORDER BY batch_no`, s.seals.From, s.seals.To)
	if err != nil {
		return 0, err
	}
	var row struct {
		Batch int64      `json:"batch"`
		First int64      `json:"first"`
		Last  int64      `json:"last"`
		At    string     `json:"at"`
		Root  chain.Hash `json:"root"`
		Head  chain.Hash `json:"head"`
	}
	var at time.Time
	var n int64
	lines := json.NewEncoder(out)
	_, err = pgx.ForEachRow(rows, []any{&row.Batch, &row.First, &row.Last, &at, &row.Root, &row.Head}, func() error {
		n++
		row.At = at.UTC().Format(instant)
		return lines.Encode(row)
	})
	return n, err
}
