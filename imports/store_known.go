package imports

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments"
	"masp/payments/mandates"
)

// bankAccount is one of our bank accounts, as an import needs it.
type bankAccount struct{ id, iban, model string }

// lockAccounts locks our accounts among these IBANs, in the order of their references: two
// imports of one account follow each other, and what is decided on it stays true.
func lockAccounts(ctx context.Context, tx pgx.Tx, ibans []string) ([]bankAccount, error) {
	rows, err := tx.Query(ctx, `
		SELECT bank_account_id, iban, model FROM masp.bank_accounts
		 WHERE iban = ANY ($1) ORDER BY bank_account_id FOR NO KEY UPDATE`, ibans)
	if err != nil {
		return nil, fmt.Errorf("lock bank accounts: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (bankAccount, error) {
		var a bankAccount
		return a, row.Scan(&a.id, &a.iban, &a.model)
	})
}

// know reads what must be known of an account before these lines are recognised, and adds to
// it for later lines of the same transaction.
func (s *Service) know(
	ctx context.Context, tx pgx.Tx, account bankAccount, lines []Line, known **Known,
) error {
	if *known == nil {
		k := &Known{
			Account: account.id, Model: account.model, Numbers: map[PayerNumber]string{},
			Elsewhere: map[string]string{}, Refunded: map[int64]money.Amount{},
		}
		var err error
		if k.Catalogue, err = mandates.CatalogueTx(ctx, tx); err != nil {
			return err
		}
		if k.Transfers, err = s.Payments.UnderWayTx(ctx, tx, account.id); err != nil {
			return err
		}
		if k.Mandates, err = mandatesOf(ctx, tx, account.id); err != nil {
			return err
		}
		if k.Expected, err = expectedOf(ctx, tx, account.id); err != nil {
			return err
		}
		if k.Rules, err = rulesInForce(ctx, tx, account.id); err != nil {
			return err
		}
		if k.Habits, err = habitsOf(ctx, tx, account.id); err != nil {
			return err
		}
		*known = k
	}
	if err := s.addTransfers(ctx, tx, *known, lines); err != nil {
		return err
	}
	if err := addAdvices(ctx, tx, *known, lines); err != nil {
		return err
	}
	return addNumbers(ctx, tx, *known, lines)
}

// addTransfers adds the transfers, in any state, that these lines name: a return those that
// were debited, a debit those of its batch that were rejected since.
func (s *Service) addTransfers(ctx context.Context, tx pgx.Tx, k *Known, lines []Line) error {
	references, batches := referencesOf(lines)
	var found []Transfer
	if len(references) > 0 {
		sent, err := s.Payments.FindSentTx(ctx, tx, k.Account, references)
		if err != nil {
			return err
		}
		found = sent
	}
	for _, b := range batches {
		sent, err := s.Payments.FindByReportTx(ctx, tx, b.MessageID, b.PaymentInfoID, "")
		if err != nil {
			return err
		}
		found = append(found, sent...)
	}
	for _, t := range found {
		if k.transfer(t.ID) == nil && t.BankAccount == k.Account {
			k.Transfers = append(k.Transfers, t)
			k.index = nil
		}
	}
	if err := addRefunds(ctx, tx, k, found); err != nil {
		return err
	}
	return addElsewhere(ctx, tx, k, references)
}

// addRefunds reads what creditors have given back of these transfers.
func addRefunds(ctx context.Context, tx pgx.Tx, k *Known, found []Transfer) error {
	var debited []int64
	for _, t := range found {
		if t.State == payments.InstructionSettled {
			debited = append(debited, t.ID)
		}
	}
	if len(debited) == 0 {
		return nil
	}
	refunds, err := refunded(ctx, tx, debited...)
	maps.Copy(k.Refunded, refunds)
	return err
}

