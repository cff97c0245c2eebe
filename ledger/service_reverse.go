package ledger

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
)

// Reversal is the one way to correct an entry: its mirror, at most once.
type Reversal struct {
	PostedOn civil.Date // zero for today
	Source   string     // "reversal 981" when empty
	Label    string     // the label of the reversed entry when empty
	Actor    string
}

// ReverseTx writes the mirror of an entry in the caller's transaction. It keeps the journal and the
// bank's dates of the entry, so that the agreement with the bank of that day is corrected too. Like
// any entry it may not take from an account what that does not hold. A reversal can be reversed.
//
// Errors: those of PostTx, and ErrNoEntry, ErrReversed.
func (l *Ledger) ReverseTx(ctx context.Context, tx pgx.Tx, no int64, r Reversal) (Posted, error) {
	mirror, err := loadMirror(ctx, tx, no)
	if err != nil {
		return Posted{}, fmt.Errorf("reverse entry %d: %w", no, err)
	}
	mirror.PostedOn, mirror.Actor = r.PostedOn, r.Actor
	mirror.Source = r.Source
	if mirror.Source == "" {
		mirror.Source = fmt.Sprintf("reversal %d", no)
	}
	if r.Label != "" {
		mirror.Label = r.Label
	}
	posted, err := l.PostTx(ctx, tx, *mirror)
	if err != nil {
		return Posted{}, fmt.Errorf("reverse entry %d: %w", no, err)
	}
	return posted[0], nil
}

// Entry reads an entry as it was posted; ErrNoEntry when there is none.
func (l *Ledger) Entry(ctx context.Context, q Querier, no int64) (Entry, error) {
	e, err := loadEntry(ctx, q, no)
	if err != nil {
		return Entry{}, fmt.Errorf("read entry %d: %w", no, err)
	}
	return *e, nil
}

// loadMirror reads an entry with its sides exchanged. Entries never change: no lock is needed.
func loadMirror(ctx context.Context, q Querier, no int64) (*Entry, error) {
	e, err := loadEntry(ctx, q, no)
	if err != nil {
		return nil, err
	}
	for i, p := range e.Postings {
		e.Postings[i] = Posting{Debit: p.Credit, Credit: p.Debit, Amount: p.Amount}
	}
	if e.hub == debitSide {
		e.hub = creditSide
	} else {
		e.hub = debitSide
	}
	e.Kind, e.Reverses, e.mirrored = ReversalOf, no, true
	return e, nil
}

func loadEntry(ctx context.Context, q Querier, no int64) (*Entry, error) {
	e := &Entry{}
	const header = `
		SELECT e.journal, e.kind, e.posted_on, e.booked_on, e.value_on, e.source, t.label, e.actor,
		       coalesce(e.reverses, 0), e.hub
		  FROM masp.entries e JOIN masp.entry_texts t USING (entry_no)
		 WHERE e.entry_no = $1`
	err := q.QueryRow(ctx, header, no).Scan(&e.Journal, &e.Kind, &e.PostedOn, &e.BookedOn,
		&e.ValueOn, &e.Source, &e.Label, &e.Actor, &e.Reverses, &e.hub)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, ErrNoEntry
	}
	if err != nil {
		return nil, err
	}
	const lines = `
		SELECT d.code AS debit, c.code AS credit, p.amount_cents AS amount
		  FROM masp.postings p
		  JOIN masp.accounts d ON d.account_id = p.debit_account
		  JOIN masp.accounts c ON c.account_id = p.credit_account
		 WHERE p.entry_no = $1 ORDER BY p.line_no`
	rows, err := q.Query(ctx, lines, no)
	if err != nil {
		return nil, err
	}
	e.Postings, err = pgx.CollectRows(rows, pgx.RowToStructByName[Posting])
	return e, err
}
