package mandates

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
)

// insertOrganisation writes the organisation, the catalogue of benefits and the calendars of the
// payers.
func insertOrganisation(ctx context.Context, tx pgx.Tx, o Organisation) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO masp.organisations (name, siren, iban_hold_hours, opened_on, in_production, created_at)
		VALUES ($1, nullif($2, ''), $3, $4, $5, masp.now())`,
		o.Name, o.Siren, o.IBANHoldHours, o.OpenedOn, o.InProduction)
	if err != nil {
		return fmt.Errorf("write the organisation: %w", err)
	}
	if err := copyCatalogue(ctx, tx, Catalogue()...); err != nil {
		return err
	}
	return copyCalendars(ctx, tx, DefaultCalendars())
}

// copyRows streams records into a table, each by the values of its row.
func copyRows[T any](ctx context.Context, tx pgx.Tx, table string, columns []string, all []T, row func(T) []any) error {
	if len(all) == 0 {
		return nil
	}
	source := pgx.CopyFromSlice(len(all), func(i int) ([]any, error) { return row(all[i]), nil })
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{"masp", table}, columns, source); err != nil {
		return fmt.Errorf("write %s: %w", table, err)
	}
	return nil
}

// writeLoad writes the records of a checked load, those that others name first.
func writeLoad(ctx context.Context, tx pgx.Tx, l Load, sha256 string, today civil.Date) error {
	for _, write := range []func() error{
		func() error { return copyBankAccounts(ctx, tx, l.BankAccounts) },
		func() error { return copyPeople(ctx, tx, l.Beneficiaries) },
		func() error { return copyCreditors(ctx, tx, l.Creditors, sha256) },
		func() error { return copyMandates(ctx, tx, l.Mandates, today) },
		func() error { return copyTerms(ctx, tx, l.Mandates) },
		func() error { return copyBenefits(ctx, tx, l) },
		func() error { return copyDebts(ctx, tx, l.Debts) },
		func() error { return copyObligations(ctx, tx, l.Obligations) },
		func() error { return copyReserves(ctx, tx, l, today) },
	} {
		if err := write(); err != nil {
			return err
		}
	}
	return nil
}

// copyBankAccounts: an individual account is the person's, a pooled one holds the funds of
// several; the association's own money is never here (client_funds_only).
func copyBankAccounts(ctx context.Context, tx pgx.Tx, all []BankAccount) error {
	owners := map[string]string{Individual: "BENEFICIARY", Pooled: "ASSOCIATION_CLIENT_FUNDS"}
	columns := []string{"bank_account_id", "iban", "bic", "holder", "owner", "model", "pain_version"}
	return copyRows(ctx, tx, "bank_accounts", columns, all, func(a BankAccount) []any {
		return []any{a.ID, a.IBAN, orNull(a.BIC), a.Holder, owners[a.Model], a.Model, a.PainVersion}
	})
}

func copyPeople(ctx context.Context, tx pgx.Tx, all []LoadBeneficiary) error {
	columns := []string{"beneficiary_id", "civility", "last_name", "first_name", "born_on", "department"}
	err := copyRows(ctx, tx, "beneficiaries", columns, all, func(b LoadBeneficiary) []any {
		return []any{b.ID, orNull(b.Civility), b.LastName, b.FirstName, b.BornOn, b.Department}
	})
	if err != nil {
		return err
	}
	var numbers [][]any
	for _, b := range all {
		for payer, number := range b.PayerNumbers {
			numbers = append(numbers, []any{payer, number, b.ID})
		}
	}
	return copyRows(ctx, tx, "payer_numbers", []string{"payer", "number", "beneficiary_id"}, numbers,
		func(row []any) []any { return row })
}

// copyCreditors writes them with their first IBAN, which nobody has confirmed yet.
func copyCreditors(ctx context.Context, tx pgx.Tx, all []LoadCreditor, sha256 string) error {
	err := copyRows(ctx, tx, "creditors", []string{"creditor_id", "name", "kind"}, all, func(c LoadCreditor) []any {
		return []any{c.ID, c.Name, string(c.Kind)}
	})
	if err != nil {
		return err
	}
	ids, ibans := make([]string, len(all)), make([]string, len(all))
	for i, c := range all {
		ids[i], ibans[i] = c.ID, c.IBAN.String()
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO masp.creditor_ibans (creditor_id, version, iban, evidence, load_sha256, proposed_at)
		SELECT id, 1, iban, '', $3, clock.at
		  FROM unnest($1::text[], $2::text[]) AS given (id, iban), (SELECT masp.now() AS at) clock`, ids, ibans, sha256)
	if err != nil {
		return fmt.Errorf("write creditor_ibans: %w", err)
	}
	return nil
}

