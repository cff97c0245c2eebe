package imports

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// selectAdvice reads lists with their parts, as one row each.
const selectAdvice = `
	SELECT a.advice_id, a.bank_account_id, a.payer, a.reference, a.amount_cents, a.paid_on,
	       u.line_id, a.announced_by, p.mandates, p.benefits, p.months, p.amounts
	  FROM masp.advices a LEFT JOIN masp.advice_uses u USING (advice_id)
	 CROSS JOIN LATERAL (
	       SELECT array_agg(coalesce(mandate_id, '') ORDER BY rank) AS mandates, array_agg(benefit ORDER BY rank) AS benefits,
	              array_agg(coalesce(to_char(period, 'YYYY-MM'), '') ORDER BY rank) AS months,
	              array_agg(amount_cents ORDER BY rank) AS amounts
	         FROM masp.advice_parts p WHERE p.advice_id = a.advice_id) p `

func scanAdvice(row pgx.CollectableRow) (AdviceState, error) {
	var a AdviceState
	var amount int64
	var owners, benefits, months []string
	var amounts []int64
	err := row.Scan(
		&a.ID, &a.BankAccount, &a.Payer, &a.Reference, &amount, &a.On, &a.Line, &a.By,
		&owners, &benefits, &months, &amounts,
	)
	a.Amount, a.Used = money.Cents(amount), a.Line != nil
	for i := range owners {
		p := AdvicePart{Mandate: owners[i], Benefit: benefits[i], Amount: money.Cents(amounts[i])}
		if months[i] != "" {
			month, wrong := civil.ParseMonth(months[i])
			p.Period, err = month, errors.Join(err, wrong)
		}
		a.Parts = append(a.Parts, p)
	}
	return a, err
}

// addAdvices reads the lists that nothing has used and that fit an amount of these lines.
func addAdvices(ctx context.Context, tx pgx.Tx, k *Known, lines []Line) error {
	var amounts []int64
	for _, l := range lines {
		if !l.Amount.IsPositive() {
			continue
		}
		amounts = append(amounts, l.Amount.Cents())
		for _, d := range l.Details {
			amounts = append(amounts, d.Amount.Cents())
		}
	}
	if len(amounts) == 0 {
		return nil
	}
	rows, err := tx.Query(ctx, selectAdvice+`
		 WHERE a.bank_account_id = $1 AND a.amount_cents = ANY ($2) AND u.line_id IS NULL ORDER BY a.advice_id`,
		k.Account, amounts)
	if err != nil {
		return fmt.Errorf("read the payers' lists: %w", err)
	}
	found, err := pgx.CollectRows(rows, scanAdvice)
	if err != nil {
		return fmt.Errorf("read the payers' lists: %w", err)
	}
	for _, a := range found {
		if !slices.ContainsFunc(k.Advices, func(b Announced) bool { return b.ID == a.ID }) {
			k.Advices = append(k.Advices, a.Announced)
		}
	}
	return nil
}

// insertAdvice keeps a list through the door that asks for the secret.
func insertAdvice(ctx context.Context, tx pgx.Tx, secret string, a Advice) (int64, error) {
	n := len(a.Parts)
	owners, benefits := make([]string, n), make([]string, n)
	months, amounts := make([]*time.Time, n), make([]int64, n)
	for i, p := range a.Parts {
		owners[i], benefits[i], amounts[i] = p.Mandate, p.Benefit, p.Amount.Cents()
		if !p.Period.IsZero() {
			first := p.Period.First().Time()
			months[i] = &first
		}
	}
	hash := a.hash()
	var id int64
	err := tx.QueryRow(ctx, `SELECT masp.announce($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		secret, a.BankAccount, a.Payer, a.Reference, a.Amount.Cents(), a.On, hash[:],
		owners, benefits, months, amounts).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("keep the list: %w", err)
	}
	return id, nil
}

// ownersOf reads the mandates that a list names.
func ownersOf(ctx context.Context, tx pgx.Tx, a Advice) (map[string]mandates.Mandate, error) {
	var ids []string
	for _, p := range a.Parts {
		ids = append(ids, p.Mandate)
	}
	rows, err := tx.Query(ctx, selectMandate+`WHERE m.mandate_id = ANY ($1)`, ids)
	if err != nil {
		return nil, fmt.Errorf("read the mandates of a list: %w", err)
	}
	all, err := pgx.CollectRows(rows, scanMandate)
	if err != nil {
		return nil, fmt.Errorf("read the mandates of a list: %w", err)
	}
	owners := map[string]mandates.Mandate{}
	for _, m := range all {
		owners[m.ID] = m
	}
	return owners, nil
}

// nameOwners finds the mandates of the persons whom a list calls by the payer's numbers: the
// one on the account that is active that day, else the latest.
func nameOwners(ctx context.Context, tx pgx.Tx, a *Advice) error {
	if !slices.ContainsFunc(a.Parts, func(p AdvicePart) bool { return p.Mandate == "" && p.Number != "" }) {
		return nil
	}
	k := &Known{Account: a.BankAccount, Numbers: map[PayerNumber]string{}}
	var err error
	if k.Mandates, err = mandatesOf(ctx, tx, a.BankAccount); err != nil {
		return err
	}
	for i := range a.Parts {
		p := &a.Parts[i]
		if p.Mandate != "" || p.Number == "" {
			continue
		}
		var person string
		err := tx.QueryRow(ctx, `SELECT beneficiary_id FROM masp.payer_numbers WHERE payer = $1 AND number = $2`,
			strings.ToUpper(a.Payer), fold(p.Number)).Scan(&person)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return fmt.Errorf("read a payer's number: %w", err)
		}
		m, here := k.mandateOf(person, a.On)
		if !here {
			return refuse("NUMBER_UNKNOWN", "Ligne %d du bordereau : le numéro %s de %s n’est celui d’aucun mandat "+
				"du compte %s. Laissez-le vide pour que cette part attende d’être identifiée.",
				i+1, p.Number, a.Payer, a.BankAccount)
		}
		p.Mandate = m.ID
	}
	return nil
}

// linesOf finds the lines that wait whole in suspense and that a list may be about.
func linesOf(ctx context.Context, tx pgx.Tx, a Advice) ([]openItem, error) {
	rows, err := tx.Query(ctx, `
		SELECT l.line_id, l.booked_on, l.counterparty, l.text, l.end_to_end_id
		  FROM masp.suspense_items i JOIN masp.bank_lines l USING (line_id) JOIN masp.bank_statements s USING (statement_id)
		 WHERE i.open_cents = $2 AND l.amount_cents = $2 AND s.bank_account_id = $1
		   AND masp.suspense_reserved(l.line_id) = 0 ORDER BY l.line_id`,
		a.BankAccount, a.Amount.Cents())
	if err != nil {
		return nil, fmt.Errorf("look for the line of a list: %w", err)
	}
	var found []openItem
	item := openItem{bankAccount: a.BankAccount, open: a.Amount}
	var reference string
	_, err = pgx.ForEachRow(
		rows, []any{&item.line, &item.bookedOn, &item.counterparty, &item.text, &reference},
		func() error {
			if a.of(join(item.text, reference), a.Amount, item.bookedOn) {
				found = append(found, item)
			}
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("look for the line of a list: %w", err)
	}
	return found, nil
}

func insertUse(ctx context.Context, tx pgx.Tx, advice, line int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO masp.advice_uses (advice_id, line_id) VALUES ($1, $2)`, advice, line)
	if err != nil {
		return fmt.Errorf("store the use of list %d: %w", advice, err)
	}
	return nil
}
