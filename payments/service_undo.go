package payments

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/payments/worklist"
)

// Undoing is what the undo of one answer of the bank changes of a transfer. The answer was about
// another one, or about none: a settled transfer is under way again, a returned one is settled again
// and what it paid is paid again.
type Undoing struct {
	ID        int64            `json:"-"`
	Transfer  string           `json:"transfer"` // its reference at the bank
	From      InstructionState `json:"from"`
	To        InstructionState `json:"to"`
	Dues      []string         `json:"dues"`      // paid again: OBLIGATION@DAY
	Obstacles []string         `json:"obstacles"` // French: what has been built on the answer since
}

// UndoingTx tells what the undo of the answers that an entry gave would change, in the order of the
// transfers, which are locked. The caller holds the books before it reads the obstacles: nothing is
// built on them meanwhile.
func (s *Service) UndoingTx(ctx context.Context, tx pgx.Tx, entry int64) ([]Undoing, error) {
	all, err := answeredBy(ctx, tx, entry)
	if err != nil {
		return nil, fmt.Errorf("read what entry %d answered: %w", entry, err)
	}
	if err := s.Ledger.LockTx(ctx, tx); err != nil {
		return nil, err
	}
	for i := range all {
		if err := all[i].obstacles(ctx, tx); err != nil {
			return nil, fmt.Errorf("look for what stands on transfer %s: %w", all[i].Transfer, err)
		}
	}
	return all, nil
}

// UndoAnswerTx undoes what one entry answered for a transfer. PostgreSQL lets it happen in the
// transaction in which somebody undoes the match of that entry, and in no other.
func (s *Service) UndoAnswerTx(ctx context.Context, tx pgx.Tx, u Undoing, entry int64) error {
	err := undoAnswer(ctx, tx, u, entry)
	if err == nil && u.From == Returned {
		err = u.takeBack(ctx, tx, entry)
	}
	if err == nil {
		err = unsettleRun(ctx, tx, u.ID)
	}
	if err != nil {
		return fmt.Errorf("undo the answer about transfer %s: %w", u.Transfer, translate(err))
	}
	return nil
}

// takeBack undoes what a return had opened, and closes what it had told.
func (u Undoing) takeBack(ctx context.Context, tx pgx.Tx, entry int64) error {
	if err := payAgain(ctx, tx, u.ID, entry); err != nil {
		return err
	}
	undone, err := undoneReturns(ctx, tx, u.ID)
	if err != nil {
		return err
	}
	_, err = worklist.CureTx(ctx, tx, "le rapprochement de ce retour est annulé",
		failureSource(PaymentReturned, u.Transfer, undone-1))
	return err
}