func copyMandates(ctx context.Context, tx pgx.Tx, all []LoadMandate, today civil.Date) error {
	columns := []string{
		"mandate_id", "beneficiary_id", "level", "department", "status", "threat_ground", "contract_start",
		"contract_end", "months_before", "signed_by_person_on", "signed_by_department_on", "signed_by_operator_on",
		"commitments", "bank_account_id", "coordinator", "ended_on", "end_reason", "preceded_by",
	}
	return copyRows(ctx, tx, "mandates", columns, all, func(m LoadMandate) []any {
		commitments := make([]string, len(m.Contract.Commitments))
		for i, c := range m.Contract.Commitments {
			commitments[i] = c.String()
		}
		signed := map[Party]civil.Date{}
		for _, s := range m.Contract.Signatures {
			signed[s.Party] = s.On
		}
		// A contract whose term has passed was not renewed: the measure is over.
		status := m.StatusOn(today)
		var ended civil.Date
		var reason any
		if status == Ended {
			ended, reason = m.Contract.End, string(TermReached)
		}
		return []any{
			m.ID, m.Beneficiary.ID, string(m.Level), m.Department, string(status), string(m.Ground), m.Contract.Start,
			m.Contract.End, m.Contract.MonthsBefore, signed[PartyPerson], signed[PartyDepartment], signed[PartyOperator],
			commitments, orNull(m.BankAccount), orNull(m.Coordinator), ended, reason, orNull(m.PrecededBy),
		}
	})
}

// copyTerms writes the first terms of each mandate that holds money.
func copyTerms(ctx context.Context, tx pgx.Tx, all []LoadMandate) error {
	columns := []string{
		"mandate_id", "valid_from", "class_order", "senior_classes", "partial_classes",
		"living_floor_cents", "shortfall", "remit_to", "remit_days", "remit_weekly",
	}
	return copyRows(ctx, tx, "mandate_terms", columns, holdingMoney(all), func(m LoadMandate) []any {
		days := append([]int{}, m.Remittance.Days...) // never NULL
		p := m.Policy
		return []any{
			m.ID, m.Contract.Start, asWords(p.ClassOrder), asWords(p.SeniorClasses), asWords(p.PartialClasses),
			p.LivingFloor.Cents(), string(p.Shortfall), orNull(m.RemitTo), days, m.Remittance.Weekly,
		}
	})
}

func holdingMoney(all []LoadMandate) []LoadMandate {
	var holding []LoadMandate
	for _, m := range all {
		if m.HoldsMoney() {
			holding = append(holding, m)
		}
	}
	return holding
}

func copyBenefits(ctx context.Context, tx pgx.Tx, l Load) error {
	var authorised [][]any
	for _, m := range l.Mandates {
		for _, a := range m.Benefits {
			authorised = append(authorised, []any{m.ID, a.Benefit, a.From})
		}
	}
	err := copyRows(ctx, tx, "authorised_benefits", []string{"mandate_id", "benefit", "valid_from"}, authorised,
		func(row []any) []any { return row })
	if err != nil {
		return err
	}
	return copyExpected(ctx, tx, l.Expected...)
}

func copyDebts(ctx context.Context, tx pgx.Tx, all []Debt) error {
	columns := []string{
		"debt_id", "mandate_id", "creditor_id", "kind", "principal_cents", "outstanding_cents",
		"instalment_cents", "born_on", "contested_on", "recovery",
	}
	return copyRows(ctx, tx, "debts", columns, all, func(d Debt) []any {
		var instalment any
		if !d.Instalment.IsZero() {
			instalment = d.Instalment.Cents()
		}
		return []any{
			d.ID, d.Mandate, d.Creditor, d.Kind, d.Principal.Cents(), d.Outstanding.Cents(),
			instalment, d.BornOn, d.ContestedOn, string(d.Recovery),
		}
	})
}

var obligationColumns = []string{
	"obligation_id", "mandate_id", "class", "creditor_id", "amount_cents", "label", "reference",
	"frequency", "due_day", "valid_from", "valid_to", "debt_id", "block", "position",
	"except_days", "shared_id", "covers",
}

// copyObligations keeps the order of the file: the coordinator's order among equals.
func copyObligations(ctx context.Context, tx pgx.Tx, all []Obligation) error {
	position := 0
	return copyRows(ctx, tx, "obligations", obligationColumns, all, func(o Obligation) []any {
		position++
		return obligationRow(o, position)
	})
}

func obligationRow(o Obligation, position int) []any {
	return []any{
		o.ID, o.Mandate, string(o.Class), orNull(o.Creditor), o.Amount.Cents(), o.Label, o.Reference,
		string(o.Frequency), o.DueDay, o.From, o.To, orNull(o.Debt), orNull(o.Block), position,
		append([]civil.Date{}, o.Except...), orNull(o.Shared), orNull(o.Covers),
	}
}

func copyReserves(ctx context.Context, tx pgx.Tx, l Load, today civil.Date) error {
	var rows [][]any
	for _, m := range l.Mandates {
		if m.OpeningReserve.IsPositive() {
			rows = append(rows, []any{m.ID, m.OpeningReserve.Cents(), openingSource(m.ID), l.openingDay(today)})
		}
	}
	return copyRows(ctx, tx, "reserve_movements", []string{"mandate_id", "amount_cents", "source", "on_day"}, rows,
		func(row []any) []any { return row })
}

func asWords(classes []Class) []string {
	words := make([]string, len(classes))
	for i, c := range classes {
		words[i] = string(c)
	}
	return words
}

// orNull writes an empty text as NULL.
func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}
