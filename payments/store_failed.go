package payments

import (
	"context"

	"github.com/jackc/pgx/v5"

	"masp/ledger/unit"
)

// failedTransfers reads the transfers that the bank refused or sent back, the newest first. What is known of
// them is asked when there are some: who works with few persons has none on most days.
func failedTransfers(ctx context.Context, q unit.Querier, ids []string) ([]FailedTransfer, error) {
	rows, err := q.Query(ctx, selectInstruction+`
		 WHERE state IN ('rejected', 'returned') AND ($1::text[] IS NULL OR mandate_id = ANY ($1))`, ids)
	if err != nil {
		return nil, err
	}
	found, err := pgx.CollectRows(rows, scanInstruction)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	of := make(map[int64]Instruction, len(found))
	numbers := make([]int64, len(found))
	for i, t := range found {
		of[t.ID], numbers[i] = t, t.ID
	}
	if rows, err = q.Query(ctx, selectFailed, numbers); err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (f FailedTransfer, err error) {
		var id int64
		err = row.Scan(&id, &f.Person, &f.FailedOn, &f.BankText, &f.Replaced, &f.Due, &f.OpenRun)
		f.Instruction = of[id]
		return f, err
	})
}

const selectFailed = `
	SELECT i.instruction_id, concat_ws(' ', b.civility, b.last_name, b.first_name), coalesce(e.posted_on, i.leave_on) AS failed_on,
	       coalesce((SELECT s.text FROM masp.status_reports s WHERE s.instruction_id = i.instruction_id AND s.text <> ''
	                  ORDER BY s.report_id DESC LIMIT 1), ''),
	       ARRAY(SELECT o.obligation_id FROM masp.obligations o WHERE o.reissue_of = i.end_to_end_id ORDER BY 1),
	       EXISTS (SELECT FROM masp.instruction_covers c JOIN masp.dues d USING (obligation_id, due_on)
	                WHERE c.instruction_id = i.instruction_id AND d.due_cents > d.paid_cents + d.replaced_cents)
	           OR NOT EXISTS (SELECT FROM masp.instruction_covers c WHERE c.instruction_id = i.instruction_id)
	              AND NOT EXISTS (SELECT FROM masp.instructions n WHERE n.mandate_id = i.mandate_id AND n.kind = i.kind
	                      AND n.leave_on >= i.leave_on AND n.run_id <> i.run_id
	                      AND n.state NOT IN ('draft', 'rejected', 'returned', 'cancelled')),
	       coalesce((SELECT r.run_id FROM masp.instruction_covers c JOIN masp.run_lines l USING (obligation_id, due_on)
	                   JOIN masp.runs r ON r.run_id = l.run_id
	                  WHERE c.instruction_id = i.instruction_id AND r.state IN ('draft', 'in_review') LIMIT 1), '')
	  FROM masp.instructions i LEFT JOIN masp.entries e ON e.entry_no = i.failed_entry
	  LEFT JOIN masp.mandates m USING (mandate_id) LEFT JOIN masp.beneficiaries b USING (beneficiary_id)
	 WHERE i.instruction_id = ANY ($1) ORDER BY failed_on DESC, i.instruction_id DESC`
