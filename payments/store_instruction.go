package payments

import (
	"context"
	"fmt"
	"iter"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
)

// insertInstructions writes the transfers of parts of a run, without what they pay, and answers the numbers
// that the database gives them, in their order.
func insertInstructions(ctx context.Context, tx pgx.Tx, parts []RunMandate) ([]int64, error) {
	columns := []string{
		"run_id", "mandate_id", "kind", "account", "bank_account_id", "creditor_id", "creditor_name",
		"creditor_iban", "iban_version", "amount_cents", "leave_on", "execute_on", "reference", "end_to_end_id",
		"means",
	}
	rows, stop := pulled(func(yield func([]any) bool) {
		for t := range transfersIn(parts) {
			if !yield([]any{
				t.Run, t.Mandate, string(t.Kind), string(t.Account), t.BankAccount, t.Creditor, t.Name,
				t.IBAN, orNoVersion(t.IBANVersion), t.Amount.Cents(), t.LeaveOn.Time(), t.ExecuteOn.Time(), t.Reference, t.EndToEndID,
				string(t.Means),
			}) {
				return
			}
		}
	})
	defer stop()
	numbers, err := unit.CopyNumbered(ctx, tx, "instructions", columns, "instruction_id", rows)
	if err != nil {
		return nil, fmt.Errorf("insert instructions: %w", err)
	}
	return numbers, nil
}

// numberTransfers gives the transfers their numbers.
func numberTransfers(parts []RunMandate, numbers []int64) {
	i := 0
	for t := range transfersIn(parts) {
		t.ID = numbers[i]
		i++
	}
}

// transfersIn are the transfers of parts of a run, in their order.
func transfersIn(parts []RunMandate) iter.Seq[*Instruction] {
	return func(yield func(*Instruction) bool) {
		for m := range parts {
			for i := range parts[m].Transfers {
				if !yield(&parts[m].Transfers[i]) {
					return
				}
			}
		}
	}
}

// orNoVersion stores the IBAN of a payment by hand as none.
func orNoVersion(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}

// insertCovers writes what each transfer pays.
func insertCovers(ctx context.Context, tx pgx.Tx, parts []RunMandate) error {
	columns := []string{"instruction_id", "line_no", "obligation_id", "due_on", "amount_cents", "debt_id"}
	err := copyRows(ctx, tx, "instruction_covers", columns, func(yield func([]any) bool) {
		for t := range transfersIn(parts) {
			for _, c := range t.Covers {
				if !yield([]any{t.ID, c.Line, c.Obligation, c.DueOn.Time(), c.Amount.Cents(), orNull(c.Debt)}) {
					return
				}
			}
		}
	})
	if err != nil {
		return fmt.Errorf("insert what the instructions cover: %w", err)
	}
	return nil
}

const selectInstruction = `
	SELECT instruction_id, coalesce(run_id, ''), mandate_id, kind, account, bank_account_id, creditor_id, creditor_name,
	       creditor_iban, coalesce(iban_version, 0), amount_cents, leave_on, execute_on, reference, end_to_end_id, state,
	       coalesce(reason, ''), means
	  FROM masp.instructions `

func scanInstruction(row pgx.CollectableRow) (Instruction, error) {
	var i Instruction
	var cents int64
	err := row.Scan(&i.ID, &i.Run, &i.Mandate, &i.Kind, &i.Account, &i.BankAccount, &i.Creditor, &i.Name,
		&i.IBAN, &i.IBANVersion, &cents, &i.LeaveOn, &i.ExecuteOn, &i.Reference, &i.EndToEndID, &i.State, &i.Reason, &i.Means)
	i.Amount = money.Cents(cents)
	return i, err
}

// instructionsOfRun reads the transfers of a run in their order, with what they cover.
func instructionsOfRun(ctx context.Context, tx pgx.Tx, run string) ([]Instruction, error) {
	rows, err := tx.Query(ctx, selectInstruction+`WHERE run_id = $1 ORDER BY instruction_id`, run)
	if err != nil {
		return nil, err
	}
	list, err := pgx.CollectRows(rows, scanInstruction)
	if err != nil {
		return nil, err
	}
	return list, addCovers(ctx, tx, run, list)
}

func addCovers(ctx context.Context, tx pgx.Tx, run string, list []Instruction) error {
	place := make(map[int64]int, len(list))
	for i, t := range list {
		place[t.ID] = i
	}
	rows, err := tx.Query(ctx, `
		SELECT c.instruction_id, c.line_no, c.obligation_id, c.due_on, c.amount_cents, coalesce(c.debt_id, '')
		  FROM masp.instruction_covers c JOIN masp.instructions i USING (instruction_id)
		 WHERE i.run_id = $1 ORDER BY c.instruction_id, c.line_no`, run)
	if err != nil {
		return err
	}
	var id, cents int64
	var c InstructionCover
	_, err = pgx.ForEachRow(rows, []any{&id, &c.Line, &c.Obligation, &c.DueOn, &cents, &c.Debt}, func() error {
		c.Amount = money.Cents(cents)
		list[place[id]].Covers = append(list[place[id]].Covers, c)
		return nil
	})
	return err
}

