package imports

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/money"
	"masp/ledger/unit"
)

// suspenseDays is how many days a line may wait.
func suspenseDays(ctx context.Context, q ledger.Querier) (days int, err error) {
	if err = q.QueryRow(ctx, `SELECT suspense_days FROM masp.organisations`).Scan(&days); err != nil {
		return 0, fmt.Errorf("read the delay of suspense: %w", err)
	}
	return days, nil
}

// read sums what is open, by the day on which the bank has booked it.
func (r *SuspenseSums) read(ctx context.Context, q ledger.Querier) error {
	r.Ages = newAges()
	rows, err := q.Query(ctx, `
		SELECT (SELECT masp.today()) - l.booked_on, count(*)::int, coalesce(sum(i.open_cents) FILTER (WHERE i.open_cents > 0), 0)::bigint,
		       coalesce(-sum(i.open_cents) FILTER (WHERE i.open_cents < 0), 0)::bigint
		  FROM masp.suspense_items i JOIN masp.bank_lines l USING (line_id) WHERE i.open_cents <> 0 GROUP BY l.booked_on`)
	if err != nil {
		return fmt.Errorf("sum suspense: %w", err)
	}
	var days, lines int
	var in, out int64
	_, err = pgx.ForEachRow(rows, []any{&days, &lines, &in, &out}, func() error {
		a := ageOf(r.Ages, days)
		a.Lines, a.In, a.Out = a.Lines+lines, a.In.Add(money.Cents(in)), a.Out.Add(money.Cents(out))
		r.Lines, r.Total = r.Lines+lines, r.Total.Add(money.Cents(in-out))
		return nil
	})
	if err != nil {
		return fmt.Errorf("sum suspense: %w", err)
	}
	return nil
}

const selectSuspense = `
	SELECT l.line_id, s.bank_account_id, l.booked_on, (SELECT masp.today()) - l.booked_on, l.amount_cents, i.open_cents,
	       l.counterparty, l.text,
	       coalesce((SELECT 'Rapprochement annulé par ' || u.undone_by || ' : ' || u.reason FROM masp.match_undos u
	                  WHERE u.line_id = l.line_id ORDER BY u.undo_id DESC LIMIT 1), l.recognised_by), i.suggestion, i.suggestions,
	       coalesce((SELECT a.owner_id FROM masp.suspense_acts a WHERE a.line_id = l.line_id AND a.act <> 'NOTE'
	                  ORDER BY a.act_id DESC LIMIT 1), ''),
	       l.booked_on + (SELECT suspense_days FROM masp.organisations), masp.suspense_reserved(l.line_id),
	       coalesce((SELECT min(t.run_id) FROM masp.suspense_returns r JOIN masp.instructions t USING (instruction_id)
	                  WHERE r.line_id = l.line_id AND t.state IN ('draft', 'approved', 'scheduled')), ''),
	       coalesce((SELECT jsonb_agg(jsonb_build_object('act', a.act, 'owner', coalesce(a.owner_id, ''), 'note', a.note,
	                        'by', a.acted_by, 'at', a.acted_at) ORDER BY a.act_id)
	                   FROM masp.suspense_acts a WHERE a.line_id = l.line_id), '[]')
	  FROM masp.suspense_items i JOIN masp.bank_lines l USING (line_id) JOIN masp.bank_statements s USING (statement_id)
	 WHERE i.open_cents <> 0 `

// wherePart is which lines are open of a search: the conditions that cost something stand there when asked.
func (look SuspenseSearch) where() string {
	where := `
	  FROM masp.suspense_items i JOIN masp.bank_lines l USING (line_id)
	 WHERE i.open_cents <> 0 AND ($1 = $1) AND ($2 = $2) AND ($3::boolean IS NULL OR $3 = $3) AND ($4::bigint = 0 OR l.line_id = $4)`
	if look.Account != "" {
		where += ` AND EXISTS (SELECT FROM masp.bank_statements s WHERE s.statement_id = l.statement_id AND s.bank_account_id = $1)`
	}
	if look.Owner != "" {
		where += ` AND $2 = (SELECT a.owner_id FROM masp.suspense_acts a WHERE a.line_id = l.line_id AND a.act <> 'NOTE'
	                  ORDER BY a.act_id DESC LIMIT 1)`
	}
	if look.Late != nil {
		where += ` AND (l.booked_on <= (SELECT masp.today() - suspense_days FROM masp.organisations)) = $3`
	}
	return where
}

