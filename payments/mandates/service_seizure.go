package mandates

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// SeizureProof lists the benefits that came to the account of a person in the last months, the
// present one included. A pooled account is nobody's to seize: ErrPooled.
//
// Errors: ErrNoMandate, ErrPooled, ErrMonths (1 to 24).
func (s *Service) SeizureProof(ctx context.Context, id string, months int) (p SeizureProof, err error) {
	if months < 1 || months > 24 {
		return p, ErrMonths
	}
	err = ledger.Snapshot(ctx, s.DB, func(tx pgx.Tx) error {
		today, err := ledger.Today(ctx, tx)
		if err != nil {
			return err
		}
		p = SeizureProof{Mandate: id, From: today.MonthOf().Add(1 - months).First(), To: today}
		var model string
		var floor int64
		err = tx.QueryRow(ctx, `
			SELECT concat_ws(' ', b.civility, b.last_name, b.first_name), coalesce(a.iban, ''), coalesce(a.model, ''), coalesce((
			       SELECT f.amount_cents FROM masp.seizure_floors f WHERE f.valid_from <= $2 ORDER BY f.valid_from DESC LIMIT 1), 0)
			  FROM masp.mandates m JOIN masp.beneficiaries b USING (beneficiary_id) LEFT JOIN masp.bank_accounts a USING (bank_account_id)
			 WHERE m.mandate_id = $1`, id, today).Scan(&p.Person, &p.IBAN, &model, &floor)
		switch {
		case err != nil:
			return translate(err, ErrNoMandate)
		case model != Individual:
			return ErrPooled
		}
		p.Floor = money.Cents(floor)
		return p.read(ctx, tx)
	})
	if err != nil {
		return SeizureProof{}, fmt.Errorf("list unseizable credits of %s: %w", id, err)
	}
	return p, nil
}

// SetSeizureFloor sets the SBI that holds from a day on, in euros a month.
//
// Errors: ErrRole, ErrFloor, ErrFloorTwice.
func (s *Service) SetSeizureFloor(ctx context.Context, who auth.Principal, from civil.Date, amount money.Amount) error {
	if !amount.IsPositive() || from.IsZero() {
		return ErrFloor
	}
	a := audit.Act{
		Action: "seizure_floor.set", ObjectType: "seizure_floor", ObjectID: from.String(), Details: map[string]any{"amount": amount},
	}
	return s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		return translate(insertFloor(ctx, tx, from, amount), ErrFloor)
	})
}

// SeizureFloor is the balance that no seizure takes (SBI), a month, from a day on.
type SeizureFloor struct {
	From   civil.Date
	Amount money.Amount
}

// SeizureFloors lists the floors, the oldest first; the last that has begun holds.
func (s *Service) SeizureFloors(ctx context.Context) (all []SeizureFloor, err error) {
	var f SeizureFloor
	var cents int64
	err = ledger.Snapshot(ctx, s.DB, func(tx pgx.Tx) error {
		all = nil
		return each(ctx, tx, []any{&f.From, &cents}, func() {
			all = append(all, SeizureFloor{f.From, money.Cents(cents)})
		}, `SELECT valid_from, amount_cents FROM masp.seizure_floors ORDER BY valid_from`)
	})
	if err != nil {
		return nil, fmt.Errorf("list seizure floors: %w", err)
	}
	return all, nil
}

func insertFloor(ctx context.Context, tx pgx.Tx, from civil.Date, amount money.Amount) error {
	_, err := tx.Exec(ctx, `INSERT INTO masp.seizure_floors (valid_from, amount_cents) VALUES ($1, $2)`, from, amount.Cents())
	return err
}

// read adds the credits: of benefits that the catalogue lets be managed, which are those of the
// legal list, and that no undo has taken back.
func (p *SeizureProof) read(ctx context.Context, tx pgx.Tx) error {
	catalogue, err := CatalogueTx(ctx, tx)
	if err != nil {
		return err
	}
	var u Unseizable
	var period civil.Date
	var cents int64
	return each(ctx, tx, []any{&u.On, &u.Benefit, &period, &cents}, func() {
		row, known := Find(catalogue, u.Benefit, u.On)
		if !known || !row.Manageable {
			return
		}
		one := u
		one.Label, one.Item, one.Amount = row.Label, row.LegalItem, money.Cents(cents)
		if !period.IsZero() {
			one.Period = period.MonthOf()
		}
		if len(row.Payers) == 1 {
			one.Payer = row.Payers[0]
		}
		p.Credits = append(p.Credits, one)
		p.Total = p.Total.Add(one.Amount)
	}, `
		SELECT coalesce(l.booked_on, r.received_on), r.benefit, r.period, sum(r.amount_cents)::bigint
		  FROM masp.receipts r LEFT JOIN masp.bank_lines l USING (line_id)
		 WHERE r.mandate_id = $1 AND coalesce(l.booked_on, r.received_on) BETWEEN $2 AND $3
		 GROUP BY r.line_id, 1, 2, 3 HAVING sum(r.amount_cents) > 0 ORDER BY 1, 2, 3, r.line_id`, p.Mandate, p.From, p.To)
}
