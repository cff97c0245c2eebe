package oidc

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"masp/api/auth"
	"masp/ledger/audit"
	"masp/ledger/unit"
)

// patience is how long a login may take.
const patience = 10 * time.Minute

// insertLogin keeps a login that begins, and forgets those that nobody has finished.
func insertLogin(ctx context.Context, db *pgxpool.Pool, l login, user string) error {
	state, browser := sha256.Sum256([]byte(l.state)), sha256.Sum256([]byte(l.binding))
	_, err := db.Exec(ctx, `
		WITH over AS (DELETE FROM masp.oidc_logins WHERE begun_at < masp.now() - $4::interval)
		INSERT INTO masp.oidc_logins (state_hash, browser_hash, of_user, begun_at)
		VALUES ($1, $2, nullif($3, ''), masp.now())`, state[:], browser[:], user, patience)
	return err
}

// begun is a login as it was kept.
type begun struct {
	user string        // who proves himself again; empty at a login
	ago  time.Duration // since it began
	now  time.Time     // by the clock of the books
}

// takeLogin uses a login up, or answers ErrState. It stands alone: the login is used whatever follows.
func takeLogin(ctx context.Context, db *pgxpool.Pool, l login) (b begun, err error) {
	state, browser := sha256.Sum256([]byte(l.state)), sha256.Sum256([]byte(l.binding))
	err = db.QueryRow(ctx, `
		DELETE FROM masp.oidc_logins WHERE state_hash = $1 AND browser_hash = $2
		RETURNING coalesce(of_user, ''), masp.now() - begun_at, masp.now()`, state[:], browser[:]).
		Scan(&b.user, &b.ago, &b.now)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && b.ago > patience {
		return begun{}, ErrState
	}
	return b, err
}

// userOf answers who an identity is, or *UnknownError.
func userOf(ctx context.Context, db *pgxpool.Pool, id Identity) (user string, err error) {
	err = db.QueryRow(ctx, `
		SELECT u.user_id FROM masp.user_identities i JOIN masp.users u USING (user_id)
		 WHERE i.issuer = $1 AND i.subject = $2 AND u.disabled_at IS NULL`, id.Issuer, id.Subject).Scan(&user)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", &UnknownError{id.Issuer, id.Subject}
	}
	return user, err
}

// linkByEmail makes a new identity that of the user with its address, or answers *UnknownError.
func linkByEmail(ctx context.Context, tx pgx.Tx, id Identity) (user string, err error) {
	var who *string
	err = tx.QueryRow(ctx, `SELECT masp.link_by_email($1, $2, $3)`, id.Issuer, id.Subject, id.Email).Scan(&who)
	switch {
	case err != nil:
		return "", err
	case who == nil:
		return "", &UnknownError{id.Issuer, id.Subject}
	}
	return *who, record(ctx, tx, *who, "identity.link", *who, map[string]any{"issuer": id.Issuer, "by": "email"})
}

func link(ctx context.Context, tx pgx.Tx, by auth.Principal, user string, id Identity) error {
	var who *string
	err := tx.QueryRow(ctx, `SELECT masp.link_identity($1, $2, $3, $4)`, user, id.Issuer, id.Subject, by.Secret()).Scan(&who)
	if err != nil {
		return translate(err, by, auth.ErrNoUser)
	}
	return record(ctx, tx, actor(who), "identity.link", user, map[string]any{"issuer": id.Issuer})
}

func unlink(ctx context.Context, tx pgx.Tx, by auth.Principal, user, issuer string) error {
	var who *string
	err := tx.QueryRow(ctx, `SELECT masp.unlink_identity($1, $2, $3)`, user, issuer, by.Secret()).Scan(&who)
	if err != nil {
		return translate(err, by, ErrNoIdentity)
	}
	return record(ctx, tx, actor(who), "identity.unlink", user, map[string]any{"issuer": issuer})
}

func actor(who *string) string {
	if who == nil {
		return auth.Operator
	}
	return *who
}

func record(ctx context.Context, tx pgx.Tx, actor, action, user string, details any) error {
	_, err := audit.Record(ctx, tx, audit.Act{
		Actor: actor, Action: action, ObjectType: "user", ObjectID: user, Details: details,
	})
	return err
}

// translate turns a refusal of the database (migrations/0030_ways_in.sql) into an error of ours.
func translate(err error, by auth.Principal, missing error) error {
	refused, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return err
	}
	switch {
	case refused.Code == "MA010" && by.Secret() == "":
		return auth.ErrNoProof
	case refused.Code == "MA010":
		return auth.ErrUnknown
	case refused.Code == "MA012":
		return auth.ErrRole
	case refused.Code == "P0002":
		return missing
	case refused.ConstraintName == "identity_is_one_user", refused.ConstraintName == "user_has_one_identity":
		return ErrLinked
	case refused.ConstraintName == "issuer_is_an_address", refused.ConstraintName == "subject_fits":
		return ErrBad
	}
	return err
}

// linksOf are the identities of a user, by issuer.
func linksOf(ctx context.Context, q unit.Querier, user string) ([]Linked, error) {
	rows, err := q.Query(ctx, `
		SELECT issuer, subject, coalesce(linked_by, ''), linked_at FROM masp.user_identities
		 WHERE user_id = $1 ORDER BY issuer`, user)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (l Linked, err error) {
		err = row.Scan(&l.Issuer, &l.Subject, &l.By, &l.At)
		return l, err
	})
}
