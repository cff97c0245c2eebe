package migrations

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
)

const checksumTable = `
DO $$ BEGIN
	IF to_regnamespace('masp') IS NULL THEN
		CREATE SCHEMA masp;
	END IF;
	IF to_regclass('masp.migration_checksums') IS NULL THEN
		CREATE TABLE masp.migration_checksums (
			version    bigint PRIMARY KEY,
			name       text NOT NULL,
			sha256     text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
			applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
		);
	END IF;
END $$`

// recordChecksums refuses a changed file, and stores the checksum of each missing one before it
// is run: so a kill between the two never leaves an applied file that could change unseen. The
// row of a file that failed to apply is replaced at the next try.
func recordChecksums(ctx context.Context, conn *sql.Conn, fsys fs.FS) error {
	files, err := filesOf(fsys)
	if err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, checksumTable); err != nil {
		return fmt.Errorf("create the schema masp: %w", err)
	}
	applied, err := appliedChecksums(ctx, conn)
	if err != nil {
		return err
	}
	for _, f := range files {
		was, done := applied[f.Version]
		delete(applied, f.Version)
		switch {
		case done && was != f.SHA256:
			return &ChangedError{Name: f.Name}
		case done:
			continue
		}
		_, err := conn.ExecContext(ctx, `
			INSERT INTO masp.migration_checksums (version, name, sha256) VALUES ($1, $2, $3)
			ON CONFLICT (version) DO UPDATE
			SET name = excluded.name, sha256 = excluded.sha256, applied_at = excluded.applied_at`,
			f.Version, f.Name, f.SHA256)
		if err != nil {
			return fmt.Errorf("store the checksum of %s: %w", f.Name, err)
		}
	}
	if len(applied) > 0 {
		return newerThan(files, applied)
	}
	return nil
}

// appliedChecksums maps the applied versions to the checksum of the file that was run.
func appliedChecksums(ctx context.Context, conn *sql.Conn) (_ map[int64]string, err error) {
	var exists bool
	err = conn.QueryRowContext(ctx, `SELECT to_regclass($1) IS NOT NULL`, versionTable).Scan(&exists)
	if err != nil || !exists {
		return nil, err
	}
	rows, err := conn.QueryContext(ctx, `
		SELECT v.version_id, coalesce(c.sha256, 'not recorded')
		  FROM masp.schema_versions v
		  LEFT JOIN masp.migration_checksums c ON c.version = v.version_id
		 WHERE v.is_applied AND v.version_id > 0`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	sums := map[int64]string{}
	for rows.Next() {
		var version int64
		var sum string
		if err := rows.Scan(&version, &sum); err != nil {
			return nil, err
		}
		sums[version] = sum
	}
	return sums, rows.Err()
}

func newerThan(files []File, unknown map[int64]string) *SchemaError {
	e := &SchemaError{}
	for _, f := range files {
		e.Program = max(e.Program, f.Version)
	}
	for v := range unknown {
		e.Database = max(e.Database, v)
	}
	return e
}
