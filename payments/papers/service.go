package papers

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/unit"
	"masp/payments/mandates"
)

// Service makes papers from the books of one organisation.
type Service struct {
	DB       *pgxpool.Pool
	Ledger   *ledger.Ledger
	Mandates *mandates.Service
}

// Statement is the account statement of a mandate from one day to another, both included. A zero day
// is the last of the books, a zero first day that of its month.
//
// Errors: mandates.ErrNoMandate, ErrPeriod.
func (s *Service) Statement(ctx context.Context, mandate string, from, to civil.Date) (Statement, error) {
	var st Statement
	err := s.read(ctx, func(_ context.Context, tx pgx.Tx) (err error) {
		if st.Heading, err = heading(ctx, tx, mandate); err != nil {
			return err
		}
		if err = st.between(from, to); err != nil {
			return err
		}
		st.Account, err = s.Ledger.AccountStatement(ctx, tx, ledger.Mandate(mandate), st.From, st.To)
		return err
	})
	if err != nil {
		return Statement{}, fmt.Errorf("make the statement of %s: %w", mandate, err)
	}
	return st, nil
}

// between sets the days of a paper.
func (h *Heading) between(from, to civil.Date) error {
	if to.IsZero() {
		to = h.Today
	}
	if from.IsZero() {
		from = to.MonthOf().First()
	}
	h.From, h.To = from, to
	if to.Before(from) {
		return ErrPeriod
	}
	return nil
}

// Account is the management account of a mandate from one day to another, both included; the days
// default as those of Statement do.
//
// Errors: mandates.ErrNoMandate, ErrPeriod, ErrUnproved.
func (s *Service) Account(ctx context.Context, mandate string, from, to civil.Date) (Account, error) {
	var a Account
	err := s.read(ctx, func(_ context.Context, tx pgx.Tx) (err error) {
		if a.Heading, err = heading(ctx, tx, mandate); err != nil {
			return err
		}
		if err = a.between(from, to); err != nil {
			return err
		}
		return s.fill(ctx, tx, &a)
	})
	if err != nil {
		return Account{}, fmt.Errorf("make the account of %s: %w", mandate, err)
	}
	return a, nil
}

// Final is the final account of a measure that is over: from its first day with money to today, or
// once it is closed to its last movement.
//
// Errors: mandates.ErrNoMandate, ErrNotOver, ErrUnproved.
func (s *Service) Final(ctx context.Context, mandate string) (Final, error) {
	var f Final
	err := s.read(ctx, func(joined context.Context, tx pgx.Tx) (err error) {
		if f.Heading, err = heading(ctx, tx, mandate); err != nil {
			return err
		}
		switch f.Mandate.Status {
		case mandates.Ended, mandates.Deceased, mandates.Closed:
		default:
			return ErrNotOver
		}
		if err := f.wholeMeasure(ctx, tx); err != nil {
			return err
		}
		if err := s.fill(ctx, tx, &f.Account); err != nil {
			return err
		}
		return s.handOn(joined, &f)
	})
	if err != nil {
		return Final{}, fmt.Errorf("make the final account of %s: %w", mandate, err)
	}
	return f, nil
}

// wholeMeasure sets the days: those of the contract, wider when money moved before or after.
func (f *Final) wholeMeasure(ctx context.Context, tx pgx.Tx) error {
	first, last, err := moneyDays(ctx, tx, f.Mandate.ID)
	if err != nil {
		return err
	}
	f.From, f.To = f.Mandate.From, f.Mandate.EndedOn
	if !first.IsZero() && first.Before(f.From) {
		f.From = first
	}
	if f.Mandate.Status != mandates.Closed {
		last = f.Today
	}
	if last.After(f.To) {
		f.To = last
	}
	return nil
}

// handOn reads what is left to do and what passes to others.
func (s *Service) handOn(ctx context.Context, f *Final) error {
	closing, err := s.Mandates.Closing(ctx, f.Mandate.ID)
	if err != nil {
		return err
	}
	for _, step := range closing.Steps {
		if !step.Done() {
			f.Left = append(f.Left, step)
		}
	}
	requests, err := s.Mandates.Requests(ctx, f.Mandate.ID)
	if err != nil {
		return err
	}
	for _, r := range requests {
		if r.Open() {
			f.Requests = append(f.Requests, r)
		}
	}
	f.Bills, err = bills(ctx, unit.Reader(ctx, s.DB), f.Mandate)
	return err
}

// fill reads and proves an account whose heading is there.
func (s *Service) fill(ctx context.Context, tx pgx.Tx, a *Account) error {
	if err := s.readAccount(ctx, tx, a); err != nil {
		return err
	}
	if !a.Proved() {
		return ErrUnproved
	}
	return nil
}

// read gives one view of the books; other services read it under the joined context.
func (s *Service) read(ctx context.Context, use func(joined context.Context, tx pgx.Tx) error) error {
	return ledger.Snapshot(ctx, s.DB, func(tx pgx.Tx) error { return use(unit.Joined(ctx, tx), tx) })
}
