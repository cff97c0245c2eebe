package imports

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/money"
)

// errDry ends a transaction that was only to show what it would do.
var errDry = errors.New("nothing is done")

// PlanUndo tells what the undo of a match would change, and does nothing.
//
// Errors: *RefusedError when the line has no such match, or several.
func (s *Service) PlanUndo(ctx context.Context, ask UndoAsk) (Undo, error) {
	var u Undo
	err := ledger.InTx(ctx, s.DB, func(tx pgx.Tx) (err error) {
		if u, _, err = s.planUndo(ctx, tx, ask); err != nil {
			return err
		}
		return errDry
	})
	if !errors.Is(err, errDry) {
		return Undo{}, fmt.Errorf("plan the undo of a match of bank line %d: %w", ask.Line, err)
	}
	return u, nil
}

// UndoMatch takes one match of a line back, by the act of a person: the entry is reversed, the money
// is open again in suspense, benefits are expected again, transfers stand where they stood, and no
// other match is touched. It is refused, with every reason, while the person no longer holds the
// money or something was built on it: a return after the settlement, a due that was paid again.
// The line itself stays what the bank said: of a line that the import recognised, 512 is reversed and
// booked again against 471, with the bank's days.
//
// Errors: ErrRole, ErrToken, *RefusedError; ledger.ErrLocked for a day that is reconciled and locked.
func (s *Service) UndoMatch(ctx context.Context, who auth.Principal, ask UndoAsk) (Undo, error) {
	var u Undo
	err := s.act(ctx, who, func(tx pgx.Tx) error {
		if strings.TrimSpace(ask.Reason) == "" {
			return refuse("REASON", "Écrivez pourquoi ce rapprochement est faux : cela reste dans le journal.")
		}
		plan, m, err := s.planUndo(ctx, tx, ask)
		if err != nil {
			return err
		}
		if len(plan.Obstacles) > 0 {
			return refuse("IN_THE_WAY", "%s", strings.Join(plan.Obstacles, " "))
		}
		u = plan
		if err := s.undo(ctx, tx, who, ask.Reason, m, &u); err != nil {
			return err
		}
		return record(ctx, tx, audit.Act{
			Actor: who.ID, Action: "match.undo", ObjectType: "bank_line",
			ObjectID: strconv.FormatInt(ask.Line, 10), Reason: ask.Reason,
		}, sealed{Undo: u.ID})
	})
	if err != nil {
		return Undo{}, fmt.Errorf("undo a match of bank line %d: %w", ask.Line, err)
	}
	return u, nil
}

// planUndo locks what the undo decides on, in the order of an import: the bank account, the
// transfers, the books. Then nothing is built on the match before the transaction ends.
func (s *Service) planUndo(ctx context.Context, tx pgx.Tx, ask UndoAsk) (Undo, match, error) {
	all, err := matchesOf(ctx, tx, ask.Line)
	if err != nil {
		return Undo{}, match{}, err
	}
	m, err := ask.pick(all)
	if err != nil {
		return Undo{}, match{}, err
	}
	u := Undo{
		Line: m.line, Assignment: m.assignment, What: m.what, Entry: m.entry, Amount: m.amount,
		Accounts: []UndoAccount{}, Obstacles: []string{},
	}
	if u.Transfers, err = s.Payments.UndoingTx(ctx, tx, m.entry); err != nil {
		return u, m, err
	}
	entry, err := s.Ledger.Entry(ctx, tx, m.entry)
	if err != nil {
		return u, m, err
	}
	u.Accounts = append(u.Accounts, takes(entry)...)
	for i := range u.Accounts {
		balance, err := s.Ledger.Balance(ctx, tx, ledger.Code(u.Accounts[i].Account))
		if err != nil {
			return u, m, err
		}
		u.Accounts[i].Holds = balance.Neg()
	}
	if u.Receipts, err = receiptsOf(ctx, tx, m.entry); err != nil {
		return u, m, err
	}
	u.hinder()
	return u, m, nil
}

// undo writes the entries, then the undo, then what follows for the transfers.
func (s *Service) undo(
	ctx context.Context, tx pgx.Tx, who auth.Principal, reason string, m match, u *Undo,
) error {
	reversed, err := s.Ledger.ReverseTx(ctx, tx, m.entry, ledger.Reversal{Actor: who.ID})
	if err != nil {
		return err
	}
	u.Reversal = reversed.No
	var again int64
	if m.byLine {
		if again, err = s.bookAgain(ctx, tx, who, m); err != nil {
			return err
		}
	}
	if u.ID, err = undoMatch(ctx, tx, who.Secret(), m, u.Reversal, again, reason); err != nil {
		return err
	}
	for _, t := range u.Transfers {
		if err := s.Payments.UndoAnswerTx(ctx, tx, t, m.entry); err != nil {
			return err
		}
	}
	return nil
}

// bookAgain books the line of an undone recognition whole to suspense, with the bank's days: 512 of
// that day is what it was.
func (s *Service) bookAgain(
	ctx context.Context, tx pgx.Tx, who auth.Principal, m match,
) (int64, error) {
	was, err := s.Ledger.Entry(ctx, tx, m.entry)
	if err != nil {
		return 0, err
	}
	amount := money.Cents(m.cents)
	e := ledger.Entry{
		Journal: ledger.BankJournal, Kind: ledger.BankCredit, BookedOn: was.BookedOn, ValueOn: was.ValueOn,
		Source: fmt.Sprintf("undo of entry %d", m.entry), Label: was.Label, Actor: who.ID,
		Postings: []ledger.Posting{{Debit: ledger.Bank(m.account), Credit: ledger.Suspense, Amount: amount.Abs()}},
	}
	if amount.IsNegative() {
		e.Kind = ledger.BankDebit
		e.Postings[0].Debit, e.Postings[0].Credit = ledger.Suspense, ledger.Bank(m.account)
	}
	posted, err := s.Ledger.PostTx(ctx, tx, e)
	if err != nil {
		return 0, err
	}
	return posted[0].No, nil
}
