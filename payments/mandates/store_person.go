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

// PersonPart is a part of the list of those who are helped, in the order of their references; what is empty does
// not narrow it.
type PersonPart struct {
	Only    []string // those who have one of these mandates; nil is all
	Without []string // and none of these
	Like    string   // a pattern of LIKE that the reference or the name fits, as masp.fold writes them
	After   string   // begins after this reference
	Most    int
}

func (p PersonPart) where() string {
	where := `
	 WHERE ($1::text[] IS NULL OR b.beneficiary_id IN (SELECT m.beneficiary_id FROM masp.mandates m WHERE m.mandate_id = ANY ($1)))
	   AND ($2::text[] IS NULL OR b.beneficiary_id NOT IN (SELECT m.beneficiary_id FROM masp.mandates m WHERE m.mandate_id = ANY ($2)))
	   AND ($3 = $3) `
	if p.Like != "" {
		where += `AND (masp.fold(b.beneficiary_id) LIKE $3 OR masp.name_sought(b.civility, b.last_name, b.first_name) LIKE $3) `
	}
	return where
}

func (p PersonPart) args() []any {
	args := []any{nil, nil, p.Like}
	if p.Only != nil {
		args[0] = p.Only
	}
	if len(p.Without) > 0 {
		args[1] = p.Without
	}
	return args
}

// PersonsPart returns a part of the list.
func (s *Service) PersonsPart(ctx context.Context, p PersonPart) ([]Person, error) {
	return s.persons(ctx, p.where()+`AND b.beneficiary_id > $4 ORDER BY b.beneficiary_id LIMIT $5`, append(p.args(), p.After, p.Most)...)
}

// CountPersons counts a part no further than its Most, its After left out.
func (s *Service) CountPersons(ctx context.Context, p PersonPart) (n int, err error) {
	err = unit.Reader(ctx, s.DB).QueryRow(ctx, `
		SELECT count(*) FROM (SELECT FROM masp.beneficiaries b`+p.where()+`LIMIT $4) counted`, append(p.args(), p.Most)...).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count beneficiaries: %w", err)
	}
	return n, nil
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

// PersonsOf are those of some persons who have one of some mandates.
func (s *Service) PersonsOf(ctx context.Context, persons, mandates []string) ([]string, error) {
	rows, err := unit.Reader(ctx, s.DB).Query(ctx, `
		SELECT DISTINCT beneficiary_id FROM masp.mandates WHERE beneficiary_id = ANY ($1) AND mandate_id = ANY ($2)`, persons, mandates)
	if err != nil {
		return nil, fmt.Errorf("read whose mandates these are: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
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
