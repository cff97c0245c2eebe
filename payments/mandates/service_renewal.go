package mandates

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger/audit"
	"masp/ledger/civil"
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
