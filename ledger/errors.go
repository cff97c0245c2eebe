package ledger

import (
	"errors"
	"fmt"

	"masp/ledger/money"
)

// Errors that callers branch on; they come wrapped with the place.
var (
	// ErrClosed: the posting day lies in a closed month.
	ErrClosed = errors.New("the month is closed")
	// ErrLocked: an account of the entry was reconciled with the bank and locked through that day
	// (migration 0023).
	ErrLocked = errors.New("the days of the bank account are locked")
	// ErrBackdated: an entry was already posted on a later day. Post today, with the earlier day
	// as BookedOn or ValueOn.
	ErrBackdated = errors.New("the books are already at a later day")
	// ErrFuture: the posting day lies after today by the clock of the database.
	ErrFuture = errors.New("the posting day lies in the future")
	// ErrReversed: the entry has its reversal already.
	ErrReversed = errors.New("the entry is already reversed")
	// ErrNoEntry: there is no entry of this number.
	ErrNoEntry = errors.New("no such entry")
	// ErrNotNext: the month is not over, is not the one after the last closed month, or, to be
	// reopened, is not the last closed one.
	ErrNotNext = errors.New("months are closed one after the other and reopened from the last")
)

// OverdrawnError refuses an entry that would take more from an account than it holds.
type OverdrawnError struct {
	Code    Code
	Balance money.Amount // what the account holds
	Wanted  money.Amount // what the entry takes
}

func (e *OverdrawnError) Error() string {
	return fmt.Sprintf("account %s does not hold enough", e.Code)
}

// ConflictError refuses an entry whose source is known with another content.
type ConflictError struct {
	Source string
	No     int64 // the entry that has this source; 0 when it is in the same batch
}

func (e *ConflictError) Error() string {
	return fmt.Sprintf("source %q is entry %d, with another content", e.Source, e.No)
}

// InvalidError refuses an entry that cannot be right whatever the books say.
type InvalidError struct {
	Source string
	Why    string
}

func (e *InvalidError) Error() string { return fmt.Sprintf("entry %q: %s", e.Source, e.Why) }
