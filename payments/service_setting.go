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

// TwoSignatures are the amounts from which on two persons who did not prepare a run sign it (P21). Zero: no
// amount of that kind; all zero: one signature is always enough.
type TwoSignatures struct {
	Run      money.Amount // the total of a run
	Transfer money.Amount // one transfer
	Payee    money.Amount // what one payee gets on a day, of all runs
	Day      money.Amount // what leaves on a day, of all runs
}

// SetTwoSignatures says from which amounts on two persons sign. An administrator or an accountant says it. It
// counts for the runs that are approved from now on. It returns ErrToken or ErrRole.
func (s *Service) SetTwoSignatures(ctx context.Context, who auth.Principal, from TwoSignatures) error {
	err := ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if err := setTwoSignatures(ctx, tx, who, from); err != nil {
			return err
		}
		_, err := audit.Record(ctx, tx, audit.Act{
			Actor: who.ID, Action: "organisation.second_approval", ObjectType: "organisation", ObjectID: "1",
			Details: map[string]any{"from": from.Run, "transfer": from.Transfer, "payee": from.Payee, "day": from.Day},
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("set the amounts of two signatures: %w", translate(err))
	}
	return nil
}

// TwoSignatures are the amounts from which on two persons sign.
func (s *Service) TwoSignatures(ctx context.Context) (TwoSignatures, error) {
	from, err := twoSignatures(ctx, unit.Reader(ctx, s.DB))
	if err != nil {
		return TwoSignatures{}, fmt.Errorf("read the amounts of two signatures: %w", err)
	}
	return from, nil
}
