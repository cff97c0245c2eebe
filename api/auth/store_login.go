package auth

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/ledger/unit"
)

// login is what the database keeps to know a user by: never his password.
type login struct {
	user, kdf              string
	verifier, sealed, mark []byte
	step                   int64
}

// opening is a session that is about to begin.
type opening struct {
	hash           []byte
	address, agent string // as shown in a list
}

// realNow is the time that an authenticator shows, also where the clock of the books is moved.
func realNow(ctx context.Context, q unit.Querier) (now time.Time, err error) {
	return now, q.QueryRow(ctx, `SELECT masp.real_now()`).Scan(&now)
}

func clock(ctx context.Context, q unit.Querier) (now time.Time, err error) {
	return now, q.QueryRow(ctx, `SELECT masp.now()`).Scan(&now)
}

// loginOf is how a user is known, and the real time; nobody for who has no password.
func loginOf(ctx context.Context, q unit.Querier, user string) (login, time.Time, error) {
	found, now := nobody, time.Time{}
	var id, kdf *string
	err := q.QueryRow(ctx, `
		SELECT l.user_id, l.kdf, l.totp_sealed, n.at
		  FROM (SELECT masp.real_now() AS at) n LEFT JOIN masp.logins l ON l.user_id = $1`, user).
		Scan(&id, &kdf, &found.sealed, &now)
	if err == nil && id != nil {
		found.user, found.kdf = *id, *kdf
	}
	return found, now, err
}

func setupOf(ctx context.Context, q unit.Querier, link string) (User, error) {
	return oneUser(ctx, q, ErrSetup, selectUser+`WHERE user_id = masp.setup_of($1)`, link)
}

func insertSetup(ctx context.Context, tx pgx.Tx, by Principal, user, link string, again bool) (actor string, err error) {
	return door(ctx, tx, by, `masp.give_setup($3, $4, $5, $1)`, user, sum([]byte(link)), again)
}

func completeSetup(ctx context.Context, tx pgx.Tx, link string, l login, o opening) (user string, err error) {
	err = tx.QueryRow(ctx, `SELECT masp.complete_setup($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		link, l.kdf, l.verifier, l.sealed, l.mark, l.step, o.hash, o.address, o.agent).Scan(&user)
	return user, translate(err, Principal{})
}

func openSession(ctx context.Context, tx pgx.Tx, l login, p proof, o opening) error {
	_, err := tx.Exec(ctx, `SELECT masp.open_session($1, $2, $3, $4, $5, $6, $7, $8)`,
		l.user, p.key, p.step, o.hash, o.address, o.agent, p.newKDF, p.newVerifier)
	return translate(err, Principal{})
}

// stepUp answers whether the same was done already.
func stepUp(ctx context.Context, tx pgx.Tx, who Principal, step int64, hash []byte) (again bool, err error) {
	var user *string
	err = tx.QueryRow(ctx, `SELECT masp.step_up($1, $2, $3)`, who.secret, step, hash).Scan(&user)
	return user == nil, translate(err, who)
}

func changePassword(ctx context.Context, tx pgx.Tx, who Principal, proof []byte, l login, hash []byte) error {
	_, err := tx.Exec(ctx, `SELECT masp.change_password($1, $2, $3, $4, $5)`, who.secret, proof, l.kdf, l.verifier, hash)
	return translate(err, who)
}

// allSealed are the second factors as they are stored.
func allSealed(ctx context.Context, tx pgx.Tx) ([]login, error) {
	rows, err := tx.Query(ctx, `SELECT user_id, totp_sealed FROM masp.logins ORDER BY user_id`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (l login, err error) {
		return l, row.Scan(&l.user, &l.sealed)
	})
}

func resealLogins(ctx context.Context, tx pgx.Tx, by Principal, anew []resealed) (actor string, err error) {
	users, were := make([]string, len(anew)), make([][]byte, len(anew))
	sealed, marks := make([][]byte, len(anew)), make([][]byte, len(anew))
	for i, l := range anew {
		users[i], were[i], sealed[i], marks[i] = l.user, l.was, l.sealed, l.mark
	}
	return door(ctx, tx, by, `masp.reseal_logins($3, $4, $5, $6, $1)`, users, were, sealed, marks)
}

// principalOf is whom a secret proves, and since when its session was not seen; ErrUnknown.
func principalOf(ctx context.Context, q unit.Querier, secret string) (p Principal, unseen time.Duration, err error) {
	var seen *time.Duration
	var proved *time.Time
	err = q.QueryRow(ctx, `
		SELECT u.user_id, u.name, u.roles, coalesce(u.email, ''), u.ends_on, p.means, p.key::text, p.scopes, p.proved_at, p.unseen
		  FROM masp.principal_of($1) p JOIN masp.users u USING (user_id)`, secret).
		Scan(&p.ID, &p.Name, &p.Roles, &p.Email, &p.Until, &p.Means, &p.Key, &p.Scopes, &proved, &seen)
	if errors.Is(err, pgx.ErrNoRows) {
		return Principal{}, 0, ErrUnknown
	}
	if seen != nil {
		unseen = *seen
	}
	if proved != nil {
		p.ProvedAt = *proved
	}
	p.secret = secret
	return p, unseen, err
}

func seeSession(ctx context.Context, q unit.Querier, secret string) error {
	_, err := q.Exec(ctx, `SELECT masp.see_session($1)`, secret)
	return err
}

// tryLogin counts a try, or says how long to wait: *SlowedError.
func tryLogin(ctx context.Context, q unit.Querier, account, address string) error {
	var wait *time.Duration
	if err := q.QueryRow(ctx, `SELECT masp.try_login($1, $2)`, account, address).Scan(&wait); err != nil {
		return err
	}
	if wait != nil {
		return &SlowedError{RetryAfter: *wait}
	}
	return nil
}

func forgiveLogin(ctx context.Context, tx pgx.Tx, account, address string) error {
	_, err := tx.Exec(ctx, `SELECT masp.forgive_login($1, $2)`, account, address)
	return err
}
