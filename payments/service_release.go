package payments

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/unit"
)

// File releases the files of an approved run and returns them. Asked again, it returns
// the same bytes.
func (s *Service) File(ctx context.Context, who auth.Principal, id string) ([]PaymentFile, error) {
	var files []PaymentFile
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		run, err := s.lockUnderWay(ctx, tx, id)
		if err != nil {
			return err
		}
		switch {
		case run.State == Draft, run.State == InReview, run.State == Cancelled:
			return &StateError{Run: id, State: run.State, Act: "file"}
		case run.Purpose == ManualRun:
			return &AskError{"BY_HAND", id}
		case run.State == Approved:
			if err := s.release(ctx, tx, who, run); err != nil {
				return err
			}
		default:
			if err := s.fileAgain(ctx, tx, who, run); err != nil {
				return err
			}
		}
		files, err = releasedFiles(ctx, tx, id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("file run %s: %w", id, translate(err))
	}
	return files, nil
}

// fileAgain notes that a file which replaces another one is written out, before it is handed over.
func (s *Service) fileAgain(ctx context.Context, tx pgx.Tx, who auth.Principal, run Run) error {
	waits, err := replacementWaits(ctx, tx, run.ID)
	if err != nil || !waits {
		return err
	}
	_, err = s.act(ctx, tx, deed{who: who, run: run.ID, what: actFile, seen: run.ContentHash}, nil)
	return err
}

// refuseNotFiled refuses to hand over a file that replaces another one and that nobody has
// written out yet, or nothing at all.
func refuseNotFiled(ctx context.Context, tx pgx.Tx, run Run) error {
	made, err := countFiles(ctx, tx, run.ID)
	switch {
	case err != nil:
		return err
	case made == 0 && run.State == Settled:
		return &AskError{"NOTHING_TO_HAND_OVER", run.ID}
	}
	waits, err := replacementWaits(ctx, tx, run.ID)
	if err == nil && waits {
		err = &AskError{"NOT_FILED", run.ID}
	}
	return err
}

// release lets the files of the first day leave. Whatever stands in them is posted by then: the
// remittances of that day wait no longer. A file that holds a transfer which was cancelled since is
// void, and another one holds the rest (decisions 2).
func (s *Service) release(ctx context.Context, tx pgx.Tx, who auth.Principal, run Run) error {
	_, err := s.act(ctx, tx, deed{who: who, run: run.ID, what: actFile, seen: run.ContentHash}, func(done Act) error {
		waiting, err := waitingInFiles(ctx, tx, run.ID)
		if err != nil {
			return err
		}
		if err := s.emit(ctx, tx, who.ID, waiting); err != nil {
			return err
		}
		rest, err := voidStoppedFiles(ctx, tx, run.ID)
		if err != nil {
			return err
		}
		if err := releaseFiles(ctx, tx, run.ID, done.At); err != nil {
			return err
		}
		if _, err := s.buildFiles(ctx, tx, run, rest, true); err != nil {
			return err
		}
		if err := setRunState(ctx, tx, run.ID, Filed); err != nil {
			return err
		}
		return settleRun(ctx, tx, run.ID)
	})
	return err
}

// HandOver notes that a person gave the released files of a run to the bank. Said twice is
// harmless.
func (s *Service) HandOver(ctx context.Context, who auth.Principal, id string) error {
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		run, err := lockRun(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := refuseNotFiled(ctx, tx, run); err != nil {
			return err
		}
		waiting, err := countToHandOver(ctx, tx, id)
		switch {
		case err != nil:
			return err
		case waiting == 0 && (run.State == HandedOver || run.State == Settled):
			return nil
		case waiting == 0:
			return &StateError{Run: id, State: run.State, Act: "hand over"}
		}
		_, err = s.act(ctx, tx, deed{who: who, run: id, what: actHandOver, seen: run.ContentHash}, func(done Act) error {
			if err := handOverFiles(ctx, tx, id, done.At); err != nil || run.State != Filed {
				return err // the file of a later day moves nothing else
			}
			return setRunState(ctx, tx, id, HandedOver)
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("hand over run %s: %w", id, translate(err))
	}
	return nil
}

// ReleaseDue posts the scheduled remittances whose day has come, run by run and in their order,
// and releases the file of that day, approved with their run (decisions 2). Those of the day of
// the run stand in its first files already, which File releases. A missed day is made up for: its
// remittances leave on the next banking day. Twice on one day is harmless, and so are two
// processes at once. Each run has its own transaction: one that fails keeps the others from
// nothing. It answers the new files, with an error when some run failed.
func (s *Service) ReleaseDue(ctx context.Context) ([]PaymentFile, error) {
	runs, err := dueRuns(ctx, unit.Reader(ctx, s.DB))
	if err != nil {
		return nil, fmt.Errorf("release the remittances of the day: %w", err)
	}
	var files []PaymentFile
	var failed []error
	for _, run := range runs {
		released, err := s.releaseRun(ctx, run)
		if err != nil {
			failed = append(failed, fmt.Errorf("release the remittances of run %s: %w", run, translate(err)))
		}
		files = append(files, released...)
	}
	return files, errors.Join(failed...)
}

// releaseRun lets the remittances of one run leave whose day has come.
func (s *Service) releaseRun(ctx context.Context, id string) (files []PaymentFile, err error) {
	err = s.inTx(ctx, func(tx pgx.Tx) error {
		run, err := s.lockUnderWay(ctx, tx, id)
		if err != nil {
			return err
		}
		today, err := ledger.Today(ctx, tx)
		if err != nil {
			return err
		}
		due, err := scheduledFor(ctx, tx, id, today)
		if err != nil {
			return err
		}
		for i := range due {
			if due[i].ExecuteOn.Before(today) { // a missed day
				due[i].ExecuteOn = civil.NextTARGET(today)
			}
		}
		if err := s.emit(ctx, tx, "system", due); err != nil {
			return err
		}
		if due, err = inNoFile(ctx, tx, due); err != nil {
			return err
		}
		files, err = s.buildFiles(ctx, tx, run, due, true)
		return err
	})
	if err != nil {
		return nil, err
	}
	return files, nil
}

// RemittancesDue tells whether remittances wait whose day has come, and the number of the youngest
// file, 0 when there is none: what ReleaseDue releases has a higher one.
func (s *Service) RemittancesDue(ctx context.Context) (due bool, last int64, err error) {
	runs, err := dueRuns(ctx, unit.Reader(ctx, s.DB))
	if err == nil {
		last, err = lastFile(ctx, unit.Reader(ctx, s.DB))
	}
	if err != nil {
		return false, 0, fmt.Errorf("look for the remittances of the day: %w", err)
	}
	return len(runs) > 0, last, nil
}

// ReleasedAfter are the files after that number that may leave and that nobody has handed over: a
// program that was killed between their release and its outbox writes them there when it goes on.
func (s *Service) ReleasedAfter(ctx context.Context, file int64) ([]PaymentFile, error) {
	files, err := releasedAfter(ctx, unit.Reader(ctx, s.DB), file)
	if err != nil {
		return nil, fmt.Errorf("read the released files: %w", err)
	}
	return files, nil
}
