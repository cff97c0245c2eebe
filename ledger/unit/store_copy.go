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
func Copy(ctx context.Context, tx pgx.Tx, table string, columns []string, rows pgx.CopyFromSource) (int64, error) {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = pgx.Identifier{c}.Sanitize()
	}
	list, beside := strings.Join(names, ", "), "copied_"+table
	into, from := pgx.Identifier{"masp", table}.Sanitize(), pgx.Identifier{"pg_temp", beside}
	_, err := tx.Exec(ctx, fmt.Sprintf(`CREATE TEMPORARY TABLE %s ON COMMIT DROP AS SELECT %s FROM %s WITH NO DATA`,
		pgx.Identifier{beside}.Sanitize(), list, into))
	if err != nil {
		return 0, fmt.Errorf("prepare the rows of %s: %w", table, err)
	}
	written, err := copyInto(ctx, tx.Conn(), from.Sanitize(), list, rows)
	if err != nil {
		return 0, fmt.Errorf("copy the rows of %s: %w", table, err)
	}
	_, err = tx.Exec(ctx, fmt.Sprintf(`INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM %s`, into, list, list, from.Sanitize()))
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, `DROP TABLE `+from.Sanitize())
	return written, err
}
