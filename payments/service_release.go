package payments

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/civil"
)

// File releases the files of an approved run and returns them. Asked again, it returns
// the same bytes.
func (s *Service) File(ctx context.Context, who auth.Principal, id string) ([]PaymentFile, error) {
	var files []PaymentFile
	err := pgx.BeginFunc(ctx, s.DB, func(tx pgx.Tx) error {
		run, err := lockRun(ctx, tx, id)
		if err != nil {
			return err
		}
		switch run.State {
		case Draft, InReview, Cancelled:
			return &StateError{Run: id, State: run.State, Act: "file"}
		case Approved:
			if err := s.release(ctx, tx, who, run); err != nil {
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

func (s *Service) release(ctx context.Context, tx pgx.Tx, who auth.Principal, run Run) error {
	return s.act(ctx, tx, deed{who, run.ID, actFile, run.ContentHash}, func(done Act) error {
		if err := releaseFiles(ctx, tx, run.ID, done.At); err != nil {
			return err
		}
		if err := setRunState(ctx, tx, run.ID, Filed); err != nil {
			return err
		}
		return settleRun(ctx, tx, run.ID)
	})
}

// HandOver notes that a person gave the released files of a run to the bank. Said twice is
// harmless.
func (s *Service) HandOver(ctx context.Context, who auth.Principal, id string) error {
	err := pgx.BeginFunc(ctx, s.DB, func(tx pgx.Tx) error {
		run, err := lockRun(ctx, tx, id)
		if err != nil {
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
		return s.act(ctx, tx, deed{who, id, actHandOver, run.ContentHash}, func(done Act) error {
			if err := handOverFiles(ctx, tx, id, done.At); err != nil || run.State != Filed {
				return err // the file of a later day moves nothing else
			}
			return setRunState(ctx, tx, id, HandedOver)
		})
	})
	if err != nil {
		return fmt.Errorf("hand over run %s: %w", id, translate(err))
	}
	return nil
}

// ReleaseDue posts the scheduled remittances whose day has come and releases the file of
// that day, approved with their run (decisions 2). A missed day is made up for: its
// remittances leave on the next banking day. Twice on one day is harmless, and so are two
// processes at once. Each run has its own transaction: one that fails keeps the others from
// nothing. It answers the new files, with an error when some run failed.
func (s *Service) ReleaseDue(ctx context.Context) ([]PaymentFile, error) {
	runs, err := dueRuns(ctx, s.DB)
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
	err = pgx.BeginFunc(ctx, s.DB, func(tx pgx.Tx) error {
		run, err := lockRun(ctx, tx, id)
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
		files, err = s.buildFiles(ctx, tx, run, due, true)
		return err
	})
	if err != nil {
		return nil, err
	}
	return files, nil
}
