package mandates

import (
	"context"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// measure is a mandate locked for a change, with what the change is judged by.
type measure struct {
	Mandate
	today    civil.Date
	termsOn  civil.Date // day of the latest terms; zero in a MASP 1 that never had any
	operator bool       // the association signs its contracts
	renewals int        // that all have signed
	latest   Contract   // the last contract that all have signed
}

// lockMeasure locks a mandate and reads it, with the terms that were noted last, or ErrNoMandate. No
// key is locked: an import may raise an alert of the mandate meanwhile.
func lockMeasure(ctx context.Context, tx pgx.Tx, id string) (measure, error) {
	m := measure{Mandate: Mandate{ID: id, Policy: DefaultPolicy()}}
	var person, department, operator civil.Date
	var commitments []string
	err := tx.QueryRow(ctx, `
		SELECT level, department, status, contract_start, contract_end, last_day,
		       greatest(months_before, masp.months_elsewhere(beneficiary_id, mandate_id)), signed_by_person_on,
		       signed_by_department_on, signed_by_operator_on, commitments, coalesce(bank_account_id, ''), ended_on,
		       coalesce(end_reason, ''), died_on, masp.today()
		  FROM masp.mandates WHERE mandate_id = $1 FOR NO KEY UPDATE`, id).
		Scan(&m.Level, &m.Department, &m.Status, &m.latest.Start, &m.latest.End, &m.Contract.End, &m.latest.MonthsBefore, &person,
			&department, &operator, &commitments, &m.BankAccount, &m.EndedOn, &m.EndReason, &m.DiedOn, &m.today)
	if err != nil {
		return m, translate(err, ErrNoMandate)
	}
	m.latest.Signatures = []Signature{{PartyPerson, person}, {PartyDepartment, department}}
	if m.operator = !operator.IsZero(); m.operator {
		m.latest.Signatures = append(m.latest.Signatures, Signature{PartyOperator, operator})
	}
	for _, text := range commitments {
		c, err := ParseCommitment(text)
		if err != nil {
			return m, err
		}
		m.latest.Commitments = append(m.latest.Commitments, c)
	}
	m.Contract.Start, m.Contract.Signatures = m.latest.Start, m.latest.Signatures
	if err := m.readRenewals(ctx, tx); err != nil {
		return m, err
	}
	return m, m.readTerms(ctx, tx)
}

// readRenewals makes the last signed renewal the latest contract.
func (m *measure) readRenewals(ctx context.Context, tx pgx.Tx) error {
	var from, to civil.Date
	return each(ctx, tx, []any{&from, &to}, func() {
		m.renewals++
		m.latest.MonthsBefore += m.latest.Months()
		m.latest.Start, m.latest.End = from, to
	}, `
		SELECT starts_on, ends_on FROM masp.renewals
		 WHERE mandate_id = $1 AND signed_by_person_on IS NOT NULL AND signed_by_department_on IS NOT NULL
		   AND (signed_by_operator_on IS NOT NULL OR NOT $2)
		 ORDER BY contract_no`, m.ID, m.operator)
}

// refuseOther refuses to begin a measure beside another one of the person, or beyond 48 months in all
//
func (m measure) refuseOther(ctx context.Context, tx pgx.Tx) error {
	var vs Violations
	var other string
	err := each(ctx, tx, []any{&other}, func() {
		vs.add(true, "R-010", "OTHER_MEASURE", "Cette personne a déjà une mesure ces jours-là ("+other+") : une seule à la fois.")
	}, `
		SELECT o.mandate_id FROM masp.mandates o JOIN masp.mandates m USING (beneficiary_id)
		 WHERE m.mandate_id = $1 AND o.mandate_id <> $1 AND o.status <> 'PENDING_SIGNATURE'
		   AND o.contract_start <= m.last_day AND coalesce(o.ended_on, o.last_day) >= m.contract_start
		 ORDER BY o.mandate_id LIMIT 1`, m.ID)
	if err != nil {
		return err
	}
	m.latest.checkLength(&vs)
	return vs.err()
}

func (m *measure) readTerms(ctx context.Context, tx pgx.Tx) error {
	var floor int64
	err := each(ctx, tx, []any{
		&m.termsOn, &m.Policy.ClassOrder, &m.Policy.SeniorClasses, &m.Policy.PartialClasses, &floor, &m.Policy.Shortfall,
		&m.RemitTo, &m.Remittance.Days, &m.Remittance.Weekly,
	}, func() { m.Policy.LivingFloor = money.Cents(floor) }, `
		SELECT valid_from, class_order, senior_classes, partial_classes, living_floor_cents, shortfall,
		       coalesce(remit_to, ''), remit_days, remit_weekly
		  FROM masp.mandate_terms WHERE mandate_id = $1 ORDER BY valid_from DESC LIMIT 1`, m.ID)
	if err != nil {
		return err
	}
	if m.Court, err = courtBenefits(ctx, tx, m.ID); err != nil {
		return err
	}
	var a Authorisation
	return each(ctx, tx, []any{&a.Benefit, &a.From, &a.To}, func() { m.Benefits = append(m.Benefits, a) }, `
		SELECT benefit, valid_from, valid_to FROM masp.authorised_benefits
		 WHERE mandate_id = $1 ORDER BY benefit, valid_from`, m.ID)
}
