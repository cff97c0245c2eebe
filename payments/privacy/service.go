package privacy

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/unit"
	"masp/payments/papers"
)

// Service keeps the files of one organisation as long as they may stay.
type Service struct {
	DB     *pgxpool.Pool
	Papers *papers.Service
	Checks []ledger.Check // of the proof that stands before and after a person is erased
}

// Times are how long files stay.
func (s *Service) Times(ctx context.Context) (Times, error) {
	return readTimes(ctx, unit.Reader(ctx, s.DB))
}

// Files says where each file stands.
func (s *Service) Files(ctx context.Context) ([]File, error) {
	return files(ctx, unit.Reader(ctx, s.DB))
}

// Closed are the archived mandates that a user has not opened: nobody is shown them without a reason.
func (s *Service) Closed(ctx context.Context, user string) ([]string, error) {
	return closedTo(ctx, unit.Reader(ctx, s.DB), user)
}

// act does something in a transaction and records who did it.
func (s *Service) act(ctx context.Context, a audit.Act, do func(tx pgx.Tx, a *audit.Act) error) error {
	err := ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if err := do(tx, &a); err != nil {
			return refused(err)
		}
		_, err := audit.Record(ctx, tx, a)
		return err
	})
	if err != nil {
		return fmt.Errorf("%s %s: %w", a.Action, a.ObjectID, err)
	}
	return nil
}

// SetTimes changes how long files stay. Errors: ErrToken, ErrRole, ErrTimes.
func (s *Service) SetTimes(ctx context.Context, who auth.Principal, t Times) error {
	a := audit.Act{Action: "retention.set", ObjectType: "organisation", ObjectID: "only", Details: t}
	return s.act(ctx, a, func(tx pgx.Tx, a *audit.Act) error {
		return tx.QueryRow(ctx, `SELECT masp.set_retention($1, $2, $3, $4)`, who.Secret(), t.ActiveMonths, t.AccountYears, t.OtherYears).Scan(&a.Actor)
	})
}

// Propose writes down whose time has come: what the clock does each day. Nothing else follows.
func (s *Service) Propose(ctx context.Context) (p Proposed, err error) {
	err = ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `SELECT to_archive, to_erase FROM masp.propose_retention()`).Scan(&p.Archive, &p.Erase)
		if err != nil || len(p.Archive)+len(p.Erase) == 0 {
			return err
		}
		_, err = audit.Record(ctx, tx, audit.Act{
			Actor: auth.Operator, Action: "retention.propose", ObjectType: "organisation", ObjectID: "only", Details: p,
		})
		return err
	})
	if err != nil {
		return Proposed{}, fmt.Errorf("propose what need not be kept: %w", err)
	}
	return p, nil
}

// HoldFile keeps a file whatever the clock says. Errors: ErrToken, ErrRole, ErrGround, ErrNoPerson, ErrNotDue.
func (s *Service) HoldFile(ctx context.Context, who auth.Principal, person string, g Ground, note string) (no int64, err error) {
	a := audit.Act{Action: "retention.hold", ObjectType: "beneficiary", ObjectID: person}
	err = s.act(ctx, a, func(tx pgx.Tx, a *audit.Act) error {
		err := tx.QueryRow(ctx, `SELECT who, no FROM masp.hold_file($1, $2, $3, $4)`, who.Secret(), person, string(g), note).Scan(&a.Actor, &no)
		a.Details = map[string]any{"hold": no, "ground": g}
		return err
	})
	return no, err
}

// LiftHold ends a hold. Errors: ErrToken, ErrRole, ErrNotDue.
func (s *Service) LiftHold(ctx context.Context, who auth.Principal, hold int64) error {
	a := audit.Act{Action: "retention.lift", ObjectType: "beneficiary", Details: map[string]any{"hold": hold}}
	return s.act(ctx, a, func(tx pgx.Tx, a *audit.Act) error {
		return tx.QueryRow(ctx, `SELECT who, person FROM masp.lift_hold($1, $2)`, who.Secret(), hold).Scan(&a.Actor, &a.ObjectID)
	})
}

// Archive takes proposed files out of daily use: all of the list, or none. Errors: ErrToken, ErrRole,
// ErrNotDue, ErrKept.
func (s *Service) Archive(ctx context.Context, who auth.Principal, persons []string) error {
	return s.each(ctx, persons, func(ctx context.Context, person string) error {
		a := audit.Act{Action: "retention.archive", ObjectType: "beneficiary", ObjectID: person}
		return s.act(ctx, a, func(tx pgx.Tx, a *audit.Act) error {
			return tx.QueryRow(ctx, `SELECT masp.archive_file($1, $2)`, who.Secret(), person).Scan(&a.Actor)
		})
	})
}

// each does something for every person of a list, in the order of their references, in one transaction.
func (s *Service) each(ctx context.Context, persons []string, do func(context.Context, string) error) error {
	persons = slices.Compact(slices.Sorted(slices.Values(persons)))
	return ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		for _, person := range persons {
			if err := do(unit.Joined(ctx, tx), person); err != nil {
				return err
			}
		}
		return nil
	})
}

// OpenArchive opens an archived file to who asks, for a day, with the reason in the log. Errors:
// ErrToken, ErrRole, ErrReason, ErrNoPerson, ErrNotDue.
func (s *Service) OpenArchive(ctx context.Context, who auth.Principal, person, reason string) (o Opening, err error) {
	o.Person, o.Reason = person, reason
	a := audit.Act{Action: "retention.open", ObjectType: "beneficiary", ObjectID: person, Reason: reason}
	err = s.act(ctx, a, func(tx pgx.Tx, a *audit.Act) error {
		err := tx.QueryRow(ctx, `SELECT who, until FROM masp.open_archive($1, $2, $3)`, who.Secret(), person, reason).Scan(&a.Actor, &o.Until)
		o.By = a.Actor
		return err
	})
	return o, err
}
