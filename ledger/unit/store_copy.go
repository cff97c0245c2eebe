package unit

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Copy writes rows into a table of the schema masp, as COPY would, and answers how many. PostgreSQL
// refuses COPY into a table with row-level security: the rows are copied beside it and inserted from
// there, in their order. Triggers and defaults work as with any INSERT.
func Copy(ctx context.Context, tx pgx.Tx, table string, columns []string, rows pgx.CopyFromSource) (written int64, err error) {
	err = beside(ctx, tx, table, columns, rows, func(insert string) error {
		done, err := tx.Exec(ctx, insert)
		written = done.RowsAffected()
		return err
	})
	return written, err
}

// CopyNumbered is Copy into a table that numbers its rows. It answers their numbers, in the order of the rows.
func CopyNumbered(
	ctx context.Context, tx pgx.Tx, table string, columns []string, number string, rows pgx.CopyFromSource,
) (numbers []int64, err error) {
	err = beside(ctx, tx, table, columns, rows, func(insert string) error {
		given, err := tx.Query(ctx, insert+` RETURNING `+pgx.Identifier{number}.Sanitize())
		if err != nil {
			return err
		}
		numbers, err = pgx.CollectRows(given, pgx.RowTo[int64])
		return err
	})
	return numbers, err
}

// beside copies rows beside a table and has them inserted from there.
func beside(ctx context.Context, tx pgx.Tx, table string, columns []string, rows pgx.CopyFromSource, run func(insert string) error) error {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = pgx.Identifier{c}.Sanitize()
	}
	list, copied := strings.Join(names, ", "), "copied_"+table
	into, from := pgx.Identifier{"masp", table}.Sanitize(), pgx.Identifier{"pg_temp", copied}.Sanitize()
	_, err := tx.Exec(ctx, fmt.Sprintf(`CREATE TEMPORARY TABLE %s ON COMMIT DROP AS SELECT %s FROM %s WITH NO DATA`,
		pgx.Identifier{copied}.Sanitize(), list, into))
	if err != nil {
		return fmt.Errorf("prepare the rows of %s: %w", table, err)
	}
	if err := copyInto(ctx, tx.Conn(), from, list, rows); err != nil {
		return fmt.Errorf("copy the rows of %s: %w", table, err)
	}
	if err := run(fmt.Sprintf(`INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM %s`, into, list, list, from)); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `DROP TABLE `+from)
	return err
}
