package imports

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/payments"
)

const actReplace = "bank_statement.replace"

// Replacement is what replacing a statement did.
type Replacement struct {
	Old      int64              `json:"old_statement"`
	New      int64              `json:"new_statement"`
	Reversed int                `json:"reversed"` // lines of the old one
	Released []StatementOutcome `json:"released"` // that could follow
}

// Replace puts a statement that waits in the place of an accepted one which the bank has issued again
// with other content: what the old one posted is reversed and the new one is accepted, in one
// transaction. Only the last statement of an account is replaced, by one that opens with the same
// balance and closes on the same day; and only while nothing was built on its lines. Else every reason
// is named. The old one stays stored with its file, its lines and its reversals.
//
// Errors: those of Drop.
func (s *Service) Replace(
	ctx context.Context, who auth.Principal, old, by int64, reason string,
) (Replacement, error) {
	done := Replacement{Old: old, New: by}
	err := s.onHeld(ctx, who, by, actAccept, reason, func(tx pgx.Tx, st *statement) error {
		read, err := s.readAgain(ctx, tx, st)
		if err != nil {
			return err
		}
		o, err := acceptedByID(ctx, tx, old)
		if err != nil {
			return err
		}
		undone, err := s.planReplace(ctx, tx, o, read)
		if err != nil {
			return err
		}
		done.Reversed = len(o.lines)
		if err := s.reverseStatement(ctx, tx, who, o, by, undone, reason); err != nil {
			return err
		}
		return s.takePlace(ctx, tx, who, o, st)
	})
	if err != nil {
		return Replacement{}, fmt.Errorf("replace statement %d by %d: %w", old, by, refusalOf(err))
	}
	done.Released, err = s.RetryHeld(ctx, who.ID)
	return done, err
}

// ReplaceByFile imports the file in which the bank has issued a statement again, and puts the one of
// that account that waits in it in the place of the old one. The file stays imported where the
// replacement is refused.
//
// Errors: those of Import and of Replace.
func (s *Service) ReplaceByFile(
	ctx context.Context, who auth.Principal, old int64, name string, content io.Reader, reason string,
) (Replacement, error) {
	file, err := s.Import(ctx, who.ID, name, content)
	if err != nil {
		return Replacement{}, err
	}
	by, err := s.heldInFile(ctx, old, file.Statements)
	if err != nil {
		return Replacement{}, fmt.Errorf("replace statement %d: %w", old, err)
	}
	return s.Replace(ctx, who, old, by, reason)
}

// answered is what the bank said of one transfer by one entry.
type answered struct {
	payments.Undoing
	entry int64
}

// planReplace locks what the reversals decide on and looks for all that stands in the way.
func (s *Service) planReplace(
	ctx context.Context, tx pgx.Tx, o *accepted, read *statement,
) ([]answered, error) {
	if why := o.hinders(read); len(why) > 0 {
		return nil, inTheWay(why)
	}
	var u Undo
	var undone []answered
	for _, l := range slices.Backward(o.lines) { // what came back before what left
		transfers, err := s.Payments.UndoingTx(ctx, tx, l.entry)
		if err != nil {
			return nil, err
		}
		for _, t := range transfers {
			if slices.ContainsFunc(undone, func(a answered) bool { return a.ID == t.ID }) {
				t.Obstacles = nil // its return is of this statement, and goes first
			}
			undone = append(undone, answered{t, l.entry})
			u.Transfers = append(u.Transfers, t)
		}
		entry, err := s.Ledger.Entry(ctx, tx, l.entry)
		if err != nil {
			return nil, err
		}
		u.Accounts = give(u.Accounts, takes(entry)...)
	}
	for i := range u.Accounts {
		balance, err := s.Ledger.Balance(ctx, tx, ledger.Code(u.Accounts[i].Account))
		if err != nil {
			return nil, err
		}
		u.Accounts[i].Holds = balance.Neg()
	}
	u.hinder()
	return undone, inTheWay(u.Obstacles)
}

// reverseStatement reverses the entries of all lines, the last first, and what they had answered.
func (s *Service) reverseStatement(
	ctx context.Context, tx pgx.Tx, who auth.Principal, o *accepted, by int64, undone []answered, reason string,
) error {
	for _, l := range slices.Backward(o.lines) {
		if _, err := s.Ledger.ReverseTx(ctx, tx, l.entry, ledger.Reversal{Actor: who.ID}); err != nil {
			return err
		}
	}
	if err := replaceStatement(ctx, tx, who.Secret(), o.id, by, reason); err != nil {
		return err
	}
	for _, a := range undone {
		if err := s.Payments.UndoAnswerTx(ctx, tx, a.Undoing, a.entry); err != nil {
			return err
		}
	}
	return record(ctx, tx, audit.Act{
		Actor: who.ID, Action: actReplace, ObjectType: "bank_statement",
		ObjectID: strconv.FormatInt(o.id, 10), Reason: reason,
	}, sealed{Replaced: o.id})
}

// takePlace books the new statement where the old one stood.
func (s *Service) takePlace(
	ctx context.Context, tx pgx.Tx, who auth.Principal, o *accepted, st *statement,
) error {
	st.held, st.numberAgain = unread, true
	if err := updateHold(ctx, tx, st); err != nil {
		return err
	}
	b, err := s.work(ctx, who.ID).begin(tx)
	if err != nil {
		return err
	}
	accounts, err := lockAccounts(ctx, tx, []string{o.iban})
	if err != nil {
		return err
	}
	queues, err := b.queues(accounts)
	if err != nil {
		return err
	}
	q := queues[0]
	q.at = link{no: o.chainNo, closing: o.opening, on: o.to}
	i := slices.IndexFunc(q.waiting, func(w *statement) bool { return w.id == st.id })
	if i < 0 {
		return refuse("PAGES", "Le relevé %d n’est pas entier : un relevé en pages se corrige ligne par ligne.", st.id)
	}
	taken := q.waiting[i]
	b.at, b.explained = taken, nil
	if err := b.take(q, taken); err != nil {
		return err
	}
	if taken.posted < taken.entries {
		return refuse("TOO_LONG", "Le relevé %d est trop long pour remplacer l’autre d’un seul coup.", st.id)
	}
	return b.finish("bank_statement.import", "bank_statement", taken.id)
}
