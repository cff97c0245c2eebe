package mandates

import (
	"context"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
)

// ConventionsTx reads the conventions, the newest first.
func ConventionsTx(ctx context.Context, tx pgx.Tx) ([]Convention, error) {
	rows, err := tx.Query(ctx, `
		SELECT convention_id, delegator, delegate, reference, department, territory, places, starts_on, ends_on
		  FROM masp.conventions ORDER BY starts_on DESC, convention_id`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Convention])
}

// InsertConventionsTx writes conventions.
func InsertConventionsTx(ctx context.Context, tx pgx.Tx, all ...Convention) error {
	columns := []string{
		"convention_id", "delegator", "delegate", "reference", "department", "territory", "places", "starts_on", "ends_on",
	}
	return copyRows(ctx, tx, "conventions", columns, all, func(c Convention) []any {
		return []any{c.ID, c.Delegator, c.Delegate, c.Reference, c.Department, c.Territory, orEmpty(c.Places), c.From, c.To}
	})
}

// UseConventionsTx brings measures under the conventions that they name, each from the day on which
// that one takes over.
func UseConventionsTx(ctx context.Context, tx pgx.Tx, measures []Mandate, all []Convention) error {
	byID := map[string]Convention{}
	for _, c := range all {
		byID[c.ID] = c
	}
	var named []Mandate
	for _, m := range measures {
		if m.Convention != "" {
			named = append(named, m)
		}
	}
	columns := []string{"mandate_id", "valid_from", "convention_id", "place"}
	return copyRows(ctx, tx, "mandate_conventions", columns, named, func(m Mandate) []any {
		return []any{m.ID, byID[m.Convention].TakesOver(m.Contract), m.Convention, m.Place}
	})
}

func insertMandateConvention(ctx context.Context, tx pgx.Tx, id string, from civil.Date, convention, place string) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO masp.mandate_conventions (mandate_id, valid_from, convention_id, place) VALUES ($1, $2, $3, $4)`,
		id, from, convention, place)
	return err
}

// readConvention reads the convention of a measure on a day, or the first that it will have.
func (d *Dossier) readConvention(ctx context.Context, tx pgx.Tx) error {
	return each(ctx, tx, []any{&d.Convention, &d.Place}, func() {}, `
		SELECT convention_id, place FROM masp.mandate_conventions WHERE mandate_id = $1
		 ORDER BY (valid_from <= masp.today()) DESC, CASE WHEN valid_from <= masp.today() THEN -1 ELSE 1 END * (valid_from - DATE '2000-01-01')
		 LIMIT 1`, d.ID)
}
