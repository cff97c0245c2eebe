package load

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/payments/mandates"
)

// named are the references that a load makes, so that only those are read.
type named struct {
	accounts, ibans, creditors, people, numbers, mandates, debts, obligations []string
}

func (f File) named() named {
	var n named
	for _, a := range f.BankAccounts {
		n.accounts, n.ibans = append(n.accounts, a.ID), append(n.ibans, a.IBAN)
	}
	for _, c := range f.Creditors {
		n.creditors, n.people = append(n.creditors, c.ID), append(n.people, c.Beneficiary)
	}
	for _, b := range f.Beneficiaries {
		n.people = append(n.people, b.ID)
		for _, number := range b.PayerNumbers {
			n.numbers = append(n.numbers, number)
		}
	}
	for _, m := range f.Mandates {
		n.mandates, n.accounts = append(n.mandates, m.ID), append(n.accounts, m.BankAccount)
		n.people, n.creditors = append(n.people, m.Beneficiary.ID), append(n.creditors, m.RemitTo)
	}
	for _, e := range f.Expected {
		n.mandates = append(n.mandates, e.Mandate)
	}
	for _, d := range f.Debts {
		n.debts, n.mandates = append(n.debts, d.ID), append(n.mandates, d.Mandate)
		n.creditors = append(n.creditors, d.Creditor)
	}
	for _, o := range f.Obligations {
		n.obligations, n.mandates = append(n.obligations, o.ID), append(n.mandates, o.Mandate)
		n.creditors, n.debts = append(n.creditors, o.Creditor), append(n.debts, o.Debt)
	}
	return n
}

// knownTx reads what the database holds of what a load names.
func knownTx(ctx context.Context, tx pgx.Tx, f File) (known, error) {
	k := known{
		users: map[string]auth.User{}, accounts: map[string]knownAccount{}, ibans: map[string]string{},
		creditors: map[string]mandates.Creditor{}, people: map[string]mandates.Beneficiary{}, numbers: map[[2]string]string{},
		mandates: map[string]knownMandate{}, debts: map[string]mandates.Debt{}, obligations: map[string]bool{},
		measures: map[string][]knownMeasure{}, months: map[string]int{},
	}
	var err error
	if k.today, err = ledger.Today(ctx, tx); err != nil {
		return k, err
	}
	n := f.named()
	for _, read := range []func(context.Context, pgx.Tx, named) error{
		k.readHouse, k.readAccounts, k.readPeople, k.readMandates, k.readMeasures, k.readLines,
	} {
		if err := read(ctx, tx, n); err != nil {
			return k, fmt.Errorf("read what is known: %w", err)
		}
	}
	return k, nil
}

func (k *known) readHouse(ctx context.Context, tx pgx.Tx, _ named) error {
	var o Organisation
	err := each(ctx, tx, []any{&o.Name, &o.Siren, &o.OpenedOn, &o.IBANHoldHours, &o.InProduction},
		func() { stored := o; k.organisation = &stored },
		`SELECT name, coalesce(siren, ''), opened_on, iban_hold_hours, in_production FROM masp.organisations`)
	if err != nil {
		return err
	}
	var u auth.User
	err = each(ctx, tx, []any{&u.ID, &u.Name, &u.Roles, &u.Email, &u.Until}, func() { k.users[u.ID] = u; u.Roles = nil },
		`SELECT user_id, name, roles, coalesce(email, ''), ends_on FROM masp.users`)
	if err != nil {
		return err
	}
	if k.conventions, err = mandates.ConventionsTx(ctx, tx); err != nil {
		return err
	}
	k.catalogue, err = mandates.CatalogueTx(ctx, tx)
	return err
}

func (k *known) readAccounts(ctx context.Context, tx pgx.Tx, n named) error {
	var id, iban string
	var a knownAccount
	return each(ctx, tx, []any{&id, &iban, &a.model, &a.person, &a.statement},
		func() { k.accounts[id], k.ibans[iban] = a, id }, `
		SELECT bank_account_id, iban, model,
		       coalesce((SELECT min(m.beneficiary_id) FROM masp.mandates m WHERE m.bank_account_id = a.bank_account_id), ''),
		       EXISTS (SELECT FROM masp.bank_statements s WHERE s.bank_account_id = a.bank_account_id AND s.state <> 'held')
		  FROM masp.bank_accounts a WHERE bank_account_id = ANY ($1) OR iban = ANY ($2)`, n.accounts, n.ibans)
}

