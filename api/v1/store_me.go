package v1

import (
	"context"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
)

// held is what stands beside the balance of a person.
type held struct {
	Planned money.Amount // transfers to others that are not posted yet
	Known   civil.Date   // the last day that the bank has told of
}

func readHeld(ctx context.Context, q unit.Querier, mandate string) (h held, err error) {
	err = q.QueryRow(ctx, `
		SELECT coalesce((SELECT sum(i.amount_cents) FROM masp.instructions i
		                   JOIN masp.runs r USING (run_id) JOIN masp.creditors c USING (creditor_id)
		                  WHERE i.mandate_id = m.mandate_id AND i.account = '467:' || m.mandate_id AND i.posted_entry IS NULL
		                    AND i.state IN ('draft', 'approved', 'scheduled') AND r.state <> 'cancelled' AND c.beneficiary_id IS NULL), 0)::bigint,
		       (SELECT max(s.closing_on) FROM masp.bank_statements s
		         WHERE s.bank_account_id = m.bank_account_id AND s.state = 'accepted' AND s.kind = 'BOOKED')
		  FROM masp.mandates m WHERE m.mandate_id = $1`, mandate).Scan(&h.Planned, &h.Known)
	return h, err
}

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
}

// readMyPayments reads the newest payments of a person, the newest first, in her words for their state.
func readMyPayments(ctx context.Context, q unit.Querier, mandate string) ([]myPayment, error) {
	rows, err := q.Query(ctx, `
		SELECT i.end_to_end_id, i.creditor_name, coalesce(c.beneficiary_id IS NOT NULL, false),
		       coalesce(array_agg(DISTINCT o.label) FILTER (WHERE o.label IS NOT NULL), '{}'),
		       coalesce(bool_or(o.class = 'RENT'), false), i.amount_cents, coalesce(i.settled_on, i.execute_on),
		       CASE i.state WHEN 'settled' THEN 'paid' WHEN 'rejected' THEN 'came_back' WHEN 'returned' THEN 'came_back'
		                    WHEN 'in_transit' THEN 'sent' ELSE 'planned' END
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

// myRent is a PersonRent of the contract: the last rent that fell due, or the next one.
type myRent struct {
	DueOn civil.Date   `json:"due_on"`
	Due   money.Amount `json:"due"`
	Paid  money.Amount `json:"paid"`
	State string       `json:"state"`
	On    civil.Date   `json:"on,omitzero"`
}

// readMyRent reads the rent of the newest due; false when no rent is due.
func readMyRent(ctx context.Context, q unit.Querier, mandate string) (r myRent, found bool, err error) {
	rows, err := q.Query(ctx, `
		SELECT d.due_on, d.due_cents, d.paid_cents,
		       CASE WHEN p.state IN ('rejected', 'returned') THEN 'came_back' WHEN d.paid_cents < d.due_cents AND d.paid_cents > 0 THEN 'part_paid'
		            WHEN p.state = 'settled' THEN 'paid' WHEN p.state = 'in_transit' THEN 'sent' WHEN p.state IS NOT NULL THEN 'planned'
		            ELSE 'not_planned' END,
		       coalesce(p.settled_on, p.execute_on)
		  FROM masp.dues d JOIN masp.obligations o USING (obligation_id)
		  LEFT JOIN LATERAL (SELECT i.* FROM masp.instruction_covers c JOIN masp.instructions i USING (instruction_id)
		                      WHERE c.obligation_id = d.obligation_id AND c.due_on = d.due_on AND i.state <> 'cancelled'
		                      ORDER BY i.instruction_id DESC LIMIT 1) p ON true
		 WHERE o.mandate_id = $1 AND o.class = 'RENT' ORDER BY d.due_on DESC LIMIT 1`, mandate)
	if err != nil {
		return r, false, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[myRent])
	if err != nil || len(all) == 0 {
		return r, false, err
	}
	return all[0], true, nil
}