// addElsewhere reads which accounts the transfers left that these references name, where this
// account has none of them. They are not locked: nothing is decided about them.
func addElsewhere(ctx context.Context, tx pgx.Tx, k *Known, references []string) error {
	var unknown []string
	for _, r := range references {
		if k.named(r) == nil {
			unknown = append(unknown, transfersIn(r)...)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	rows, err := tx.Query(ctx, `
		SELECT end_to_end_id, bank_account_id FROM masp.instructions
		 WHERE end_to_end_id = ANY ($1) AND bank_account_id <> $2`, unknown, k.Account)
	if err != nil {
		return fmt.Errorf("read transfers of other accounts: %w", err)
	}
	var reference, account string
	_, err = pgx.ForEachRow(rows, []any{&reference, &account}, func() error {
		k.Elsewhere[reference] = account
		return nil
	})
	if err != nil {
		return fmt.Errorf("read transfers of other accounts: %w", err)
	}
	return nil
}

// referencesOf lists what may name a transfer: every reference, the batches that a return names
// instead, and those of which a debit counts the transfers.
func referencesOf(lines []Line) (references []string, batches []Batch) {
	for _, l := range lines {
		if l.Amount.IsPositive() {
			references = append(references, transfersIn(l.Text)...)
		}
		for _, d := range l.Details {
			references = append(references, nonEmpty([]string{asReference(d.EndToEndID), asReference(d.InstructionID)})...)
			if l.Amount.IsPositive() {
				references = append(references, transfersIn(d.Text)...)
			}
			if l.Amount.IsPositive() && d.EndToEndID == "" && d.PaymentInfoID != "" {
				batches = append(batches, Batch{PaymentInfoID: d.PaymentInfoID})
			}
		}
		for _, b := range l.Batches {
			if l.Amount.IsNegative() && b.Count != 0 {
				batches = append(batches, Batch{b.MessageID, b.PaymentInfoID, 0})
			}
		}
	}
	slices.Sort(references)
	slices.SortFunc(batches, func(a, b Batch) int {
		return cmp.Or(cmp.Compare(a.MessageID, b.MessageID), cmp.Compare(a.PaymentInfoID, b.PaymentInfoID))
	})
	return slices.Compact(references), slices.Compact(batches)
}

// addNumbers reads whose the numbers are that the credits among these lines may bear.
func addNumbers(ctx context.Context, tx pgx.Tx, k *Known, lines []Line) error {
	var numbers []string
	for _, l := range lines {
		if !l.Amount.IsPositive() {
			continue
		}
		numbers = append(numbers, numbersIn(l.Text)...)
		for _, d := range l.Details {
			numbers = append(numbers, numbersIn(d.Text)...)
		}
	}
	if len(numbers) == 0 {
		return nil
	}
	rows, err := tx.Query(
		ctx,
		`SELECT payer, number, beneficiary_id FROM masp.payer_numbers WHERE number = ANY ($1)`,
		numbers,
	)
	if err != nil {
		return fmt.Errorf("read the payers' numbers: %w", err)
	}
	var n PayerNumber
	var person string
	_, err = pgx.ForEachRow(rows, []any{&n.Payer, &n.Number, &person}, func() error {
		k.Numbers[n] = person
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the payers' numbers: %w", err)
	}
	return nil
}

// mandatesOf reads the mandates whose money lies in an account, with what they authorise.
func mandatesOf(ctx context.Context, tx pgx.Tx, account string) ([]mandates.Mandate, error) {
	rows, err := tx.Query(
		ctx,
		selectMandate+`WHERE m.bank_account_id = $1 ORDER BY m.mandate_id`,
		account,
	)
	if err != nil {
		return nil, fmt.Errorf("read mandates of %s: %w", account, err)
	}
	return pgx.CollectRows(rows, scanMandate)
}

const selectMandate = `
	SELECT m.mandate_id, m.beneficiary_id, b.last_name, b.first_name, m.level, m.status, m.contract_start, m.last_day,
	       m.signed_by_person_on, m.signed_by_department_on, m.signed_by_operator_on,
	       coalesce(m.bank_account_id, ''), m.ended_on, m.died_on, a.benefits, a.starts, a.ends
	  FROM masp.mandates m JOIN masp.beneficiaries b USING (beneficiary_id)
	 CROSS JOIN LATERAL (
	       SELECT coalesce(array_agg(benefit ORDER BY benefit, valid_from), '{}') AS benefits,
	              coalesce(array_agg(valid_from::text ORDER BY benefit, valid_from), '{}') AS starts,
	              coalesce(array_agg(coalesce(valid_to::text, '') ORDER BY benefit, valid_from), '{}') AS ends
	         FROM masp.authorised_benefits b WHERE b.mandate_id = m.mandate_id) a `

// scanMandate reads the parts of a mandate on which the destination of a credit depends.
func scanMandate(row pgx.CollectableRow) (mandates.Mandate, error) {
	var m mandates.Mandate
	var person, department, operator civil.Date
	var benefits, starts, ends []string
	err := row.Scan(
		&m.ID, &m.Beneficiary.ID, &m.Beneficiary.LastName, &m.Beneficiary.FirstName, &m.Level, &m.Status, &m.Contract.Start, &m.Contract.End, &person,
		&department, &operator, &m.BankAccount, &m.EndedOn, &m.DiedOn, &benefits, &starts, &ends,
	)
	if err != nil {
		return m, err
	}
	m.Contract.Signatures = []mandates.Signature{{On: person}, {On: department}}
	if !operator.IsZero() {
		m.Contract.Signatures = append(m.Contract.Signatures, mandates.Signature{On: operator})
	}
	for i := range benefits {
		a := mandates.Authorisation{Benefit: benefits[i]}
		if a.From, err = civil.Parse(starts[i]); err != nil {
			return m, err
		}
		if ends[i] != "" {
			if a.To, err = civil.Parse(ends[i]); err != nil {
				return m, err
			}
		}
		m.Benefits = append(m.Benefits, a)
	}
	return m, nil
}

// expectedOf reads what was expected for the mandates of an account in the last year or so,
// with what came of it. What a third party receives is never expected here.
func expectedOf(ctx context.Context, tx pgx.Tx, account string) ([]Expected, error) {
	rows, err := tx.Query(ctx, `
		SELECT e.mandate_id, e.benefit, e.payer, e.period, e.amount_cents, e.expected_on,
		       coalesce((SELECT sum(r.amount_cents) FROM masp.receipts r
		                  WHERE r.mandate_id = e.mandate_id AND r.benefit = e.benefit AND r.period = e.period), 0)::bigint,
		       coalesce((SELECT t.amount_cents FROM masp.benefit_tolerances t
		                  WHERE t.benefit IN (e.benefit, '') ORDER BY t.benefit DESC LIMIT 1), 0),
		       coalesce((SELECT sum(w.amount_cents) FROM masp.debt_withholdings w
		                  WHERE w.mandate_id = e.mandate_id
		                    AND date_trunc('month', w.on_day) = date_trunc('month', e.expected_on)), 0)::bigint
		  FROM masp.expected_benefits e JOIN masp.mandates m USING (mandate_id)
		 WHERE m.bank_account_id = $1 AND NOT e.third_party
		   AND e.expected_on BETWEEN (SELECT masp.today() - 400) AND (SELECT masp.today() + 100)
		 ORDER BY e.mandate_id, e.period, e.benefit`, account)
	if err != nil {
		return nil, fmt.Errorf("read expected benefits: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Expected, error) {
		var e Expected
		var period civil.Date
		var amount, received, tolerated, withheld int64
		err := row.Scan(
			&e.Mandate, &e.Benefit, &e.Payer, &period, &amount, &e.ExpectedOn, &received,
			&tolerated, &withheld,
		)
		e.Period, e.Amount, e.Received = period.MonthOf(), money.Cents(amount), money.Cents(received)
		e.Tolerance, e.Withheld = money.Cents(tolerated), money.Cents(withheld)
		return e, err
	})
}
