package imports

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger/money"
	"masp/ledger/unit"
)

// storeNotices keeps the lines of a notice.
func storeNotices(ctx context.Context, tx pgx.Tx, st *statement, lines []Line) error {
	first := st.posted - len(lines)
	_, err := unit.Copy(ctx, tx, "notice_lines",
		[]string{
			"statement_id", "rank", "bank_account_id", "booked", "booked_on", "amount_cents", "bank_reference", "batches", "content",
		},
		pgx.CopyFromSlice(len(lines), func(i int) ([]any, error) {
			l := lines[i]
			content, err := json.Marshal(l)
			var day any
			if !l.BookedOn.IsZero() {
				day = l.BookedOn.Time()
			}
			return []any{
				st.id, first + i + 1, st.account, l.Booked, day, l.Amount.Cents(), l.BankReference, l.batchNames(), content,
			}, err
		}))
	if err != nil {
		return fmt.Errorf("store %d lines of notice %s: %w", len(lines), st.ref, err)
	}
	return nil
}

// batchNames are the payment files and batches that a line names.
func (l Line) batchNames() []string {
	names := []string{}
	for _, b := range l.Batches {
		names = append(names, b.MessageID, b.PaymentInfoID)
	}
	for _, d := range l.Details {
		names = append(names, d.MessageID, d.PaymentInfoID)
	}
	return nonEmpty(names)
}

