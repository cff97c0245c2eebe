package imports

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/payments/sepa"
)

// insertNameChecks stores the results that are about creditors of ours, and answers them. The
// instant is that of the report; without one, now.
func insertNameChecks(
	ctx context.Context, tx pgx.Tx, file int64, at time.Time, all []checked,
) ([]NameCheck, error) {
	if len(all) == 0 {
		return nil, nil
	}
	checks, ibans, err := checkedCreditors(ctx, tx, all)
	if err != nil {
		return nil, fmt.Errorf("find whose names were checked: %w", err)
	}
	var when *time.Time
	if !at.IsZero() {
		when = &at
	}
	batch := &pgx.Batch{}
	for i := range checks {
		c := &checks[i]
		batch.Queue(`
			INSERT INTO masp.name_checks (file_id, creditor_id, iban, our_name, result, bank_name,
			       reference, checked_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, coalesce($8, masp.now())) RETURNING checked_at`,
			file, c.Creditor, ibans[i], c.OurName, string(c.Result), c.BankName, c.Reference, when).
			QueryRow(func(row pgx.Row) error { return row.Scan(&c.At) })
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return nil, fmt.Errorf("store the checks of names: %w", err)
	}
	return checks, nil
}

// checkedCreditors finds the creditor of each result: of the transfer, else everybody who has, or
// had, the IBAN. It answers the IBANs in full beside the checks.
func checkedCreditors(
	ctx context.Context, tx pgx.Tx, all []checked,
) ([]NameCheck, []string, error) {
	transfers, accounts := make([]int64, len(all)), make([]string, len(all))
	for i, c := range all {
		if transfers[i] = c.transfer; c.transfer == 0 {
			accounts[i] = c.iban
		}
	}
	rows, err := tx.Query(ctx, `
		SELECT t.place, i.creditor_id, i.creditor_iban, i.creditor_name, i.end_to_end_id
		  FROM unnest($1::bigint[]) WITH ORDINALITY AS t (id, place)
		  JOIN masp.instructions i ON i.instruction_id = t.id AND i.creditor_iban <> ''
		UNION ALL
		SELECT t.place, c.creditor_id, v.iban, c.name, ''
		  FROM unnest($2::text[]) WITH ORDINALITY AS t (iban, place)
		  JOIN (SELECT DISTINCT creditor_id, iban FROM masp.creditor_ibans WHERE iban <> '') v
		       ON v.iban = t.iban
		  JOIN masp.creditors c USING (creditor_id)
		 ORDER BY 1, 2`, transfers, accounts)
	if err != nil {
		return nil, nil, err
	}
	var checks []NameCheck
	var ibans []string
	var place int
	var c NameCheck
	var iban string
	fields := []any{&place, &c.Creditor, &iban, &c.OurName, &c.Reference}
	_, err = pgx.ForEachRow(rows, fields, func() error {
		said := all[place-1]
		c.Result, c.BankName = said.status, shorten(nameAtBank(said.status, said.said, c.OurName), 140)
		c.IBAN, c.Text = maskedIBAN(iban), c.explain()
		checks, ibans = append(checks, c), append(ibans, iban)
		return nil
	})
	return checks, ibans, err
}

// newestNameChecks reads the newest result of each name on each account; which chooses among the
// creditors.
func newestNameChecks(
	ctx context.Context, tx pgx.Tx, which string, args ...any,
) ([]NameCheck, error) {
	rows, err := tx.Query(ctx, `
		SELECT creditor_id, iban, our_name, result, bank_name, reference, checked_at
		  FROM (SELECT DISTINCT ON (creditor_id, iban, our_name) *
		          FROM masp.name_checks `+which+`
		         ORDER BY creditor_id, iban, our_name, checked_at DESC, check_id DESC) newest
		 ORDER BY array_position('{RVNM,RVMC,RVNA,RCVC}', result), creditor_id, iban, our_name`, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (NameCheck, error) {
		var c NameCheck
		err := row.Scan(
			&c.Creditor, &c.IBAN, &c.OurName, &c.Result, &c.BankName, &c.Reference, &c.At,
		)
		c.IBAN, c.Text = maskedIBAN(c.IBAN), c.explain()
		return c, err
	})
}

// maskedIBAN shows enough of an account to recognise it.
func maskedIBAN(text string) string {
	iban, err := sepa.ParseIBAN(text)
	if err != nil {
		return "…"
	}
	return iban.Masked()
}
