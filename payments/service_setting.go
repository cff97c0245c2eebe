package payments

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/money"
	"masp/ledger/unit"
)

// SetSecondApproval says from which total on a run needs the signatures of two persons who did not
// prepare it; zero: one is always enough. An administrator or an accountant says it. It counts for
// the runs that are approved from now on. It returns ErrToken or ErrRole.
func (s *Service) SetSecondApproval(ctx context.Context, who auth.Principal, from money.Amount) error {
	err := ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		var cents *int64
		if from.IsPositive() {
			n := from.Cents()
			cents = &n
		}
		if _, err := tx.Exec(ctx, `SELECT masp.set_second_approval($1, $2)`, cents, who.Secret()); err != nil {
			return err
		}
		_, err := audit.Record(ctx, tx, audit.Act{
			Actor: who.ID, Action: "organisation.second_approval", ObjectType: "organisation", ObjectID: "1",
			Details: map[string]any{"from": from},
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("set the amount of two signatures: %w", translate(err))
	}
	return nil
}

// SecondApproval is the total from which on two persons sign; zero: one is always enough.
func (s *Service) SecondApproval(ctx context.Context) (money.Amount, error) {
	from, err := secondApproval(ctx, unit.Reader(ctx, s.DB))
	if err != nil {
		return money.Amount{}, fmt.Errorf("read the amount of two signatures: %w", err)
	}
	return from, nil
}
