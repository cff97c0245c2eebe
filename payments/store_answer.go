package payments

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/ledger/money"
)

// underWay reads transfers with what the bank knows of them; where is a fixed condition.
func underWay(ctx context.Context, tx pgx.Tx, where string, args ...any) ([]UnderWay, error) {
	rows, err := tx.Query(ctx, `
		SELECT i.instruction_id, i.mandate_id, i.bank_account_id, i.account, i.state, i.end_to_end_id,
		       coalesce(p.payment_info_id, ''), coalesce(p.message_id, ''), i.amount_cents, i.execute_on, i.creditor_name
		  FROM masp.instructions i
		  LEFT JOIN LATERAL (SELECT fi.payment_info_id, f.message_id
		                       FROM masp.payment_file_instructions fi JOIN masp.payment_files f USING (file_id)
		                      WHERE fi.instruction_id = i.instruction_id AND NOT fi.void) p ON true
		 WHERE `+where+` ORDER BY i.instruction_id FOR UPDATE OF i`, args...)
	if err != nil {
		return nil, fmt.Errorf("read transfers: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (UnderWay, error) {
		var u UnderWay
		var cents int64
		err := row.Scan(&u.ID, &u.Mandate, &u.BankAccount, &u.Account, &u.State, &u.EndToEndID,
			&u.PaymentInfoID, &u.MessageID, &cents, &u.ExecuteOn, &u.CreditorName)
		u.Amount = money.Cents(cents)
		return u, err
	})
}

func lockInstruction(ctx context.Context, tx pgx.Tx, id int64) (Instruction, error) {
	rows, err := tx.Query(ctx, selectInstruction+`WHERE instruction_id = $1 FOR UPDATE`, id)
	if err != nil {
		return Instruction{}, err
	}
	return pgx.CollectExactlyOneRow(rows, scanInstruction)
}

func markSettled(ctx context.Context, tx pgx.Tx, settled []Settlement) error {
	ids, entries := make([]int64, len(settled)), make([]int64, len(settled))
	days := make([]time.Time, len(settled))
	for i, s := range settled {
		ids[i], entries[i], days[i] = s.Instruction, s.Entry, s.On.Time()
	}
	done, err := tx.Exec(ctx, `
		UPDATE masp.instructions i SET state = 'settled', settled_entry = s.entry_no, settled_on = s.on_day
		  FROM unnest($1::bigint[], $2::bigint[], $3::date[]) AS s (instruction_id, entry_no, on_day)
		 WHERE i.instruction_id = s.instruction_id AND i.state = 'in_transit'`, ids, entries, days)
	if err == nil && done.RowsAffected() != int64(len(settled)) {
		err = fmt.Errorf("%d of %d transfers were in transit", done.RowsAffected(), len(settled))
	}
	return err
}

// returnedBy locks a transfer and tells whether this very entry has given it back already.
func returnedBy(ctx context.Context, tx pgx.Tx, f Failure) (known bool, err error) {
	err = tx.QueryRow(ctx, `
		SELECT state = 'returned' AND failed_entry = $2 FROM masp.instructions
		 WHERE instruction_id = $1 FOR UPDATE`, f.Instruction, f.Entry).Scan(&known)
	return known, err
}

func markFailed(ctx context.Context, tx pgx.Tx, f Failure, state InstructionState) error {
	done, err := tx.Exec(ctx, `
		UPDATE masp.instructions SET state = $2, reason = $3, failed_entry = $4
		 WHERE instruction_id = $1 AND state IN ('in_transit', 'settled')`,
		f.Instruction, string(state), orNull(f.Reason), f.Entry)
	if err == nil && done.RowsAffected() != 1 {
		err = fmt.Errorf("instruction %d is not at the bank", f.Instruction)
	}
	return err
}

// closeRuns settles filed runs of which nothing is under way any more, and approved ones that
// have nothing to file: without a transfer, or with cancelled ones only.
const closeRuns = `
		UPDATE masp.runs r SET state = 'settled'
		 WHERE CASE r.state WHEN 'filed' THEN true WHEN 'handed_over' THEN true
		       WHEN 'approved' THEN r.purpose = 'MANUAL' OR NOT EXISTS (SELECT FROM masp.instructions i WHERE i.run_id = r.run_id AND i.state <> 'cancelled')
		       ELSE false END
		   AND NOT EXISTS (SELECT FROM masp.instructions i
		                    WHERE i.run_id = r.run_id AND i.state IN ('draft', 'approved', 'scheduled', 'in_transit'))
		   AND `

// settleRuns closes the runs of these transfers when nothing of them is under way any more.
func settleRuns(ctx context.Context, tx pgx.Tx, instructions []int64) error {
	_, err := tx.Exec(ctx, closeRuns+`r.run_id IN (SELECT run_id FROM masp.instructions WHERE instruction_id = ANY ($1))`, instructions)
	if err != nil {
		return fmt.Errorf("settle runs: %w", err)
	}
	return nil
}

// settleRun closes one run when nothing of it is under way any more.
func settleRun(ctx context.Context, tx pgx.Tx, run string) error {
	_, err := tx.Exec(ctx, closeRuns+`r.run_id = $1`, run)
	if err != nil {
		return fmt.Errorf("settle run %s: %w", run, err)
	}
	return nil
}

// organisationNow reads the name that signs files and the instant of the database's clock.
func organisationNow(ctx context.Context, tx pgx.Tx) (name string, now time.Time, err error) {
	err = tx.QueryRow(ctx, `
		SELECT name, date_trunc('second', masp.now()) FROM masp.organisations`).Scan(&name, &now)
	if err != nil {
		return "", now, fmt.Errorf("read the organisation: %w", err)
	}
	return name, now, nil
}
