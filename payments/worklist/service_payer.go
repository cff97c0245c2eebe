package worklist

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/civil"
	"masp/ledger/unit"
)

// PayerNews is what a person notes about a payer: asked, or confirmed, on a day. The zero day is
// today.
type PayerNews struct {
	Mandate, Payer string
	Direction      Direction
	On             civil.Date
}

// AskPayer notes that a payer was asked to pay elsewhere. It is asked once at a time.
// Errors: ErrNoMandate, ErrAsked, ErrFuture, ErrRole, ErrToken.
func (s *Service) AskPayer(ctx context.Context, who auth.Principal, n PayerNews) error {
	return s.payer(ctx, who, "payer.ask", n, func(tx pgx.Tx, on civil.Date) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO masp.payer_changes (mandate_id, payer, direction, requested_on, requested_by)
			VALUES ($1, $2, $3, $4, $5)`, n.Mandate, n.Payer, string(n.Direction), on, who.ID)
		if refused, ok := errors.AsType[*pgconn.PgError](err); ok {
			switch refused.ConstraintName {
			case "payer_asked_once":
				return ErrAsked
			case "payer_changes_mandate_id_fkey":
				return ErrNoMandate
			case "payer_changes_payer_check", "payer_changes_direction_check":
				return ErrPayer
			}
		}
		return err
	})
}

// ConfirmPayer notes that a payer which was asked has said yes.
// Errors: ErrNotAsked, ErrFuture, ErrBeforeAsked, ErrRole, ErrToken.
func (s *Service) ConfirmPayer(ctx context.Context, who auth.Principal, n PayerNews) error {
	return s.payer(ctx, who, "payer.confirm", n, func(tx pgx.Tx, on civil.Date) error {
		done, err := tx.Exec(ctx, `
			UPDATE masp.payer_changes SET confirmed_on = $4, confirmed_by = $5
			 WHERE mandate_id = $1 AND payer = $2 AND direction = $3 AND confirmed_on IS NULL`,
			n.Mandate, n.Payer, string(n.Direction), on, who.ID)
		refused, ok := errors.AsType[*pgconn.PgError](err)
		switch {
		case ok && refused.ConstraintName == "payer_confirms_after_asked":
			return ErrBeforeAsked
		case err == nil && done.RowsAffected() == 0:
			return ErrNotAsked
		}
		return err
	})
}

// payer notes news of a payer, today or on an earlier day.
func (s *Service) payer(
	ctx context.Context, who auth.Principal, action string, n PayerNews, do func(pgx.Tx, civil.Date) error,
) error {
	a := audit.Act{
		Action: action, ObjectType: "mandate", ObjectID: n.Mandate,
		Details: map[string]string{"payer": n.Payer, "direction": string(n.Direction)},
	}
	return s.actOn(ctx, who, a, func(tx pgx.Tx) error {
		today, err := ledger.Today(ctx, tx)
		if err != nil {
			return err
		}
		on := n.On
		if on.IsZero() {
			on = today
		}
		if on.After(today) {
			return ErrFuture
		}
		return do(tx, on)
	})
}

// PayerChanges lists what the payers of a mandate, or with an empty reference of all, were asked:
// what is not confirmed first, then the newest.
func (s *Service) PayerChanges(ctx context.Context, mandate string) ([]PayerChange, error) {
	rows, err := unit.Reader(ctx, s.DB).Query(ctx, `
		SELECT mandate_id, payer, direction, requested_on, requested_by, confirmed_on, coalesce(confirmed_by, '')
		  FROM masp.payer_changes WHERE $1 = '' OR mandate_id = $1
		 ORDER BY confirmed_on IS NOT NULL, requested_on DESC, change_id DESC`, mandate)
	if err != nil {
		return nil, fmt.Errorf("list the payers that were asked: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[PayerChange])
}
