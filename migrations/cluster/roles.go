package cluster

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// The roles of a private cluster. A user's own server needs the same group roles masp_app, masp_read
// and masp_reach, which masp_app may become and does not inherit; its logins may have any name.
const (
	Superuser = "postgres"
	Owner     = "masp_owner"
	App       = "masp_app"
	Reader    = "masp_read"
)

// roleStatements may be run again and again: a kill between them is repaired at the next start.
const roleStatements = `
DO $$
DECLARE wanted text;
BEGIN
	FOREACH wanted IN ARRAY ARRAY['masp_owner', 'masp_app', 'masp_read'] LOOP
		IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
			EXECUTE format('CREATE ROLE %I LOGIN', wanted);
		END IF;
	END LOOP;
	ALTER ROLE masp_read SET default_transaction_read_only = on;
	IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'masp_reach') THEN
		CREATE ROLE masp_reach NOLOGIN;
	END IF;
	IF (SELECT rolinherit FROM pg_roles WHERE rolname = 'masp_app') THEN
		ALTER ROLE masp_app NOINHERIT;
		ALTER ROLE masp_reach SET default_transaction_read_only = on;
	END IF;
	GRANT masp_reach TO masp_app;
END
$$`

func (c *Cluster) ensureRoles(ctx context.Context) error {
	return c.asSuperuser(ctx, func(conn *pgx.Conn) error {
		if _, err := conn.Exec(ctx, roleStatements); err != nil {
			return fmt.Errorf("create the roles of the cluster: %w", err)
		}
		return nil
	})
}

// CreateDatabase creates a database owned by masp_owner; one that exists, or that another
// process makes at this moment, is left as it is.
func (c *Cluster) CreateDatabase(ctx context.Context, name string) error {
	return c.asSuperuser(ctx, func(conn *pgx.Conn) error {
		var exists bool
		err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, name).Scan(&exists)
		if err == nil && !exists {
			_, err = conn.Exec(ctx, `CREATE DATABASE `+pgx.Identifier{name}.Sanitize()+` OWNER `+Owner)
		}
		if err != nil && !madeByAnother(err) {
			return fmt.Errorf("create the database %s: %w", name, err)
		}
		return nil
	})
}

// madeByAnother tells whether a database appeared between our look and our creation.
func madeByAnother(err error) bool {
	const duplicateDatabase, uniqueViolation = "42P04", "23505" // which, depends on the moment
	var refused *pgconn.PgError
	return errors.As(err, &refused) && (refused.Code == duplicateDatabase || refused.Code == uniqueViolation)
}

// DropDatabase drops a database with all its data, cutting its clients; a missing one is no error.
func (c *Cluster) DropDatabase(ctx context.Context, name string) error {
	return c.asSuperuser(ctx, func(conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, `DROP DATABASE IF EXISTS `+pgx.Identifier{name}.Sanitize()+` WITH (FORCE)`)
		if err != nil {
			return fmt.Errorf("drop the database %s: %w", name, err)
		}
		return nil
	})
}

func (c *Cluster) ping(ctx context.Context) error {
	return c.asSuperuser(ctx, func(conn *pgx.Conn) error { return conn.Ping(ctx) })
}

func (c *Cluster) asSuperuser(ctx context.Context, do func(*pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, c.SuperURL(Superuser))
	if err != nil {
		return fmt.Errorf("connect to the private PostgreSQL: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	return do(conn)
}
