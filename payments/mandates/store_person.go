package mandates

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/unit"
)

// Person is somebody who is helped, with the numbers by which payers know him and his measures.
type Person struct {
	Beneficiary
	PayerNumbers []PayerNumber
	Mandates     []string // in the order of their references
}

// PayerNumber is the number by which a payer knows a person.
type PayerNumber struct {
	Payer  string `json:"payer"`
	Number string `json:"number"`
}

const selectPerson = `
	SELECT b.beneficiary_id, coalesce(b.civility, ''), b.last_name, b.first_name, b.born_on, b.department,
	       coalesce((SELECT jsonb_agg(jsonb_build_object('payer', n.payer, 'number', n.number) ORDER BY n.payer, n.number)
	                   FROM masp.payer_numbers n WHERE n.beneficiary_id = b.beneficiary_id), '[]'),
	       ARRAY(SELECT m.mandate_id FROM masp.mandates m WHERE m.beneficiary_id = b.beneficiary_id ORDER BY m.mandate_id)
	  FROM masp.beneficiaries b `

// Persons returns everybody who is helped, in the order of the references.
func (s *Service) Persons(ctx context.Context) ([]Person, error) {
	return s.persons(ctx, `ORDER BY b.beneficiary_id`)
}

// Person reads one person, or ErrNoPerson.
func (s *Service) Person(ctx context.Context, id string) (Person, error) {
	all, err := s.persons(ctx, `WHERE b.beneficiary_id = $1`, id)
	switch {
	case err != nil:
		return Person{}, err
	case len(all) == 0:
		return Person{}, fmt.Errorf("read beneficiary: %w", ErrNoPerson)
	}
	return all[0], nil
}

func (s *Service) persons(ctx context.Context, which string, args ...any) ([]Person, error) {
	rows, err := unit.Reader(ctx, s.DB).Query(ctx, selectPerson+which, args...)
	if err != nil {
		return nil, fmt.Errorf("read beneficiaries: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (p Person, err error) {
		err = row.Scan(&p.ID, &p.Civility, &p.LastName, &p.FirstName, &p.BornOn, &p.Department, &p.PayerNumbers, &p.Mandates)
		return p, err
	})
}

// Order is an order of the judge as it stands.
type Order struct {
	DirectPayment
	OrderedTo civil.Date // its last day as it was ordered, when another decision ended it; else zero
	LiftedBy  string     // that decision
}

// DirectPayments returns the orders of the judge for a measure, the oldest first.
func (s *Service) DirectPayments(ctx context.Context, id string) ([]Order, error) {
	rows, err := unit.Reader(ctx, s.DB).Query(ctx, `
		SELECT judgment, benefit, obligation_id, starts_on, ends_on, ordered_to, coalesce(lifted_by, '')
		  FROM masp.direct_payments WHERE mandate_id = $1 ORDER BY order_no`, id)
	if err != nil {
		return nil, fmt.Errorf("read the orders of %s: %w", id, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (o Order, err error) {
		err = row.Scan(&o.Judgment, &o.Benefit, &o.Obligation, &o.Start, &o.End, &o.OrderedTo, &o.LiftedBy)
		return o, err
	})
}
