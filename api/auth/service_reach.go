package auth

import (
	"cmp"
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"masp/ledger/civil"
	"masp/ledger/unit"
)

// Assign puts mandates into the caseload of a coordinator, from a day (zero: today) to a last one
// (zero: until further notice), and answers how many he did not have. A mandate without a coordinator
// gets him for its alerts. It is an admin's act. Errors: ErrNotHisRole, ErrNoMandate, ErrRole.
func (s *Service) Assign(
	ctx context.Context, by Principal, user string, mandates []string, from, until civil.Date,
) (changed int, err error) {
	if !until.IsZero() && until.Before(from) {
		return 0, &InvalidError{Field: "until", Value: until.String(), French: "Le dernier jour précède le premier."}
	}
	return s.changeCaseload(ctx, by, "caseload.assign", user, mandates, func(tx pgx.Tx) (string, int, error) {
		return assignCaseload(ctx, tx, by, user, mandates, from, until)
	})
}

// Release takes mandates out of the caseload of a coordinator at once, and answers how many he had.
// What he has done stays. It is an admin's act.
func (s *Service) Release(ctx context.Context, by Principal, user string, mandates []string) (changed int, err error) {
	return s.changeCaseload(ctx, by, "caseload.release", user, mandates, func(tx pgx.Tx) (string, int, error) {
		return releaseCaseload(ctx, tx, by, user, mandates)
	})
}

func (s *Service) changeCaseload(
	ctx context.Context, by Principal, action, user string, mandates []string, change func(pgx.Tx) (string, int, error),
) (changed int, err error) {
	err = unit.Begin(ctx, s.DB, func(tx pgx.Tx) error {
		var actor string
		if actor, changed, err = change(tx); err != nil {
			return err
		}
		return record(ctx, tx, actor, action, user, map[string]any{"mandates": mandates})
	})
	if err != nil {
		return 0, fmt.Errorf("%s %s: %w", action, user, err)
	}
	return changed, nil
}

// Caseload lists the cases of a coordinator, or of all of them (empty), by user and mandate: those of
// today and later.
func (s *Service) Caseload(ctx context.Context, user string) ([]Case, error) {
	return caseload(ctx, unit.Reader(ctx, s.DB), user)
}

// Own lists the mandates in the caseload of the principal today, in order, whatever else he sees by
// another role.
func (s *Service) Own(ctx context.Context, p Principal) ([]string, error) {
	return own(ctx, unit.Reader(ctx, s.DB), p.ID)
}

// Audits replaces the mission of an auditor; without Départements he sees nothing any more. It is an
// admin's act. Errors: *InvalidError, ErrNotHisRole, ErrRole.
func (s *Service) Audits(ctx context.Context, by Principal, m Mission) error {
	if err := m.check(); err != nil {
		return err
	}
	err := unit.Begin(ctx, s.DB, func(tx pgx.Tx) error {
		actor, err := setAuditScope(ctx, tx, by, m)
		if err != nil {
			return err
		}
		return record(ctx, tx, actor, "audit.scope", m.User,
			map[string]any{"departments": m.Departments, "from": m.From, "until": m.Until})
	})
	if err != nil {
		return fmt.Errorf("audit scope of %s: %w", m.User, err)
	}
	return nil
}

// Missions lists the missions of the auditors, in the order of their references.
func (s *Service) Missions(ctx context.Context) ([]Mission, error) {
	return missions(ctx, unit.Reader(ctx, s.DB))
}

// Reaches tells whether the principal sees a mandate. One that does not exist is seen by nobody but
// those who see the whole house: the answer of a handler is the same for both.
func (s *Service) Reaches(ctx context.Context, p Principal, mandate string) (bool, error) {
	if p.SeesAll() {
		return true, nil
	}
	return reaches(ctx, unit.Reader(ctx, s.DB), p.secret, mandate)
}

// Reached lists the mandates that the principal sees, in order: a caseload, the Départements of a
// mission, the own mandates of a person. For who sees the whole house, and all of it, see [Principal.SeesAll].
func (s *Service) Reached(ctx context.Context, p Principal) ([]string, error) {
	return reached(ctx, unit.Reader(ctx, s.DB), p)
}

// NoteRead keeps that the principal has read a person's file: what of it, by which request. The same
// reading within ten minutes is one. It is committed at once, whatever becomes of the caller's
// transaction; a reading that cannot be noted is refused by its caller. The operator is not noted.
func (s *Service) NoteRead(ctx context.Context, p Principal, mandate, what, request string) error {
	if p.Means == ByNobody {
		return nil
	}
	if err := noteRead(ctx, s.DB, p, mandate, what, request); err != nil {
		return fmt.Errorf("note the reading of a file: %w", err)
	}
	return nil
}

// Restricted reads as the principal: one instant, nothing written, and whatever read asks for, no row
// of a person whom the principal does not see (row-level security; migrations/0029_reach.sql). A
// principal without a secret, the operator too, reads nothing. Services that are called with the
// context of read work in its transaction.
func Restricted(
	ctx context.Context, pool *pgxpool.Pool, p Principal, read func(ctx context.Context, tx pgx.Tx) error,
) error {
	view := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	return pgx.BeginTxFunc(ctx, pool, view, func(tx pgx.Tx) error {
		if err := restrict(ctx, tx, p.secret); err != nil {
			return fmt.Errorf("restrict the reading: %w", err)
		}
		return read(context.WithValue(unit.Joined(ctx, tx), restrictedKey{}, true), tx)
	})
}

// Restricted reads as the principal, as the function does, for who has no use for the transaction.
func (s *Service) Restricted(ctx context.Context, p Principal, read func(context.Context) error) error {
	return Restricted(ctx, cmp.Or(s.Views, s.DB), p, func(ctx context.Context, _ pgx.Tx) error { return read(ctx) })
}
