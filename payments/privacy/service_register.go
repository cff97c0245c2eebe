package privacy

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/unit"
	"masp/payments/papers/page"
)

// Register is the register of processing of today.
func (s *Service) Register(ctx context.Context) (page.Paper, error) {
	var r Register
	err := unit.Snapshot(ctx, s.DB, func(tx pgx.Tx) error { return r.read(ctx, tx) })
	if err != nil {
		return page.Paper{}, fmt.Errorf("make the register of processing: %w", err)
	}
	return r.Paper(), nil
}

func (r *Register) read(ctx context.Context, tx pgx.Tx) (err error) {
	if r.Today, err = ledger.Today(ctx, tx); err != nil {
		return err
	}
	if r.Times, err = readTimes(ctx, tx); err != nil {
		return err
	}
	err = tx.QueryRow(ctx, `
		SELECT coalesce(max(name), ''), coalesce(max(siren), ''), (SELECT count(*) FROM masp.beneficiaries),
		       ARRAY(SELECT DISTINCT delegator || ' (convention ' || reference || ')' FROM masp.conventions ORDER BY 1)
		  FROM masp.organisations`).Scan(&r.Organisation, &r.Siren, &r.Persons, &r.Controllers)
	if err != nil {
		return err
	}
	rows, err := tx.Query(ctx, `
		SELECT purpose, array_agg(lower(title) ORDER BY title) FROM masp.personal_data WHERE hers IS NOT NULL GROUP BY purpose`)
	if err != nil {
		return err
	}
	r.Holds = map[string][]string{}
	var purpose string
	var titles []string
	_, err = pgx.ForEachRow(rows, []any{&purpose, &titles}, func() error {
		r.Holds[purpose] = append([]string{}, titles...)
		titles = nil
		return nil
	})
	return err
}
