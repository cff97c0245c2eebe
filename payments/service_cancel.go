package payments

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/civil"
)

// HandedOverError is a transfer or a file that the bank has already.
type HandedOverError struct{ Subject string }

// Error names it.
func (e *HandedOverError) Error() string { return e.Subject + " has been handed over to the bank" }

// French says what to do.
func (e *HandedOverError) French() string {
	return e.Subject + " est déjà à la banque : demandez-lui le rappel."
}

// CancelTransfer cancels one transfer of an approved run before the bank has it: its entry is
// reversed when there is one, what it paid is due again and its debts rise. A file that held it is
// void for ever, and another one, with an identifier of its own, holds the rest. It returns
// ErrNoTransfer, ErrNoReason, a *HandedOverError, a *StateError, or what the act may be refused for.
func (s *Service) CancelTransfer(ctx context.Context, who auth.Principal, endToEndID, reason string) error {
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		id, err := runOfTransfer(ctx, tx, endToEndID)
		if err != nil {
			return err
		}
		if err := lockMandatesOf(ctx, tx, id); err != nil {
			return err
		}
		run, err := s.lockUnderWay(ctx, tx, id)
		if err != nil {
			return err
		}
		if strings.TrimSpace(reason) == "" {
			return ErrNoReason
		}
		return s.stop(ctx, tx, who, run, endToEndID, reason)
	})
	if err != nil {
		return fmt.Errorf("cancel transfer %s: %w", endToEndID, translate(err))
	}
	return nil
}

// lockUnderWay locks a run of which transfers leave, or are taken back: they come first, then the
// books, then the run, as with an import, which ends a run when it settles its last transfer.
func (s *Service) lockUnderWay(ctx context.Context, tx pgx.Tx, id string) (Run, error) {
	if err := lockTransfersOf(ctx, tx, id); err != nil {
		return Run{}, err
	}
	if err := s.Ledger.LockTx(ctx, tx); err != nil {
		return Run{}, err
	}
	return lockRun(ctx, tx, id)
}

// stop cancels a transfer of a run that is locked.
func (s *Service) stop(ctx context.Context, tx pgx.Tx, who auth.Principal, run Run, endToEndID, reason string) error {
	t, err := lockTransfer(ctx, tx, endToEndID)
	if err != nil {
		return err
	}
	file, err := fileOfTransfer(ctx, tx, t.ID)
	switch {
	case err != nil:
		return err
	case !file.HandedAt.IsZero() || t.State == InstructionSettled || t.State == Rejected || t.State == Returned:
		return &HandedOverError{endToEndID}
	case t.State != InTransit && t.State != InstructionScheduled:
		return &StateError{Run: run.ID, State: run.State, Act: actStop}
	}
	d := deed{
		who: who, run: run.ID, what: actStop, seen: run.ContentHash, mandate: t.Mandate, subject: endToEndID, reason: reason,
	}
	_, err = s.act(ctx, tx, d, func(Act) error {
		if err := s.giveBack(ctx, tx, who, t, reason); err != nil {
			return err
		}
		if err := s.replaceFile(ctx, tx, run, file); err != nil {
			return err
		}
		return settleRuns(ctx, tx, []int64{t.ID})
	})
	return err
}

// giveBack cancels a transfer, with what its entry and its payment had done.
func (s *Service) giveBack(ctx context.Context, tx pgx.Tx, who auth.Principal, t Instruction, reason string) error {
	if t.State == InstructionScheduled {
		return setStopped(ctx, tx, t.ID, reason, nil)
	}
	today, err := ledger.Today(ctx, tx)
	if err != nil {
		return err
	}
	entry, err := entryOfTransfer(ctx, tx, t.ID)
	if err != nil {
		return err
	}
	reversal := ledger.Reversal{PostedOn: today, Label: "Annulation " + t.Name, Actor: who.ID}
	posted, err := s.Ledger.ReverseTx(ctx, tx, entry, reversal)
	if err != nil {
		return err
	}
	if err := setStopped(ctx, tx, t.ID, reason, &posted.No); err != nil {
		return err
	}
	return reopen(ctx, tx, t.ID, posted.No)
}

// replaceFile makes a file void and writes another one with those of its transfers that still
// leave; nothing when there is no file.
func (s *Service) replaceFile(ctx context.Context, tx pgx.Tx, run Run, file PaymentFile) error {
	if file.ID == 0 {
		return nil
	}
	if err := voidFile(ctx, tx, file.ID); err != nil {
		return err
	}
	rest, err := transfersOfFile(ctx, tx, file.ID)
	if err != nil {
		return err
	}
	today, err := ledger.Today(ctx, tx)
	if err != nil {
		return err
	}
	rest = slices.DeleteFunc(rest, func(t Instruction) bool { return t.State == InstructionCancelled })
	for i := range rest {
		if rest[i].ExecuteOn = file.ExecuteOn; file.ExecuteOn.Before(today) { // its day has gone by
			rest[i].ExecuteOn = civil.NextTARGET(today)
		}
	}
	_, err = s.buildFiles(ctx, tx, run, rest, !file.ReleasedAt.IsZero())
	return err
}

// VoidFile makes a file of an approved run void for ever, before the bank has it, and writes
// another one with the same transfers and an identifier of its own. Of two at once, one does it.
// It returns ErrNoFile, ErrNoReason, a *HandedOverError, a *StateError, or what the act may be
// refused for.
func (s *Service) VoidFile(ctx context.Context, who auth.Principal, name, reason string) error {
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		id, err := runOfFile(ctx, tx, name)
		if err != nil {
			return err
		}
		run, err := s.lockUnderWay(ctx, tx, id)
		if err != nil {
			return err
		}
		file, err := fileNamed(ctx, tx, name)
		switch {
		case err != nil:
			return err
		case strings.TrimSpace(reason) == "":
			return ErrNoReason
		case file.Void:
			return ErrNoFile
		case !file.HandedAt.IsZero():
			return &HandedOverError{name}
		case run.State != Approved && run.State != Filed && run.State != HandedOver:
			return &StateError{Run: id, State: run.State, Act: actVoid}
		}
		d := deed{who: who, run: id, what: actVoid, seen: run.ContentHash, subject: name, reason: reason}
		_, err = s.act(ctx, tx, d, func(Act) error { return s.replaceFile(ctx, tx, run, file) })
		return err
	})
	if err != nil {
		return fmt.Errorf("void file %s: %w", name, translate(err))
	}
	return nil
}
