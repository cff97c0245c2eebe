package payments

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/money"
)

// KeepForHeirs moves to the account of the heirs what has come back to the deceased since their
// death: a transfer that left before it and that the bank refuses or sends back returns to the
// person's own account, from where nothing leaves any more. It is done each morning
// and answers the mandates whose money moved.
func (s *Service) KeepForHeirs(ctx context.Context) ([]string, error) {
	var kept []string
	err := ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		today, err := ledger.Today(ctx, tx)
		if err != nil {
			return err
		}
		if kept, err = lockDeceasedInCredit(ctx, tx); err != nil {
			return err
		}
		for _, mandate := range kept {
			source := fmt.Sprintf("death %s %s", mandate, today)
			if _, err := s.freeze(ctx, tx, auth.Operator, mandate, source); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("keep for the heirs what has come back: %w", err)
	}
	return kept, nil
}

// freeze moves the balance of the deceased to the account of the heirs; nothing when it is zero.
func (s *Service) freeze(
	ctx context.Context, tx pgx.Tx, actor, mandate, source string,
) (money.Amount, error) {
	if err := s.Ledger.LockTx(ctx, tx); err != nil {
		return money.Amount{}, err
	}
	balance, err := s.Ledger.Balance(ctx, tx, ledger.Mandate(mandate))
	if err != nil || balance.IsZero() {
		return money.Amount{}, err
	}
	today, err := ledger.Today(ctx, tx)
	if err != nil {
		return money.Amount{}, err
	}
	held := balance.Neg() // a person's account is in credit
	_, err = s.Ledger.PostTx(ctx, tx, ledger.Entry{
		Journal: ledger.OtherJournal, Kind: ledger.DeathFreeze, PostedOn: today, BookedOn: today, ValueOn: today,
		Source: source, Label: "Fonds gardés pour la succession", Actor: actor,
		Postings: []ledger.Posting{{
			Debit: ledger.Mandate(mandate), Credit: ledger.Sub(mandate, ledger.Estate), Amount: held,
		}},
	})
	return held, err
}
