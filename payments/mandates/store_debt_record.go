package mandates

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
)

// DebtRecord is a debt with when its creditor last said what is owed, and whom to ask.
type DebtRecord struct {
	Debt
	Updated DebtUpdate
	Contact Contact // zero when none is noted
}

// DebtsOf returns the debts of a mandate in the order of their references.
func (s *Service) DebtsOf(ctx context.Context, mandate string) (all []DebtRecord, err error) {
	err = ledger.Snapshot(ctx, s.DB, func(tx pgx.Tx) error {
		all, err = debtRecords(ctx, tx, mandate)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list the debts of %s: %w", mandate, err)
	}
	return all, nil
}

// DebtOf returns one debt, or ErrNoDebt.
func (s *Service) DebtOf(ctx context.Context, id string) (d DebtRecord, err error) {
	err = ledger.Snapshot(ctx, s.DB, func(tx pgx.Tx) error {
		mandate, err := mandateOf(ctx, tx, id)
		if err != nil {
			return err
		}
		all, err := debtRecords(ctx, tx, mandate)
		for _, one := range all {
			if one.ID == id {
				d = one
			}
		}
		return err
	})
	if err != nil {
		return DebtRecord{}, fmt.Errorf("read debt %s: %w", id, err)
	}
	return d, nil
}

func debtRecords(ctx context.Context, tx pgx.Tx, mandate string) ([]DebtRecord, error) {
	debts, err := debtsOf(ctx, tx, mandate)
	if err != nil {
		return nil, err
	}
	updates, err := updatedDebts(ctx, tx, mandate)
	if err != nil {
		return nil, err
	}
	creditors := make([]string, 0, len(debts))
	for _, d := range debts {
		creditors = append(creditors, d.Creditor)
	}
	contacts, err := contactsOf(ctx, tx, creditors)
	if err != nil {
		return nil, err
	}
	all := make([]DebtRecord, 0, len(debts))
	for _, d := range debts {
		all = append(all, DebtRecord{d, updates[d.ID], contacts[d.Creditor]})
	}
	return all, nil
}

// Requests returns the aids that were asked for a mandate, in order.
func (s *Service) Requests(ctx context.Context, mandate string) (all []AidRequest, err error) {
	err = ledger.Snapshot(ctx, s.DB, func(tx pgx.Tx) error {
		all, err = requestsOf(ctx, tx, mandate)
		return err
	})
	return all, err
}
