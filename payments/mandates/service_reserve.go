package mandates

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"masp/api/auth"
	"masp/ledger/audit"
	"masp/ledger/money"
)

// The refusals of a release.
var (
	ErrNotReserved = &RefusedError{"more is released than is set aside", "Il n'y a pas tant de mis de côté pour ce mandat (masp mandate show)."}
	ErrReleased    = &RefusedError{"the same amount was released today", "Ce montant a déjà été libéré aujourd'hui pour ce mandat : libérez une autre somme, ou demain."}
)

// ReleaseReserve lets a running measure spend again what was set aside in its balance, in euros,
// all of it when the amount is zero: no posting, the next run may use it. It answers what
// was released and what stays set aside. ErrRole, ErrNoReason, ErrNoMandate, ErrNotActive,
// ErrNotReserved, ErrReleased.
func (s *Service) ReleaseReserve(
	ctx context.Context, who auth.Principal, mandate string, amount money.Amount, reason string,
) (released, left money.Amount, err error) {
	if reason == "" {
		return released, left, fmt.Errorf("release the reserve of %s: %w", mandate, ErrNoReason)
	}
	a := audit.Act{Action: "reserve.release", ObjectType: "mandate", ObjectID: mandate, Reason: reason}
	err = s.act(ctx, who, a, func(tx pgx.Tx, a *audit.Act) error {
		m, err := lockMeasure(ctx, tx, mandate)
		switch {
		case err != nil:
			return err
		case m.Status != Active && m.Status != Suspended:
			return ErrNotActive
		}
		reserved, err := ReservedTx(ctx, tx, []string{mandate})
		if err != nil {
			return err
		}
		if released = amount; amount.IsZero() {
			released = reserved[mandate]
		}
		if !released.IsPositive() || released.Cmp(reserved[mandate]) > 0 {
			return ErrNotReserved
		}
		left = reserved[mandate].Sub(released)
		a.Details = map[string]any{"released": released, "left": left}
		err = ReserveTx(ctx, tx, Earmark{
			Mandate: mandate, Amount: released.Neg(), On: m.today,
			Source: fmt.Sprintf("release %s %s %s", mandate, m.today, released),
		})
		if pg, ok := errors.AsType[*pgconn.PgError](err); ok && pg.ConstraintName == "reserve_source_once" {
			return ErrReleased
		}
		return err
	})
	return released, left, err
}
