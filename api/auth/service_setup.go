package auth

import (
	"context"
	"crypto/sha256"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger/unit"
)

// Invite makes a user and the secret of his setup link (72 hours, one use), returned once and stored
// nowhere. The same user twice gets a new link while he has not entered: then ErrEntered.
func (s *Service) Invite(ctx context.Context, by Principal, u User) (link string, err error) {
	err = unit.Begin(ctx, s.DB, func(tx pgx.Tx) error {
		if err := AddTx(ctx, tx, by, u); err != nil {
			return err
		}
		link, err = giveSetup(ctx, tx, by, u.ID, false)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("invite user %s: %w", u.ID, err)
	}
	return link, nil
}

// Reset ends the password, the second factor, the sessions and the tokens of a user, and answers the
// secret of a new setup link. He does it himself, or an admin.
func (s *Service) Reset(ctx context.Context, by Principal, userID string) (link string, err error) {
	err = unit.Begin(ctx, s.DB, func(tx pgx.Tx) error {
		link, err = giveSetup(ctx, tx, by, userID, true)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("reset user %s: %w", userID, err)
	}
	return link, nil
}

func giveSetup(ctx context.Context, tx pgx.Tx, by Principal, userID string, again bool) (link string, err error) {
	link = newSecret()
	actor, err := insertSetup(ctx, tx, by, userID, link, again)
	if err != nil {
		return "", err
	}
	action := "user.invite"
	if again {
		action = "user.reset"
	}
	return link, record(ctx, tx, actor, action, userID, nil)
}

// SetupOffer is what the page of a setup link shows: whom it is for, and the second factor that he
// puts into his authenticator. It is a secret of the person.
type SetupOffer struct {
	User   User
	Secret string // base32, as typed into an authenticator
	URI    string // the same for a picture
}

// Setup answers what a setup link offers, and stores nothing: ErrSetup when it opens nothing.
func (s *Service) Setup(ctx context.Context, link string) (SetupOffer, error) {
	if s.Key == nil {
		return SetupOffer{}, fmt.Errorf("open a setup link: %w", ErrKey)
	}
	u, err := setupOf(ctx, unit.Reader(ctx, s.DB), link)
	if err != nil {
		return SetupOffer{}, fmt.Errorf("open a setup link: %w", err)
	}
	factor := s.Key.secondFactor(link)
	return SetupOffer{User: u, Secret: base32Text.EncodeToString(factor), URI: otpauth(factor, u.ID)}, nil
}

// SetupAsk is what a person chooses at his setup link, and the first code of his authenticator.
type SetupAsk struct {
	Link, Password, Code string

	Address, Agent string // remote address and User-Agent header of the request
}

// String keeps what was typed out of texts.
func (SetupAsk) String() string { return "setup" }

// GoString keeps what was typed out of texts.
func (SetupAsk) GoString() string { return "setup" }

// Complete uses a setup link up and opens the first session. A password that is guessed first is an
// *InvalidError, a wrong code ErrLogin: the link stays good. It opens once: then ErrSetup.
func (s *Service) Complete(ctx context.Context, ask SetupAsk) (secret string, who Principal, err error) {
	offer, err := s.Setup(ctx, ask.Link)
	if err != nil {
		return "", Principal{}, err
	}
	if err := checkPassword(ask.Password, offer.User); err != nil {
		return "", Principal{}, fmt.Errorf("complete the setup: %w", err)
	}
	now, err := realNow(ctx, s.DB)
	if err != nil {
		return "", Principal{}, fmt.Errorf("complete the setup: %w", err)
	}
	factor := s.Key.secondFactor(ask.Link)
	step := stepOf(factor, ask.Code, now)
	if step == noStep {
		return "", Principal{}, fmt.Errorf("complete the setup: %w", ErrLogin)
	}
	way := newKDF()
	key, err := way.key(ctx, ask.Password)
	if err != nil {
		return "", Principal{}, fmt.Errorf("complete the setup: %w", err)
	}
	user := offer.User.ID
	made := login{
		user: user, kdf: way.String(), verifier: sum(key),
		sealed: s.Key.seal(factor, user), mark: s.Key.mark(factor), step: step,
	}
	return s.enter(ctx, "user.setup", ask.Address, ask.Agent, func(tx pgx.Tx, start opening) (string, error) {
		return completeSetup(ctx, tx, ask.Link, made, start)
	})
}

// enter opens a session by one of the ways in, and answers its secret and whom it proves.
func (s *Service) enter(
	ctx context.Context, action, address, agent string, open func(pgx.Tx, opening) (user string, err error),
) (secret string, who Principal, err error) {
	secret = newSecret()
	start := opening{hash: sum([]byte(secret)), address: shownAddress(address), agent: familyOf(agent)}
	err = unit.Begin(ctx, s.DB, func(tx pgx.Tx) error {
		user, err := open(tx, start)
		if err != nil {
			return err
		}
		if err := record(ctx, tx, user, action, user, nil); err != nil {
			return err
		}
		who, _, err = principalOf(ctx, tx, secret)
		return err
	})
	if err != nil {
		return "", Principal{}, fmt.Errorf("%s: %w", action, err)
	}
	return secret, who, nil
}

func sum(secret []byte) []byte {
	hash := sha256.Sum256(secret)
	return hash[:]
}
