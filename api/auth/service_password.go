package auth

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// PasswordAsk is what a person types to have another password.
type PasswordAsk struct{ Current, New string }

// String keeps what was typed out of texts.
func (PasswordAsk) String() string { return "password" }

// GoString keeps what was typed out of texts.
func (PasswordAsk) GoString() string { return "password" }

// ChangePassword gives the user of a session another password, for the current one. His other sessions end,
// and this one goes on under a new secret. Tries in vain slow him down as those of a login do.
//
// Errors: ErrPassword for a current one that is wrong, *InvalidError for a new one that is guessed first,
// *SlowedError; ErrUnknown for a token.
func (s *Service) ChangePassword(ctx context.Context, who Principal, ask PasswordAsk) (secret string, again Principal, err error) {
	fail := func(err error) (string, Principal, error) {
		return "", Principal{}, fmt.Errorf("change the password: %w", err)
	}
	if who.Means != BySession {
		return fail(ErrUnknown)
	}
	if err := checkPassword(ask.New, User{ID: who.ID, Name: who.Name, Email: who.Email}); err != nil {
		return fail(err)
	}
	if ask.New == ask.Current {
		return fail(&InvalidError{Field: "password", French: "C'est le mot de passe que vous avez déjà."})
	}
	account := "again " + who.ID
	if err := tryLogin(ctx, s.DB, account, who.ID); err != nil {
		return fail(err)
	}
	known, _, err := loginOf(ctx, s.DB, who.ID)
	if err != nil {
		return fail(err)
	}
	was, err := parseKDF(known.kdf)
	if err != nil {
		return fail(err)
	}
	proof, err := was.key(ctx, ask.Current)
	if err != nil {
		return fail(err)
	}
	anew := newKDF()
	key, err := anew.key(ctx, ask.New)
	if err != nil {
		return fail(err)
	}
	return s.enter(ctx, "user.password", "", "", func(tx pgx.Tx, start opening) (string, error) {
		if err := changePassword(ctx, tx, who, proof, login{kdf: anew.String(), verifier: sum(key)}, start.hash); err != nil {
			return "", err
		}
		return who.ID, forgiveLogin(ctx, tx, account, who.ID)
	})
}
