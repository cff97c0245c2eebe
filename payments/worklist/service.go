package worklist

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/civil"
	"masp/ledger/unit"
)

// Service is the list of what somebody must look at.
type Service struct{ DB *pgxpool.Pool }

// List answers the alerts of a filter: open ones first, the urgent before the others, then the
// oldest.
func (s *Service) List(ctx context.Context, f Filter) ([]Item, error) {
	return list(ctx, unit.Reader(ctx, s.DB), f)
}

// Count answers how many alerts a filter leaves, its After and Most left out.
func (s *Service) Count(ctx context.Context, f Filter) (int, error) {
	return count(ctx, unit.Reader(ctx, s.DB), f)
}

// Raised answers every alert, open or not, in the order in which they were raised.
func (s *Service) Raised(ctx context.Context) ([]Item, error) {
	items, err := list(ctx, unit.Reader(ctx, s.DB), Filter{State: All})
	slices.SortFunc(items, func(a, b Item) int { return int(a.ID - b.ID) })
	return items, err
}

// Assign gives an alert to a user, or with no user back to the coordinator of its mandate.
// Errors: ErrNoAlert, ErrClosed, ErrNoUser, ErrRole, ErrToken.
func (s *Service) Assign(ctx context.Context, who auth.Principal, id int64, user string) error {
	a := audit.Act{Action: "alert.assign", Details: map[string]string{"user": user}}
	return s.act(ctx, who, id, a, func(tx pgx.Tx) error {
		if user == "" {
			return change(ctx, tx, id, `assigned_to = NULL`)
		}
		is, err := living(ctx, tx, user)
		switch {
		case err != nil:
			return err
		case !is:
			return ErrNoUser
		}
		return change(ctx, tx, id, `assigned_to = $2`, user)
	})
}

// Snooze lets an alert sleep until a later day, for a reason; that day it is open again.
// Errors: ErrNoAlert, ErrClosed, ErrPast, ErrReason, ErrRole, ErrToken.
func (s *Service) Snooze(ctx context.Context, who auth.Principal, id int64, until civil.Date, reason string) error {
	a := audit.Act{Action: "alert.snooze", Reason: reason, Details: map[string]string{"until": until.String()}}
	return s.act(ctx, who, id, a, func(tx pgx.Tx) error {
		today, err := ledger.Today(ctx, tx)
		switch {
		case err != nil:
			return err
		case !until.After(today):
			return ErrPast
		case strings.TrimSpace(reason) == "":
			return ErrReason
		}
		return change(ctx, tx, id, `snoozed_until = $2`, until)
	})
}

// Close closes an alert for ever, for a reason that stays beside it.
// Errors: ErrNoAlert, ErrClosed, ErrReason, ErrRole, ErrToken.
func (s *Service) Close(ctx context.Context, who auth.Principal, id int64, reason string) error {
	a := audit.Act{Action: "alert.close", Reason: reason}
	return s.act(ctx, who, id, a, func(tx pgx.Tx) error {
		if strings.TrimSpace(reason) == "" {
			return ErrReason
		}
		return change(ctx, tx, id, `closed_at = masp.now(), closed_by = $2, closed_reason = $3`, who.ID, reason)
	})
}

// act is an act of a person on an open alert.
func (s *Service) act(ctx context.Context, who auth.Principal, id int64, a audit.Act, do func(pgx.Tx) error) error {
	a.ObjectType, a.ObjectID = "alert", strconv.FormatInt(id, 10)
	return s.actOn(ctx, who, a, func(tx pgx.Tx) error {
		if _, err := lockOpen(ctx, tx, id); err != nil {
			return err
		}
		return do(tx)
	})
}

// staff may work on the list.
var staff = []auth.Role{auth.Coordinator, auth.Approver, auth.Accountant}

// actOn does what a proven person decides and records it as the last step of the transaction.
func (s *Service) actOn(ctx context.Context, who auth.Principal, a audit.Act, do func(pgx.Tx) error) error {
	a.Actor = who.ID
	err := ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if err := prove(ctx, tx, who); err != nil {
			return err
		}
		if err := do(tx); err != nil {
			return err
		}
		_, err := audit.Record(ctx, tx, a)
		return err
	})
	if err != nil {
		return fmt.Errorf("%s %s: %w", a.Action, a.ObjectID, err)
	}
	return nil
}

// prove refuses who is not the living user of the secret, or holds none of the roles.
func prove(ctx context.Context, tx pgx.Tx, who auth.Principal) error {
	if who.Secret() == "" {
		return ErrToken
	}
	if !slices.ContainsFunc(staff, who.Is) {
		return ErrRole
	}
	actor, err := auth.ProveTx(ctx, tx, who, staff...)
	switch {
	case errors.Is(err, auth.ErrRole):
		return ErrRole
	case errors.Is(err, auth.ErrUnknown), errors.Is(err, auth.ErrNoProof), err == nil && actor != who.ID:
		return ErrToken
	}
	return err
}
