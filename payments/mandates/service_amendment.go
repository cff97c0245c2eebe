package mandates

import (
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger/audit"
)

// Amend changes the terms of a measure from a day on, as all parties have signed it.
// A run of that day or later that stands already keeps the measure from changing under it:
// ErrRunStands. A measure leaves MASP 2 only at zero, with nothing on its way: ErrHoldsMoney.
//
// Errors: those, ErrRole, ErrNoMandate, ErrNotActive, Violations.
func (s *Service) Amend(ctx context.Context, who auth.Principal, id string, change Amendment) error {
	a := audit.Act{
		Action: "mandate.amend", ObjectType: "mandate", ObjectID: id, Reason: change.Reason, Details: change,
	}
	return s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		m, err := lockMeasure(ctx, tx, id)
		if err != nil {
			return err
		}
		if m.Status != Active && m.Status != Suspended {
			return ErrNotActive
		}
		catalogue, err := CatalogueTx(ctx, tx)
		if err != nil {
			return err
		}
		if err := change.check(m.Mandate, m.termsOn, m.today, catalogue); err != nil {
			return err
		}
		if err := refuseNamed(ctx, tx, id, change); err != nil {
			return err
		}
		return m.amend(ctx, tx, change)
	})
}

// refuseNamed refuses to send what is left to anything but an own account of the person, and
// a bank account that is not there or stands in the name of another person.
func refuseNamed(ctx context.Context, tx pgx.Tx, mandate string, a Amendment) error {
	var own, account, taken bool
	err := tx.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM masp.creditors c WHERE c.creditor_id = $2 AND c.beneficiary_id = m.beneficiary_id),
		       EXISTS (SELECT FROM masp.bank_accounts a WHERE a.bank_account_id = $3),
		       EXISTS (SELECT FROM masp.bank_accounts a JOIN masp.mandates o USING (bank_account_id)
		                WHERE a.bank_account_id = $3 AND a.model = 'INDIVIDUAL' AND o.beneficiary_id <> m.beneficiary_id)
		  FROM masp.mandates m WHERE m.mandate_id = $1`, mandate, a.RemitTo, a.BankAccount).Scan(&own, &account, &taken)
	switch {
	case err != nil:
		return err
	case a.RemitTo != "" && !own:
		return Violations{{Rule: "R-061", Code: "NOT_OWN_ACCOUNT", French: FrenchNotOwn(a.RemitTo)}}
	case a.BankAccount != "" && !account:
		return ErrNoAccount
	case taken:
		return ErrAccountTaken
	}
	return nil
}

// FrenchNotOwn says that what is left of the person's money does not go there.
func FrenchNotOwn(creditor string) string {
	return "« " + creditor + " » n'est pas un compte de cette personne : le reste est versé sur le sien " +
		"(destinataire de type BENEFICIARY, à elle)."
}

// amend writes the amendment and what it changes: benefits are ended the day before, terms are
// added, a level replaces the one before.
func (m measure) amend(ctx context.Context, tx pgx.Tx, a Amendment) error {
	changes, err := json.Marshal(a)
	if err != nil {
		return err
	}
	after := m.Amended(a)
	ended := a.EndBenefits
	if a.closes(m.Mandate) {
		ended = nil
		for _, b := range m.Benefits {
			ended = append(ended, b.Benefit)
		}
	}
	batch := &pgx.Batch{}
	batch.Queue(`
		INSERT INTO masp.amendments (mandate_id, amendment_no, effective_on, reason, changes, signed_by_person_on, signed_by_department_on)
		SELECT $1, count(*) + 1, $2, $3, $4, $5, $6 FROM masp.amendments WHERE mandate_id = $1`,
		m.ID, a.EffectiveOn, a.Reason, changes, a.SignedByPerson, a.SignedByDepartment)
	batch.Queue(`
		UPDATE masp.authorised_benefits SET valid_to = $2
		 WHERE mandate_id = $1 AND benefit = ANY ($3) AND (valid_to IS NULL OR valid_to > $2)`,
		m.ID, a.EffectiveOn.AddDays(-1), orEmpty(ended))
	batch.Queue(`
		INSERT INTO masp.authorised_benefits (mandate_id, benefit, valid_from) SELECT $1, unnest($3::text[]), $2
		ON CONFLICT (mandate_id, benefit, valid_from) DO UPDATE SET valid_to = NULL`, // ended that day, and taken back
		m.ID, a.EffectiveOn, orEmpty(a.AddBenefits))
	if after.Level != m.Level {
		batch.Queue(`UPDATE masp.mandates SET level = $2, bank_account_id = $3 WHERE mandate_id = $1`,
			m.ID, string(after.Level), orNull(after.BankAccount))
	}
	if a.changesTerms() || m.termsOn.IsZero() && after.HoldsMoney() {
		p := after.Policy
		batch.Queue(`
			INSERT INTO masp.mandate_terms (mandate_id, valid_from, class_order, senior_classes, partial_classes,
			       living_floor_cents, shortfall, remit_to, remit_days, remit_weekly)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			m.ID, a.EffectiveOn, p.ClassOrder, p.SeniorClasses, p.PartialClasses,
			p.LivingFloor.Cents(), string(p.Shortfall), orNull(after.RemitTo), append([]int{}, after.Remittance.Days...),
			after.Remittance.Weekly)
	}
	return translate(tx.SendBatch(ctx, batch).Close(), ErrNoMandate)
}
