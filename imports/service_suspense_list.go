package imports

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
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
		if r.Items, err = suspenseItems(ctx, tx); err != nil {
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
