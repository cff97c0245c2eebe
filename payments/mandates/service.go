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

// mayEdit tells whether the role of a person allows to change dossiers.
func mayEdit(who auth.Principal) bool {
	return slices.ContainsFunc([]auth.Role{auth.Coordinator, auth.Approver, auth.Accountant}, who.Is)
}

// act runs a change of a person in one transaction and records it as its last step. The
// change fills in what the act says.
func (s *Service) act(ctx context.Context, who auth.Principal, a audit.Act, change func(pgx.Tx, *audit.Act) error) error {
	if !mayEdit(who) {
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
