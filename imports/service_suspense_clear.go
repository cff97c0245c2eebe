package imports

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger/audit"
	"masp/ledger/money"
)

// Clearing says that two lines in suspense belong together: what left by the one came back by the
// other. With Undo, that they do not.
type Clearing struct {
	Debit, Credit int64
	Undo          bool
	Reason        string
}

// Cleared is what a clearing did.
type Cleared struct {
	ID     int64        `json:"clearing"`
	Debit  int64        `json:"debit_line"`
	Credit int64        `json:"credit_line"`
	Amount money.Amount `json:"amount"`
	Undone bool         `json:"undone"`
}

// ClearSuspense takes two lines of one account out of suspense against each other: a debit and its own
// correction, a fee of the bank and what the organisation paid in for it. Both are open
// with the same amount. 471 stays what it is: nothing is posted, and an undo opens both again.
//
// Errors: ErrRole, ErrToken, *RefusedError.
func (s *Service) ClearSuspense(ctx context.Context, who auth.Principal, c Clearing) (Cleared, error) {
	done := Cleared{Debit: c.Debit, Credit: c.Credit, Undone: c.Undo}
	err := s.act(ctx, who, func(tx pgx.Tx) (err error) {
		if strings.TrimSpace(c.Reason) == "" {
			return refuse("REASON", "Écrivez pourquoi ces deux lignes vont ensemble : cela reste dans le journal.")
		}
		if err = lockAccountOf(ctx, tx, c.Debit); err != nil {
			return err
		}
		if done.ID, done.Amount, err = clearSuspense(ctx, tx, who.Secret(), c); err != nil {
			return err
		}
		return record(ctx, tx, audit.Act{
			Actor: who.ID, Action: "suspense.clear", ObjectType: "bank_line",
			ObjectID: strconv.FormatInt(c.Debit, 10), Reason: c.Reason,
		}, sealed{Clearing: done.ID})
	})
	if err != nil {
		return Cleared{}, fmt.Errorf("clear bank lines %d and %d: %w", c.Debit, c.Credit, err)
	}
	return done, nil
}
