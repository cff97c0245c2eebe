package mandates

import (
	"context"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
)

// evaluationDay is the day of an evaluation of a mandate, or ErrNoEvaluation.
func evaluationDay(ctx context.Context, tx pgx.Tx, mandate string, id int64) (civil.Date, error) {
	var on civil.Date
	err := tx.QueryRow(ctx, `
		SELECT evaluated_on FROM masp.evaluations WHERE mandate_id = $1 AND evaluation_id = $2`, mandate, id).Scan(&on)
	return on, translate(err, ErrNoEvaluation)
}

// writeRenewal writes the draft of the contract that comes next, over the draft before it.
func writeRenewal(ctx context.Context, tx pgx.Tx, m measure, r Renewal) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO masp.renewals AS r (mandate_id, contract_no, starts_on, ends_on, evaluation_id, gap_reason)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (mandate_id, contract_no) DO UPDATE
		   SET starts_on = excluded.starts_on, ends_on = excluded.ends_on,
		       evaluation_id = excluded.evaluation_id, gap_reason = excluded.gap_reason`,
		m.ID, m.renewals+2, r.Start, r.End, r.Evaluation, r.GapReason)
	return translate(err, ErrNoMandate)
}

// readDraft reads the renewal that waits for signatures, or that waits for its first day after a
// gap; ErrNotActive when there is none.
func readDraft(ctx context.Context, tx pgx.Tx, m measure) (Renewal, civil.Date, map[Party]civil.Date, error) {
	var r Renewal
	var evaluated, person, department, operator civil.Date
	err := tx.QueryRow(ctx, `
		SELECT r.starts_on, r.ends_on, r.evaluation_id, r.gap_reason, e.evaluated_on,
		       r.signed_by_person_on, r.signed_by_department_on, r.signed_by_operator_on
		  FROM masp.renewals r JOIN masp.evaluations e USING (evaluation_id)
		  JOIN masp.mandates m ON m.mandate_id = r.mandate_id AND m.renewed_to IS DISTINCT FROM r.ends_on
		 WHERE r.mandate_id = $1 ORDER BY r.contract_no DESC LIMIT 1`, m.ID).
		Scan(&r.Start, &r.End, &r.Evaluation, &r.GapReason, &evaluated, &person, &department, &operator)
	signed := map[Party]civil.Date{PartyPerson: person, PartyDepartment: department, PartyOperator: operator}
	return r, evaluated, signed, translate(err, ErrNotActive)
}

func signDraft(ctx context.Context, tx pgx.Tx, m measure, by Party, on civil.Date) error {
	_, err := tx.Exec(ctx, `
		UPDATE masp.renewals
		   SET signed_by_person_on     = CASE $3 WHEN 'PERSON' THEN $4 ELSE signed_by_person_on END,
		       signed_by_department_on = CASE $3 WHEN 'DEPARTMENT' THEN $4 ELSE signed_by_department_on END,
		       signed_by_operator_on   = CASE $3 WHEN 'OPERATOR' THEN $4 ELSE signed_by_operator_on END
		 WHERE mandate_id = $1 AND contract_no = $2`, m.ID, m.renewals+2, string(by), on)
	return translate(err, ErrNoMandate)
}

// takeRenewal lets a renewal count that all have signed and whose day has come, and answers the
// status of the measure.
func takeRenewal(ctx context.Context, tx pgx.Tx, id string) (status Status, err error) {
	if _, err = tx.Exec(ctx, `SELECT masp.take_renewal($1)`, id); err != nil {
		return status, err
	}
	err = tx.QueryRow(ctx, `SELECT status FROM masp.mandates WHERE mandate_id = $1`, id).Scan(&status)
	return status, err
}
