package payments

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
	"masp/payments/worklist"
)

// duesOf lists what falls due in a month.
func duesOf(situations []mandates.Situation, month civil.Month) []mandates.DueOn {
	var dues []mandates.DueOn
	for _, s := range situations {
		for _, o := range s.Obligations {
			dues = append(dues, mandates.Due(o, month)...)
		}
	}
	return dues
}

// addDues writes the dues that have no row yet and answers how many. A due that exists keeps its
// amount: it may be partly paid.
func addDues(ctx context.Context, tx pgx.Tx, dues []mandates.DueOn) (int, error) {
	ids, days, cents := make([]string, len(dues)), make([]time.Time, len(dues)), make([]int64, len(dues))
	for i, d := range dues {
		ids[i], days[i], cents[i] = d.Obligation, d.On.Time(), d.Amount.Cents()
	}
	done, err := tx.Exec(ctx, `
		INSERT INTO masp.dues (obligation_id, due_on, due_cents)
		SELECT * FROM unnest($1::text[], $2::date[], $3::bigint[])
		ON CONFLICT (obligation_id, due_on) DO NOTHING`, ids, days, cents)
	if err != nil {
		return 0, fmt.Errorf("write what is due: %w", err)
	}
	return int(done.RowsAffected()), nil
}

// forgottenRents are the unpaid rents and charges of past months that no run has proposed: no run
// proposes them any more, so somebody must know.
func forgottenRents(ctx context.Context, tx pgx.Tx, today civil.Date) ([]worklist.Alert, error) {
	rows, err := tx.Query(ctx, `
		SELECT u.mandate_id, u.obligation_id, u.due_on, u.open_cents, o.label
		  FROM masp.unpaid_rents($1) u JOIN masp.obligations o USING (obligation_id) JOIN masp.mandates m ON m.mandate_id = u.mandate_id
		 WHERE m.status IN ('ACTIVE', 'SUSPENDED') AND NOT EXISTS (
		       SELECT FROM masp.run_lines l JOIN masp.runs r USING (run_id)
		        WHERE l.obligation_id = u.obligation_id AND l.due_on = u.due_on AND r.state <> 'cancelled')
		 ORDER BY u.mandate_id, u.due_on, u.obligation_id`, today.MonthOf().Add(-1).Last())
	if err != nil {
		return nil, fmt.Errorf("read the rents that no run has proposed: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (worklist.Alert, error) {
		a := worklist.Alert{On: today, Code: string(RentUnpaid)}
		var due mandates.DueOn
		var cents int64
		var label string
		err := row.Scan(&a.Mandate, &due.Obligation, &due.On, &cents, &label)
		a.Amount, a.Subject = money.Cents(cents), due.Key()
		a.Source, a.Details = "due "+a.Code+" "+due.Key(), map[string]string{"line": due.Key()}
		a.Text = fmt.Sprintf("%s (%s) : %s impayés, et aucune campagne ne les a proposés. Voyez un plan (masp debt arrears).",
			label, due.On.MonthOf().French(), a.Amount.French())
		return a, err
	})
}

const selectDues = `
		SELECT d.obligation_id, d.due_on, d.due_cents - d.paid_cents - d.replaced_cents,
		       NOT d.due_on = ANY (o.except_days) AND CASE WHEN $4 IS NOT NULL THEN a.due IS NOT NULL
		       ELSE d.due_on <= $3 AND (o.valid_to IS NULL OR d.due_on <= o.valid_to)
		        AND (d.due_on >= $2 OR o.class NOT IN ('RENT', 'RENTAL_CHARGE') OR EXISTS (
		             SELECT FROM masp.instruction_covers c JOIN masp.instructions i USING (instruction_id)
		              WHERE c.obligation_id = d.obligation_id AND c.due_on = d.due_on
		                AND i.state IN ('rejected', 'returned'))) END
		  FROM masp.dues d JOIN masp.obligations o USING (obligation_id)
		  LEFT JOIN unnest($4::text[]) AS a (due) ON a.due = d.obligation_id || '@' || d.due_on
		 WHERE d.obligation_id = ANY ($1) AND (d.paid_cents + d.replaced_cents < d.due_cents
		       OR a.due IS NOT NULL OR $4 IS NULL AND d.due_on BETWEEN $2 AND $3)
		   FOR UPDATE OF d`

