package auth

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger/unit"
)

// nobody stands for a user who is unknown or has no password: his login costs as much.
var nobody = login{kdf: newKDF().String()}

// Login opens a session. What proves nobody is ErrLogin, always with the same text and after the
// same work; who tries too often waits (*SlowedError), also across a restart.
func (s *Service) Login(ctx context.Context, ask LoginAsk) (secret string, who Principal, err error) {
	if s.Key == nil {
		return "", Principal{}, fmt.Errorf("log in: %w", ErrKey)
	}
	account := ask.account()
	counted := network(ask.Address)
	// Counted alone and first: the try stays counted whatever becomes of the caller's transaction.
	if err := tryLogin(ctx, s.DB, account, counted); err != nil {
		return "", Principal{}, fmt.Errorf("log in: %w", err)
	}
	known, proof, err := s.judge(ctx, account, ask)
	if err != nil {
		return "", Principal{}, fmt.Errorf("log in: %w", err)
	}
	return s.enter(ctx, "session.open", ask.Address, ask.Agent, func(tx pgx.Tx, start opening) (string, error) {
		if err := openSession(ctx, tx, known, proof, start); err != nil {
			return "", err
		}
		return known.user, forgiveLogin(ctx, tx, account, counted)
	})
}

// proof is what a login shows to the database: the key of the password, the step of the code, and
// how the password is kept from now on when its costs have changed.
type proof struct {
	key         []byte
	step        int64
	newKDF      *string
	newVerifier []byte
}

// judge does the work of a login, for an unknown user too; the database decides.
func (s *Service) judge(ctx context.Context, account string, ask LoginAsk) (login, proof, error) {
	known, now, err := loginOf(ctx, s.DB, account)
	if err != nil {
		return login{}, proof{}, err
	}
	way, err := parseKDF(known.kdf)
	if err != nil {
		return login{}, proof{}, err
	}
	var p proof
	if p.key, err = way.key(ctx, ask.Password); err != nil {
		return login{}, proof{}, err
	}
	factor := make([]byte, 20)
	if known.user != "" {
		if factor, err = s.Key.open(known.sealed, known.user); err != nil {
			return login{}, proof{}, err
		}
		p.step = stepOf(factor, ask.Code, now)
	} else {
		_ = stepOf(factor, ask.Code, now)
	}
	if way.old() && p.step != noStep {
		anew := newKDF()
		key, err := anew.key(ctx, ask.Password)
		if err != nil {
			return login{}, proof{}, err
		}
		text := anew.String()
		p.newKDF, p.newVerifier = &text, sum(key)
	}
	return known, p, nil
}

// StepUp proves a session anew by a code of the second factor, and gives it a new secret: the old
// one ends ten seconds later, for a click that is on its way; the same code again gives the same secret
// until then. The session ends when it would have. A wrong or used code is ErrLogin; a token is ErrUnknown.
func (s *Service) StepUp(ctx context.Context, who Principal, code string) (secret string, proved Principal, err error) {
	if s.Key == nil {
		return "", Principal{}, fmt.Errorf("step up: %w", ErrKey)
	}
	if who.Means != BySession {
		return "", Principal{}, fmt.Errorf("step up: %w", ErrUnknown)
	}
	account := "again " + who.ID
	if err := tryLogin(ctx, s.DB, account, who.ID); err != nil {
		return "", Principal{}, fmt.Errorf("step up: %w", err)
	}
	known, now, err := loginOf(ctx, s.DB, who.ID)
	if err != nil {
		return "", Principal{}, fmt.Errorf("step up: %w", err)
	}
	step := int64(noStep)
	if known.user != "" {
		factor, err := s.Key.open(known.sealed, known.user)
		if err != nil {
			return "", Principal{}, fmt.Errorf("step up: %w", err)
		}
		step = stepOf(factor, code, now)
	}
	secret = s.Key.successor(who.secret, step)
	err = unit.Begin(ctx, s.DB, func(tx pgx.Tx) error {
		again, err := stepUp(ctx, tx, who, step, sum([]byte(secret)))
		if err == nil && !again {
			err = record(ctx, tx, who.ID, "session.prove", who.ID, nil)
		}
		if err != nil {
			return err
		}
		if err := forgiveLogin(ctx, tx, account, who.ID); err != nil {
			return err
		}
		proved, _, err = principalOf(ctx, tx, secret)
		return err
	})
	if err != nil {
		return "", Principal{}, fmt.Errorf("step up: %w", err)
	}
	return secret, proved, nil
}

// Logout ends the session, or the token, that asks for it.
func (s *Service) Logout(ctx context.Context, who Principal) error {
	if who.Means == ByToken {
		return s.EndToken(ctx, who, who.Key)
	}
	return s.EndSession(ctx, who, who.Key)
}

// Sessions lists the open sessions of a user, the oldest first, for himself.
func (s *Service) Sessions(ctx context.Context, who Principal) ([]Session, error) {
	return s.SessionsOf(ctx, who, who.ID)
}

// SessionsOf lists the open sessions of a user, for himself or an admin (ErrRole).
func (s *Service) SessionsOf(ctx context.Context, by Principal, userID string) ([]Session, error) {
	list, err := sessionsOf(ctx, unit.Reader(ctx, s.DB), by, userID)
	if err != nil {
		return nil, fmt.Errorf("list the sessions of %s: %w", userID, err)
	}
	return list, nil
}

// EndSession ends a session by its key: one's own, or anybody's for an admin. To others it does not
// exist: ErrNoCredential.
func (s *Service) EndSession(ctx context.Context, by Principal, key string) error {
	return s.end(ctx, by, key, BySession)
}

func (s *Service) end(ctx context.Context, by Principal, key string, means Means) error {
	err := unit.Begin(ctx, s.DB, func(tx pgx.Tx) error {
		actor, owner, err := endCredential(ctx, tx, by, key, means)
		if err != nil {
			return err
		}
		return record(ctx, tx, actor, string(means)+".end", owner, map[string]string{"key": key})
	})
	if err != nil {
		return fmt.Errorf("end %s %s: %w", means, key, err)
	}
	return nil
}
