package v1

import (
	"context"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
)

// myPayment is a PersonPayment of the contract.
type myPayment struct {
	Payment string       `json:"payment"`
	To      string       `json:"to"`
	Mine    bool         `json:"mine"` // to the person's own account
	What    []string     `json:"what"`
	Rent    bool         `json:"rent"`
	Amount  money.Amount `json:"amount"`
	On      civil.Date   `json:"on"`
	State   string       `json:"state"`
	Debt    bool         `json:"-"` // it pays a debt
}

// readMyPayments reads the newest payments of a person, the newest first, in her words for their state.
func readMyPayments(ctx context.Context, q unit.Querier, mandate string) ([]myPayment, error) {
	rows, err := q.Query(ctx, `
		SELECT i.end_to_end_id, i.creditor_name, coalesce(c.beneficiary_id IS NOT NULL, false),
		       coalesce(array_agg(DISTINCT o.label) FILTER (WHERE o.label IS NOT NULL), '{}'),
		       coalesce(bool_or(o.class = 'RENT'), false), i.amount_cents, coalesce(i.settled_on, i.execute_on),
		       CASE i.state WHEN 'settled' THEN 'paid' WHEN 'rejected' THEN 'came_back' WHEN 'returned' THEN 'came_back'
		                    WHEN 'in_transit' THEN 'sent' WHEN 'draft' THEN 'prepared' ELSE 'planned' END,
		       coalesce(bool_or(o.class = 'DEBT_PLAN'), false)
		  FROM masp.instructions i
		  LEFT JOIN masp.runs r USING (run_id)
		  LEFT JOIN masp.creditors c USING (creditor_id)
		  LEFT JOIN masp.instruction_covers v USING (instruction_id)
		  LEFT JOIN masp.obligations o ON o.obligation_id = v.obligation_id
		 WHERE i.mandate_id = $1 AND i.state <> 'cancelled' AND r.state IS DISTINCT FROM 'cancelled'
		 GROUP BY i.instruction_id, c.beneficiary_id
		 ORDER BY 7 DESC, i.instruction_id DESC LIMIT 100`, mandate)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[myPayment])
}
