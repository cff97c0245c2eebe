package payments

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger/money"
)

// answeredBy locks the transfers that an entry settled or gave back.
func answeredBy(ctx context.Context, tx pgx.Tx, entry int64) ([]Undoing, error) {
	rows, err := tx.Query(ctx, `
		SELECT i.instruction_id, i.end_to_end_id, CASE m.meaning WHEN 'SETTLED' THEN 'settled' ELSE 'returned' END,
		       CASE WHEN m.meaning = 'SETTLED' OR i.settled_entry IS NULL THEN 'in_transit' ELSE 'settled' END,
		       CASE WHEN m.meaning = 'SETTLED' THEN '{}' ELSE ARRAY(
		            SELECT c.obligation_id || '@' || c.due_on FROM masp.instruction_covers c
		             WHERE c.instruction_id = i.instruction_id ORDER BY c.line_no) END
		  FROM masp.line_matches m JOIN masp.instructions i USING (instruction_id)
		 WHERE m.entry_no = $1 AND m.undone_by IS NULL ORDER BY i.instruction_id FOR UPDATE OF i`, entry)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Undoing, error) {
		u := Undoing{Obstacles: []string{}}
		return u, row.Scan(&u.ID, &u.Transfer, &u.From, &u.To, &u.Dues)
	})
}

// obstacles finds what was built on the answer, each in a sentence that says what to undo first.
func (u *Undoing) obstacles(ctx context.Context, tx pgx.Tx) error {
	queries := []string{`
		SELECT 'Le virement ' || i.end_to_end_id || ' est revenu depuis (ligne ' || m.line_id || ') : annulez d’abord ce retour.', 0
		  FROM masp.instructions i JOIN masp.line_matches m USING (instruction_id)
		 WHERE i.instruction_id = $1 AND m.meaning = 'RETURNED' AND m.undone_by IS NULL`, `
		SELECT 'Le virement a été remboursé (ligne ' || a.line_id || ') : annulez d’abord cette attribution.', 0
		  FROM masp.suspense_assignments a WHERE a.instruction_id = $1 AND a.amount_cents > 0 AND a.benefit <> ''
		   AND NOT EXISTS (SELECT FROM masp.match_undos x WHERE x.assignment_id = a.assignment_id)
		 ORDER BY a.assignment_id`}
	if u.From == Returned {
		queries = []string{`
		SELECT 'Le virement a été émis de nouveau (échéance ' || o.obligation_id || ') : il ne peut pas être payé deux fois.', 0
		  FROM masp.obligations o JOIN masp.instructions i ON i.end_to_end_id = o.reissue_of
		 WHERE i.instruction_id = $1 ORDER BY o.obligation_id`, `
		SELECT 'L’échéance ' || d.obligation_id || ' du ' || to_char(d.due_on, 'DD/MM/YYYY') || ' a été payée depuis' || coalesce(' par '
		       || (SELECT string_agg(i.end_to_end_id, ', ' ORDER BY i.instruction_id)
		             FROM masp.instruction_covers o JOIN masp.instructions i USING (instruction_id)
		            WHERE o.obligation_id = d.obligation_id AND o.due_on = d.due_on AND i.instruction_id <> $1
		              AND i.state IN ('scheduled', 'in_transit', 'settled')), '') || '. Il manque :',
		       c.amount_cents - (d.due_cents - d.paid_cents - d.replaced_cents)
		  FROM masp.instruction_covers c JOIN masp.dues d USING (obligation_id, due_on)
		 WHERE c.instruction_id = $1 AND d.paid_cents + d.replaced_cents + c.amount_cents > d.due_cents
		   AND NOT EXISTS (SELECT FROM masp.obligations o JOIN masp.instructions i ON i.end_to_end_id = o.reissue_of
		                    WHERE i.instruction_id = $1)
		 ORDER BY c.line_no`, `
		SELECT 'La dette ' || b.debt_id || ' est plus petite que ce que ce virement avait payé. Il manque :',
		       (sum(c.amount_cents) - b.outstanding_cents)::bigint
		  FROM masp.instruction_covers c JOIN masp.debts b USING (debt_id)
		 WHERE c.instruction_id = $1 GROUP BY b.debt_id, b.outstanding_cents HAVING sum(c.amount_cents) > b.outstanding_cents
		 ORDER BY b.debt_id`}
	}
	for _, query := range queries {
		rows, err := tx.Query(ctx, query, u.ID)
		if err != nil {
			return err
		}
		var what string
		var cents int64
		_, err = pgx.ForEachRow(rows, []any{&what, &cents}, func() error {
			if cents != 0 {
				what += " " + money.Cents(cents).French() + "."
			}
			u.Obstacles = append(u.Obstacles, what)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// undoAnswer takes the answer of an entry off a transfer.
func undoAnswer(ctx context.Context, tx pgx.Tx, u Undoing, entry int64) error {
	set := `state = $4, settled_entry = NULL, settled_on = NULL WHERE settled_entry = $3`
	if u.From == Returned {
		set = `state = $4, failed_entry = NULL, reason = NULL WHERE failed_entry = $3`
	}
	done, err := tx.Exec(ctx, `UPDATE masp.instructions SET `+set+` AND instruction_id = $1 AND state = $2`,
		u.ID, string(u.From), entry, string(u.To))
	if err == nil && done.RowsAffected() != 1 {
		err = fmt.Errorf("transfer %s is no longer %s", u.Transfer, u.From)
	}
	return err
}

// payAgain lets the dues and debts fall again that a return had opened.
func payAgain(ctx context.Context, tx pgx.Tx, instruction, entry int64) error {
	_, err := tx.Exec(ctx, `
		UPDATE masp.dues d SET paid_cents = d.paid_cents + c.amount_cents
		  FROM masp.instruction_covers c
		 WHERE c.instruction_id = $1 AND d.obligation_id = c.obligation_id AND d.due_on = c.due_on`, instruction)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO masp.debt_movements (debt_id, on_day, kind, amount_cents, source)
		SELECT debt_id, masp.today(), 'PAYMENT', -sum(amount_cents)::bigint, 'return undone ' || $2::bigint || ' ' || debt_id
		  FROM masp.instruction_covers WHERE instruction_id = $1 AND debt_id IS NOT NULL
		 GROUP BY debt_id ORDER BY debt_id`, instruction, entry)
	return err
}

// unsettleRun takes the run of a transfer that is under way again back to where its files are.
func unsettleRun(ctx context.Context, tx pgx.Tx, instruction int64) error {
	_, err := tx.Exec(ctx, `
		UPDATE masp.runs r SET state = CASE
		       WHEN EXISTS (SELECT FROM masp.run_acts a WHERE a.run_id = r.run_id AND a.act = 'hand_over') THEN 'handed_over'
		       WHEN EXISTS (SELECT FROM masp.run_acts a WHERE a.run_id = r.run_id AND a.act = 'file') THEN 'filed'
		       ELSE 'approved' END
		 WHERE r.state = 'settled' AND r.run_id = (
		       SELECT run_id FROM masp.instructions WHERE instruction_id = $1 AND state = 'in_transit')`, instruction)
	return err
}
