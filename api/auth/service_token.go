package auth

import (
	"context"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/unit"
)

// TokenAsk is a token that somebody wants: whose, what it is called, what it is for (nil is all that
// the roles allow) and until which day (none is 180 days; at most 365).
type TokenAsk struct {
	User, Name string
	Scopes     []Action
	Until      civil.Date
}

// Token is a living token, without its secret.
type Token struct {
	Key          string
	Name         string // empty for a personal token without a name
	Scopes       []Action
	Since, Until time.Time
	Mine         bool // the one that asks
}

// NewToken makes a token, returned once and stored nowhere. Its owner makes it; an admin makes
// those of programs, and before production those of persons too (ErrOwnToken). A field that cannot be is an *InvalidError; a token with scopes makes no other (ErrScope).
func (s *Service) NewToken(ctx context.Context, by Principal, ask TokenAsk) (secret string, err error) {
	err = unit.Begin(ctx, s.DB, func(tx pgx.Tx) error {
		now, err := clock(ctx, tx)
		if err != nil {
			return err
		}
		life, err := ask.life(civil.FromTime(now, civil.Paris))
		if err != nil {
			return err
		}
		secret = newSecret()
		actor, err := insertToken(ctx, tx, by, ask.User, secret, newToken{life, &ask.Name, ask.Scopes})
		if err != nil {
			return err
		}
		return record(ctx, tx, actor, "token.issue", ask.User, map[string]any{"scopes": ask.Scopes})
	})
	if err != nil {
		return "", fmt.Errorf("make a token for %s: %w", ask.User, err)
	}
	return secret, nil
}

const maxTokenDays = 365

// life checks what is wanted on a day, and answers how long the token lives.
func (a TokenAsk) life(today civil.Date) (time.Duration, error) {
	switch {
	case a.Name == "" || utf8.RuneCountInString(a.Name) > 100:
		return 0, &InvalidError{Field: "name", French: "Nommez le jeton, en 100 caractères au plus (exemple : logiciel métier)."}
	case a.Scopes != nil && len(a.Scopes) == 0:
		return 0, &InvalidError{Field: "scopes", French: "Indiquez au moins une action, ou aucune liste."}
	}
	for _, scope := range a.Scopes {
		if !slices.Contains(Actions(), scope) {
			return 0, &InvalidError{Field: "scopes", Value: string(scope), French: "Cette action n'existe pas : " + string(scope) + "."}
		}
	}
	if a.Until.IsZero() {
		return TokenLife, nil
	}
	days := a.Until.DaysSince(today)
	if days < 1 || days > maxTokenDays {
		return 0, &InvalidError{
			Field: "until", Value: a.Until.String(), French: "Un jeton vaut de un à 365 jours.",
		}
	}
	return time.Duration(days) * 24 * time.Hour, nil
}

// Tokens lists the living tokens of a user, the oldest first, for himself or an admin (ErrRole).
func (s *Service) Tokens(ctx context.Context, by Principal, userID string) ([]Token, error) {
	list, err := tokensOf(ctx, unit.Reader(ctx, s.DB), by, userID)
	if err != nil {
		return nil, fmt.Errorf("list the tokens of %s: %w", userID, err)
	}
	return list, nil
}

// EndToken revokes one token by its key: one's own, or anybody's for an admin. To others it does not
// exist: ErrNoCredential.
func (s *Service) EndToken(ctx context.Context, by Principal, key string) error {
	return s.end(ctx, by, key, ByToken)
}

// SetRoles gives a user other roles and another last day, and ends his sessions. It is an admin's
// act, and nobody's on himself (ErrSelf).
func (s *Service) SetRoles(ctx context.Context, by Principal, userID string, roles []Role, until civil.Date) error {
	if err := checkRoles(roles, until); err != nil {
		return fmt.Errorf("change the roles of %s: %w", userID, err)
	}
	roles = slices.Clone(roles)
	slices.Sort(roles)
	err := unit.Begin(ctx, s.DB, func(tx pgx.Tx) error {
		actor, err := door(ctx, tx, by, `masp.set_roles($3, $4, $5, $1)`, userID, roles, until)
		if err != nil {
			return err
		}
		return record(ctx, tx, actor, "user.roles", userID, map[string]any{"roles": roles})
	})
	if err != nil {
		return fmt.Errorf("change the roles of %s: %w", userID, err)
	}
	return nil
}