// dueRuns reads the runs that have scheduled remittances whose day has come, the oldest first.
func dueRuns(ctx context.Context, q querier) ([]string, error) {
	rows, err := q.Query(ctx, `
		SELECT run_id FROM masp.instructions JOIN masp.runs USING (run_id)
		 WHERE instructions.state = 'scheduled' AND leave_on <= masp.today()
		 GROUP BY run_id, run_number ORDER BY run_number`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// scheduledFor reads the remittances of a run whose day has come. Those of a measure that has
// ended stay: their money belongs to the end of the measure. Their order is that of the mandates of
// the run, also when one of them was adjusted and its transfers are younger.
func scheduledFor(ctx context.Context, tx pgx.Tx, run string, day civil.Date) ([]Instruction, error) {
	rows, err := tx.Query(ctx, `WITH due AS (`+selectInstruction+`
		 WHERE run_id = $1 AND state = 'scheduled' AND leave_on <= $2
		   AND (SELECT status FROM masp.mandates m WHERE m.mandate_id = instructions.mandate_id) = 'ACTIVE'
		 ORDER BY instruction_id FOR UPDATE)
		SELECT due.* FROM due ORDER BY (SELECT position FROM masp.run_mandates m
		       WHERE m.run_id = $1 AND m.mandate_id = due.mandate_id), instruction_id`, run, day)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanInstruction)
}

// lockRunsWaiting locks the runs that have transfers of a mandate waiting for their day, in the
// order of their references.
func lockRunsWaiting(ctx context.Context, tx pgx.Tx, mandate string) error {
	_, err := tx.Exec(ctx, `
		SELECT FROM masp.runs WHERE run_id IN (
		       SELECT run_id FROM masp.instructions WHERE mandate_id = $1 AND state = 'scheduled')
		 ORDER BY run_id FOR UPDATE`, mandate)
	if err != nil {
		return fmt.Errorf("lock the runs of mandate %s: %w", mandate, err)
	}
	return nil
}

// lockScheduled locks the transfers of a mandate that wait for their day, and counts them.
func lockScheduled(ctx context.Context, tx pgx.Tx, mandate string) (int64, error) {
	done, err := tx.Exec(ctx, `
		SELECT FROM masp.instructions WHERE mandate_id = $1 AND state = 'scheduled'
		 ORDER BY instruction_id FOR UPDATE`, mandate)
	if err != nil {
		return 0, fmt.Errorf("lock the scheduled transfers of %s: %w", mandate, err)
	}
	return done.RowsAffected(), nil
}

// cancelScheduled cancels the transfers of a mandate that wait for their day, and answers them.
func cancelScheduled(ctx context.Context, tx pgx.Tx, mandate, reason string) ([]Instruction, error) {
	rows, err := tx.Query(ctx, selectInstruction+`
		 WHERE mandate_id = $1 AND state = 'scheduled' ORDER BY instruction_id FOR UPDATE`, mandate)
	if err != nil {
		return nil, fmt.Errorf("read the scheduled transfers of %s: %w", mandate, err)
	}
	list, err := pgx.CollectRows(rows, scanInstruction)
	if err != nil {
		return nil, fmt.Errorf("read the scheduled transfers of %s: %w", mandate, err)
	}
	ids := make([]int64, len(list))
	for i := range list {
		ids[i] = list[i].ID
		list[i].State, list[i].Reason = InstructionCancelled, reason
	}
	_, err = tx.Exec(ctx, `
		UPDATE masp.instructions SET state = 'cancelled', reason = $2 WHERE instruction_id = ANY ($1)`, ids, reason)
	if err != nil {
		return nil, fmt.Errorf("cancel the scheduled transfers of %s: %w", mandate, err)
	}
	return list, nil
}

// setRunInstructions moves the instructions of a run that stand in one state to another.
func setRunInstructions(ctx context.Context, tx pgx.Tx, run string, from, to InstructionState) error {
	_, err := tx.Exec(ctx, `
		UPDATE masp.instructions SET state = $3 WHERE run_id = $1 AND state = $2`, run, from, to)
	return err
}

// setEmitted records the entries by which instructions left the accounts of the persons.
func setEmitted(ctx context.Context, tx pgx.Tx, ids, entries []int64) error {
	_, err := tx.Exec(ctx, `
		UPDATE masp.instructions i SET state = 'in_transit', posted_entry = e.entry_no
		  FROM unnest($1::bigint[], $2::bigint[]) AS e (instruction_id, entry_no)
		 WHERE i.instruction_id = e.instruction_id`, ids, entries)
	return err
}

// remittancesOf reads what runs have promised to the persons: scheduled ones in all, and
// all of the month that were not cancelled (R-056: they count against the floor).
func remittancesOf(ctx context.Context, tx pgx.Tx, ids []string, month civil.Month) (map[string]purse, error) {
	rows, err := tx.Query(ctx, `
		SELECT i.mandate_id,
		       coalesce(sum(i.amount_cents) FILTER (WHERE i.state = 'scheduled'), 0)::bigint,
		       coalesce(sum(i.amount_cents) FILTER (WHERE i.kind = 'REMITTANCE' AND i.leave_on BETWEEN $2 AND $3), 0)::bigint
		  FROM unnest($1::text[]) AS k (mandate_id)
		 CROSS JOIN LATERAL (SELECT * FROM masp.instructions i
		                      WHERE i.mandate_id = k.mandate_id AND i.state NOT IN ('draft', 'cancelled') OFFSET 0) i -- by its key
		 GROUP BY i.mandate_id`, ids, month.First(), month.Last())
	if err != nil {
		return nil, fmt.Errorf("read the remittances: %w", err)
	}
	purses := make(map[string]purse)
	var id string
	var scheduled, remitted int64
	_, err = pgx.ForEachRow(rows, []any{&id, &scheduled, &remitted}, func() error {
		purses[id] = purse{Scheduled: money.Cents(scheduled), Remitted: money.Cents(remitted)}
		return nil
	})
	return purses, err
}
