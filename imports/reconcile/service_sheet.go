package reconcile

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/payments/mandates"
)

// Beneficiary is what a person had in a month, by everything that is known now, in either model of
// account. ErrNoMandate when the mandate holds no money of its own.
func (s *Service) Beneficiary(ctx context.Context, mandate string, of civil.Month) (Sheet, error) {
	sheet := Sheet{Mandate: mandate, Month: of}
	err := ledger.Snapshot(ctx, s.DB, func(tx pgx.Tx) error { return s.readSheet(ctx, tx, &sheet) })
	if err != nil {
		return Sheet{}, fmt.Errorf("reconcile mandate %s: %w", mandate, err)
	}
	return sheet, nil
}

func (s *Service) readSheet(ctx context.Context, tx pgx.Tx, sheet *Sheet) (err error) {
	if err := sheet.readHead(ctx, tx); err != nil {
		return err
	}
	all, err := readAccounts(ctx, tx, sheet.Account)
	if err != nil {
		return err
	}
	if err := sheet.readMoves(ctx, tx); err != nil {
		return err
	}
	if err := sheet.readPending(ctx, tx, all.entry); err != nil {
		return err
	}
	if err := sheet.readReceipts(ctx, tx); err != nil {
		return err
	}
	sheet.Benefits, err = s.Imports.ExpectedWithin(ctx, tx, sheet.Mandate, sheet.Month)
	if err != nil {
		return err
	}
	sheet.addUp()
	if sheet.Model == mandates.Individual {
		own := all.day(sheet.Account, sheet.Month.Last())
		sheet.Own = &own
	}
	return sheet.compare(ctx, tx)
}

// compare tells whether the month is as it was stored last.
func (s *Sheet) compare(ctx context.Context, tx pgx.Tx) error {
	stored, err := storedMonths(ctx, tx, s.Mandate, s.Month)
	if err != nil || len(stored) == 0 {
		return err
	}
	var last storedMonth
	for _, m := range stored {
		if m.account == s.Account && m.revision > last.revision {
			last = m
		}
	}
	s.Stored, s.Same = last.revision, last.Amounts == s.Amounts
	return nil
}

// storeMonths stores the months whose last day is locked by a closing: of each account those that
// end after its last lock. It answers how many.
func (s *Service) storeMonths(
	ctx context.Context, tx pgx.Tx, done *reconciled, by string, closed Closed,
) (int, error) {
	var months []month
	for of, accounts := range done.monthsEnding(closed) {
		some, err := computeMonths(ctx, tx, accounts, of, done.entry)
		if err != nil {
			return 0, err
		}
		months = append(months, some...)
	}
	return len(months), insertMonths(ctx, tx, done.batch, by, months)
}

// monthsEnding are the months whose last day a closing locks, with the accounts that it locks.
func (r *reconciled) monthsEnding(closed Closed) map[civil.Month][]string {
	ending := map[civil.Month][]string{}
	for _, name := range closed.Accounts {
		from := r.of[name].first()
		if locked := r.locked[name]; !locked.IsZero() {
			from = locked.AddDays(1)
		}
		for of := from.MonthOf(); !of.Last().After(closed.Through); of = of.Add(1) {
			ending[of] = append(ending[of], name)
		}
	}
	return ending
}
