package mandates

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/civil"
)

// Petition fills in the name and the months of unpaid rent of a measure, and answers the petition
// when it is whole.
//
// Errors: ErrNoMandate, Violations.
func (s *Service) Petition(ctx context.Context, id string, p Petition) (Petition, error) {
	err := ledger.Snapshot(ctx, s.DB, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `
			SELECT b.last_name, b.first_name, (
			       SELECT count(DISTINCT date_trunc('month', u.due_on))::integer
			         FROM masp.unpaid_rents(masp.today()) u WHERE u.mandate_id = m.mandate_id)
			  FROM masp.mandates m JOIN masp.beneficiaries b USING (beneficiary_id) WHERE m.mandate_id = $1`, id).
			Scan(&p.LastName, &p.FirstName, &p.UnpaidMonths)
	})
	if err == nil {
		err = p.Check()
	}
	if err != nil {
		return Petition{}, fmt.Errorf("petition for %s: %w", id, translate(err, ErrNoMandate))
	}
	return p, nil
}

// OrderDirectPayment notes an order of the judge: from its first day on the rent is paid by a third
// party, and the benefit is not expected on the account.
//
// Errors: ErrRole, ErrNoMandate, ErrNotActive, ErrNotItsRent, Violations.
func (s *Service) OrderDirectPayment(ctx context.Context, who auth.Principal, id string, d DirectPayment) error {
	a := audit.Act{Action: "mandate.direct_payment", ObjectType: "mandate", ObjectID: id, Details: d}
	return s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		m, err := lockMeasure(ctx, tx, id)
		if err != nil {
			return err
		}
		if m.Status != Active && m.Status != Suspended {
			return ErrNotActive
		}
		if err := checkOrder(ctx, tx, id, d); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			INSERT INTO masp.direct_payments (mandate_id, order_no, judgment, benefit, obligation_id, starts_on, ends_on)
			SELECT $1, count(*) + 1, $2, $3, $4, $5, $6 FROM masp.direct_payments WHERE mandate_id = $1`,
			id, d.Judgment, d.Benefit, d.Obligation, d.Start, d.End)
		if err != nil {
			return translate(err, ErrNoMandate)
		}
		_, err = tx.Exec(ctx, `
			UPDATE masp.expected_benefits SET third_party = true
			 WHERE mandate_id = $1 AND benefit = $2 AND NOT third_party AND expected_on BETWEEN $3 AND $4`, id, d.Benefit, d.Start, d.End)
		return err
	})
}

// EndDirectPayment notes the decision that ends an order of the judge on a last day, earlier than it
// had been ordered: the rent is paid here again from the next day on, and the benefit, if the
// contract authorises it, is expected here again.
//
// Errors: ErrRole, ErrNoMandate, ErrNoOrder, ErrNoJudgment.
func (s *Service) EndDirectPayment(
	ctx context.Context, who auth.Principal, id string, last civil.Date, judgment string,
) error {
	if strings.TrimSpace(judgment) == "" {
		return ErrNoJudgment
	}
	a := audit.Act{
		Action: "mandate.direct_payment_end", ObjectType: "mandate", ObjectID: id,
		Details: map[string]any{"last_day": last, "judgment": judgment},
	}
	return s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		if _, err := lockMeasure(ctx, tx, id); err != nil {
			return err
		}
		var benefit string
		var ordered civil.Date
		err := tx.QueryRow(ctx, `
			UPDATE masp.direct_payments SET ends_on = $2, ordered_to = ends_on, lifted_by = $3
			 WHERE mandate_id = $1 AND starts_on <= $2 AND ends_on > $2 AND ordered_to IS NULL
			RETURNING benefit, ordered_to`, id, last, judgment).Scan(&benefit, &ordered)
		if err != nil {
			return translate(err, ErrNoOrder)
		}
		_, err = tx.Exec(ctx, `
			UPDATE masp.expected_benefits e SET third_party = false
			 WHERE mandate_id = $1 AND benefit = $2 AND third_party AND expected_on > $3 AND expected_on <= $4
			   AND EXISTS (SELECT FROM masp.authorised_benefits a WHERE a.mandate_id = e.mandate_id AND a.benefit = e.benefit
			                  AND e.expected_on BETWEEN a.valid_from AND coalesce(a.valid_to, 'infinity'))`, id, benefit, last, ordered)
		return translate(err, ErrNoOrder)
	})
}

// checkOrder judges an order beside those before it; ErrNotItsRent when the rent is another's.
func checkOrder(ctx context.Context, tx pgx.Tx, id string, d DirectPayment) error {
	var used int
	var last civil.Date
	var rent bool
	err := tx.QueryRow(ctx, `
		SELECT coalesce(sum(masp.contract_months(starts_on, ends_on)), 0)::integer, max(ends_on),
		       EXISTS (SELECT FROM masp.obligations o WHERE o.obligation_id = $2 AND o.mandate_id = $1
		                  AND o.class IN ('RENT', 'RENTAL_CHARGE'))
		  FROM masp.direct_payments WHERE mandate_id = $1`, id, d.Obligation).Scan(&used, &last, &rent)
	if err != nil {
		return err
	}
	catalogue, err := CatalogueTx(ctx, tx)
	switch {
	case err != nil:
		return err
	case !rent:
		return ErrNotItsRent
	}
	return d.check(used, last, catalogue)
}

// blockByOrders blocks the rents that a third party pays on that day.
func blockByOrders(ctx context.Context, tx pgx.Tx, on civil.Date, all []Situation) error {
	ids := make([]string, len(all))
	for i, s := range all {
		ids[i] = s.Mandate
	}
	ordered := map[string]bool{}
	var obligation string
	err := each(ctx, tx, []any{&obligation}, func() { ordered[obligation] = true }, `
		SELECT obligation_id FROM masp.direct_payments WHERE mandate_id = ANY ($1) AND $2 BETWEEN starts_on AND ends_on`, ids, on)
	if err != nil || len(ordered) == 0 {
		return err
	}
	for _, s := range all {
		for i := range s.Obligations {
			if ordered[s.Obligations[i].ID] {
				s.Obligations[i].Block = PaidByThirdParty
			}
		}
	}
	return nil
}
