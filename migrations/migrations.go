package migrations

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

//go:embed *.sql
var embedded embed.FS

const versionTable = "masp.schema_versions"

// lockID is the key of the advisory lock around a migration ("masp" as a number).
const lockID = 0x6d617370

// File is one migration of this program.
type File struct {
	Version int64
	Name    string // "0001_foundation.sql"
	SHA256  string // of its bytes, in hexadecimal
}

// Files lists the migrations of this program in their order.
func Files() ([]File, error) { return filesOf(embedded) }

func filesOf(fsys fs.FS) ([]File, error) {
	names, err := fs.Glob(fsys, "*.sql")
	if err != nil {
		return nil, err
	}
	files := make([]File, 0, len(names))
	for _, name := range names {
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		number, _, _ := strings.Cut(path.Base(name), "_")
		version, err := strconv.ParseInt(number, 10, 64)
		if err != nil || version < 1 {
			return nil, fmt.Errorf("migration %s: its name must begin with a number and _", name)
		}
		sum := sha256.Sum256(text)
		files = append(files, File{Version: version, Name: name, SHA256: hex.EncodeToString(sum[:])})
	}
	slices.SortFunc(files, func(a, b File) int { return int(a.Version - b.Version) })
	return files, nil
}

// ChangedError says that a migration was edited after it had been applied.
type ChangedError struct{ Name string }

func (e *ChangedError) Error() string {
	return fmt.Sprintf("the migration %s was changed after it had been applied: "+
		"restore the file and put the change in a new migration", e.Name)
}

// Apply runs the missing migrations as the owner of the database and returns their names; none
// missing is no error. It then lets the user of appURL act as masp_app, unless appURL is empty.
// Each file runs in a transaction of its own. Errors: [*ChangedError], [*SchemaError] when the
// database is newer than the program, [*UnsafeError] before anything is written when no
// migration could mend the database, or the failing file with PostgreSQL's message.
func Apply(ctx context.Context, ownerURL, appURL string) (applied []string, err error) {
	applied, err = applyFiles(ctx, embedded, ownerURL, appURL)
	if err != nil {
		return applied, fmt.Errorf("migrate the database: %w", err)
	}
	return applied, nil
}

func applyFiles(ctx context.Context, fsys fs.FS, ownerURL, appURL string) (_ []string, err error) {
	config, err := configOf(ownerURL)
	if err != nil {
		return nil, err
	}
	db := stdlib.OpenDB(*config)
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect as %s: %w", config.User, err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }() // ends the session, and so the lock
	if err := refuseServer(ctx, conn); err != nil {
		return nil, err
	}
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, lockID); err != nil {
		return nil, fmt.Errorf("wait for another migration: %w", err)
	}
	if err := recordChecksums(ctx, conn, fsys); err != nil {
		return nil, err
	}
	applied, err := up(ctx, db, fsys)
	if err != nil {
		return applied, err
	}
	return applied, grant(ctx, conn, appURL)
}

func up(ctx context.Context, db *sql.DB, fsys fs.FS) ([]string, error) {
	provider, err := goose.NewProvider(goose.DialectPostgres, db, fsys,
		goose.WithTableName(versionTable), goose.WithDisableGlobalRegistry(true))
	if errors.Is(err, goose.ErrNoMigrations) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	results, err := provider.Up(ctx)
	var partial *goose.PartialError
	if errors.As(err, &partial) {
		results = partial.Applied
	}
	applied := make([]string, 0, len(results))
	for _, r := range results {
		applied = append(applied, path.Base(r.Source.Path))
	}
	if partial != nil && partial.Failed != nil {
		return applied, fmt.Errorf("%s: %w", path.Base(partial.Failed.Source.Path), withHint(partial.Err))
	}
	return applied, err
}

// withHint adds what PostgreSQL, or the file itself, advises to do.
func withHint(err error) error {
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.Hint != "" {
		return fmt.Errorf("%w; %s", err, refused.Hint)
	}
	return err
}

// Status is the state of one migration in one database.
type Status struct {
	File
	Applied bool
}

// StatusOf lists the migrations of this program and whether the database has them.
func StatusOf(ctx context.Context, q Querier) ([]Status, error) {
	files, err := Files()
	if err != nil {
		return nil, err
	}
	versions, err := appliedVersions(ctx, q)
	if err != nil {
		return nil, err
	}
	list := make([]Status, 0, len(files))
	for _, f := range files {
		list = append(list, Status{File: f, Applied: slices.Contains(versions, f.Version)})
	}
	return list, nil
}

// grant lets the program's role read the version, and lets the user of appURL be that role.
func grant(ctx context.Context, conn *sql.Conn, appURL string) error {
	const reading = `
DO $$ BEGIN
	IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'masp_app')
	   AND NOT has_table_privilege('masp_app', 'masp.schema_versions', 'SELECT') THEN
		GRANT SELECT ON masp.schema_versions, masp.migration_checksums TO masp_app;
	END IF;
END $$`
	if _, err := conn.ExecContext(ctx, reading); err != nil {
		return fmt.Errorf("let masp_app read the version: %w", err)
	}
	if appURL == "" {
		return nil
	}
	config, err := configOf(appURL)
	if err != nil {
		return err
	}
	var needed bool
	err = conn.QueryRowContext(ctx, `SELECT $1 NOT IN ('masp_app', current_user::text)
		AND NOT EXISTS (SELECT FROM pg_auth_members m
			JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles u ON u.oid = m.member
			WHERE g.rolname = 'masp_app' AND u.rolname = $1)`, config.User).Scan(&needed)
	if err != nil || !needed {
		return err
	}
	name := pgx.Identifier{config.User}.Sanitize()
	if _, err := conn.ExecContext(ctx, `GRANT masp_app TO `+name); err != nil {
		return fmt.Errorf("let %s act as masp_app (an administrator may run: GRANT masp_app TO %s): %w",
			name, name, err)
	}
	return nil
}
