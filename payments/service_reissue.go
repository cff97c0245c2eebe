package payments

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/money"
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
	err := ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error {
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

// Replacement is the obligation that Reissue takes for a payment as it was: due today, to the
// same creditor, of the class of the first line that the payment covered. ErrNotFailed when no
// such payment was sent.
func (s *Service) Replacement(ctx context.Context, endToEndID string) (mandates.Obligation, error) {
	o := mandates.Obligation{ID: "R-" + endToEndID, Frequency: mandates.Once}
	var cents int64
	err := s.DB.QueryRow(ctx, `
		SELECT i.mandate_id, i.creditor_id, i.amount_cents, o.class, o.label, o.reference, coalesce(o.debt_id, ''), masp.today()
		  FROM masp.instructions i JOIN masp.instruction_covers c USING (instruction_id) JOIN masp.obligations o USING (obligation_id)
		 WHERE i.end_to_end_id = $1 ORDER BY c.line_no LIMIT 1`, endToEndID).
		Scan(&o.Mandate, &o.Creditor, &cents, &o.Class, &o.Label, &o.Reference, &o.Debt, &o.From)
	if err != nil {
		return o, fmt.Errorf("read payment %s: %w", endToEndID, missing(err, ErrNotFailed))
	}
	o.Amount = money.Cents(cents)
	return o, nil
}
