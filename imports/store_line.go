package imports

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/unit"
	"masp/payments/worklist"
)

// storeLines writes the lines of accepted statements and what they were recognised as, by
// COPY: a statement may have thousands of lines.
func storeLines(ctx context.Context, tx pgx.Tx, all []*portion, today civil.Date) error {
	if err := numberLines(ctx, tx, all); err != nil {
		return err
	}
	w := writer{today: today}
	for _, a := range all {
		for i := range a.lines {
			w.line(a.statement, &a.lines[i])
		}
	}
	for _, t := range []struct {
		table   string
		columns []string
		rows    [][]any
	}{
		{"bank_lines", lineColumns, w.lines},
		{"line_matches", []string{"entry_no", "line_id", "instruction_id", "meaning", "amount_cents"}, w.matches},
		{"suspense_items", []string{"line_id", "open_cents", "suggestion", "suggestions"}, w.suspense},
		{"receipts", receiptColumns, w.receipts},
		{"advice_uses", []string{"advice_id", "line_id"}, w.uses},
		{"rule_uses", []string{"rule_id", "line_id"}, w.rules},
	} {
		if len(t.rows) == 0 {
			continue
		}
		if _, err := unit.Copy(ctx, tx, t.table, t.columns, pgx.CopyFromRows(t.rows)); err != nil {
			return fmt.Errorf("store %d rows of %s: %w", len(t.rows), t.table, err)
		}
	}
	return worklist.RaiseTx(ctx, tx, w.alerts...)
}

var (
	lineColumns = []string{
		"line_id", "statement_id", "rank", "booked_on", "value_on", "amount_cents",
		"bank_reference", "end_to_end_id", "payment_info_id", "code", "counterparty", "text",
		"return_reason", "state", "recognised_by", "entry_no",
	}
	receiptColumns = []string{
		"entry_no", "line_id", "mandate_id", "benefit", "period", "amount_cents", "received_on",
	}
)

// numberLines gives each line its number, so that the rows about it can be written at once.
func numberLines(ctx context.Context, tx pgx.Tx, all []*portion) error {
	var lines []*booked
	for _, a := range all {
		for i := range a.lines {
			lines = append(lines, &a.lines[i])
		}
	}
	if len(lines) == 0 {
		return nil
	}
	rows, err := tx.Query(
		ctx,
		`SELECT nextval('masp.bank_lines_line_id_seq') FROM generate_series(1, $1)`,
		len(lines),
	)
	if err != nil {
		return fmt.Errorf("number bank lines: %w", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return fmt.Errorf("number bank lines: %w", err)
	}
	for i, line := range lines {
		line.id = ids[i]
	}
	return nil
}

// writer gathers the rows of lines, table by table.
type writer struct {
	today                              civil.Date
	lines, matches, suspense, receipts [][]any
	uses, rules                        [][]any
	alerts                             []worklist.Alert
}

func (w *writer) line(st *statement, b *booked) {
	l, r := b.line, b.found
	endToEnd, info, returned := l.identifiers()
	w.lines = append(w.lines, []any{
		b.id,
		st.id,
		l.Rank,
		l.BookedOn.Time(),
		l.ValueOn.Time(),
		l.Amount.Cents(),
		l.BankReference,
		endToEnd,
		info,
		l.Code,
		shorten(l.counterparty(), 140),
		l.kept(),
		orNull(returned),
		string(r.State),
		shorten(r.Why, 1000),
		numberOrNull(b.entry),
	})
	for _, p := range r.Parts {
		if p.Transfer != 0 {
			w.matches = append(
				w.matches, []any{b.entry, b.id, p.Transfer, meaning(r.Kind), p.Amount.Cents()},
			)
		}
		if p.Benefit != "" {
			w.receipts = append(w.receipts, []any{
				b.entry, b.id, p.Mandate, p.Benefit, monthDay(p.Period),
				p.Amount.Cents(), l.BookedOn.Time(),
			})
		}
	}
	if open := r.open(); !open.IsZero() {
		if l.Amount.IsNegative() {
			open = open.Neg()
		}
		w.suspense = append(w.suspense, []any{
			b.id, open.Cents(), shorten(r.Suggestion, 1000), append([]Suggestion{}, r.Suggestions...),
		})
	}
	for _, advice := range r.advices {
		w.uses = append(w.uses, []any{advice, b.id})
	}
	for _, rule := range r.ruleIDs() {
		w.rules = append(w.rules, []any{rule, b.id})
	}
	for i, a := range r.Alerts {
		a.On, a.Source = w.today, fmt.Sprintf("%s %s %d", a.Code, st.source(l.Rank), i+1)
		w.alerts = append(w.alerts, a)
	}
}

// identifiers are the references of a line that a list shows: those of its first transaction.
func (l Line) identifiers() (endToEnd, paymentInfo, returned string) {
	for _, d := range l.Details {
		endToEnd, paymentInfo = firstOf(endToEnd, d.EndToEndID), firstOf(paymentInfo, d.PaymentInfoID)
		returned = firstOf(returned, d.ReturnCode)
	}
	for _, b := range l.Batches {
		paymentInfo = firstOf(paymentInfo, b.PaymentInfoID)
	}
	return endToEnd, paymentInfo, returned
}

func meaning(kind ledger.Kind) string {
	if kind == ledger.Return {
		return "RETURNED"
	}
	return "SETTLED"
}
