package imports

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// matchesOf reads the matches of a line that nobody has undone, its bank account locked as an import
// locks it: what the import recognised first, then what persons said.
func matchesOf(ctx context.Context, tx pgx.Tx, line int64) ([]match, error) {
	_, err := tx.Exec(ctx, `
		SELECT FROM masp.bank_accounts a JOIN masp.bank_statements s USING (bank_account_id)
		  JOIN masp.bank_lines l USING (statement_id) WHERE l.line_id = $1 FOR NO KEY UPDATE OF a`, line)
	if err != nil {
		return nil, fmt.Errorf("lock the account of bank line %d: %w", line, err)
	}
	rows, err := tx.Query(ctx, `
		SELECT 0::bigint AS assignment, l.entry_no, l.amount_cents, s.bank_account_id, masp.recognised_cents(l.line_id), l.recognised_by, true AS by_line
		  FROM masp.bank_lines l JOIN masp.bank_statements s USING (statement_id)
		 WHERE l.line_id = $1 AND l.entry_no IS NOT NULL AND masp.recognised_cents(l.line_id) <> 0
		   AND NOT EXISTS (SELECT FROM masp.match_undos u WHERE u.undone_entry = l.entry_no)
		UNION ALL
		SELECT 0, n.entry_no, l.amount_cents, s.bank_account_id, l.amount_cents, 'expliqué par un avis de la banque', false
		  FROM masp.notice_uses n JOIN masp.bank_lines l USING (line_id) JOIN masp.bank_statements s USING (statement_id)
		 WHERE n.line_id = $1 AND NOT EXISTS (SELECT FROM masp.match_undos u WHERE u.undone_entry = n.entry_no)
		UNION ALL
		SELECT a.assignment_id, a.entry_no, l.amount_cents, s.bank_account_id, a.amount_cents,
		       concat_ws(' ', nullif(a.mandate_id, ''), nullif(a.benefit, ''), to_char(a.period, 'YYYY-MM'), i.end_to_end_id), false
		  FROM masp.suspense_assignments a JOIN masp.bank_lines l USING (line_id) JOIN masp.bank_statements s USING (statement_id)
		  LEFT JOIN masp.instructions i USING (instruction_id)
		 WHERE a.line_id = $1 AND NOT EXISTS (SELECT FROM masp.match_undos u WHERE u.undone_entry = a.entry_no)
		 ORDER BY assignment`, line)
	if err != nil {
		return nil, fmt.Errorf("read the matches of bank line %d: %w", line, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (match, error) {
		m := match{line: line}
		var open int64
		err := row.Scan(&m.assignment, &m.entry, &m.cents, &m.account, &open, &m.what, &m.byLine)
		m.amount = money.Cents(open)
		return m, err
	})
}

// receiptsOf reads what persons received by an entry.
func receiptsOf(ctx context.Context, tx pgx.Tx, entry int64) ([]UndoReceipt, error) {
	rows, err := tx.Query(ctx, `
		SELECT mandate_id, benefit, period, amount_cents FROM masp.receipts WHERE entry_no = $1 ORDER BY receipt_id`, entry)
	if err != nil {
		return nil, fmt.Errorf("read what came by entry %d: %w", entry, err)
	}
	return pgx.CollectRows(rows, scanReceipt)
}

func scanReceipt(row pgx.CollectableRow) (UndoReceipt, error) {
	var r UndoReceipt
	var period civil.Date
	var cents int64
	err := row.Scan(&r.Mandate, &r.Benefit, &period, &cents)
	if !period.IsZero() {
		r.Period = period.MonthOf()
	}
	r.Amount = money.Cents(cents)
	return r, err
}

// undoMatch writes the undo through the door that asks for the secret.
func undoMatch(
	ctx context.Context, tx pgx.Tx, secret string, m match, reversal, again int64, reason string,
) (id int64, err error) {
	err = tx.QueryRow(ctx, `SELECT masp.undo_match($1, $2, $3, $4, $5, $6)`,
		secret, m.line, numberOrNull(m.assignment), reversal, numberOrNull(again), reason).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("write the undo: %w", err)
	}
	return id, nil
}
