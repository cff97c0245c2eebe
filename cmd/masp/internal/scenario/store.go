package scenario

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/imports"
	"masp/ledger"
	"masp/ledger/civil"
)

// facts are what the database holds at the end of a story, under our own references.
type facts struct {
	lines     []lineRow
	balances  map[string]int64
	transfers []transferRow // in the order of their making
	covers    map[int64][]coverRow
	reissued  map[string]string // EndToEndId → obligation that was paid whole in its place
	texts     map[int64]bankText
	status    map[string]string
	reserves  map[string]int64
	debts     map[string]int64
	alerts    []alertRow
	moves     map[string][]ledger.StatementLine // by mandate
	expected  []imports.ExpectedOutcome
}

// lineRow is a line of an entry; debit positive.
type lineRow struct {
	Entry   int64
	On      civil.Date
	Kind    string
	Account string
	Cents   int64
}

// transferRow is an instruction with the entries that moved it.
type transferRow struct {
	ID                      int64
	EndToEnd, Mandate       string
	Kind, Account           string
	Creditor                string
	Cents                   int64
	LeaveOn                 civil.Date
	LeftOn                  civil.Date // zero: it never left
	State, Reason           string
	Posted, Settled, Failed int64 // entries, 0 when there is none
	SettledOn               civil.Date
}

// coverRow is the part of a transfer that pays one line.
type coverRow struct {
	ID               int64
	Obligation, Debt string
	Cents            int64
}

// bankText is what the bank wrote beside a line.
type bankText struct {
	Entry       int64
	Party, Text string
}

// alertRow is an alert as it was raised.
type alertRow struct {
	On            civil.Date
	Code, Mandate string
	Cents         int64
	Details       map[string]string
}

// read reads everything at one instant.
func (h *house) read(ctx context.Context, periods []civil.Month) (facts, error) {
	var f facts
	err := ledger.Snapshot(ctx, h.App, func(tx pgx.Tx) (err error) {
		for _, read := range []func() error{
			func() error { return f.readBooks(ctx, tx) },
			func() error { return f.readTransfers(ctx, tx) },
			func() error { return f.readMandates(ctx, tx) },
			func() error { return h.readMoves(ctx, tx, &f) },
		} {
			if err := read(); err != nil {
				return err
			}
		}
		for _, p := range periods {
			all, err := h.imports.Expected(ctx, tx, p)
			if err != nil {
				return err
			}
			f.expected = append(f.expected, all...)
		}
		return nil
	})
	if err != nil {
		return facts{}, fmt.Errorf("read the books of a story: %w", err)
	}
	return f, nil
}

func (f *facts) readBooks(ctx context.Context, tx pgx.Tx) (err error) {
	f.lines, err = collect[lineRow](ctx, tx, `
		SELECT entry_id, posted_on, kind, account_code, amount_cents
		  FROM audit_v1.ledger_lines WHERE amount_cents <> 0 ORDER BY entry_id, line_no`)
	if err != nil {
		return err
	}
	f.balances, err = amounts(ctx, tx, `SELECT account_code, balance_cents FROM audit_v1.balances`)
	if err != nil {
		return err
	}
	texts, err := collect[bankText](ctx, tx, `
		SELECT entry_no, counterparty, text FROM masp.bank_lines WHERE entry_no IS NOT NULL
		UNION ALL
		SELECT a.entry_no, l.counterparty, l.text
		  FROM masp.suspense_assignments a JOIN masp.bank_lines l USING (line_id)`)
	f.texts = make(map[int64]bankText, len(texts))
	for _, t := range texts {
		f.texts[t.Entry] = t
	}
	return err
}

func (f *facts) readTransfers(ctx context.Context, tx pgx.Tx) (err error) {
	f.transfers, err = collect[transferRow](ctx, tx, `
		SELECT i.instruction_id, i.end_to_end_id, i.mandate_id, i.kind, i.account, i.creditor_id, i.amount_cents,
		       i.leave_on, e.posted_on, i.state, coalesce(i.reason, ''), coalesce(i.posted_entry, 0),
		       coalesce(i.settled_entry, 0), coalesce(i.failed_entry, 0), i.settled_on
		  FROM masp.instructions i LEFT JOIN masp.entries e ON e.entry_no = i.posted_entry
		 ORDER BY i.instruction_id`)
	if err != nil {
		return err
	}
	covers, err := collect[coverRow](ctx, tx, `
		SELECT instruction_id, obligation_id, coalesce(debt_id, ''), amount_cents
		  FROM masp.instruction_covers ORDER BY instruction_id, line_no`)
	f.covers = make(map[int64][]coverRow)
	for _, c := range covers {
		f.covers[c.ID] = append(f.covers[c.ID], c)
	}
	if err != nil {
		return err
	}
	f.reissued, err = pairs[string](ctx, tx,
		`SELECT o.reissue_of, o.obligation_id FROM masp.obligations o
		  WHERE o.reissue_of IS NOT NULL AND o.amount_cents = (SELECT sum(c.amount_cents)
		        FROM masp.instruction_covers c WHERE c.obligation_id = o.obligation_id)`)
	return err
}

func (f *facts) readMandates(ctx context.Context, tx pgx.Tx) (err error) {
	if f.status, err = pairs[string](ctx, tx, `SELECT mandate_id, status FROM masp.mandates`); err != nil {
		return err
	}
	f.reserves, err = amounts(ctx, tx, `
		SELECT mandate_id, sum(amount_cents)::bigint FROM masp.reserve_movements GROUP BY 1`)
	if err != nil {
		return err
	}
	if f.debts, err = amounts(ctx, tx, `SELECT debt_id, outstanding_cents FROM masp.debts`); err != nil {
		return err
	}
	f.alerts, err = collect[alertRow](ctx, tx, `
		SELECT on_day, code, coalesce(mandate_id, ''), amount_cents, details FROM masp.alerts ORDER BY alert_id`)
	return err
}

// readMoves reads the statement of the managed account of each mandate, from its first day.
func (h *house) readMoves(ctx context.Context, tx pgx.Tx, f *facts) error {
	today, err := ledger.Today(ctx, tx)
	if err != nil {
		return err
	}
	f.moves = make(map[string][]ledger.StatementLine)
	for id := range f.status {
		s, err := h.ledger.AccountStatement(ctx, tx, ledger.Mandate(id), civil.MustParse("2000-01-01"), today)
		if err != nil {
			return err
		}
		f.moves[id] = s.Lines
	}
	return nil
}

// posted lists the EndToEndIds of the transfers that have left, in the order of their entries.
func (h *house) posted(ctx context.Context) ([]string, error) {
	rows, err := h.App.Query(ctx, `
		SELECT end_to_end_id FROM masp.instructions WHERE posted_entry IS NOT NULL ORDER BY posted_entry`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

func collect[T any](ctx context.Context, tx pgx.Tx, sql string) ([]T, error) {
	rows, err := tx.Query(ctx, sql)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[T])
}

func amounts(ctx context.Context, tx pgx.Tx, sql string) (map[string]int64, error) {
	return pairs[int64](ctx, tx, sql)
}

// pairs reads two columns into a map.
func pairs[V any](ctx context.Context, tx pgx.Tx, sql string) (map[string]V, error) {
	found := make(map[string]V)
	rows, err := tx.Query(ctx, sql)
	if err != nil {
		return nil, err
	}
	var key string
	var value V
	_, err = pgx.ForEachRow(rows, []any{&key, &value}, func() error {
		found[key] = value
		return nil
	})
	return found, err
}
