package imports

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// openItem is a line in suspense, locked.
type openItem struct {
	line, assigned     int64 // assigned counts the assignments so far
	bankAccount        string
	bookedOn           civil.Date
	open               money.Amount // signed, without what is on its way back to the sender
	counterparty, text string
	returned           string // why the bank says that it came back; empty when it does not
}

// lockItem reads a line in suspense, its bank account locked as an import locks it: whoever
// identifies at the same time waits, and then sees what is left: ErrNotInSuspense, or a refusal when
// the rest waits to go back to its sender.
func lockItem(ctx context.Context, tx pgx.Tx, line int64) (openItem, error) {
	item := openItem{line: line}
	if err := lockAccountOf(ctx, tx, line); err != nil {
		return item, err
	}
	var open, reserved int64
	err := tx.QueryRow(ctx, `
		SELECT i.open_cents, masp.suspense_reserved(i.line_id), s.bank_account_id, l.booked_on, l.counterparty, l.text, coalesce(l.return_reason, ''),
		       (SELECT count(*) FROM masp.suspense_assignments a WHERE a.line_id = i.line_id)
		  FROM masp.suspense_items i JOIN masp.bank_lines l USING (line_id) JOIN masp.bank_statements s USING (statement_id)
		 WHERE i.line_id = $1`, line).
		Scan(
			&open, &reserved, &item.bankAccount, &item.bookedOn, &item.counterparty, &item.text, &item.returned,
			&item.assigned,
		)
	switch {
	case errors.Is(err, pgx.ErrNoRows), err == nil && open == 0:
		return item, ErrNotInSuspense
	case err != nil:
		return item, fmt.Errorf("read bank line %d: %w", line, err)
	case open == reserved:
		return item, errReserved
	}
	item.open = money.Cents(open - reserved)
	return item, nil
}

// lockAccountOf locks the bank account of a line as an import does.
func lockAccountOf(ctx context.Context, tx pgx.Tx, line int64) error {
	_, err := tx.Exec(ctx, `
		SELECT FROM masp.bank_accounts a JOIN masp.bank_statements s USING (bank_account_id)
		  JOIN masp.bank_lines l USING (statement_id) WHERE l.line_id = $1 FOR NO KEY UPDATE OF a`, line)
	if err != nil {
		return fmt.Errorf("lock the account of bank line %d: %w", line, err)
	}
	return nil
}

// mandateByID reads the mandate that a person named.
func mandateByID(ctx context.Context, tx pgx.Tx, id string) (mandates.Mandate, error) {
	rows, err := tx.Query(ctx, selectMandate+`WHERE m.mandate_id = $1`, id)
	if err != nil {
		return mandates.Mandate{}, fmt.Errorf("read mandate %s: %w", id, err)
	}
	m, err := pgx.CollectExactlyOneRow(rows, scanMandate)
	if errors.Is(err, pgx.ErrNoRows) {
		return m, refuse("MANDATE_UNKNOWN", "Le mandat %s n’existe pas.", id)
	}
	return m, err
}

// identified is a part of an open line of which a person said what it is.
type identified struct {
	item             openItem
	entry            int64
	part             money.Amount // signed like the line
	what             Assignment
	transfer, advice int64 // 0 for none
}

// assign writes who identified what, through the door that asks for the secret.
func assign(ctx context.Context, tx pgx.Tx, secret string, i identified) (int64, error) {
	var id int64
	err := tx.QueryRow(
		ctx,
		`SELECT masp.assign_suspense($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		secret, i.item.line, i.entry, i.part.Cents(), i.what.Mandate, i.what.Benefit,
		monthDay(i.what.Period), numberOrNull(i.transfer), numberOrNull(i.advice), i.what.Reason,
	).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("write the assignment: %w", err)
	}
	return id, nil
}

// insertReceipt keeps what the person received, on the day of the bank.
func insertReceipt(ctx context.Context, tx pgx.Tx, i identified) error {
	_, err := tx.Exec(
		ctx,
		`
		INSERT INTO masp.receipts (entry_no, line_id, mandate_id, benefit, period, amount_cents, received_on)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		i.entry, i.item.line, i.what.Mandate, i.what.Benefit, monthDay(i.what.Period),
		i.part.Cents(), i.item.bookedOn.Time(),
	)
	if err != nil {
		return fmt.Errorf("store a receipt of %s: %w", i.what.Mandate, err)
	}
	return nil
}

// refunded is what creditors have given back of these transfers so far; nothing of the others.
func refunded(ctx context.Context, tx pgx.Tx, transfers ...int64) (map[int64]money.Amount, error) {
	rows, err := tx.Query(ctx, `
		SELECT instruction_id, sum(amount_cents)::bigint FROM masp.suspense_assignments a
		 WHERE instruction_id = ANY ($1) AND amount_cents > 0 AND benefit <> ''
		   AND NOT EXISTS (SELECT FROM masp.match_undos u WHERE u.assignment_id = a.assignment_id)
		 GROUP BY instruction_id`, transfers)
	if err != nil {
		return nil, fmt.Errorf("read the refunds of transfers: %w", err)
	}
	all := map[int64]money.Amount{}
	var id, cents int64
	if _, err = pgx.ForEachRow(rows, []any{&id, &cents}, func() error {
		all[id] = money.Cents(cents)
		return nil
	}); err != nil {
		return nil, fmt.Errorf("read the refunds of transfers: %w", err)
	}
	return all, nil
}

// insertMatch keeps which transfer a debit executes, by the entry that says so.
func insertMatch(ctx context.Context, tx pgx.Tx, i identified) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO masp.line_matches (entry_no, line_id, instruction_id, meaning, amount_cents)
		VALUES ($1, $2, $3, 'SETTLED', $4)`, i.entry, i.item.line, i.transfer, i.part.Abs().Cents())
	if err != nil {
		return fmt.Errorf("store the match of line %d: %w", i.item.line, err)
	}
	return nil
}

// clearSuspense lets two lines clear each other through the door that asks for the secret.
func clearSuspense(ctx context.Context, tx pgx.Tx, secret string, c Clearing) (id int64, _ money.Amount, err error) {
	var cents int64
	err = tx.QueryRow(ctx, `SELECT masp.clear_suspense($1, $2, $3, $4, $5)`, secret, c.Debit, c.Credit, c.Undo, c.Reason).Scan(&id)
	if err == nil {
		err = tx.QueryRow(ctx, `SELECT amount_cents FROM masp.suspense_clearings WHERE clearing_id = $1`, id).Scan(&cents)
	}
	if err != nil {
		return 0, money.Amount{}, fmt.Errorf("write the clearing: %w", err)
	}
	return id, money.Cents(cents), nil
}
