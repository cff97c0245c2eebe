package auth

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"masp/ledger/unit"
)

func insertCard(
	ctx context.Context, tx pgx.Tx, by Principal, person string, hash []byte, card *Card,
) (actor string, err error) {
	err = tx.QueryRow(ctx, `SELECT who, person, until FROM masp.print_card($1, $2, $3)`, person, hash, by.secret).
		Scan(&actor, &card.Beneficiary, &card.Until)
	return actor, translateCard(err, by)
}

// tryCard counts a try, or answers how long to wait before the next one (migrations/0027_sessions.sql).
func tryCard(ctx context.Context, db *pgxpool.Pool, t try) error {
	var wait *time.Duration
	if err := db.QueryRow(ctx, `SELECT masp.try_login($1, $2)`, t.code, t.address).Scan(&wait); err != nil {
		return err
	}
	if wait != nil {
		return &SlowedError{RetryAfter: *wait}
	}
	return nil
}

func forgiveCard(ctx context.Context, tx pgx.Tx, t try) error {
	_, err := tx.Exec(ctx, `SELECT masp.forgive_login($1, $2)`, t.code, t.address)
	return err
}

func openDevice(ctx context.Context, tx pgx.Tx, hash []byte, secret string) (Principal, error) {
	var person *string
	var device *int64
	own := sha256.Sum256([]byte(secret))
	err := tx.QueryRow(ctx, `SELECT who, device FROM masp.enter_by_card($1, $2)`, hash, own[:]).Scan(&person, &device)
	switch {
	case err != nil:
		return Principal{}, err
	case person == nil:
		return Principal{}, ErrCard
	}
	return visitor(*person, *device, secret), nil
}

func useDevice(ctx context.Context, db *pgxpool.Pool, secret string) (person string, device int64, err error) {
	var who *string
	var id *int64
	if err := db.QueryRow(ctx, `SELECT who, device FROM masp.use_device($1)`, secret).Scan(&who, &id); err != nil {
		return "", 0, err
	}
	if who == nil {
		return "", 0, ErrUnknown
	}
	return *who, *id, nil
}

func devicesOf(ctx context.Context, q unit.Querier, person string) ([]Device, error) {
	rows, err := q.Query(ctx, `
		SELECT 'D' || device_id, opened_at, seen_at, expires_at FROM masp.living_devices
		 WHERE beneficiary_id = coalesce((SELECT m.beneficiary_id FROM masp.mandates m WHERE m.mandate_id = $1), $1)
		 ORDER BY device_id DESC`, person)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Device])
}

func endDevices(ctx context.Context, tx pgx.Tx, by Principal, person string) (actor, reference string, ended int, err error) {
	err = tx.QueryRow(ctx, `SELECT who, person, ended FROM masp.end_devices($1, $2)`, person, by.secret).
		Scan(&actor, &reference, &ended)
	return actor, reference, ended, translateCard(err, by)
}

func endDevice(ctx context.Context, tx pgx.Tx, by Principal) (person string, err error) {
	var who *string
	if err := tx.QueryRow(ctx, `SELECT masp.end_device($1)`, by.secret).Scan(&who); err != nil {
		return "", err
	}
	if who == nil {
		return "", ErrUnknown
	}
	return *who, nil
}

// translateCard turns a refusal of the database (migrations/0030_ways_in.sql) into the package's own
// error.
func translateCard(err error, by Principal) error {
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch refused.Code {
		case "MA110":
			return ErrNoPerson
		case "MA111":
			return ErrDeceased
		}
	}
	return translate(err, by)
}
