package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"masp/ledger/chain"
)

// lockBooks takes the lock of the books in the caller's transaction and reads what deciding on these
// entries needs. The lock is held until the transaction ends.
func lockBooks(ctx context.Context, tx pgx.Tx, entries []*Entry) (*books, error) {
	codes, sources, undone := wanted(entries)
	const query = `
		SELECT at, today, last_entry, last_account, last_posted_on, closed_through, head,
		       journal_codes, journal_nos,
		       account_codes, account_ids, account_seqs, account_debits, account_credits,
		       known_sources, known_nos, known_journal_nos, known_hashes, undone_nos
		  FROM masp.lock_books($1, $2, $3)`
	var (
		at                                    time.Time
		accountCodes, journalCodes, knownKeys []string
		journalNos, ids, seqs, debits         []int64
		credits, nos, inJournal, gone         []int64
		hashes                                [][]byte
	)
	b := &books{
		journals: make(map[Journal]int64, 3), accounts: make(map[Code]*account, len(codes)),
		known: make(map[string]known, len(entries)), undone: map[int64]bool{},
	}
	err := tx.QueryRow(ctx, query, codes, sources, undone).Scan(
		&at, &b.today, &b.lastEntry, &b.lastAccount, &b.lastPosted, &b.closedThrough, &b.head,
		&journalCodes, &journalNos, &accountCodes, &ids, &seqs, &debits, &credits,
		&knownKeys, &nos, &inJournal, &hashes, &gone)
	if err != nil {
		return nil, fmt.Errorf("lock the books: %w", err)
	}
	b.at = at.UnixMicro()
	for i, code := range journalCodes {
		b.journals[Journal(code)] = journalNos[i]
	}
	for i, code := range accountCodes {
		b.accounts[Code(code)] = &account{
			code: code, floored: Code(code).hasFloor(),
			id: ids[i], seq: seqs[i], debit: debits[i], credit: credits[i],
		}
	}
	for i, key := range knownKeys {
		b.known[key] = known{nos[i], inJournal[i], chain.Hash(hashes[i])}
	}
	for _, no := range gone {
		b.undone[no] = true
	}
	return b, nil
}

// wanted lists the accounts (once each), sources and reversed entries of a batch.
func wanted(entries []*Entry) (codes, sources []string, undone []int64) {
	seen := make(map[Code]bool, len(entries))
	sources = make([]string, 0, len(entries))
	for _, e := range entries {
		sources = append(sources, e.Source)
		if e.Reverses > 0 {
			undone = append(undone, e.Reverses)
		}
		for _, p := range e.Postings {
			for _, code := range [2]Code{p.Debit, p.Credit} {
				if !seen[code] {
					seen[code] = true
					codes = append(codes, string(code))
				}
			}
		}
	}
	return codes, sources, undone
}

const postBatch = `SELECT masp.post_batch($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
	$15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29)`

// microsToPostgres is the number of microseconds from 1970 to 2000, where its instants begin.
const microsToPostgres = daysToPostgres * secondsPerDay * 1_000_000

// write stores a gathered batch: entries, texts, postings, balances, seal and head.
func (b *batch) write(ctx context.Context, tx pgx.Tx, on *books) error {
	conn := tx.Conn()
	statement, err := conn.Prepare(ctx, "masp post_batch", postBatch)
	if err != nil {
		return fmt.Errorf("post a batch: %w", err)
	}
	at := appendInt8(nil, on.at-microsToPostgres)
	root := b.tree.Root()
	values := [][]byte{
		on.head[:], at, root[:], b.newCodes.value(),
		b.journals.once(), b.journalNos.value(), b.kinds.once(), b.hubs.once(),
		b.posted.once(), b.booked.once(), b.value.once(), b.lineCounts.once(),
		b.sources.value(), b.actors.once(), b.reversed.once(), b.contents.value(),
		b.commitments.value(), b.leaves.value(), b.saltColumn.value(), b.labels.value(),
		b.lineEntries.value(), b.lineNos.once(), b.debits.value(), b.credits.value(),
		b.amounts.value(), b.debitSeqs.value(), b.debitAfters.value(),
		b.creditSeqs.value(), b.creditAfters.value(),
	}
	binary := []int16{1}
	result := conn.PgConn().ExecPrepared(ctx, statement.Name, values, binary, binary).Read()
	if refused, ok := errors.AsType[*pgconn.PgError](result.Err); ok && refused.Code == "MA070" {
		return fmt.Errorf("post a batch: %w (%s)", ErrLocked, refused.Message)
	}
	if result.Err != nil {
		return fmt.Errorf("post a batch: %w", result.Err)
	}
	if len(result.Rows) != 1 || len(result.Rows[0][0]) != len(on.head) {
		return errors.New("post a batch: no head returned")
	}
	copy(on.head[:], result.Rows[0][0])
	return nil
}

// retryable tells whether a whole transaction may be tried again: the database gave up on it to
// resolve a deadlock or to restart, or the connection was lost. A commit whose answer was lost is
// recognised by the second try, because every entry has a source.
func retryable(err error) bool {
	var refused *pgconn.PgError
	if !errors.As(err, &refused) {
		return !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded)
	}
	switch refused.Code {
	case "40001", "40P01", "57P01", "57P02", "57P03":
		return true
	}
	return false
}
