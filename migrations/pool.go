package migrations

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Open makes a pool whose connections find the tables of masp without naming the schema and
// work in UTC. It connects lazily; maxConns 0 leaves the size to pgx. An error never shows the
// password of the URL.
func Open(ctx context.Context, url string, maxConns int32) (*pgxpool.Pool, error) {
	return OpenBy(ctx, url, maxConns, nil)
}

// OpenBy is [Open] with the way to the server's socket, such as one that starts a private
// server again; nil is the ordinary way.
func OpenBy(ctx context.Context, url string, maxConns int32, dial pgconn.DialFunc) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, unreadable(err)
	}
	settle(config.ConnConfig)
	if dial != nil {
		config.ConnConfig.DialFunc = dial
	}
	if maxConns > 0 {
		config.MaxConns = maxConns
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	return pool, nil
}

func configOf(url string) (*pgx.ConnConfig, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, unreadable(err)
	}
	settle(config)
	return config, nil
}

func settle(config *pgx.ConnConfig) {
	config.RuntimeParams["search_path"] = "masp"
	config.RuntimeParams["timezone"] = "UTC"
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "masp"
	}
}

// unreadable keeps the URL, which may carry a password, out of the message.
func unreadable(err error) error {
	var parse *pgconn.ParseConfigError
	if errors.As(err, &parse) && errors.Unwrap(parse) != nil {
		err = errors.Unwrap(parse)
	}
	return &URLError{err}
}