func (look SuspenseSearch) args() []any { return []any{look.Account, look.Owner, look.Late, look.Line} }

// suspensePart reads some of what is open, the oldest first.
func suspensePart(ctx context.Context, q unit.Querier, look SuspenseSearch) ([]SuspenseItem, error) {
	return suspenseItems(ctx, q, `AND i.line_id = ANY (ARRAY(SELECT l.line_id`+look.where()+`
		   AND ($5::date IS NULL OR (l.booked_on, l.line_id) > ($5, $6)) ORDER BY l.booked_on, l.line_id LIMIT $7)) `,
		append(look.args(), dayOf(look.After.Day), look.After.Line, look.Most)...)
}

// suspenseItems reads what is open, the oldest first.
func suspenseItems(ctx context.Context, q unit.Querier, which string, args ...any) ([]SuspenseItem, error) {
	rows, err := q.Query(ctx, selectSuspense+which+`ORDER BY l.booked_on, l.line_id`, args...)
	if err != nil {
		return nil, fmt.Errorf("read suspense: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (SuspenseItem, error) {
		var i SuspenseItem
		var amount, open, reserved int64
		var notes []byte
		err := row.Scan(
			&i.Line, &i.BankAccount, &i.BookedOn, &i.Days, &amount, &open, &i.Counterparty, &i.Text,
			&i.Why, &i.Suggestion, &i.Suggestions, &i.Owner, &i.Deadline, &reserved, &i.Return, &notes,
		)
		if err == nil {
			err = json.Unmarshal(notes, &i.Notes)
		}
		i.Amount, i.Open, i.Reserved = money.Cents(amount), money.Cents(open), money.Cents(reserved)
		return i, err
	})
}

// actOnSuspense writes what somebody did about a line, through the door that asks for the secret.
func actOnSuspense(
	ctx context.Context, tx pgx.Tx, secret string, line int64, n SuspenseNote,
) (act int64, err error) {
	err = tx.QueryRow(ctx, `SELECT masp.act_on_suspense($1, $2, $3, $4, $5)`,
		secret, line, n.Act, n.Owner, n.Note).Scan(&act)
	if err != nil {
		return 0, fmt.Errorf("write the act: %w", err)
	}
	return act, nil
}

// lockOwner is who looks after a line, empty for nobody; the account of the line is locked, so that
// of two who take it at once the second sees the first.
func lockOwner(ctx context.Context, tx pgx.Tx, line int64) (owner string, err error) {
	if err := lockAccountOf(ctx, tx, line); err != nil {
		return "", err
	}
	err = tx.QueryRow(ctx, `
		SELECT coalesce((SELECT owner_id FROM masp.suspense_acts
		                  WHERE line_id = $1 AND act <> 'NOTE' ORDER BY act_id DESC LIMIT 1), '')`, line).Scan(&owner)
	if err != nil {
		return "", fmt.Errorf("read the owner of bank line %d: %w", line, err)
	}
	return owner, nil
}

// reserveReturn says for which line a draft leaves 471.
func reserveReturn(ctx context.Context, tx pgx.Tx, secret string, line, instruction int64) error {
	if _, err := tx.Exec(ctx, `SELECT masp.reserve_return($1, $2, $3)`, secret, line, instruction); err != nil {
		return fmt.Errorf("reserve what goes back: %w", err)
	}
	return nil
}

// SuspenseDays is after how many days an unidentified line is late.
func (s *Service) SuspenseDays(ctx context.Context) (int, error) {
	return suspenseDays(ctx, unit.Reader(ctx, s.DB))
}
