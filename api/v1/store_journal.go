package v1

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/api"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
)

// entryRow is an entry without its postings.
type entryRow struct {
	No, InJournal               int64
	Journal                     ledger.Journal
	Kind                        ledger.Kind
	Source, Label, Actor        string
	PostedOn, BookedOn, ValueOn civil.Date
	At                          time.Time
	Amount                      money.Amount
	Reverses, ReversedBy, Line  int64
	Payments                    []string
}

const selectEntry = `
	SELECT e.entry_no, e.journal_no, e.journal, e.kind, e.source, coalesce(t.label, ''), e.actor,
	       e.posted_on, e.booked_on, e.value_on, e.created_at,
	       coalesce((SELECT sum(p.amount_cents) FROM masp.postings p WHERE p.entry_no = e.entry_no), 0)::bigint,
	       coalesce(e.reverses, 0), coalesce((SELECT r.entry_no FROM masp.entries r WHERE r.reverses = e.entry_no), 0),
	       coalesce((SELECT l.line_id FROM masp.bank_lines l WHERE l.entry_no = e.entry_no), 0),
	       ARRAY(SELECT i.end_to_end_id FROM masp.instructions i WHERE i.posted_entry = e.entry_no ORDER BY 1)
	  FROM masp.entries e LEFT JOIN masp.entry_texts t USING (entry_no) `

// entriesWanted is what a list of entries asks for; what is empty is no condition.
type entriesWanted struct {
	after                 int64
	from, to              civil.Date
	journal, kind, source string
	account, mandate      string
	most                  int
}

// readEntries reads entries in the order of the books, after a number.
func readEntries(ctx context.Context, q unit.Querier, w entriesWanted) ([]entryRow, error) {
	touched := ""
	if w.account != "" || w.mandate != "" {
		touched = ` AND e.entry_no IN (
			SELECT p.entry_no FROM masp.postings p JOIN masp.accounts a ON a.account_id = p.debit_account
			 WHERE ($7 = '' OR a.code = $7) AND ($8 = '' OR a.pcg = '467' AND a.owner = $8)
			 UNION
			SELECT p.entry_no FROM masp.postings p JOIN masp.accounts a ON a.account_id = p.credit_account
			 WHERE ($7 = '' OR a.code = $7) AND ($8 = '' OR a.pcg = '467' AND a.owner = $8))`
	}
	rows, err := q.Query(ctx, selectEntry+`
		 WHERE e.entry_no > $1 AND ($2::date IS NULL OR e.posted_on >= $2) AND ($3::date IS NULL OR e.posted_on <= $3)
		   AND ($4 = '' OR e.journal = $4) AND ($5 = '' OR e.kind = $5) AND ($6 = '' OR e.source = $6)
		   AND ($7 = $7 AND $8 = $8)`+touched+` ORDER BY e.entry_no LIMIT $9`,
		w.after, w.from, w.to, w.journal, w.kind, w.source, w.account, w.mandate, w.most)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[entryRow])
}

func readEntry(ctx context.Context, q unit.Querier, no int64) (entryRow, error) {
	rows, err := q.Query(ctx, selectEntry+`WHERE e.entry_no = $1`, no)
	if err != nil {
		return entryRow{}, err
	}
	e, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[entryRow])
	if errors.Is(err, pgx.ErrNoRows) {
		err = api.NotFound()
	}
	return e, err
}

// posting is a JournalPosting of the contract. An account that is not in reach has no name.
type posting struct {
	Debit  string       `json:"debit,omitempty"`
	Credit string       `json:"credit,omitempty"`
	Amount money.Amount `json:"amount"`
}

func readPostings(ctx context.Context, q unit.Querier, no int64) ([]posting, error) {
	rows, err := q.Query(ctx, `
		SELECT coalesce(d.code, ''), coalesce(c.code, ''), p.amount_cents
		  FROM masp.postings p LEFT JOIN masp.accounts d ON d.account_id = p.debit_account
		  LEFT JOIN masp.accounts c ON c.account_id = p.credit_account
		 WHERE p.entry_no = $1 ORDER BY p.line_no`, no)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[posting])
}

