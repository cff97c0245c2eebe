package mandates

import (
	"context"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger/audit"
	"masp/ledger/civil"
)

// NoteCourt notes benefits of the household that the family court has given to a delegate
// . One that the contract authorises on one of these days is refused: an amendment ends it
// first.
//
// Errors: ErrRole, ErrNoMandate, ErrNotActive, ErrCourtBenefit, Violations.
func (s *Service) NoteCourt(ctx context.Context, who auth.Principal, id string, benefits ...CourtBenefit) error {
	a := audit.Act{Action: "mandate.court", ObjectType: "mandate", ObjectID: id, Details: benefits}
	return s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		m, err := lockMeasure(ctx, tx, id)
		if err != nil {
			return err
		}
		if m.Status == Closed || m.Status == Deceased {
			return ErrNotActive
		}
		catalogue, err := CatalogueTx(ctx, tx)
		if err != nil {
			return err
		}
		var vs Violations
		m.Court = benefits
		m.checkCourt(&vs, catalogue)
		if err := vs.err(); err != nil {
			return err
		}
		return translate(insertCourt(ctx, tx, id, benefits...), ErrNoMandate)
	})
}

// EndCourt notes the last day on which the delegate of the family court manages a benefit.
//
// Errors: ErrRole, ErrNoCourt.
func (s *Service) EndCourt(ctx context.Context, who auth.Principal, id, benefit string, last civil.Date) error {
	a := audit.Act{
		Action: "mandate.court_end", ObjectType: "mandate", ObjectID: id,
		Details: map[string]any{"benefit": benefit, "last_day": last},
	}
	return s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		if _, err := lockMeasure(ctx, tx, id); err != nil {
			return err
		}
		done, err := tx.Exec(ctx, `
			UPDATE masp.court_benefits SET valid_to = $3
			 WHERE mandate_id = $1 AND benefit = $2 AND valid_from <= $3 AND valid_to IS NULL`, id, benefit, last)
		if err == nil && done.RowsAffected() == 0 {
			return ErrNoCourt
		}
		return translate(err, ErrNoMandate)
	})
}
