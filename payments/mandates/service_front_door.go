package mandates

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger/audit"
	"masp/ledger/unit"
)

// FrontDoor is how one reaches the organisation: public, and empty where it was not said.
type FrontDoor struct {
	Name                  string // of the organisation
	Phone, Email, Address string
}

// FrontDoor reads how one reaches the organisation.
func (s *Service) FrontDoor(ctx context.Context) (d FrontDoor, err error) {
	err = unit.Reader(ctx, s.DB).QueryRow(ctx, `
		SELECT o.name, coalesce(d.phone, ''), coalesce(d.email, ''), coalesce(d.address, '') FROM masp.organisations o
		  LEFT JOIN masp.front_doors d ON d.door_no = (SELECT max(door_no) FROM masp.front_doors)`).
		Scan(&d.Name, &d.Phone, &d.Email, &d.Address)
	if errors.Is(err, pgx.ErrNoRows) {
		return FrontDoor{}, nil // books that were not opened yet
	}
	if err != nil {
		return d, fmt.Errorf("read the front door: %w", err)
	}
	return d, nil
}

// SetFrontDoor says how one reaches the organisation. The name is that of the books and stays.
//
// Errors: ErrRole, ErrToken, ErrFrontDoor.
func (s *Service) SetFrontDoor(ctx context.Context, who auth.Principal, d FrontDoor) error {
	a := audit.Act{
		Action: "front_door.set", ObjectType: "organisation", ObjectID: "1",
		Details: map[string]string{"phone": d.Phone, "email": d.Email, "address": d.Address},
	}
	return s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		_, err := tx.Exec(ctx, `SELECT masp.set_front_door($1, $2, $3, $4)`, who.Secret(), d.Phone, d.Email, d.Address)
		return translate(err, ErrFrontDoor)
	})
}
