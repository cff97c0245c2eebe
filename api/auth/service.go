package auth

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"masp/ledger/audit"
	"masp/ledger/unit"
)

// TokenLife is how long a personal token proves its owner.
const TokenLife = 180 * 24 * time.Hour

// Service keeps the users of one organisation.
type Service struct {
	DB *pgxpool.Pool
	// Views is for restricted readings alone: a statement that is prepared on a connection keeps its plan
	// while the role stays the same, and policies are part of a plan. Nil is DB.
	Views *pgxpool.Pool
	Key   *Key // for passwords and second factors; without it nobody enters by them (ErrKey)
}

// Authenticate answers whom a token, a session or the secret of a device proves, or ErrUnknown. A
// session that is used lives on.
func (s *Service) Authenticate(ctx context.Context, secret string) (Principal, error) {
	q := unit.Reader(ctx, s.DB)
	p, unseen, err := principalOf(ctx, q, secret)
	if errors.Is(err, ErrUnknown) {
		return s.byDevice(ctx, secret)
	}
	if err == nil && unseen >= time.Minute {
		err = seeSession(ctx, q, secret)
	}
	if err != nil {
		return Principal{}, fmt.Errorf("authenticate: %w", err)
	}
	return p, nil
}

// Add makes a user and his first token, returned once and stored nowhere.
func (s *Service) Add(ctx context.Context, by Principal, u User) (token string, err error) {
	err = unit.Begin(ctx, s.DB, func(tx pgx.Tx) error {
		if err := AddTx(ctx, tx, by, u); err != nil {
			return err
		}
		token, err = IssueTx(ctx, tx, by, u.ID)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("add user %s: %w", u.ID, err)
	}
	return token, nil
}

// AddTx makes a user in the caller's transaction. The same user twice is harmless; another
// name or other roles under the same reference are ErrExists.
func AddTx(ctx context.Context, tx pgx.Tx, by Principal, u User) error {
	if err := u.Check(); err != nil {
		return err
	}
	slices.Sort(u.Roles)
	known, err := userByID(ctx, tx, u.ID)
	switch {
	case err == nil && known.Name == u.Name && slices.Equal(known.Roles, u.Roles) &&
		known.Email == u.Email && known.Until == u.Until:
		return nil
	case err == nil:
		return fmt.Errorf("%s: %w", u.ID, ErrExists)
	case !errors.Is(err, ErrNoUser):
		return err
	}
	actor, err := insertUser(ctx, tx, by, u)
	if err != nil {
		return err
	}
	return record(ctx, tx, actor, "user.add", u.ID, map[string]any{"roles": u.Roles})
}

// Issue gives a user a new token, returned once.
func (s *Service) Issue(ctx context.Context, by Principal, userID string) (token string, err error) {
	err = unit.Begin(ctx, s.DB, func(tx pgx.Tx) error {
		token, err = IssueTx(ctx, tx, by, userID)
		return err
	})
	return token, err
}

// IssueTx gives a user a new token in the caller's transaction.
func IssueTx(ctx context.Context, tx pgx.Tx, by Principal, userID string) (string, error) {
	secret := newSecret()
	actor, err := insertToken(ctx, tx, by, userID, secret, newToken{life: TokenLife})
	if err != nil {
		return "", fmt.Errorf("issue a token for %s: %w", userID, err)
	}
	return secret, record(ctx, tx, actor, "token.issue", userID, nil)
}

// Revoke ends every token of a user, but the one that proves who revokes his own, and
// answers how many.
func (s *Service) Revoke(ctx context.Context, by Principal, userID string) (revoked int, err error) {
	err = unit.Begin(ctx, s.DB, func(tx pgx.Tx) error {
		var actor string
		if actor, revoked, err = revokeTokens(ctx, tx, by, userID); err != nil {
			return err
		}
		return record(ctx, tx, actor, "token.revoke", userID, map[string]int{"tokens": revoked})
	})
	if err != nil {
		return 0, fmt.Errorf("revoke the tokens of %s: %w", userID, err)
	}
	return revoked, nil
}

// Disable ends a user for ever. Nobody disables himself (ErrSelf).
func (s *Service) Disable(ctx context.Context, by Principal, userID string) error {
	err := unit.Begin(ctx, s.DB, func(tx pgx.Tx) error {
		actor, err := disableUser(ctx, tx, by, userID)
		if err != nil {
			return err
		}
		return record(ctx, tx, actor, "user.disable", userID, nil)
	})
	if err != nil {
		return fmt.Errorf("disable user %s: %w", userID, err)
	}
	return nil
}

// EnterProduction makes the organisation a real one, for ever: from then on the clock of the
// books cannot be moved and only an admin adds persons. It is an admin's act.
func (s *Service) EnterProduction(ctx context.Context, by Principal) error {
	err := unit.Begin(ctx, s.DB, func(tx pgx.Tx) error {
		actor, err := door(ctx, tx, by, `masp.enter_production($1)`)
		if err != nil {
			return err
		}
		_, err = audit.Record(ctx, tx, audit.Act{
			Actor: actor, Action: "organisation.production", ObjectType: "organisation", ObjectID: "only",
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("enter production: %w", err)
	}
	return nil
}

// ProveTx answers who acts, as the log of acts names him. An organisation in production
// wants a living user with one of the roles: ErrNoProof, ErrUnknown, ErrRole.
func ProveTx(ctx context.Context, tx pgx.Tx, by Principal, roles ...Role) (actor string, err error) {
	return proven(ctx, tx, by, roles)
}

func record(ctx context.Context, tx pgx.Tx, actor, action, userID string, details any) error {
	_, err := audit.Record(ctx, tx, audit.Act{
		Actor: actor, Action: action, ObjectType: "user", ObjectID: userID, Details: details,
	})
	return err
}

// List returns the users in the order of their references.
func (s *Service) List(ctx context.Context) ([]User, error) {
	return allUsers(ctx, unit.Reader(ctx, s.DB))
}

// newSecret is 256 random bits as text that a person can paste.
func newSecret() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand stops the program instead
	return secretOf(b[:])
}

func secretOf(bits []byte) string { return "masp_" + base64.RawURLEncoding.EncodeToString(bits) }
