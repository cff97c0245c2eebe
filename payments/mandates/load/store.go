package load

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/unit"
	"masp/payments/mandates"
)

// insertOrganisation writes the organisation and what every one starts with.
func insertOrganisation(ctx context.Context, tx pgx.Tx, o Organisation) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO masp.organisations (name, siren, iban_hold_hours, opened_on, in_production, created_at)
		VALUES ($1, nullif($2, ''), $3, $4, $5, masp.now())`,
		o.Name, o.Siren, o.IBANHoldHours, o.OpenedOn, o.InProduction)
	if err != nil {
		return fmt.Errorf("write the organisation: %w", err)
	}
	return mandates.SeedTx(ctx, tx)
}

// writeAll writes the records of a checked load, those that others name first.
func writeAll(ctx context.Context, tx pgx.Tx, f File, sha256 string, k known) error {
	today := k.today
	for _, write := range []func() error{
		func() error { return copyBankAccounts(ctx, tx, f.BankAccounts) },
		func() error { return copyPeople(ctx, tx, f.Beneficiaries) },
		func() error { return copyCreditors(ctx, tx, f.Creditors, sha256) },
		func() error { return mandates.InsertConventionsTx(ctx, tx, f.Conventions...) },
		func() error { return copyMandates(ctx, tx, f.Mandates, today) },
		func() error { return copyThreatNotes(ctx, tx, f.Mandates, today) },
		func() error { return mandates.UseConventionsTx(ctx, tx, f.measures(), f.allConventions(k)) },
		func() error { return copyTerms(ctx, tx, f.Mandates) },
		func() error { return copyBenefits(ctx, tx, f) },
		func() error { return mandates.InsertCourtTx(ctx, tx, f.measures()) },
		func() error { return mandates.AddDebtsTx(ctx, tx, f.Debts...) },
		func() error { return mandates.AddObligationsTx(ctx, tx, f.Obligations...) },
		func() error { return copyReserves(ctx, tx, f, today) },
	} {
		if err := write(); err != nil {
			return err
		}
	}
	return nil
}

// copyBankAccounts: an individual account is the person's, a pooled one holds the funds of
// several; the association's own money is never here (client_funds_only).
func copyBankAccounts(ctx context.Context, tx pgx.Tx, all []mandates.BankAccount) error {
	owners := map[string]string{mandates.Individual: "BENEFICIARY", mandates.Pooled: "ASSOCIATION_CLIENT_FUNDS"}
	columns := []string{"bank_account_id", "iban", "bic", "holder", "owner", "model", "pain_version"}
	return copyRows(ctx, tx, "bank_accounts", columns, all, func(a mandates.BankAccount) []any {
		return []any{a.ID, a.IBAN, orNull(a.BIC), a.Holder, owners[a.Model], a.Model, a.PainVersion}
	})
}

func copyPeople(ctx context.Context, tx pgx.Tx, all []Beneficiary) error {
	columns := []string{"beneficiary_id", "civility", "last_name", "first_name", "born_on", "department"}
	err := copyRows(ctx, tx, "beneficiaries", columns, all, func(b Beneficiary) []any {
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
func copyCreditors(ctx context.Context, tx pgx.Tx, all []Creditor, sha256 string) error {
	err := copyRows(ctx, tx, "creditors", []string{"creditor_id", "name", "kind", "beneficiary_id"}, all, func(c Creditor) []any {
		return []any{c.ID, c.Name, string(c.Kind), orNull(c.Beneficiary)}
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

func copyMandates(ctx context.Context, tx pgx.Tx, all []Mandate, today civil.Date) error {
	columns := []string{
		"mandate_id", "beneficiary_id", "level", "department", "status", "threat_ground", "contract_start",
		"contract_end", "months_before", "signed_by_person_on", "signed_by_department_on", "signed_by_operator_on",
		"commitments", "bank_account_id", "coordinator", "ended_on", "end_reason", "preceded_by",
	}
	return copyRows(ctx, tx, "mandates", columns, all, func(m Mandate) []any {
		commitments := make([]string, len(m.Contract.Commitments))
		for i, c := range m.Contract.Commitments {
			commitments[i] = c.String()
		}
		signed := map[mandates.Party]civil.Date{}
		for _, s := range m.Contract.Signatures {
			signed[s.Party] = s.On
		}
		// A contract whose term has passed was not renewed: the measure is over.
		status := m.StatusOn(today)
		var ended civil.Date
		var reason any
		if status == mandates.Ended {
			ended, reason = m.Contract.End, string(mandates.TermReached)
		}
		return []any{
			m.ID, m.Beneficiary.ID, string(m.Level), m.Department, string(status), string(m.Ground), m.Contract.Start,
			m.Contract.End, m.Contract.MonthsBefore, signed[mandates.PartyPerson], signed[mandates.PartyDepartment], signed[mandates.PartyOperator],
			commitments, orNull(m.BankAccount), orNull(m.Coordinator), ended, reason, orNull(m.PrecededBy),
		}
	})
}

// copyTerms writes the first terms of each mandate that holds money.
func copyTerms(ctx context.Context, tx pgx.Tx, all []Mandate) error {
	columns := []string{
		"mandate_id", "valid_from", "class_order", "senior_classes", "partial_classes",
		"living_floor_cents", "shortfall", "remit_to", "remit_days", "remit_weekly",
	}
	return copyRows(ctx, tx, "mandate_terms", columns, holdingMoney(all), func(m Mandate) []any {
		days := append([]int{}, m.Remittance.Days...) // never NULL
		p := m.Policy
		return []any{
			m.ID, m.Contract.Start, p.ClassOrder, p.SeniorClasses, p.PartialClasses,
			p.LivingFloor.Cents(), string(p.Shortfall), orNull(m.RemitTo), days, m.Remittance.Weekly,
		}
	})
}

func copyThreatNotes(ctx context.Context, tx pgx.Tx, all []Mandate, today civil.Date) error {
	for _, m := range all {
		if m.ThreatNote == "" {
			continue
		}
		if err := mandates.NoteThreatTx(ctx, tx, m.ID, m.ThreatNote, today); err != nil {
			return fmt.Errorf("write threat_notes: %w", err)
		}
	}
	return nil
}

// measures are the mandates of the file as package mandates knows them.
func (f File) measures() []mandates.Mandate {
	all := make([]mandates.Mandate, len(f.Mandates))
	for i, m := range f.Mandates {
		all[i] = m.Mandate
	}
	return all
}

func holdingMoney(all []Mandate) []Mandate {
	var holding []Mandate
	for _, m := range all {
		if m.HoldsMoney() {
			holding = append(holding, m)
		}
	}
	return holding
}

func copyBenefits(ctx context.Context, tx pgx.Tx, f File) error {
	var authorised [][]any
	for _, m := range f.Mandates {
		for _, a := range m.Benefits {
			authorised = append(authorised, []any{m.ID, a.Benefit, a.From})
		}
	}
	err := copyRows(ctx, tx, "authorised_benefits", []string{"mandate_id", "benefit", "valid_from"}, authorised,
		func(row []any) []any { return row })
	if err != nil {
		return err
	}
	return mandates.ExpectTx(ctx, tx, f.Expected...)
}

func copyReserves(ctx context.Context, tx pgx.Tx, f File, today civil.Date) error {
	var rows [][]any
	for _, m := range f.Mandates {
		if m.OpeningReserve.IsPositive() {
			rows = append(rows, []any{m.ID, m.OpeningReserve.Cents(), openingSource(m.ID), f.openingDay(today)})
		}
	}
	return copyRows(ctx, tx, "reserve_movements", []string{"mandate_id", "amount_cents", "source", "on_day"}, rows,
		func(row []any) []any { return row })
}

// copyRows streams records into a table, each by the values of its row.
func copyRows[T any](ctx context.Context, tx pgx.Tx, table string, columns []string, all []T, row func(T) []any) error {
	source := pgx.CopyFromSlice(len(all), func(i int) ([]any, error) { return row(all[i]), nil })
	if _, err := unit.Copy(ctx, tx, table, columns, source); err != nil {
		return fmt.Errorf("write %s: %w", table, err)
	}
	return nil
}

// orNull writes an empty text as NULL.
func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}
