package reconcile

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// Status is where every bank account stands today. Difference is the sum of what is missing, without
// signs: zero when nothing is.
type Status struct {
	Day        civil.Date      `json:"day"`
	OK         bool            `json:"ok"`
	Difference money.Amount    `json:"difference"`
	Accounts   []AccountStatus `json:"accounts"`
}

// AccountStatus is a bank account today, twice: Day by its history, Now by its balances.
type AccountStatus struct {
	Day
	Model         string     `json:"model"`
	Now           Figures    `json:"now"`
	ReconciledTo  civil.Date `json:"reconciled_through"` // the last day stored without a difference
	LockedThrough civil.Date `json:"locked_through"`
	// Since is the first day of the difference that there still is; zero when there is none. Today
	// when only the balances are wrong. Causes are the entries of that day.
	Since  civil.Date `json:"first_day_of_difference"`
	Causes []Cause    `json:"causes"`
}

// Cause is an entry that moved a bank account on a day, with what the bank says of it. Suspect tells
// that the two differ, or that it alone is as large as the difference.
type Cause struct {
	Entry  int64  `json:"entry"`
	Kind   string `json:"kind"`
	Source string `json:"source"`
	// CountsOn is the day in which the agreement counts it: the bank's own, or the first open day.
	CountsOn civil.Date   `json:"counts_on"`
	Books    money.Amount `json:"books"`
	Bank     money.Amount `json:"bank"`
	Persons  money.Amount `json:"persons"`
	Line     *BankLine    `json:"bank_line"`
	Suspect  bool         `json:"suspect"`
}

// Status compares every account with its bank, by the balances and by the whole history. It stores
// nothing.
func (s *Service) Status(ctx context.Context) (Status, error) {
	return s.status(ctx, func(tx pgx.Tx, today civil.Date) ([]AccountStatus, error) {
		all, err := readAccounts(ctx, tx, "")
		if err != nil {
			return nil, err
		}
		accounts, err := readStanding(ctx, tx, "")
		for i := range accounts {
			if err == nil {
				err = accounts[i].judge(ctx, tx, all, today)
			}
		}
		return accounts, err
	})
}

// StatusOf is the status of one account: by its balances, and by the differences of its history that an
// approval would find. It takes the same time after ten years. Of an account that is none there is nothing.
func (s *Service) StatusOf(ctx context.Context, account string) (Status, error) {
	return s.status(ctx, func(tx pgx.Tx, today civil.Date) ([]AccountStatus, error) {
		accounts, err := readStanding(ctx, tx, account)
		if err == nil && len(accounts) == 1 {
			err = accounts[0].read(ctx, tx, today)
		}
		return accounts, err
	})
}

func (s *Service) status(
	ctx context.Context, read func(pgx.Tx, civil.Date) ([]AccountStatus, error),
) (Status, error) {
	status := Status{Accounts: []AccountStatus{}, OK: true}
	err := ledger.Snapshot(ctx, s.DB, func(tx pgx.Tx) (err error) {
		if status.Day, err = ledger.Today(ctx, tx); err != nil {
			return err
		}
		if status.Accounts, err = read(tx, status.Day); err != nil {
			return err
		}
		for _, a := range status.Accounts {
			status.OK = status.OK && a.State != Difference
			status.Difference = status.Difference.Add(a.Gap.Abs())
		}
		return nil
	})
	if err != nil {
		return Status{}, fmt.Errorf("compare the bank with the books: %w", err)
	}
	return status, nil
}

// read judges an account without its history, of which only the differences that stand are asked.
func (a *AccountStatus) read(ctx context.Context, q ledger.Querier, today civil.Date) error {
	a.Day.Day, a.Figures, a.Causes = today, a.Now, []Cause{}
	importing, gap, err := a.readDifference(ctx, q)
	switch {
	case err != nil:
		return err
	case importing:
		a.State = Importing
	case gap.IsZero():
		a.State = a.Now.State()
	default:
		a.State, a.Gap = Difference, gap
		a.Causes, err = readCauses(ctx, q, dayKey{a.Account, a.Since}, gap, false)
	}
	return err
}

// judge puts the history of an account beside its balances, and looks for the first day of a
// difference and its causes.
func (a *AccountStatus) judge(ctx context.Context, q ledger.Querier, all *accounts, today civil.Date) (err error) {
	name := a.Account
	a.Day = all.day(name, today)
	a.LockedThrough, a.Causes = all.locked[name], []Cause{}
	if all.importing[name] {
		a.State = Importing
		return nil
	}
	a.Since = all.of[name].driftSince(today)
	if a.State != Difference && a.Now.State() == Difference {
		a.State, a.Gap = Difference, a.Now.Gap()
		if a.Since.IsZero() {
			a.Since = today
		}
	}
	if !a.Since.IsZero() && a.State != Difference { // right today, wrong on a day before
		a.State, a.Gap = Difference, all.day(name, a.Since).Gap
	}
	if a.State == Difference {
		a.Causes, err = readCauses(ctx, q, dayKey{name, a.Since}, a.Gap, false)
	}
	return err
}

// Totals are all bank accounts together today; of which the bank has said nothing yet, no sum is told. Differing counts those that keep a run from its approval,
// Difference is what they lack without signs, and Since the first day of it.
type Totals struct {
	Day                 civil.Date
	Accounts, Differing int
	Silent              int // of which the bank has said nothing yet
	Difference          money.Amount
	Since               civil.Date

	Bank, Books, InTransit, Unidentified, Persons money.Amount
}

// Totals sums the accounts by their balances, and asks for differences as an approval does. What was
// computed before serves again while nothing has changed of which it tells (doc.go).
func (s *Service) Totals(ctx context.Context) (t Totals, err error) {
	err = ledger.Snapshot(ctx, s.DB, func(tx pgx.Tx) error {
		t, err = s.kept.totals(ctx, tx)
		return err
	})
	if err != nil {
		return Totals{}, fmt.Errorf("sum the bank and the books: %w", err)
	}
	return t, nil
}

// Detail is a bank account on a day, with every entry that counts on it. Late are those that the bank
// dates on the day and that came when it was locked: they count on a later one.
type Detail struct {
	Day
	Locked bool    `json:"locked"`
	Stored *Day    `json:"stored"` // as it was stored last; nil when it is not
	Moves  []Cause `json:"moves"`
	Late   []Cause `json:"late"`
}

// Show is a bank account on a day: as it was stored when it is locked, else by everything that is known
// now, beside what was stored. ErrNoAccount when there is none.
func (s *Service) Show(ctx context.Context, account string, on civil.Date) (Detail, error) {
	var d Detail
	err := ledger.Snapshot(ctx, s.DB, func(tx pgx.Tx) error {
		all, err := readAccounts(ctx, tx, account)
		if err != nil {
			return err
		}
		if account == "" || all.of[account] == nil {
			return ErrNoAccount
		}
		d.Day = all.day(account, on)
		if all.importing[account] {
			d.State = Importing
		}
		locked := all.locked[account]
		d.Locked = !locked.IsZero() && !on.After(locked)
		if d.Stored, err = lastStored(ctx, tx, account, on); err != nil {
			return err
		}
		if d.Locked && d.Stored != nil {
			d.Day = *d.Stored
		}
		if d.Moves, err = readCauses(ctx, tx, dayKey{account, on}, d.Gap, false); err != nil {
			return err
		}
		d.Late, err = readCauses(ctx, tx, dayKey{account, on}, d.Gap, true)
		return err
	})
	if err != nil {
		return Detail{}, fmt.Errorf("show the day %s of %s: %w", on, account, err)
	}
	return d, nil
}