// unusedNotices reads what notices of the last year say of an account and nothing has used, where
// something lies in suspense that they may speak of.
func unusedNotices(ctx context.Context, tx pgx.Tx, account string) ([]noticeLine, error) {
	rows, err := tx.Query(ctx, `
		SELECT n.notice_line_id, n.batches, n.content FROM masp.notice_lines n
		 WHERE n.bank_account_id = $1 AND n.booked AND n.booked_on > masp.today() - 400
		   AND NOT EXISTS (SELECT FROM masp.notice_uses u WHERE u.notice_line_id = n.notice_line_id AND u.own)
		   AND n.amount_cents IN (SELECT i.open_cents FROM masp.suspense_items i WHERE i.open_cents <> 0)
		 ORDER BY n.notice_line_id`, account)
	if err != nil {
		return nil, fmt.Errorf("read the notices of %s: %w", account, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (noticeLine, error) {
		var n noticeLine
		var content []byte
		err := row.Scan(&n.id, &n.batches, &content)
		if err == nil {
			err = json.Unmarshal(content, &n.line)
		}
		return n, err
	})
}

// whole keeps the lines that lie whole in suspense and that nobody has touched, among those that are
// suspended.
const (
	suspended = `
	  FROM masp.suspense_items i JOIN masp.bank_lines l USING (line_id) JOIN masp.bank_statements s USING (statement_id)
	  JOIN masp.entries e ON e.entry_no = l.entry_no `
	whole = `
	 WHERE s.bank_account_id = $1 AND i.open_cents = l.amount_cents AND i.open_cents <> 0 AND masp.suspense_reserved(l.line_id) = 0
	   AND NOT EXISTS (SELECT FROM masp.match_undos u WHERE u.line_id = l.line_id) `
)

// waitingLines reads the lines in suspense that name no transfer themselves and of whose amount a
// notice speaks: without a notice none, however many wait.
func waitingLines(
	ctx context.Context, tx pgx.Tx, account string, notices []noticeLine,
) ([]unexplained, error) {
	if len(notices) == 0 {
		return nil, nil
	}
	amounts := make([]int64, len(notices))
	for i, n := range notices {
		amounts[i] = n.line.Amount.Cents()
	}
	rows, err := tx.Query(ctx, `
		SELECT l.line_id, l.entry_no, e.source, l.booked_on, l.amount_cents, l.bank_reference,
		       array_remove(ARRAY[l.payment_info_id], '')`+suspended+whole+`
		   AND l.end_to_end_id = '' AND l.amount_cents = ANY ($2) ORDER BY l.line_id`, account, amounts)
	if err != nil {
		return nil, fmt.Errorf("read the lines of %s in suspense: %w", account, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (unexplained, error) {
		var w unexplained
		var cents int64
		err := row.Scan(&w.id, &w.entry, &w.source, &w.bookedOn, &cents, &w.reference, &w.batches)
		w.amount = money.Cents(cents)
		return w, err
	})
}

// returnsNowKnown reads the credits in suspense that name a transfer whose debit a notice has made
// known since: they are returns that came too early.
func returnsNowKnown(ctx context.Context, tx pgx.Tx, account string) ([]described, error) {
	rows, err := tx.Query(ctx, `
		SELECT l.line_id, l.entry_no, e.source, l.booked_on, l.amount_cents, l.end_to_end_id, coalesce(l.return_reason, ''),
		       l.counterparty, l.text, known.notice_line_id`+suspended+`
		  JOIN (SELECT t.end_to_end_id, n.notice_line_id FROM masp.notice_uses n
		          JOIN masp.line_matches m USING (line_id) JOIN masp.instructions t USING (instruction_id)
		         WHERE t.state = 'settled' AND m.meaning = 'SETTLED' AND m.undone_by IS NULL) AS known USING (end_to_end_id)`+
		whole+`AND l.end_to_end_id <> '' AND l.amount_cents > 0 ORDER BY l.line_id`, account)
	if err != nil {
		return nil, fmt.Errorf("read the returns of %s in suspense: %w", account, err)
	}
	var found []described
	var d described
	var cents int64
	var one Detail
	_, err = pgx.ForEachRow(rows, []any{
		&d.id, &d.entry, &d.source, &d.bookedOn, &cents, &one.EndToEndID, &one.ReturnCode, &one.Party, &one.Text, &d.notice,
	}, func() error {
		d.amount = money.Cents(cents)
		one.Amount = d.amount
		d.line = Line{
			BookedOn: d.bookedOn, ValueOn: d.bookedOn, Amount: d.amount, Booked: true,
			Returned: one.ReturnCode != "", Details: []Detail{one},
		}
		found = append(found, d)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the returns of %s in suspense: %w", account, err)
	}
	return found, nil
}

// accountOfID reads one of our bank accounts, which the import has locked.
func accountOfID(ctx context.Context, tx pgx.Tx, id string) (bankAccount, error) {
	a := bankAccount{id: id}
	err := tx.QueryRow(ctx, `SELECT iban, model FROM masp.bank_accounts WHERE bank_account_id = $1`, id).Scan(&a.iban, &a.model)
	if err != nil {
		return a, fmt.Errorf("read bank account %s: %w", id, err)
	}
	return a, nil
}

// useNotice keeps what a line was identified as by a notice: its transfers, then itself through the
// door that checks it, then what persons received by it.
func useNotice(ctx context.Context, tx pgx.Tx, d described, entry int64, r Recognition) error {
	for _, p := range r.Parts {
		if p.Transfer != 0 {
			_, err := tx.Exec(ctx, `
				INSERT INTO masp.line_matches (entry_no, line_id, instruction_id, meaning, amount_cents)
				VALUES ($1, $2, $3, $4, $5)`, entry, d.id, p.Transfer, meaning(r.Kind), p.Amount.Cents())
			if err != nil {
				return fmt.Errorf("store the match of line %d: %w", d.id, err)
			}
		}
	}
	if _, err := tx.Exec(ctx, `SELECT masp.use_notice($1, $2, $3, $4)`, d.id, d.notice, entry, d.own); err != nil {
		return fmt.Errorf("identify line %d by a notice: %w", d.id, err)
	}
	for _, p := range r.Parts {
		if p.Benefit == "" {
			continue
		}
		err := insertReceipt(ctx, tx, identified{
			item: openItem{line: d.id, bookedOn: d.bookedOn}, entry: entry, part: p.Amount,
			what: Assignment{Mandate: p.Mandate, Benefit: p.Benefit, Period: p.Period},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