// accountRow is an account with its balance now, in its own direction; none where the reader's period is over.
type accountRow struct {
	Code, PCG, Owner, Sub string
	Balance               *money.Amount
}

func readAccounts(ctx context.Context, q unit.Querier, after, pcg, owner string, most int) ([]accountRow, error) {
	rows, err := q.Query(ctx, `
		SELECT a.code, a.pcg, a.owner, coalesce(a.sub, ''),
		       CASE a.pcg WHEN '512' THEN b.debit_cents - b.credit_cents ELSE b.credit_cents - b.debit_cents END
		  FROM masp.accounts a LEFT JOIN masp.account_balances b USING (account_id)
		 WHERE a.code > $1 AND ($2 = '' OR a.pcg = $2) AND ($3 = '' OR a.owner = $3) ORDER BY a.code LIMIT $4`, after, pcg, owner, most)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[accountRow])
}

func knowsAccount(ctx context.Context, q unit.Querier, code string) (known bool, err error) {
	err = q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM masp.accounts WHERE code = $1)`, code).Scan(&known)
	return known, err
}

// monthClosing is a MonthClosing of the contract: a month that was closed, or opened again.
type monthClosing struct {
	Month  string    `json:"month"`
	Act    string    `json:"act"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	number int64
}

func readClosings(ctx context.Context, q unit.Querier) (all []monthClosing, err error) {
	rows, err := q.Query(ctx, `SELECT month, lower(act), actor, closed_at, closing_no FROM masp.closings ORDER BY closing_no DESC`)
	if err != nil {
		return nil, err
	}
	var one monthClosing
	var month civil.Date
	_, err = pgx.ForEachRow(rows, []any{&month, &one.Act, &one.By, &one.At, &one.number}, func() error {
		one.Month = month.MonthOf().String()
		all = append(all, one)
		return nil
	})
	return all, err
}

// fileRead is a FileRead of the contract: who has read a person's file.
type fileRead struct {
	At   time.Time `json:"at"`
	By   string    `json:"by"`
	What string    `json:"what"`

	number int64
}

func readFileReads(ctx context.Context, q unit.Querier, mandate string, before int64, most int) (all []fileRead, err error) {
	rows, err := q.Query(ctx, `
		SELECT at, user_id || beneficiary_id, what, read_id FROM masp.file_reads
		 WHERE mandate_id = $1 AND ($2 = 0 OR read_id < $2) ORDER BY read_id DESC LIMIT $3`, mandate, before, most)
	if err != nil {
		return nil, err
	}
	var one fileRead
	_, err = pgx.ForEachRow(rows, []any{&one.At, &one.By, &one.What, &one.number}, func() error {
		all = append(all, one)
		return nil
	})
	return all, err
}

// act is an Event of the contract, from the log of acts.
type act struct {
	Event  string    `json:"event"`
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Action string    `json:"action"`
	Type   string    `json:"object_type"`
	Object string    `json:"object"`

	number int64
}

func readActs(ctx context.Context, q unit.Querier, after int64, of, object string, most int) (all []act, err error) {
	rows, err := q.Query(ctx, `
		SELECT seq, at, actor, action, object_type, object_id FROM masp.audit_log
		 WHERE seq > $1 AND ($2 = '' OR object_type = $2) AND ($3 = '' OR object_id = $3) ORDER BY seq LIMIT $4`, after, of, object, most)
	if err != nil {
		return nil, err
	}
	var one act
	_, err = pgx.ForEachRow(rows, []any{&one.number, &one.At, &one.By, &one.Action, &one.Type, &one.Object}, func() error {
		all = append(all, one)
		return nil
	})
	return all, err
}