func (k *known) readPeople(ctx context.Context, tx pgx.Tx, n named) error {
	var id, payer, number string
	var c mandates.Creditor
	var b mandates.Beneficiary
	err := each(ctx, tx, []any{&c.ID, &c.Kind, &c.Beneficiary}, func() { k.creditors[c.ID] = c },
		`SELECT creditor_id, kind, coalesce(beneficiary_id, '') FROM masp.creditors WHERE creditor_id = ANY ($1)`, n.creditors)
	if err != nil {
		return err
	}
	err = each(ctx, tx, []any{&b.ID, &b.BornOn, &b.Department}, func() { k.people[b.ID] = b },
		`SELECT beneficiary_id, born_on, department FROM masp.beneficiaries WHERE beneficiary_id = ANY ($1)`, n.people)
	if err != nil {
		return err
	}
	return each(ctx, tx, []any{&payer, &number, &id}, func() { k.numbers[[2]string{payer, number}] = id },
		`SELECT payer, number, beneficiary_id FROM masp.payer_numbers WHERE number = ANY ($1)`, n.numbers)
}

func (k *known) readMandates(ctx context.Context, tx pgx.Tx, n named) error {
	var id string
	var m knownMandate
	err := each(ctx, tx, []any{&id, &m.level, &m.person}, func() { k.mandates[id] = m },
		`SELECT mandate_id, level, beneficiary_id FROM masp.mandates WHERE mandate_id = ANY ($1)`, n.mandates)
	if err != nil {
		return err
	}
	var benefit string
	var from, to civil.Date
	add := func() {
		with := k.mandates[id]
		with.benefits = append(with.benefits, mandates.Authorisation{Benefit: benefit, From: from, To: to})
		k.mandates[id] = with
	}
	return each(ctx, tx, []any{&id, &benefit, &from, &to}, add, `
		SELECT mandate_id, benefit, valid_from, valid_to FROM masp.authorised_benefits WHERE mandate_id = ANY ($1)`, n.mandates)
}

func (k *known) readMeasures(ctx context.Context, tx pgx.Tx, n named) error {
	var person string
	var m knownMeasure
	err := each(ctx, tx, []any{&person, &m.mandate, &m.start, &m.end}, func() { k.measures[person] = append(k.measures[person], m) }, `
		SELECT beneficiary_id, mandate_id, contract_start, coalesce(ended_on, last_day) FROM masp.mandates
		 WHERE beneficiary_id = ANY ($1) AND status <> 'PENDING_SIGNATURE'`, n.people)
	if err != nil {
		return err
	}
	var months int
	return each(ctx, tx, []any{&person, &months}, func() { k.months[person] = months },
		`SELECT p, masp.months_elsewhere(p, '') FROM unnest($1::text[]) p`, n.people)
}

func (k *known) readLines(ctx context.Context, tx pgx.Tx, n named) error {
	var d mandates.Debt
	err := each(ctx, tx, []any{&d.ID, &d.Mandate, &d.Creditor}, func() { k.debts[d.ID] = d },
		`SELECT debt_id, mandate_id, creditor_id FROM masp.debts WHERE debt_id = ANY ($1)`, n.debts)
	if err != nil {
		return err
	}
	var id string
	return each(ctx, tx, []any{&id}, func() { k.obligations[id] = true },
		`SELECT obligation_id FROM masp.obligations WHERE obligation_id = ANY ($1)`, n.obligations)
}

// each runs a query and does something with each row, scanned into the targets.
func each(ctx context.Context, tx pgx.Tx, targets []any, do func(), sql string, args ...any) error {
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	_, err = pgx.ForEachRow(rows, targets, func() error { do(); return nil })
	return err
}
