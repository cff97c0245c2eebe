package payments

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger/audit"
	"masp/payments/mandates"
)

// Reissue adds the ONCE obligation that replaces a payment which the bank refused or sent back:
// same mandate, same amount, perhaps another creditor, once. What the failed payment had
// covered is not proposed again beside it. Without it, those dues simply come back.
//
// It answers ErrNotFailed when no such payment of that mandate and amount failed, ErrReissued
// when it has been issued again already, ErrPaidTwice when its dues have been paid meanwhile, and
// the refusals of an added obligation.
func (s *Service) Reissue(ctx context.Context, who auth.Principal, endToEndID string, o mandates.Obligation) error {
	err := pgx.BeginFunc(ctx, s.DB, func(tx pgx.Tx) error {
		if err := mandates.ReissueTx(ctx, tx, who, o, endToEndID); err != nil {
			return err
		}
		if err := replaceDues(ctx, tx, endToEndID); err != nil {
			return err
		}
		_, err := audit.Record(ctx, tx, audit.Act{
			Actor: who.ID, Action: "payment.reissue", ObjectType: "obligation", ObjectID: o.ID,
			Details: map[string]string{"mandate": o.Mandate, "of": endToEndID},
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("issue payment %s again: %w", endToEndID, translate(err))
	}
	return nil
}
