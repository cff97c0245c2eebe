package migrations

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Scratch is a database of a server for the time of one use: migrated, without an organisation.
type Scratch struct {
	OwnerURL, AppURL string
	server, name     string
}

// NewScratch makes a database beside the owner's, whose role needs the right to create one.
func NewScratch(ctx context.Context, ownerURL, appURL string) (*Scratch, error) {
	s, err := NewEmptyScratch(ctx, ownerURL, appURL)
	if err != nil {
		return nil, err
	}
	if _, err := Apply(ctx, s.OwnerURL, s.AppURL); err != nil {
		_ = s.Drop(ctx) // the first error says more
		return nil, err
	}
	return s, nil
}

// NewEmptyScratch is [NewScratch] without the schema: for a backup to be restored into.
func NewEmptyScratch(ctx context.Context, ownerURL, appURL string) (*Scratch, error) {
	s := &Scratch{server: ownerURL, name: ScratchName()}
	if err := s.onServer(ctx, `CREATE DATABASE `+s.name+` TEMPLATE template0 ENCODING 'UTF8'`); err != nil {
		return nil, fmt.Errorf("create a scratch database: %w", err)
	}
	s.OwnerURL, s.AppURL = inDatabase(ownerURL, s.name), inDatabase(appURL, s.name)
	return s, nil
}

// ScratchName is a new name for a database of one use.
func ScratchName() string { return "masp_scratch_" + strings.ToLower(rand.Text()[:12]) }

// Drop removes the database with all its data; its clients are cut.
func (s *Scratch) Drop(ctx context.Context) error {
	// Force may not end the autovacuum of the server, which is a superuser's; a plain drop asks it to
	// go, and waits for clients that are about to.
	err := s.onServer(ctx, `DROP DATABASE IF EXISTS `+s.name)
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok && refused.Code == objectInUse {
		err = s.onServer(ctx, `DROP DATABASE IF EXISTS `+s.name+` WITH (FORCE)`)
	}
	if err != nil {
		return fmt.Errorf("drop the scratch database: %w", err)
	}
	return nil
}

const objectInUse = "55006"

func (s *Scratch) onServer(ctx context.Context, statement string) error {
	config, err := configOf(s.server)
	if err != nil {
		return err
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	_, err = conn.Exec(ctx, statement)
	return err
}

// inDatabase is the same address with another database.
func inDatabase(address, name string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme == "" {
		return address + " dbname=" + name // keywords: the last one holds
	}
	u.Path = "/" + name
	query := u.Query()
	query.Del("dbname")
	u.RawQuery = query.Encode()
	return u.String()
}
