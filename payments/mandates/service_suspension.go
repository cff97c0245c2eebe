package mandates

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger/audit"
	"masp/ledger/civil"
)

// SuspendTx suspends a measure from today, for a reason: no run pays it until it is lifted, while
// what comes in still goes to the person's account. It joins the transaction of its caller, who
// stops what is under way and records the act. It answers the day.
//
// Errors: ErrRole, ErrNoMandate, ErrNotActive, ErrNoReason.
func SuspendTx(ctx context.Context, tx pgx.Tx, who auth.Principal, id, reason string) (civil.Date, error) {
	switch {
	case !mayEdit(who):
		return civil.Date{}, ErrRole
	case strings.TrimSpace(reason) == "":
		return civil.Date{}, ErrNoReason
	}
	m, err := lockMeasure(ctx, tx, id)
	if err != nil {
		return m.today, err
	}
	if m.StatusOn(m.today) != Active {
		return m.today, ErrNotActive
	}
	batch := &pgx.Batch{}
	batch.Queue(`
		INSERT INTO masp.suspensions (mandate_id, suspension_no, suspended_on, reason)
		SELECT $1, count(*) + 1, $2, $3 FROM masp.suspensions WHERE mandate_id = $1`, id, m.today, reason)
	batch.Queue(`UPDATE masp.mandates SET status = 'SUSPENDED' WHERE mandate_id = $1`, id)
	return m.today, translate(tx.SendBatch(ctx, batch).Close(), ErrNoMandate)
}

// Lift ends a suspension today, for a reason: runs pay the measure again. Remittances that the
// suspension has cancelled do not come back: the next run shares out what is there.
//
// Errors: ErrRole, ErrNoMandate, ErrNotSuspended, ErrNoReason.
func (s *Service) Lift(ctx context.Context, who auth.Principal, id, reason string) error {
	if strings.TrimSpace(reason) == "" {
		return ErrNoReason
	}
	a := audit.Act{Action: "mandate.lift", ObjectType: "mandate", ObjectID: id, Reason: reason}
	return s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		m, err := lockMeasure(ctx, tx, id)
		if err != nil {
			return err
		}
		if m.Status != Suspended {
			return ErrNotSuspended
		}
		if err := liftTx(ctx, tx, id, m.today, reason); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE masp.mandates SET status = 'ACTIVE' WHERE mandate_id = $1`, id)
		return translate(err, ErrNoMandate)
	})
}

// liftTx closes the suspension that is open, if there is one.
func liftTx(ctx context.Context, tx pgx.Tx, id string, on civil.Date, reason string) error {
	_, err := tx.Exec(ctx, `
		UPDATE masp.suspensions SET lifted_on = greatest($2, suspended_on), lift_reason = $3
		 WHERE mandate_id = $1 AND lifted_on IS NULL`, id, on, reason)
	return err
}
