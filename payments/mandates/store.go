package mandates

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger/unit"
)

// each runs a query and does something with each row, scanned into the targets.
func each(ctx context.Context, tx pgx.Tx, targets []any, do func(), sql string, args ...any) error {
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	_, err = pgx.ForEachRow(rows, targets, func() error { do(); return nil })
	return err
}

// copyRows streams records into a table, each by the values of its row.
func copyRows[T any](ctx context.Context, tx pgx.Tx, table string, columns []string, all []T, row func(T) []any) error {
	if len(all) == 0 {
		return nil
	}
	source := pgx.CopyFromSlice(len(all), func(i int) ([]any, error) { return row(all[i]), nil })
	if _, err := unit.Copy(ctx, tx, table, columns, source); err != nil {
		return fmt.Errorf("write %s: %w", table, err)
	}
	return nil
}

// orNull writes an empty text as NULL.
func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// orEmpty keeps a nil list from becoming NULL, which would match nothing or everything.
func orEmpty(ids []string) []string {
	if ids == nil {
		return []string{}
	}
	return ids
}
