package imports

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger/money"
)

const selectRule = `
	SELECT r.rule_id, coalesce(r.replaces, 0), coalesce(r.bank_account_id, ''), r.payer_words, r.words, r.min_cents,
	       r.max_cents, coalesce(r.mandate_id, ''), r.benefit, r.payer, r.valid_from, r.written_by
	  FROM masp.recognition_rules r `

func scanRule(row pgx.CollectableRow) (Rule, error) {
	var r Rule
	var least, most int64
	err := row.Scan(&r.ID, &r.Replaces, &r.BankAccount, &r.PayerWords, &r.Words, &least, &most,
		&r.Mandate, &r.Benefit, &r.Payer, &r.From, &r.By)
	r.Least, r.Most = money.Cents(least), money.Cents(most)
	return r, err
}

// rulesInForce reads the rules that nobody has ended: those of an account and those of every
// one, or all with no account named. Whoever ends one waits until this transaction is over.
func rulesInForce(ctx context.Context, tx pgx.Tx, account string) ([]Rule, error) {
	_, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock_shared(hashtext('masp.recognition_rules'))`)
	if err != nil {
		return nil, fmt.Errorf("lock the rules: %w", err)
	}
	rows, err := tx.Query(ctx, selectRule+`
		 WHERE r.ended_at IS NULL AND ($1 = '' OR r.bank_account_id IS NULL OR r.bank_account_id = $1)
		 ORDER BY r.rule_id`, account)
	if err != nil {
		return nil, fmt.Errorf("read the rules: %w", err)
	}
	return pgx.CollectRows(rows, scanRule)
}

// insertRule keeps a rule through the door that asks for the secret; the one that it replaces
// ends with it.
func insertRule(ctx context.Context, tx pgx.Tx, secret string, r Rule, reason, anyway string) (int64, error) {
	var since any
	if !r.From.IsZero() {
		since = r.From
	}
	var id int64
	err := tx.QueryRow(ctx, `SELECT masp.write_rule($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		secret, numberOrNull(r.Replaces), r.BankAccount, r.PayerWords, append([]string{}, r.Words...),
		r.Least.Cents(), r.Most.Cents(), r.Mandate, r.Benefit, r.Payer, since, reason, anyway).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("write the rule: %w", err)
	}
	return id, nil
}

// choicesOf reads what persons have said of credits in the last 400 days, on one account, or on
// all with none named.
func choicesOf(ctx context.Context, tx pgx.Tx, account string) ([]Choice, error) {
	rows, err := tx.Query(ctx, `
		SELECT s.bank_account_id, l.counterparty, l.text, l.line_id, a.mandate_id, a.benefit, a.amount_cents, l.booked_on
		  FROM masp.suspense_assignments a JOIN masp.bank_lines l USING (line_id) JOIN masp.bank_statements s USING (statement_id)
		 WHERE a.amount_cents > 0 AND a.mandate_id IS NOT NULL AND a.instruction_id IS NULL
		   AND a.assigned_at > masp.now() - interval '400 days' AND ($1 = '' OR s.bank_account_id = $1)
		   AND 0 < (SELECT sum(r.amount_cents) FROM masp.receipts r -- a choice that was undone counts no more
		             WHERE r.line_id = a.line_id AND r.mandate_id = a.mandate_id AND r.benefit = a.benefit)
		 ORDER BY l.line_id, a.assignment_id`, account)
	if err != nil {
		return nil, fmt.Errorf("read what persons identified: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Choice, error) {
		var c Choice
		var amount int64
		err := row.Scan(&c.BankAccount, &c.Counterparty, &c.Text, &c.Line, &c.Mandate, &c.Benefit, &amount, &c.On)
		c.Amount = money.Cents(amount)
		return c, err
	})
}

// habitsOf counts the choices of persons on an account.
func habitsOf(ctx context.Context, tx pgx.Tx, account string) ([]Habit, error) {
	choices, err := choicesOf(ctx, tx, account)
	return Habits(choices), err
}

// pastCredits reads the credits of the last days, the newest first, as far as a list shows them.
func pastCredits(ctx context.Context, tx pgx.Tx, account string, days int) ([]PastLine, error) {
	rows, err := tx.Query(ctx, `
		SELECT l.line_id, s.bank_account_id, l.booked_on, l.amount_cents, l.counterparty, l.text, l.state,
		       coalesce((SELECT string_agg(DISTINCT r.mandate_id || ' ' || r.benefit, ', ') FROM masp.receipts r
		                  WHERE r.line_id = l.line_id), '')
		  FROM masp.bank_lines l JOIN masp.bank_statements s USING (statement_id)
		 WHERE l.amount_cents > 0 AND l.state <> 'ignored' AND l.booked_on > masp.today() - $2::integer
		   AND ($1 = '' OR s.bank_account_id = $1) AND NOT EXISTS (SELECT FROM masp.line_matches m WHERE m.line_id = l.line_id)
		 ORDER BY l.booked_on DESC, l.line_id DESC`, account, days)
	if err != nil {
		return nil, fmt.Errorf("read the credits of the last days: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (PastLine, error) {
		var p PastLine
		var amount int64
		err := row.Scan(&p.Line, &p.BankAccount, &p.BookedOn, &amount, &p.Counterparty, &p.Text, &p.State, &p.Was)
		p.Amount = money.Cents(amount)
		return p, err
	})
}

// taken fills an assignment with the suggestion that it takes.
func taken(ctx context.Context, tx pgx.Tx, line int64, a Assignment) (Assignment, error) {
	if a.Suggestion == 0 {
		return a, nil
	}
	s, err := suggested(ctx, tx, line, a.Suggestion)
	if err != nil {
		return a, err
	}
	if s.Transfer == "" {
		a.Mandate, a.Benefit = firstOf(a.Mandate, s.Mandate), firstOf(a.Benefit, s.Benefit)
	}
	a.Transfer = firstOf(a.Transfer, s.Transfer)
	if a.Period.IsZero() {
		a.Period = s.Period
	}
	return a, nil
}

// suggested reads the n-th suggestion of a line in suspense, from 1.
func suggested(ctx context.Context, tx pgx.Tx, line int64, n int) (Suggestion, error) {
	var raw []byte
	err := tx.QueryRow(ctx, `SELECT suggestions FROM masp.suspense_items WHERE line_id = $1`, line).Scan(&raw)
	if errors.Is(err, pgx.ErrNoRows) {
		return Suggestion{}, ErrNotInSuspense
	}
	if err != nil {
		return Suggestion{}, fmt.Errorf("read the suggestions of line %d: %w", line, err)
	}
	var all []Suggestion
	if err := json.Unmarshal(raw, &all); err != nil {
		return Suggestion{}, fmt.Errorf("read the suggestions of line %d: %w", line, err)
	}
	if n < 1 || n > len(all) {
		return Suggestion{}, refuse("SUGGESTION", "La ligne %d n’a pas de piste %d (masp suspense list).", line, n)
	}
	return all[n-1], nil
}
