package reconcile

import (
	"cmp"
	"context"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"masp/imports"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/civil"
)

// Service reconciles the bank accounts of one organisation.
type Service struct {
	DB      *pgxpool.Pool
	Ledger  *ledger.Ledger
	Imports *imports.Service

	kept keptTotals
}

// Result is what a reconciliation has found and stored. Differences are the first days of those that
// accounts still have; Waiting the accounts of which a statement is on its way into the books.
type Result struct {
	Through     civil.Date `json:"through"`
	Accounts    int        `json:"accounts"`
	Stored      int        `json:"days_stored"`
	Differences []Day      `json:"differences"`
	Waiting     []string   `json:"waiting"`
}

// Run reconciles every open day of every bank account through a day, yesterday when it is zero, and
// stores the days that are new or of which more was heard since: doing it again stores nothing. By is
// who asks, a user or a job. ErrNotOver for a day to come.
func (s *Service) Run(ctx context.Context, by string, through civil.Date) (Result, error) {
	result := Result{}
	err := ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		today, err := ledger.Today(ctx, tx)
		if err != nil {
			return err
		}
		result.Through = cmp.Or(through, today.AddDays(-1))
		if result.Through.After(today) {
			return ErrNotOver
		}
		done, err := s.reconcile(ctx, tx, by, result.Through)
		if err != nil {
			return err
		}
		result = done.result(result.Through)
		if result.Stored == 0 {
			return nil
		}
		return done.record(ctx, tx, audit.Act{Actor: by, Action: actRun})
	})
	if err != nil {
		return Result{}, fmt.Errorf("reconcile: %w", err)
	}
	return result, nil
}

// reconciled is what a transaction has read and stored.
type reconciled struct {
	*accounts
	batch int64
	fresh []Day
}

// reconcile stores the open days through one. Whoever reconciles at the same time waits; the books
// are locked for a moment, so that nothing commits between two questions.
func (s *Service) reconcile(
	ctx context.Context, tx pgx.Tx, by string, through civil.Date,
) (*reconciled, error) {
	if err := s.Ledger.LockTx(ctx, tx); err != nil {
		return nil, err
	}
	all, err := readAccounts(ctx, tx, "")
	if err != nil {
		return nil, err
	}
	stored, err := lastRevisions(ctx, tx, through)
	if err != nil {
		return nil, err
	}
	done := &reconciled{accounts: all}
	for _, name := range all.names {
		if !all.importing[name] {
			done.fresh = append(done.fresh, all.fresh(name, through, stored)...)
		}
	}
	if done.batch, err = nextBatch(ctx, tx); err != nil {
		return nil, err
	}
	return done, insertDays(ctx, tx, done.batch, by, done.fresh)
}

// dayKey names a day of an account.
type dayKey struct {
	account string
	day     civil.Date
}

// fresh are the open days of an account that are not stored as they are now.
func (all *accounts) fresh(name string, through civil.Date, stored map[dayKey]Day) []Day {
	h := all.of[name]
	from := h.first()
	if from.IsZero() {
		return nil
	}
	if locked := all.locked[name]; !locked.IsZero() {
		from = locked.AddDays(1)
	}
	var days []Day
	for day := from; !day.After(through); day = day.AddDays(1) {
		now := all.day(name, day)
		before := stored[dayKey{name, day}]
		if before.Revision == 0 || !now.sameAs(before) {
			now.Revision = before.Revision + 1
			days = append(days, now)
		}
	}
	return days
}

// day is an account on a day by everything that is known.
func (all *accounts) day(name string, day civil.Date) Day {
	h := all.of[name]
	chain := int64(len(h.closings))
	f := h.at(day, chain)
	return Day{
		Account: name, Day: day, State: f.State(), Gap: f.Gap(), Figures: f,
		place: inputs{entry: all.entry, chain: chain},
	}
}

// drifts are the first days of the differences that accounts have on a day.
func (all *accounts) drifts(on civil.Date) []Day {
	days := []Day{}
	for _, name := range all.names {
		if since := all.of[name].driftSince(on); !since.IsZero() {
			days = append(days, all.day(name, since))
		}
	}
	return days
}

func (r *reconciled) result(through civil.Date) Result {
	result := Result{
		Through: through, Accounts: len(r.names), Stored: len(r.fresh), Differences: r.drifts(through), Waiting: []string{},
	}
	for _, name := range r.names {
		if r.importing[name] {
			result.Waiting = append(result.Waiting, name)
		}
	}
	return result
}

// The acts of this package.
const (
	actRun    = "reconciliation.run"
	actClose  = "reconciliation.close"
	actReopen = "reconciliation.reopen"
)

// sealed is what an act says that it stored; verify reads it again.
type sealed struct {
	Batch   int64      `json:"batch,omitempty"`
	Through civil.Date `json:"through"`
}

// record writes the act with the digest of the rows of the batch.
func (r *reconciled) record(ctx context.Context, tx pgx.Tx, act audit.Act) (err error) {
	if act.After, err = digestOf(ctx, tx, r.batch); err != nil {
		return err
	}
	what := sealed{Batch: r.batch}
	if n := len(r.fresh); n > 0 {
		what.Through = r.fresh[n-1].Day
	}
	act.ObjectType, act.ObjectID, act.Details = "reconciliation", strconv.FormatInt(r.batch, 10), what
	_, err = audit.Record(ctx, tx, act)
	return err
}
