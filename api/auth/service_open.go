package auth

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"masp/ledger/unit"
)

// Elsewhere is a user whom a provider of identities has proved (package oidc).
type Elsewhere struct {
	Issuer, Subject string    // a linked identity
	ProvedAt        time.Time // second factor proved there, by the clock of the books; zero is never
	Address, Agent  string    // of the browser
	Instead         Principal // whose session the new one replaces, at a step-up; zero at a login
}

// OpenSession opens a session for a user who was proved elsewhere, and answers its secret. Without a
// proved second factor there its first approval asks for ours (StepUp). ErrUnknown is an identity of
// nobody who lives, or a session to replace that is not his.
func (s *Service) OpenSession(ctx context.Context, e Elsewhere) (secret string, err error) {
	secret = newSecret()
	err = unit.Begin(ctx, s.DB, func(tx pgx.Tx) error {
		who, err := enterByIdentity(ctx, tx, e, secret)
		if err != nil {
			return err
		}
		return record(ctx, tx, who, "session.open", who, map[string]any{"by": "oidc", "again": e.Instead.secret != ""})
	})
	if err != nil {
		return "", fmt.Errorf("open a session: %w", err)
	}
	return secret, nil
}

func enterByIdentity(ctx context.Context, tx pgx.Tx, e Elsewhere, secret string) (user string, err error) {
	var proved *time.Time
	if !e.ProvedAt.IsZero() {
		proved = &e.ProvedAt
	}
	hash := sha256.Sum256([]byte(secret))
	err = tx.QueryRow(ctx, `SELECT masp.enter_by_identity($1, $2, $3, $4, $5, $6, $7)`,
		e.Issuer, e.Subject, proved, hash[:], network(e.Address), cut(e.Agent, 50), e.Instead.secret).Scan(&user)
	refused, ok := errors.AsType[*pgconn.PgError](err)
	if ok && (refused.Code == "MA112" || refused.Code == "MA113") {
		return "", ErrUnknown
	}
	return user, err
}

// cut keeps so many characters.
func cut(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most])
	}
	return text
}
