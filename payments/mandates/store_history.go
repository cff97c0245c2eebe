package mandates

import (
	"context"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
)

// ContractLine is one contract of a measure, the first included.
type ContractLine struct {
	No                 int
	Start, End         civil.Date
	SignedByPerson     civil.Date // zero while awaited
	SignedByDepartment civil.Date
	SignedByOperator   civil.Date
	Evaluation         int64  // that it follows; zero for the first
	GapReason          string // why it did not follow at once
}

// AmendmentLine is one change of the terms.
type AmendmentLine struct {
	No          int
	EffectiveOn civil.Date
	Reason      string
	Changes     []byte // JSON of the Amendment
}

// Suspension is a time in which no run pays.
type Suspension struct {
	On, LiftedOn       civil.Date // LiftedOn zero while it lasts
	Reason, LiftReason string
}

// History is what happened to a measure, in order.
type History struct {
	Contracts   []ContractLine
	Evaluations []Evaluation
	Amendments  []AmendmentLine
	Suspensions []Suspension
}

func readHistory(ctx context.Context, tx pgx.Tx, id string) (h History, err error) {
	if h.Contracts, err = rowsOf[ContractLine](ctx, tx, `
		SELECT 1, contract_start, contract_end, signed_by_person_on, signed_by_department_on, signed_by_operator_on, 0::bigint, ''
		  FROM masp.mandates WHERE mandate_id = $1
		UNION ALL
		SELECT contract_no, starts_on, ends_on, signed_by_person_on, signed_by_department_on, signed_by_operator_on,
		       evaluation_id, gap_reason FROM masp.renewals WHERE mandate_id = $1 ORDER BY 1`, id); err != nil {
		return h, err
	}
	if h.Evaluations, err = rowsOf[Evaluation](ctx, tx, `
		SELECT evaluation_id, evaluated_on, author, content FROM masp.evaluations
		 WHERE mandate_id = $1 ORDER BY evaluated_on, evaluation_id`, id); err != nil {
		return h, err
	}
	if h.Amendments, err = rowsOf[AmendmentLine](ctx, tx, `
		SELECT amendment_no, effective_on, reason, changes FROM masp.amendments
		 WHERE mandate_id = $1 ORDER BY amendment_no`, id); err != nil {
		return h, err
	}
	h.Suspensions, err = rowsOf[Suspension](ctx, tx, `
		SELECT suspended_on, lifted_on, reason, coalesce(lift_reason, '') FROM masp.suspensions
		 WHERE mandate_id = $1 ORDER BY suspension_no`, id)
	return h, err
}

func rowsOf[T any](ctx context.Context, tx pgx.Tx, sql, id string) ([]T, error) {
	rows, err := tx.Query(ctx, sql, id)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[T])
}
