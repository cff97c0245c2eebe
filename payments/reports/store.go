package reports

import (
	"context"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/unit"
)

// heading reads whose report it is, and of which days: no report tells of a day to come.
func heading(ctx context.Context, tx unit.Querier, a Ask) (organisation string, of Ask, err error) {
	var today civil.Date
	err = tx.QueryRow(ctx, `SELECT coalesce((SELECT name FROM masp.organisations), ''), masp.today()`).Scan(&organisation, &today)
	if err != nil {
		return "", a, err
	}
	if a.To.IsZero() || a.To.After(today) {
		a.To = today
	}
	if a.From.IsZero() {
		if a.From, err = civil.Of(a.To.Year(), 1, 1); err != nil {
			return "", a, err
		}
	}
	if a.To.Before(a.From) {
		return "", a, ErrPeriod
	}
	return organisation, a, nil
}

// each reads rows one by one.
func each(ctx context.Context, tx unit.Querier, into []any, take func() error, sql string, args ...any) error {
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	_, err = pgx.ForEachRow(rows, into, take)
	return err
}

// ofDepartment is the condition of a Département on m.department, $3.
const ofDepartment = ` AND ($3 = '' OR m.department = $3)`
