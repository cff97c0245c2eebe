package imports

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/unit"
)

// Suspense lists what is still unidentified, the oldest first.
func (s *Service) Suspense(ctx context.Context) ([]SuspenseItem, error) {
	report, err := s.SuspenseReport(ctx)
	return report.Items, err
}

// SuspenseSums sums what is still unidentified by age, as SuspenseReport does, without its lines.
func (s *Service) SuspenseSums(ctx context.Context) (r SuspenseSums, err error) {
	err = ledger.Snapshot(ctx, s.DB, func(tx pgx.Tx) error {
		if r.On, err = ledger.Today(ctx, tx); err != nil {
			return err
		}
		if r.Days, err = suspenseDays(ctx, tx); err != nil {
			return err
		}
		if err = r.read(ctx, tx); err != nil {
			return err
		}
		balance, err := s.Ledger.Balance(ctx, tx, ledger.Suspense)
		r.Balance = balance.Neg()
		return err
	})
	if err != nil {
		return SuspenseSums{}, fmt.Errorf("sum suspense: %w", err)
	}
	return r, nil
}

// SuspenseSearch says which of the lines in suspense are looked for, the oldest first: what is empty is not asked.
type SuspenseSearch struct {
	Line           int64
	Account, Owner string
	Late           *bool
	After          SuspensePlace // begins after this one
	Most           int
}

// SuspensePlace is the place of a line in suspense.
type SuspensePlace struct {
	Day  civil.Date
	Line int64
}

// SuspensePart finds lines in suspense.
func (s *Service) SuspensePart(ctx context.Context, look SuspenseSearch) ([]SuspenseItem, error) {
	found, err := suspensePart(ctx, unit.Reader(ctx, s.DB), look)
	if err != nil {
		return nil, fmt.Errorf("find what is in suspense: %w", err)
	}
	return found, nil
}

// CountSuspense is how many lines there are of a search, its After left out, and no further than its Most.
func (s *Service) CountSuspense(ctx context.Context, look SuspenseSearch) (int, error) {
	return counted(ctx, unit.Reader(ctx, s.DB), `FROM (SELECT`+look.where()+` LIMIT $5) counted`, append(look.args(), look.Most)...)
}

// SuspenseReport lists what is still unidentified, the oldest first, and sums it by age.
func (s *Service) SuspenseReport(ctx context.Context) (SuspenseReport, error) {
	var r SuspenseReport
	err := ledger.Snapshot(ctx, s.DB, func(tx pgx.Tx) (err error) {
		if r.On, err = ledger.Today(ctx, tx); err != nil {
			return err
		}
		if r.Days, err = suspenseDays(ctx, tx); err != nil {
			return err
		}
		if r.Items, err = suspenseItems(ctx, tx, ""); err != nil {
			return err
		}
		balance, err := s.Ledger.Balance(ctx, tx, ledger.Suspense)
		r.Balance = balance.Neg()
		return err
	})
	if err != nil {
		return SuspenseReport{}, fmt.Errorf("list suspense: %w", err)
	}
	r.age()
	return r, nil
}
