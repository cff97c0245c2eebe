package mandates

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/civil"
)

// AddConvention adds a convention under which measures are carried out.
//
// Errors: ErrRole, ErrConventionTwice, Violations.
func (s *Service) AddConvention(ctx context.Context, who auth.Principal, c Convention) error {
	if err := c.Check(); err != nil {
		return err
	}
	a := audit.Act{Action: "convention.add", ObjectType: "convention", ObjectID: c.ID, Details: c}
	return s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		return translate(InsertConventionsTx(ctx, tx, c), ErrNoConvention)
	})
}

// Conventions returns the conventions, the newest first.
func (s *Service) Conventions(ctx context.Context) (all []Convention, err error) {
	err = ledger.Snapshot(ctx, s.DB, func(tx pgx.Tx) error {
		all, err = ConventionsTx(ctx, tx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list conventions: %w", err)
	}
	return all, nil
}

// UseConvention brings a measure under a convention from a day on; place is the INSEE or postal code
// where the person lives, needed when the convention names places.
//
// Errors: ErrRole, ErrNoMandate, ErrNotActive, ErrConventionDay, Violations.
func (s *Service) UseConvention(
	ctx context.Context, who auth.Principal, id, convention, place string, from civil.Date,
) error {
	a := audit.Act{
		Action: "mandate.convention", ObjectType: "mandate", ObjectID: id,
		Details: map[string]any{"convention": convention, "from": from},
	}
	return s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		m, err := lockMeasure(ctx, tx, id)
		switch {
		case err != nil:
			return err
		case m.Status == Closed || m.Status == Deceased:
			return ErrNotActive
		}
		all, err := ConventionsTx(ctx, tx)
		if err != nil {
			return err
		}
		if from.IsZero() {
			from = m.Contract.Start
		}
		m.Convention, m.Place = convention, place
		var vs Violations
		vs.join(m.CheckConvention(all, from))
		vs.add(convention == "", "R-017", "CONVENTION_MISSING", "Nommez la convention (masp convention list).")
		vs.add(place != "" && !PlaceShape.MatchString(place), "R-017", "CONVENTION_PLACE", "Un code INSEE ou postal a 5 caractères.")
		vs.add(from.Before(m.Contract.Start), "R-017", "CONVENTION_BEFORE_MEASURE", "La mesure commence le "+m.Contract.Start.French()+".")
		if err := vs.err(); err != nil {
			return err
		}
		return translate(insertMandateConvention(ctx, tx, id, from, convention, place), ErrNoMandate)
	})
}

// refuseOutside refuses a contract that begins on a day under no convention in force.
func (m measure) refuseOutside(ctx context.Context, tx pgx.Tx, on civil.Date) error {
	var under bool
	err := tx.QueryRow(ctx, `SELECT masp.under_convention($1, $2)`, m.ID, on).Scan(&under)
	if err == nil && !under {
		return ErrConvention
	}
	return err
}