// openDues answers what is due and not yet paid, by mandate and in the coordinator's order:
// first the month, then what earlier runs left over. Those that are wanted and have no row get one. Rent
// and charges of a past month are arrears and not the law's priority: they come back only when a
// transfer that should have paid them failed. What falls due after the end of its obligation is not
// due. An instalment never asks more than is left of its debt; what the law
// forbids to pay asks nothing of it. Asked, when it is not nil, are the keys of the only dues
// wanted, in their order, whatever their month. The mandates are locked: nobody else writes dues of theirs.
func openDues(
	ctx context.Context, tx pgx.Tx, situations []mandates.Situation, run Run, asked []string, wanted []mandates.DueOn,
) (map[string][]dueItem, error) {
	open := newDueList(situations, run, asked)
	rows, err := tx.Query(ctx, selectDues, open.ids, run.Month.First(), run.Month.Last(), asked)
	if err != nil {
		return nil, fmt.Errorf("read what is due: %w", err)
	}
	there := make(map[dueKey]bool)
	var at dueKey
	var cents int64
	var asks bool
	_, err = pgx.ForEachRow(rows, []any{&at.obligation, &at.on, &cents, &asks}, func() error {
		there[at] = true
		if asks {
			open.add(at, money.Cents(cents))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read what is due: %w", err)
	}
	missing := make([]mandates.DueOn, 0, len(wanted))
	for _, due := range wanted {
		if at := (dueKey{due.Obligation, due.On}); !there[at] {
			missing = append(missing, due)
			open.add(at, due.Amount)
		}
	}
	written, err := addDues(ctx, tx, missing)
	if err != nil {
		return nil, err
	}
	if written < len(missing) {
		return nil, fmt.Errorf("write what is due: %d of %d", written, len(missing))
	}
	left, err := outstanding(ctx, tx, open.debts())
	return open.upTo(left), err
}

// outstanding reads what is left of some debts.
func outstanding(ctx context.Context, tx pgx.Tx, debts []string) (map[string]money.Amount, error) {
	left := make(map[string]money.Amount, len(debts))
	if len(debts) == 0 {
		return left, nil
	}
	rows, err := tx.Query(ctx, `SELECT debt_id, outstanding_cents FROM masp.debts WHERE debt_id = ANY ($1)`, debts)
	if err != nil {
		return nil, fmt.Errorf("read what is left of debts: %w", err)
	}
	var id string
	var cents int64
	_, err = pgx.ForEachRow(rows, []any{&id, &cents}, func() error {
		left[id] = money.Cents(cents)
		return nil
	})
	return left, err
}

// payDues raises what is paid of the dues that a run covers. The database refuses more
// than is due: ErrPaidTwice.
func payDues(ctx context.Context, tx pgx.Tx, run string) error {
	_, err := tx.Exec(ctx, `
		UPDATE masp.dues d SET paid_cents = d.paid_cents + l.paid_cents
		  FROM masp.run_lines l
		 WHERE l.run_id = $1 AND l.paid_cents > 0
		   AND d.obligation_id = l.obligation_id AND d.due_on = l.due_on`, run)
	return err
}

// payDebts lets the debts fall by what the run pays of them.
func payDebts(ctx context.Context, tx pgx.Tx, run string) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO masp.debt_movements (debt_id, on_day, kind, amount_cents, source)
		SELECT debt_id, masp.today(), 'PAYMENT', -sum(paid_cents)::bigint, 'run ' || $1 || ' ' || debt_id
		  FROM masp.run_lines WHERE run_id = $1 AND debt_id IS NOT NULL AND paid_cents > 0
		 GROUP BY debt_id ORDER BY debt_id`, run)
	return err
}

// reopen gives back to dues and debts what a failed transfer had covered, once for each entry
// that says so.
func reopen(ctx context.Context, tx pgx.Tx, instruction, entry int64) error {
	_, err := tx.Exec(ctx, `
		UPDATE masp.dues d SET paid_cents = d.paid_cents - c.amount_cents
		  FROM masp.instruction_covers c
		 WHERE c.instruction_id = $1 AND d.obligation_id = c.obligation_id AND d.due_on = c.due_on`, instruction)
	if err != nil {
		return fmt.Errorf("reopen what instruction %d covered: %w", instruction, err)
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO masp.debt_movements (debt_id, on_day, kind, amount_cents, source)
		SELECT debt_id, masp.today(), 'RESTORED', sum(amount_cents)::bigint, 'failed transfer ' || $1::bigint || ' ' || debt_id || ' ' || $2::bigint
		  FROM masp.instruction_covers WHERE instruction_id = $1 AND debt_id IS NOT NULL
		 GROUP BY debt_id ORDER BY debt_id`, instruction, entry)
	if err != nil {
		return fmt.Errorf("restore the debts of instruction %d: %w", instruction, err)
	}
	return nil
}

// replaceDues takes out of what is due the lines of a failed payment that is issued again.
func replaceDues(ctx context.Context, tx pgx.Tx, endToEndID string) error {
	_, err := tx.Exec(ctx, `
		UPDATE masp.dues d SET replaced_cents = d.replaced_cents + c.amount_cents
		  FROM masp.instruction_covers c JOIN masp.instructions i USING (instruction_id)
		 WHERE i.end_to_end_id = $1 AND d.obligation_id = c.obligation_id AND d.due_on = c.due_on`, endToEndID)
	return err
}
