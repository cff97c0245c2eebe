package reconcile

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/civil"
)

// Closed is what Close has locked.
type Closed struct {
	Through  civil.Date `json:"through"`
	Accounts []string   `json:"accounts"`
	// Unopened have no balance of the bank yet: their days stay open.
	Unopened []string `json:"without_statement"`
	Stored   int      `json:"days_stored"`
	Months   int      `json:"beneficiary_months_stored"`
}

// Close locks the days of every bank account through one that is over, all or none: an accountant says
// so, by the secret that the principal carries. The days are reconciled again first. Accounts that are
// locked further already, and those of which the bank has said nothing yet, are left as they are. When
// a locked day is the last of its month, what each person had in that month is stored.
//
// Errors: ErrToken, ErrRole, ErrNotOver, *OpenDaysError.
func (s *Service) Close(ctx context.Context, who auth.Principal, through civil.Date) (Closed, error) {
	closed := Closed{}
	err := ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		closed = Closed{Through: through, Accounts: []string{}, Unopened: []string{}}
		today, err := ledger.Today(ctx, tx)
		if err != nil {
			return err
		}
		if !through.Before(today) {
			return ErrNotOver
		}
		done, err := s.reconcile(ctx, tx, who.ID, through)
		if err != nil {
			return err
		}
		if err := done.choose(&closed); err != nil {
			return err
		}
		if closed.Months, err = s.storeMonths(ctx, tx, done, who.ID, closed); err != nil {
			return err
		}
		closed.Stored = len(done.fresh)
		_, err = tx.Exec(ctx, `SELECT masp.close_days($1, $2, $3)`, who.Secret(), closed.Accounts, through.Time())
		if err != nil {
			return err
		}
		return done.record(ctx, tx, audit.Act{Actor: who.ID, Action: actClose})
	})
	if err != nil {
		return Closed{}, fmt.Errorf("close the days through %s: %w", through, translate(err))
	}
	return closed, nil
}

// choose finds the accounts to lock; an account that is wrong refuses all.
func (r *reconciled) choose(closed *Closed) error {
	for _, name := range r.names {
		if locked := r.locked[name]; !locked.IsZero() && !locked.Before(closed.Through) {
			continue
		}
		day := r.day(name, closed.Through)
		since := r.of[name].driftSince(closed.Through)
		switch {
		case r.importing[name]:
			return &OpenDaysError{Account: name, Importing: true}
		case !since.IsZero():
			return &OpenDaysError{Account: name, Since: since, Gap: r.day(name, since).Gap}
		case day.State == Balanced:
			closed.Accounts = append(closed.Accounts, name)
		default:
			closed.Unopened = append(closed.Unopened, name)
		}
	}
	if len(closed.Accounts) == 0 {
		return ErrNotOver
	}
	return nil
}

// Reopen takes the lock off the days of a bank account from one on: another accountant or an approver
// than who closed them, with the reason.
//
// Errors: ErrToken, ErrRole, ErrNotLocked, ErrSamePerson, ErrNoReason.
func (s *Service) Reopen(
	ctx context.Context, who auth.Principal, account string, from civil.Date, reason string,
) error {
	err := ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if reason == "" {
			return ErrNoReason
		}
		_, err := tx.Exec(ctx, `SELECT masp.reopen_days($1, $2, $3, $4)`, who.Secret(), account, from.Time(), reason)
		if err != nil {
			return err
		}
		_, err = audit.Record(ctx, tx, audit.Act{
			Actor: who.ID, Action: actReopen, ObjectType: "bank_account", ObjectID: account, Reason: reason,
			Details: sealed{Through: from},
		})
		return err
	})
	if err == nil {
		return nil
	}
	if err = translate(err); err == ErrNotOver { //nolint:errorlint // translate gives it bare
		err = ErrNotLocked
	}
	return fmt.Errorf("reopen the days of %s: %w", account, err)
}
