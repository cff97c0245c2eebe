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
// covered is not proposed again beside it. Without it, those dues simply come back. It alone says
// what it pays: when several lines were covered, ReissueLines keeps each of them.
//
// It answers ErrNotFailed when no such payment of that mandate and amount failed, ErrReissued
// when it has been issued again already, ErrPaidTwice when its dues have been paid meanwhile,
// RENT_TO_ANOTHER when a rent would go to somebody who is no landlord, and the refusals of an
// added obligation.
func (s *Service) Reissue(ctx context.Context, who auth.Principal, endToEndID string, o mandates.Obligation) error {
	return s.reissue(ctx, endToEndID, func(tx pgx.Tx) error {
		return replacePayment(ctx, tx, who, endToEndID, mandates.Replacement{Obligation: o})
	})
}

// ReissueLines issues a failed payment again as it was: for each line that it had covered, an
// obligation of the same class, debt and amount that is due today. They are named id, or id-1,
// id-2 …; without id, after the payment. They go to the creditor to, or to the same one when it is
// empty. The errors are those of Reissue.
func (s *Service) ReissueLines(
	ctx context.Context, who auth.Principal, endToEndID, id, to string,
) (again []mandates.Obligation, err error) {
	err = s.reissue(ctx, endToEndID, func(tx pgx.Tx) error {
		all, err := replacements(ctx, tx, endToEndID, id, to)
		if err != nil {
			return err
		}
		for _, r := range all {
			again = append(again, r.Obligation)
		}
		return replacePayment(ctx, tx, who, endToEndID, all...)
	})
	return again, err
}

func (s *Service) reissue(ctx context.Context, endToEndID string, act func(pgx.Tx) error) error {
	if err := ledger.InTx(ctx, s.DB, act); err != nil {
		return fmt.Errorf("issue payment %s again: %w", endToEndID, translate(err))
	}
	return nil
}

// replacePayment writes what replaces a payment, and the acts.
func replacePayment(
	ctx context.Context, tx pgx.Tx, who auth.Principal, endToEndID string, all ...mandates.Replacement,
) error {
	if err := mayReplace(ctx, tx, endToEndID, all); err != nil {
		return err
	}
	if err := mandates.ReissueTx(ctx, tx, who, endToEndID, all...); err != nil {
		return err
	}
	if err := replaceDues(ctx, tx, endToEndID); err != nil {
		return err
	}
	for _, r := range all {
		_, err := audit.Record(ctx, tx, audit.Act{
			Actor: who.ID, Action: "payment.reissue", ObjectType: "obligation", ObjectID: r.ID,
			Details: map[string]string{"mandate": r.Mandate, "of": endToEndID},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// mayReplace refuses a second replacement, and a rent that would go to another kind of creditor
// than it went to, unless he is a landlord.
func mayReplace(ctx context.Context, tx pgx.Tx, endToEndID string, all []mandates.Replacement) error {
	for _, r := range all {
		var again, fits bool
		err := tx.QueryRow(ctx, `
			SELECT EXISTS (SELECT FROM masp.obligations WHERE reissue_of = $1),
			       NOT EXISTS (SELECT FROM masp.instructions i JOIN masp.creditors was USING (creditor_id), masp.creditors c
			                    WHERE i.end_to_end_id = $1 AND c.creditor_id = $2 AND c.kind NOT IN ('LANDLORD', was.kind))`,
			endToEndID, r.Creditor).Scan(&again, &fits)
		switch {
		case err != nil:
			return fmt.Errorf("read what replaces a payment: %w", err)
		case again:
			return ErrReissued
		case mandates.Policy{}.IsSenior(r.Class) && !fits:
			return mandates.Violations{{
				Rule: "R-060", Code: "RENT_TO_ANOTHER",
				French: "Un loyer ne part de nouveau qu'à un bailleur : « " + r.Creditor + " » n'en est pas un.",
			}}
		}
	}
	return nil
}

// replacements are the lines that a payment had covered, as obligations of today; ErrNotFailed when
// no such payment was sent.
func replacements(ctx context.Context, tx pgx.Tx, endToEndID, id, to string) (all []mandates.Replacement, err error) {
	rows, err := tx.Query(ctx, `
		SELECT i.mandate_id, coalesce(nullif($2, ''), i.creditor_id), c.amount_cents, o.class, o.label, o.reference,
		       coalesce(c.debt_id, ''), masp.today(), c.line_no
		  FROM masp.instructions i JOIN masp.instruction_covers c USING (instruction_id) JOIN masp.obligations o USING (obligation_id)
		 WHERE i.end_to_end_id = $1 ORDER BY c.line_no`, endToEndID, to)
	if err != nil {
		return nil, fmt.Errorf("read payment %s: %w", endToEndID, err)
	}
	all, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (r mandates.Replacement, err error) {
		var cents int64
		err = row.Scan(&r.Mandate, &r.Creditor, &cents, &r.Class, &r.Label, &r.Reference, &r.Debt, &r.From, &r.Line)
		r.Amount, r.Frequency = money.Cents(cents), mandates.Once
		return r, err
	})
	switch {
	case err != nil:
		return nil, fmt.Errorf("read payment %s: %w", endToEndID, err)
	case len(all) == 0:
		return nil, ErrNotFailed
	case id == "":
		id = "R-" + endToEndID
	}
	for i := range all {
		all[i].ID = id
		if len(all) > 1 {
			all[i].ID = fmt.Sprintf("%s-%d", id, i+1)
		}
	}
	return all, nil
}
