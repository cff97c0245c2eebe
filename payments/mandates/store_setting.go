package mandates

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
)

// Organisation is who keeps these books.
type Organisation struct {
	Name          string
	Siren         string // nine digits, or empty
	OpenedOn      civil.Date
	IBANHoldHours int
	InProduction  bool // else it is a trial, whose clock can be moved
}

// Organisation reads who keeps these books.
func (s *Service) Organisation(ctx context.Context) (o Organisation, err error) {
	err = unit.Reader(ctx, s.DB).QueryRow(ctx, `
		SELECT name, coalesce(siren, ''), opened_on, iban_hold_hours, in_production FROM masp.organisations`).
		Scan(&o.Name, &o.Siren, &o.OpenedOn, &o.IBANHoldHours, &o.InProduction)
	if err != nil {
		return o, fmt.Errorf("read the organisation: %w", err)
	}
	return o, nil
}

// Tolerance is what passes as received of a benefit, or with no code of all that have no own row.
type Tolerance struct {
	Benefit string
	Amount  money.Amount
	Days    int
}

// Tolerances returns what was set, in the order of the benefits, that of all the others first. Without
// a row: to the cent and to the day.
func (s *Service) Tolerances(ctx context.Context) ([]Tolerance, error) {
	rows, err := unit.Reader(ctx, s.DB).Query(ctx, `SELECT benefit, amount_cents, days FROM masp.benefit_tolerances ORDER BY benefit`)
	if err != nil {
		return nil, fmt.Errorf("read tolerances: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (t Tolerance, err error) {
		var cents int64
		err = row.Scan(&t.Benefit, &cents, &t.Days)
		t.Amount = money.Cents(cents)
		return t, err
	})
}

// PainVersion is the version of pain.001 that the bank of an account reads, or ErrNoAccount.
func (s *Service) PainVersion(ctx context.Context, account string) (version string, err error) {
	err = unit.Reader(ctx, s.DB).QueryRow(ctx, `
		SELECT pain_version FROM masp.bank_accounts WHERE bank_account_id = $1`, account).Scan(&version)
	return version, translate(err, ErrNoAccount)
}
