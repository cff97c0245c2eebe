package mandates

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
)

func insertHousing(ctx context.Context, tx pgx.Tx, h HousingRecord) error {
	var landlord bool
	err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM masp.creditors WHERE creditor_id = $1)`, h.Landlord).Scan(&landlord)
	switch {
	case err != nil:
		return err
	case !landlord:
		return ErrNoCreditor
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO masp.housing (mandate_id, record_no, valid_from, landlord, rent_cents, charges_cents, rls_cents, apl_cents, new_tenancy)
		SELECT $1, count(*) + 1, $2, $3, $4, $5, $6, $7, $8 FROM masp.housing WHERE mandate_id = $1`,
		h.Mandate, h.From.First(), h.Landlord, h.Rent.Cents(), h.Charges.Cents(), h.RLS.Cents(), h.APL.Cents(), h.NewTenancy)
	if err != nil {
		return fmt.Errorf("write the housing of %s: %w", h.Mandate, err)
	}
	return nil
}

// HousingOf returns what the landlord has asked of a mandate, record by record.
func (s *Service) HousingOf(ctx context.Context, mandate string) ([]HousingRecord, error) {
	rows, err := unit.Reader(ctx, s.DB).Query(ctx, `
		SELECT valid_from, landlord, rent_cents, charges_cents, rls_cents, apl_cents, new_tenancy
		  FROM masp.housing WHERE mandate_id = $1 ORDER BY record_no`, mandate)
	if err != nil {
		return nil, fmt.Errorf("read the housing of %s: %w", mandate, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (HousingRecord, error) {
		h := HousingRecord{Mandate: mandate}
		var from civil.Date
		var rent, charges, rls, apl int64
		err := row.Scan(&from, &h.Landlord, &rent, &charges, &rls, &apl, &h.NewTenancy)
		h.From = from.MonthOf()
		h.Rent, h.Charges, h.RLS, h.APL = money.Cents(rent), money.Cents(charges), money.Cents(rls), money.Cents(apl)
		return h, err
	})
}

// housingLines are the monthly lines of a class that are due in a month or later: not the
// parts of a household, which the coordinator shares out again.
func housingLines(ctx context.Context, tx pgx.Tx, mandate string, class Class, from civil.Month) ([]Obligation, error) {
	rows, err := tx.Query(ctx, selectObligation+`
		 WHERE mandate_id = $1 AND class = $2 AND frequency = 'MONTHLY' AND shared_id IS NULL
		   AND (valid_to IS NULL OR valid_to >= $3)
		 ORDER BY position, obligation_id FOR NO KEY UPDATE`, mandate, string(class), from.First())
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanObligation)
}

func nextHousingLine(ctx context.Context, tx pgx.Tx, mandate string, class Class) (string, error) {
	prefix := housingLineID(mandate, class, 0)
	prefix = prefix[:len(prefix)-1]
	var made int
	err := tx.QueryRow(ctx, `
		SELECT count(*) FROM masp.obligations WHERE mandate_id = $1 AND obligation_id ~ ('^' || $2 || '[0-9]+$')`,
		mandate, prefix).Scan(&made)
	return housingLineID(mandate, class, made+1), err
}
