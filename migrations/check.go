package migrations

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Querier is a pool, a connection or a transaction.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// SchemaError says that the schema of the database is not that of the program.
type SchemaError struct {
	Database, Program int64 // newest version of each; Database 0: no schema yet
	Missing           []string
}

func (e *SchemaError) Error() string {
	switch {
	case e.Database == 0:
		return "the database has no masp schema yet: run masp migrate"
	case e.Database > e.Program:
		return fmt.Sprintf("the database is at version %d and this program knows only %d: "+
			"install the newer program", e.Database, e.Program)
	default:
		return fmt.Sprintf("the database is at version %d and this program needs %d (missing: %v): "+
			"run masp migrate", e.Database, e.Program, e.Missing)
	}
}

// Check compares the versions of the database with those of the program. It returns nil when
// they are the same, else a [*SchemaError] that names the command to run.
func Check(ctx context.Context, q Querier) error {
	files, err := Files()
	if err != nil {
		return err
	}
	versions, err := appliedVersions(ctx, q)
	if err != nil {
		return fmt.Errorf("read the version of the schema: %w", err)
	}
	return compare(files, versions)
}

func compare(files []File, versions []int64) error {
	e := &SchemaError{}
	if len(versions) > 0 {
		e.Database = slices.Max(versions)
	}
	for _, f := range files {
		e.Program = max(e.Program, f.Version)
		if !slices.Contains(versions, f.Version) {
			e.Missing = append(e.Missing, f.Name)
		}
	}
	if len(e.Missing) == 0 && e.Database == e.Program {
		return nil
	}
	return e
}

// appliedVersions is empty for a database that has no schema, or none that we may enter.
func appliedVersions(ctx context.Context, q Querier) ([]int64, error) {
	rows, err := q.Query(ctx, `SELECT version_id FROM masp.schema_versions
		WHERE is_applied AND version_id > 0 ORDER BY version_id`)
	if err == nil {
		var versions []int64
		versions, err = pgx.CollectRows(rows, pgx.RowTo[int64])
		if err == nil {
			return versions, nil
		}
	}
	var refused *pgconn.PgError
	if errors.As(err, &refused) && slices.Contains([]string{"42P01", "3F000", "42501"}, refused.Code) {
		return nil, nil
	}
	return nil, err
}
