package oidc

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/oauth2"

	"masp/api/auth"
	"masp/ledger/unit"
)

// Provider is the organisation's provider of identities. Without an issuer it only links.
type Provider struct {
	DB        *pgxpool.Pool
	Settings  Settings
	Transport http.RoundTripper // to the provider; nil is the usual one

	lookup lookup
}

// Begin begins a login: where to send the browser, and what it keeps in a cookie until it is back.
// It returns ErrOff, ErrDown, *SettingError.
func (p *Provider) Begin(ctx context.Context) (redirect, binding string, err error) {
	return p.begin(ctx, "", maxAge)
}

// BeginAgain begins the step-up of a user who is here: the provider must ask him again.
func (p *Provider) BeginAgain(ctx context.Context, who auth.Principal) (redirect, binding string, err error) {
	return p.begin(ctx, who.ID, 0, oauth2.SetAuthURLParam("prompt", "login"))
}

func (p *Provider) begin(
	ctx context.Context, user string, age time.Duration, more ...oauth2.AuthCodeOption,
) (redirect, binding string, err error) {
	at, err := p.discovered(ctx)
	if err != nil {
		return "", "", fmt.Errorf("begin a login: %w", err)
	}
	l := newLogin()
	if err := insertLogin(ctx, p.DB, l, user); err != nil {
		return "", "", fmt.Errorf("begin a login: %w", err)
	}
	options := append([]oauth2.AuthCodeOption{
		oidc.Nonce(l.nonce()), oauth2.S256ChallengeOption(l.verifier()),
		oauth2.SetAuthURLParam("max_age", strconv.Itoa(int(age/time.Second))),
	}, more...)
	return p.client(at).AuthCodeURL(l.state, options...), l.binding, nil
}

// Finish ends a login with what the provider has sent the browser back with, and the binding of its
// cookie. The login is used up, whatever follows. It returns ErrState, ErrDenied, ErrFalse, ErrDown,
// *UnknownError; at a step-up also ErrStale and ErrOther.
func (p *Provider) Finish(ctx context.Context, query url.Values, binding string) (Identity, error) {
	id, err := p.finish(ctx, query, login{state: query.Get("state"), binding: binding})
	if err != nil {
		return Identity{}, fmt.Errorf("finish a login: %w", err)
	}
	return id, nil
}

func (p *Provider) finish(ctx context.Context, query url.Values, l login) (Identity, error) {
	at, err := p.discovered(ctx)
	if err != nil {
		return Identity{}, err
	}
	b, err := takeLogin(ctx, p.DB, l)
	if err != nil {
		return Identity{}, err
	}
	if !p.answered(at, query) {
		return Identity{}, ErrFalse
	}
	if query.Get("error") != "" || query.Get("code") == "" {
		return Identity{}, ErrDenied
	}
	token, said, err := p.exchange(ctx, at, query.Get("code"), l)
	if err != nil {
		return Identity{}, err
	}
	age, known := said.age(time.Now())
	if !known || b.user == "" && age > maxAge+leeway {
		return Identity{}, ErrFalse // max_age was asked for: the provider has to say when
	}
	if b.user != "" && age > b.ago+leeway {
		return Identity{}, ErrStale
	}
	id := Identity{Issuer: token.Issuer, Subject: token.Subject}
	if said.EmailVerified {
		id.Email = said.Email
	}
	if said.strong(p.Settings.StrongACR) {
		id.ProvedAt = b.now.Add(-age)
	}
	if id.User, err = p.user(ctx, id, b.user == ""); err != nil {
		return Identity{}, err
	}
	if b.user != "" && b.user != id.User {
		return Identity{}, ErrOther
	}
	return id, nil
}

// answered tells whether the answer is our provider's own, where it names itself (RFC 9207).
func (p *Provider) answered(at *oidc.Provider, query url.Values) bool {
	var promises struct {
		Names bool `json:"authorization_response_iss_parameter_supported"`
	}
	if err := at.Claims(&promises); err != nil {
		return false
	}
	if !query.Has("iss") {
		return !promises.Names
	}
	return len(query["iss"]) == 1 && subtle.ConstantTimeCompare([]byte(query.Get("iss")), []byte(p.Settings.Issuer)) == 1
}

