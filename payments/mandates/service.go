package mandates

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
)

// Service keeps the persons, the mandates and what is due of one organisation.
type Service struct {
	DB     *pgxpool.Pool
	Ledger *ledger.Ledger
}

// mayEdit tells whether a role allows to change dossiers; a program keeps those of another house's
// software, within the scopes of its token.
func mayEdit(who auth.Principal) bool {
	return slices.ContainsFunc([]auth.Role{auth.Coordinator, auth.Approver, auth.Accountant, auth.Machine}, who.Is)
}

// settings are the acts on what holds for everybody and names nobody: an admin may do them too.
var settings = []string{
	"benefit.add", "benefit.end", "tolerance.set", "calendar.set", "contribution.scale", "convention.add",
	"front_door.set",
}

// may tells whether a role allows an act.
func may(who auth.Principal, action string) bool {
	return mayEdit(who) || who.Is(auth.Admin) && slices.Contains(settings, action)
}

// act runs a change of a person in one transaction and records it as its last step. The
// change fills in what the act says.
func (s *Service) act(ctx context.Context, who auth.Principal, a audit.Act, change func(pgx.Tx, *audit.Act) error) error {
	if !may(who, a.Action) {
		return fmt.Errorf("%s %s: %w", a.Action, a.ObjectID, ErrRole)
	}
	a.Actor = who.ID
	err := ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		done := a // each attempt fills in its own
		if err := change(tx, &done); err != nil {
			return err
		}
		_, err := audit.Record(ctx, tx, done)
		return err
	})
	if err != nil {
		return fmt.Errorf("%s %s: %w", a.Action, a.ObjectID, err)
	}
	return nil
}
