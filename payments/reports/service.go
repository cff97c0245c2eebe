package reports

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"masp/ledger/unit"
)

// Service makes reports from the books of one organisation.
type Service struct{ DB *pgxpool.Pool }

// Make is a report of some days; zero days are the civil year until today.
//
// Errors: ErrReport, ErrPeriod.
func (s *Service) Make(ctx context.Context, name Name, a Ask) (Report, error) {
	make, known := map[Name]func(context.Context, unit.Querier, *Report) error{
		Priority: priority, LateRents: lateRents, Arrears: arrears, Activity: activity, Masp: maspData,
	}[name]
	if !known {
		return Report{}, ErrReport
	}
	r := Report{Name: name, Title: titles[name]}
	err := unit.Snapshot(ctx, s.DB, func(tx pgx.Tx) (err error) {
		if r.Organisation, r.Ask, err = heading(ctx, tx, a); err != nil {
			return err
		}
		return make(ctx, tx, &r)
	})
	if err != nil {
		return Report{}, fmt.Errorf("make the report %s: %w", name, err)
	}
	return r, nil
}

var titles = map[Name]string{
	Priority: "Ordre de priorité des paiements", LateRents: "Loyers en retard", Arrears: "Arriérés de loyer au début et à la fin des mesures",
	Activity: "Activité de la période", Masp: "Données annuelles MASP",
}