// exchange trades the code for the ID token, and believes it as far as it is signed, ours, and of
// this login. The causes are left out: they may hold what the provider has sent.
func (p *Provider) exchange(ctx context.Context, at *oidc.Provider, code string, l login) (*oidc.IDToken, claims, error) {
	ctx = p.calling(ctx)
	got, err := p.client(at).Exchange(ctx, code, oauth2.VerifierOption(l.verifier()))
	if err != nil {
		if no, answered := errors.AsType[*oauth2.RetrieveError](err); answered && no.Response.StatusCode < http.StatusInternalServerError {
			return nil, claims{}, ErrFalse
		}
		return nil, claims{}, ErrDown
	}
	raw, _ := got.Extra("id_token").(string)
	token, err := at.Verifier(&oidc.Config{ClientID: p.Settings.ClientID}).Verify(ctx, raw)
	if err != nil {
		return nil, claims{}, ErrFalse
	}
	var said claims
	if err := token.Claims(&said); err != nil || !said.forUs(token, l, p.Settings.ClientID) {
		return nil, claims{}, ErrFalse
	}
	if token.AccessTokenHash != "" && token.VerifyAccessToken(got.AccessToken) != nil {
		return nil, claims{}, ErrFalse
	}
	return token, said, nil
}

// user answers who an identity is; where the organisation allows it a verified address links him.
func (p *Provider) user(ctx context.Context, id Identity, first bool) (user string, err error) {
	user, err = userOf(ctx, p.DB, id)
	if _, unknown := errors.AsType[*UnknownError](err); !unknown || !first || !p.Settings.ByEmail || id.Email == "" {
		return user, err
	}
	err = unit.Begin(ctx, p.DB, func(tx pgx.Tx) error {
		user, err = linkByEmail(ctx, tx, id)
		return err
	})
	return user, err
}

// Link makes an identity that of a user: an admin's act. An empty issuer is the configured one.
// It returns auth.ErrNoUser, ErrLinked, ErrBad, ErrOff and the refusals of package auth.
func (p *Provider) Link(ctx context.Context, by auth.Principal, user string, id Identity) error {
	id.Issuer = p.issuer(id.Issuer)
	if id.Issuer == "" {
		return ErrOff
	}
	err := unit.Begin(ctx, p.DB, func(tx pgx.Tx) error { return link(ctx, tx, by, user, id) })
	if err != nil {
		return fmt.Errorf("link an identity to %s: %w", user, err)
	}
	return nil
}

// Unlink takes the identity of an issuer from a user: an admin's act. His open sessions stay until
// they are revoked. It returns ErrNoIdentity and what Link returns.
func (p *Provider) Unlink(ctx context.Context, by auth.Principal, user, issuer string) error {
	if issuer = p.issuer(issuer); issuer == "" {
		return ErrOff
	}
	err := unit.Begin(ctx, p.DB, func(tx pgx.Tx) error { return unlink(ctx, tx, by, user, issuer) })
	if err != nil {
		return fmt.Errorf("unlink the identity of %s: %w", user, err)
	}
	return nil
}

// Linked is an identity that is a user.
type Linked struct {
	Issuer, Subject string
	By              string // the admin who said so; empty: the provider, by an address
	At              time.Time
}

// Links are the identities of a user.
func (p *Provider) Links(ctx context.Context, user string) ([]Linked, error) {
	all, err := linksOf(ctx, unit.Reader(ctx, p.DB), user)
	if err != nil {
		return nil, fmt.Errorf("read the identities of %s: %w", user, err)
	}
	return all, nil
}

func (p *Provider) issuer(named string) string {
	if named == "" {
		return p.Settings.Issuer
	}
	return named
}
