package mandates

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger/audit"
	"masp/ledger/civil"
	"masp/ledger/unit"
)

// Evaluate notes an evaluation of a measure by its author and answers its number.
//
// Errors: ErrRole, ErrNoMandate, ErrNoText, ErrFutureDay.
func (s *Service) Evaluate(ctx context.Context, who auth.Principal, id string, on civil.Date, text string) (int64, error) {
	if strings.TrimSpace(text) == "" {
		return 0, ErrNoText
	}
	var number int64
	a := audit.Act{
		Action: "mandate.evaluate", ObjectType: "mandate", ObjectID: id,
		Details: map[string]any{"on": on}, // the text is the person's, and stays out of the log
	}
	err := s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		m, err := lockMeasure(ctx, tx, id)
		if err != nil {
			return err
		}
		if on.After(m.today) {
			return ErrFutureDay
		}
		return tx.QueryRow(ctx, `
			INSERT INTO masp.evaluations (mandate_id, evaluated_on, author, content) VALUES ($1, $2, $3, $4)
			RETURNING evaluation_id`, id, on, who.ID, text).Scan(&number)
	})
	return number, err
}

// Renew drafts the next contract of a measure after an evaluation; drafted again before anybody
// has signed, it replaces the draft. It counts once all have signed (Sign).
//
// Errors: ErrRole, ErrNoMandate, ErrNotActive, ErrNoEvaluation, Violations of.
func (s *Service) Renew(ctx context.Context, who auth.Principal, id string, r Renewal) error {
	a := audit.Act{
		Action: "mandate.renew", ObjectType: "mandate", ObjectID: id, Reason: r.GapReason,
		Details: map[string]any{"start": r.Start, "end": r.End, "evaluation": r.Evaluation},
	}
	return s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		m, err := lockMeasure(ctx, tx, id)
		if err != nil {
			return err
		}
		if !m.renewable() {
			return ErrNotActive
		}
		evaluated, err := evaluationDay(ctx, tx, id, r.Evaluation)
		if err != nil {
			return err
		}
		if err := r.check(m.latest, evaluated); err != nil {
			return err
		}
		if err := m.refuseOutside(ctx, tx, r.Start); err != nil {
			return err
		}
		return writeRenewal(ctx, tx, m, r)
	})
}

// renewable tells whether a measure may have a next contract: it runs, or it has reached its term.
func (m measure) renewable() bool {
	return m.Status == Active || m.Status == Suspended || m.Status == Ended && m.EndReason == TermReached
}

// signRenewal notes one signature under the drafted renewal, and lets it count when it may.
func (m measure) signRenewal(ctx context.Context, tx pgx.Tx, by Party, on civil.Date) (Status, error) {
	draft, evaluated, signed, err := readDraft(ctx, tx, m)
	if err != nil {
		return m.Status, err
	}
	switch {
	case by != "" && signed[by].IsZero():
		if err := draft.checkSignature(m.latest, evaluated, on); err != nil {
			return m.Status, err
		}
		if err := signDraft(ctx, tx, m, by, on); err != nil {
			return m.Status, err
		}
	case by != "":
		return m.Status, ErrSigned
	}
	return takeRenewal(ctx, tx, m.ID)
}

// Awaited names who has still to sign the last contract of a measure, the first or a renewal; the
// association only where it has signed the first. None when all have signed.
func (s *Service) Awaited(ctx context.Context, id string) ([]Party, error) {
	rows, err := unit.Reader(ctx, s.DB).Query(ctx, `
		SELECT party FROM masp.mandates m
		  LEFT JOIN LATERAL (SELECT * FROM masp.renewals r WHERE r.mandate_id = m.mandate_id ORDER BY contract_no DESC LIMIT 1) r ON true
		 CROSS JOIN LATERAL (VALUES
		       (1, 'PERSON', m.signed_by_person_on, r.signed_by_person_on),
		       (2, 'DEPARTMENT', m.signed_by_department_on, r.signed_by_department_on),
		       (3, 'OPERATOR', coalesce(m.signed_by_operator_on, '-infinity'),
		        CASE WHEN m.signed_by_operator_on IS NULL THEN '-infinity' ELSE r.signed_by_operator_on END)
		       ) p (place, party, first_on, renewed_on)
		 WHERE m.mandate_id = $1 AND CASE WHEN r.mandate_id IS NULL THEN first_on ELSE renewed_on END IS NULL ORDER BY place`, id)
	if err != nil {
		return nil, fmt.Errorf("read who has still to sign: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[Party])
}
