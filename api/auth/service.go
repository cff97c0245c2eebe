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
)

// TokenLife is how long a personal token proves its owner.
const TokenLife = 180 * 24 * time.Hour

// Service keeps the users of one organisation.
type Service struct {
	DB *pgxpool.Pool
}

// Authenticate answers who holds the secret, or ErrUnknown.
func (s *Service) Authenticate(ctx context.Context, secret string) (Principal, error) {
	u, err := userOf(ctx, s.DB, secret)
	if err != nil {
		return Principal{}, fmt.Errorf("authenticate: %w", err)
	}
	return Principal{User: u, secret: secret}, nil
}

// Add makes a user and his first token, returned once and stored nowhere. actor is the
// user or program that adds him.
func (s *Service) Add(ctx context.Context, actor string, u User) (token string, err error) {
	err = pgx.BeginFunc(ctx, s.DB, func(tx pgx.Tx) error {
		if err := AddTx(ctx, tx, actor, u); err != nil {
			return err
		}
		token, err = IssueTx(ctx, tx, actor, u.ID)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("add user %s: %w", u.ID, err)
	}
	return token, nil
}

// AddTx makes a user in the caller's transaction. The same user twice is harmless; another
// name or other roles under the same reference are ErrExists.
func AddTx(ctx context.Context, tx pgx.Tx, actor string, u User) error {
	if err := u.Check(); err != nil {
		return err
	}
	slices.Sort(u.Roles)
	known, err := userByID(ctx, tx, u.ID)
	switch {
	case err == nil && known.Name == u.Name && slices.Equal(known.Roles, u.Roles):
		return nil
	case err == nil:
		return fmt.Errorf("%s: %w", u.ID, ErrExists)
	case !errors.Is(err, ErrNoUser):
		return err
	}
	if err := insertUser(ctx, tx, u); err != nil {
		return err
	}
	_, err = audit.Record(ctx, tx, audit.Act{
		Actor: actor, Action: "user.add", ObjectType: "user", ObjectID: u.ID,
		Details: map[string]any{"roles": u.Roles},
	})
	return err
}

// Issue gives a user a new token, returned once.
func (s *Service) Issue(ctx context.Context, actor, userID string) (token string, err error) {
	err = pgx.BeginFunc(ctx, s.DB, func(tx pgx.Tx) error {
		token, err = IssueTx(ctx, tx, actor, userID)
		return err
	})
	return token, err
}

// IssueTx gives a user a new token in the caller's transaction.
func IssueTx(ctx context.Context, tx pgx.Tx, actor, userID string) (string, error) {
	if _, err := userByID(ctx, tx, userID); err != nil {
		return "", fmt.Errorf("issue a token for %s: %w", userID, err)
	}
	secret := newSecret()
	if err := insertToken(ctx, tx, userID, secret, TokenLife); err != nil {
		return "", fmt.Errorf("issue a token for %s: %w", userID, err)
	}
	_, err := audit.Record(ctx, tx, audit.Act{
		Actor: actor, Action: "token.issue", ObjectType: "user", ObjectID: userID,
	})
	return secret, err
}

// List returns the users in the order of their references.
func (s *Service) List(ctx context.Context) ([]User, error) { return allUsers(ctx, s.DB) }

// newSecret is 256 random bits as text that a person can paste.
func newSecret() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand stops the program instead
	return "masp_" + base64.RawURLEncoding.EncodeToString(b[:])
}
