package evidence

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/ledger/audit"
	"masp/ledger/chain"
	"masp/ledger/export"
)

// scope is what a bundle holds of the books, the acts and the reads, found once in its snapshot.
type scope struct {
	ask          Ask
	mandates     []string // nil: the whole house
	organisation string
	siren        string
	asOf         time.Time // of the last entry, act or read: the bundle of unchanged books is the same
	first, last  int64     // entries of the period
	books        stretch   // entries given, from the first batch of the period to its last one
	seals        stretch   // batches given: to the end of the books, whose head has left in the seals of the days
	acts, reads  stretch
	accounts     map[int32]account
}

// stretch is a part of a chain: from one number to another, which is the end of the chain for all
// but the entries, and the hash before the first.
type stretch struct {
	From   int64      `json:"from"`
	To     int64      `json:"to"`
	Before chain.Hash `json:"hash_before"`
	Head   chain.Hash `json:"head"` // the hash of the last
}

// account is an account as the entries name it.
type account struct {
	code   string
	person bool // money of a person (467)
	ours   bool // of a person of the scope
}

func scopeOf(ctx context.Context, tx pgx.Tx, a Ask) (*scope, error) {
	s := &scope{ask: a, accounts: map[int32]account{}}
	steps := []struct {
		what string
		find func(context.Context, pgx.Tx) error
	}{
		{"the organisation", s.findHouse},
		{"the mandates", s.findMandates},
		{"the accounts", s.findAccounts},
		{"the entries", s.findEntries},
		{"the logs", s.findLogs},
	}
	for _, step := range steps {
		if err := step.find(ctx, tx); err != nil {
			return nil, fmt.Errorf("find %s: %w", step.what, err)
		}
	}
	return s, nil
}

func (s *scope) findHouse(ctx context.Context, tx pgx.Tx) error {
	err := tx.QueryRow(ctx, `
		SELECT name, coalesce(siren, ''), greatest(created_at,
		       (SELECT sealed_at FROM masp.seals ORDER BY batch_no DESC LIMIT 1),
		       (SELECT at FROM masp.audit_log ORDER BY seq DESC LIMIT 1),
		       (SELECT at FROM masp.file_reads ORDER BY read_no DESC LIMIT 1))
		  FROM masp.organisations`).Scan(&s.organisation, &s.siren, &s.asOf)
	if errors.Is(err, pgx.ErrNoRows) {
		return errEmpty
	}
	return err
}

// findMandates lists the mandates of the scope; a Département in which everybody is followed is the
// whole house.
func (s *scope) findMandates(ctx context.Context, tx pgx.Tx) error {
	if s.ask.Mandate == "" && s.ask.Department == "" {
		return nil
	}
	var all int
	err := tx.QueryRow(ctx, `
		SELECT count(*), coalesce(array_agg(mandate_id ORDER BY mandate_id) FILTER (WHERE ($1 = '' OR mandate_id = $1)
		       AND ($2 = '' OR department = $2)), '{}') FROM masp.mandates`, s.ask.Mandate, s.ask.Department).Scan(&all, &s.mandates)
	switch {
	case err != nil:
		return err
	case len(s.mandates) == 0:
		return ErrNobody
	case len(s.mandates) == all:
		s.mandates = nil
	}
	return nil
}

// whole tells whether the bundle is of the whole house.
func (s *scope) whole() bool { return s.mandates == nil }

func (s *scope) findAccounts(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `SELECT account_id::integer, code, pcg = '467', owner FROM masp.accounts`)
	if err != nil {
		return err
	}
	var id int32
	var a account
	var owner string
	_, err = pgx.ForEachRow(rows, []any{&id, &a.code, &a.person, &owner}, func() error {
		a.ours = a.person && (s.whole() || slices.Contains(s.mandates, owner))
		s.accounts[id] = a
		return nil
	})
	return err
}

// findEntries finds the entries of the period, and the batches that hold them.
func (s *scope) findEntries(ctx context.Context, tx pgx.Tx) error {
	var end, lastBatch int64
	err := tx.QueryRow(ctx, `
		SELECT coalesce(CASE WHEN $1::date IS NULL THEN 1 ELSE (SELECT min(entry_no) FROM masp.entries WHERE posted_on >= $1) END, h.last_entry + 1),
		       coalesce(CASE WHEN $2::date IS NULL THEN h.last_entry ELSE (SELECT max(entry_no) FROM masp.entries WHERE posted_on <= $2) END, 0),
		       h.last_entry, h.last_batch, h.head
		  FROM masp.chain_heads h`, orNull(s.ask.From), orNull(s.ask.To)).Scan(&s.first, &s.last, &end, &lastBatch, &s.seals.Head)
	if err != nil {
		return err
	}
	s.seals.From, s.seals.To = lastBatch+1, lastBatch
	s.books.From, s.books.To = end+1, end
	if s.first > s.last {
		s.seals.Before = s.seals.Head
		return nil
	}
	err = tx.QueryRow(ctx, `
		SELECT s.batch_no, s.first_entry, coalesce(before.head, decode(repeat('00', 32), 'hex')),
		       (SELECT last_entry FROM masp.seals WHERE first_entry <= $2 ORDER BY batch_no DESC LIMIT 1)
		  FROM masp.seals s LEFT JOIN masp.seals before ON before.batch_no = s.batch_no - 1
		 WHERE s.first_entry <= $1 ORDER BY s.batch_no DESC LIMIT 1`, s.first, s.last).
		Scan(&s.seals.From, &s.books.From, &s.seals.Before, &s.books.To)
	if errors.Is(err, pgx.ErrNoRows) {
		return errors.New("no seal covers the first entry: masp verify says what is wrong")
	}
	return err
}

// findLogs finds the acts and the reads from the first day of the period on.
func (s *scope) findLogs(ctx context.Context, tx pgx.Tx) error {
	for _, of := range []struct {
		part              *stretch
		table, key, heads string
	}{
		{&s.acts, "audit_log", "seq", "SELECT last_seq, hash FROM masp.audit_heads"},
		{&s.reads, "file_reads", "read_no", "SELECT last_no, hash FROM masp.read_heads"},
	} {
		if err := tx.QueryRow(ctx, of.heads).Scan(&of.part.To, &of.part.Head); err != nil {
			return err
		}
		err := tx.QueryRow(ctx, fmt.Sprintf(`
			SELECT coalesce(min(%[1]s), $2 + 1) FROM masp.%[2]s
			 WHERE $1::date IS NULL OR (at AT TIME ZONE 'Europe/Paris')::date >= $1`, of.key, of.table),
			orNull(s.ask.From), of.part.To).Scan(&of.part.From)
		if err != nil {
			return err
		}
		err = tx.QueryRow(ctx, fmt.Sprintf(`SELECT coalesce((SELECT hash FROM masp.%s WHERE %s = $1 - 1),
			decode(repeat('00', 32), 'hex'))`, of.table, of.key), of.part.From).Scan(&of.part.Before)
		if err != nil {
			return err
		}
	}
	return nil
}

// head is the end of the books and of the acts, as `masp verify --head` reads it.
func (s *scope) head(books int64) string {
	return fmt.Sprintf("%d:%d:%s/%s", s.seals.To, books, s.seals.Head, audit.Head{Seq: audit.Seq(s.acts.To), Hash: s.acts.Head})
}

// ledger is the question to package export.
func (s *scope) ledger(f export.Format) export.Ask {
	a := export.Ask{Format: f, From: s.ask.From, To: s.ask.To}
	if !s.whole() {
		a.Mandate, a.Department = s.ask.Mandate, s.ask.Department
	}
	return a
}
