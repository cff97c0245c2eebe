package auth

import (
	"context"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"masp/ledger/audit"
	"masp/ledger/unit"
)

// PrintCard makes the code of a person's next card, named by her reference or that of her mandate;
// the code before it ends. It is a coordinator's act: ErrNoProof, ErrUnknown, ErrRole; ErrNoPerson,
// ErrDeceased.
func (s *Service) PrintCard(ctx context.Context, who Principal, person string) (Card, error) {
	c := newCode()
	card := Card{Code: c.String()}
	hash := c.hash()
	err := unit.Begin(ctx, s.DB, func(tx pgx.Tx) error {
		actor, err := insertCard(ctx, tx, who, person, hash, &card)
		if err != nil {
			return err
		}
		return recordCard(ctx, tx, actor, "card.print", card.Beneficiary, nil)
	})
	if err != nil {
		return Card{}, fmt.Errorf("print the card of %s: %w", person, err)
	}
	return card, nil
}

// Enter opens a device with the code of a card, from the address of the caller: secret is what the
// device shows from now on. A slip is ErrTyped, a code that opens nothing ErrCard, and who tries too
// often waits (*SlowedError), also across a restart.
func (s *Service) Enter(ctx context.Context, typed, address string) (secret string, p Principal, err error) {
	c, err := parseCode(typed)
	if err != nil {
		return "", Principal{}, err
	}
	tried := c.tried(address)
	// Counted alone and first: the try stays counted whatever becomes of the caller's transaction.
	if err := tryCard(ctx, s.DB, tried); err != nil {
		return "", Principal{}, fmt.Errorf("enter by card: %w", err)
	}
	secret, hash := newSecret(), c.hash()
	err = unit.Begin(ctx, s.DB, func(tx pgx.Tx) error {
		if p, err = openDevice(ctx, tx, hash, secret); err != nil {
			return err
		}
		if err := forgiveCard(ctx, tx, tried); err != nil {
			return err
		}
		return recordCard(ctx, tx, p.Beneficiary, "card.enter", p.Beneficiary, map[string]string{"device": p.Key})
	})
	if err != nil {
		return "", Principal{}, fmt.Errorf("enter by card: %w", err)
	}
	return secret, p, nil
}

// Devices lists the living devices of a person, the newest first, for a coordinator or for herself.
func (s *Service) Devices(ctx context.Context, who Principal, person string) ([]Device, error) {
	if who.Beneficiary != person && !who.Is(Coordinator) {
		return nil, fmt.Errorf("list the devices of %s: %w", person, ErrRole)
	}
	return devicesOf(ctx, unit.Reader(ctx, s.DB), person)
}

// EndDevices ends every device of a person and her unused code, and answers how many devices. A
// coordinator does it, or the person herself.
func (s *Service) EndDevices(ctx context.Context, who Principal, person string) (ended int, err error) {
	err = unit.Begin(ctx, s.DB, func(tx pgx.Tx) error {
		var actor, reference string
		if actor, reference, ended, err = endDevices(ctx, tx, who, person); err != nil {
			return err
		}
		return recordCard(ctx, tx, actor, "card.end", reference, map[string]int{"devices": ended})
	})
	if err != nil {
		return 0, fmt.Errorf("end the devices of %s: %w", person, err)
	}
	return ended, nil
}

// Leave ends the one device that asks for it.
func (s *Service) Leave(ctx context.Context, who Principal) error {
	err := unit.Begin(ctx, s.DB, func(tx pgx.Tx) error {
		person, err := endDevice(ctx, tx, who)
		if err != nil {
			return err
		}
		return recordCard(ctx, tx, person, "card.leave", person, map[string]string{"device": who.Key})
	})
	if err != nil {
		return fmt.Errorf("leave: %w", err)
	}
	return nil
}

// byDevice answers which person holds the secret of a living device, or ErrUnknown.
func (s *Service) byDevice(ctx context.Context, secret string) (Principal, error) {
	person, device, err := useDevice(ctx, s.DB, secret)
	if err != nil {
		return Principal{}, fmt.Errorf("authenticate: %w", err)
	}
	return visitor(person, device, secret), nil
}

// visitor is a person by one of her devices.
func visitor(person string, device int64, secret string) Principal {
	return Principal{
		User: User{Roles: []Role{Beneficiary}}, Beneficiary: person,
		Means: ByDevice, Key: deviceKey(device), secret: secret,
	}
}

func deviceKey(device int64) string { return "D" + strconv.FormatInt(device, 10) }

func recordCard(ctx context.Context, tx pgx.Tx, actor, action, person string, details any) error {
	_, err := audit.Record(ctx, tx, audit.Act{
		Actor: actor, Action: action, ObjectType: "beneficiary", ObjectID: person, Details: details,
	})
	return err
}
