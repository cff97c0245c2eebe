package imports

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/money"
	"masp/payments"
)

// ActOnSuspense gives a line to somebody, or to oneself, takes its owner away, or keeps a note of what
// was tried. Whoever may identify money may do it; the owner is a coordinator or an accountant. Who
// takes the line of another names him, so that nobody does it unawares.
//
// Errors: ErrNotInSuspense, ErrRole, ErrToken, *RefusedError.
func (s *Service) ActOnSuspense(
	ctx context.Context, who auth.Principal, line int64, n SuspenseNote,
) error {
	n.Note = strings.TrimSpace(n.Note)
	err := s.act(ctx, who, func(tx pgx.Tx) error {
		if n.Act == SuspenseNoted && n.Note == "" {
			return refuse("NOTE", "Écrivez ce que vous avez essayé.")
		}
		if err := mayTake(ctx, tx, who, line, n); err != nil {
			return err
		}
		act, err := actOnSuspense(ctx, tx, who.Secret(), line, n)
		if err != nil {
			return err
		}
		return record(ctx, tx, audit.Act{
			Actor: who.ID, Action: "suspense.act", ObjectType: "bank_line",
			ObjectID: strconv.FormatInt(line, 10), Reason: n.Note,
		}, sealed{SuspenseAct: act})
	})
	if err != nil {
		return fmt.Errorf("act on bank line %d: %w", line, err)
	}
	return nil
}

// mayTake refuses to take a line for oneself from an owner who is not named.
func mayTake(ctx context.Context, tx pgx.Tx, who auth.Principal, line int64, n SuspenseNote) error {
	if n.Act != SuspenseGive || n.Owner != who.ID {
		return nil
	}
	owner, err := lockOwner(ctx, tx, line)
	if err != nil || owner == "" || owner == who.ID || owner == n.From {
		return err
	}
	return refuse("OWNED", "La ligne %d est suivie par %s : pour la reprendre, ajoutez --from %s.", line, owner, owner)
}

// SetSuspenseDays says after how many days an unidentified line is late. An administrator or an
// accountant says it.
//
// Errors: ErrRole, ErrToken, *RefusedError.
func (s *Service) SetSuspenseDays(ctx context.Context, who auth.Principal, days int) error {
	err := s.act(ctx, who, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT masp.set_suspense_days($1, $2)`, who.Secret(), days); err != nil {
			return err
		}
		_, err := audit.Record(ctx, tx, audit.Act{
			Actor: who.ID, Action: "organisation.suspense_days", ObjectType: "organisation", ObjectID: "1",
			Details: map[string]any{"days": days},
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("set the delay of suspense: %w", err)
	}
	return nil
}

// act runs an act of a person in one transaction, and says in the words of this package why it
// is refused.
func (s *Service) act(ctx context.Context, who auth.Principal, do func(pgx.Tx) error) error {
	if who.Secret() == "" {
		return ErrToken
	}
	return refusalOf(ledger.InTx(ctx, s.DB, do))
}

// SplitSuspense identifies parts of one line in one act, all of them or none: several mandates or
// benefits of a credit, several transfers of a debit. What they leave stays unidentified. Each
// part is an entry and an assignment of its own, so that one can be undone by itself.
//
// Errors: ErrNotInSuspense, ErrRole, ErrToken, *RefusedError.
func (s *Service) SplitSuspense(
	ctx context.Context, who auth.Principal, line int64, parts []Assignment, reason string,
) ([]Assigned, error) {
	var all []Assigned
	err := s.act(ctx, who, func(tx pgx.Tx) error {
		all = nil
		item, err := lockItem(ctx, tx, line)
		if err != nil {
			return err
		}
		if err := checkParts(parts, item.open); err != nil {
			return err
		}
		var what sealed
		for _, a := range parts {
			a.Reason = reason
			done, err := s.assignItem(ctx, tx, who, item, a)
			if err != nil {
				return err
			}
			all, what.Assignments = append(all, done), append(what.Assignments, done.ID)
			item.open, item.assigned = done.Open, item.assigned+1
		}
		return record(ctx, tx, audit.Act{
			Actor: who.ID, Action: "suspense.split", ObjectType: "bank_line",
			ObjectID: strconv.FormatInt(line, 10), Reason: reason,
		}, what)
	})
	if err != nil {
		return nil, fmt.Errorf("split bank line %d: %w", line, err)
	}
	return all, nil
}

// checkParts refuses parts of nothing, and more than there is.
func checkParts(parts []Assignment, open money.Amount) error {
	var sum money.Amount
	for _, a := range parts {
		if !a.Amount.IsPositive() {
			return refuse("AMOUNT", "Donnez le montant de chaque part, plus grand que zéro.")
		}
		sum = sum.Add(a.Amount)
	}
	switch {
	case len(parts) == 0:
		return refuse("PARTS", "Donnez au moins une part.")
	case sum.Cmp(open.Abs()) > 0:
		return refuse("AMOUNT", "Les parts font %s, mais il reste %s à identifier.", sum.French(), open.Abs().French())
	}
	return nil
}

// Return is where unidentified money goes back to. To is a creditor whose IBAN a second person has
// confirmed; Amount zero is all that is open; Evidence names the document that shows the IBAN.
type Return struct {
	To       string
	Amount   money.Amount
	Evidence string
}

// ReturnToSender prepares the transfer that gives an unidentified credit back to who sent it, as a
// draft of a run: submitted, approved by a second person and filed like any other. From
// then on nobody identifies that part; the approval takes it off the line, a cancelled, rejected or
// returned transfer gives it back.
//
// Errors: ErrNotInSuspense, ErrRole, ErrToken, *RefusedError, and those of payments.ProposeReturnTx.
func (s *Service) ReturnToSender(
	ctx context.Context, who auth.Principal, line int64, r Return,
) (payments.Run, error) {
	var run payments.Run
	err := s.act(ctx, who, func(tx pgx.Tx) error {
		item, err := lockItem(ctx, tx, line)
		if err != nil {
			return err
		}
		if item.open.IsNegative() {
			return refuse("SIDE", "C’est une sortie d’argent : seul de l’argent reçu repart vers son expéditeur.")
		}
		amount, err := Assignment{Amount: r.Amount}.part(item.open)
		if err != nil {
			return err
		}
		var transfer int64
		run, err = s.Payments.ProposeReturnTx(ctx, tx, who, payments.SenderReturn{
			BankAccount: item.bankAccount, To: r.To, Amount: amount, Received: item.bookedOn,
			Evidence: r.Evidence,
		}, func(instruction int64) error {
			transfer = instruction
			return reserveReturn(ctx, tx, who.Secret(), line, instruction)
		})
		if err != nil {
			return err
		}
		return record(ctx, tx, audit.Act{
			Actor: who.ID, Action: "suspense.return", ObjectType: "bank_line",
			ObjectID: strconv.FormatInt(line, 10), Reason: r.Evidence,
		}, sealed{Return: transfer})
	})
	if err != nil {
		return payments.Run{}, fmt.Errorf("give bank line %d back: %w", line, err)
	}
	return run, nil
}
