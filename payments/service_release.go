package payments

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
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
	if err := s.act(ctx, tx, who, run.ID, "file", run.ContentHash); err != nil {
		return err
	}
	return errors.Join(releaseFiles(ctx, tx, run.ID), setRunState(ctx, tx, run.ID, Filed))
}

// HandOver notes that a person gave the released files of a run to the bank.
func (s *Service) HandOver(ctx context.Context, who auth.Principal, id string) error {
	err := pgx.BeginFunc(ctx, s.DB, func(tx pgx.Tx) error {
		run, err := lockRun(ctx, tx, id)
		if err != nil {
			return err
		}
		count, err := handOverFiles(ctx, tx, id)
		if err != nil {
			return err
		}
		if count == 0 && run.State == HandedOver {
			return nil // said twice is harmless
		}
		if count == 0 {
			return &StateError{Run: id, State: run.State, Act: "hand over"}
		}
		if err := s.act(ctx, tx, who, id, "hand_over", run.ContentHash); err != nil {
			return err
		}
		if run.State != Filed {
			return nil // the file of a later day
		}
		return setRunState(ctx, tx, id, HandedOver)
	})
	if err != nil {
		return fmt.Errorf("hand over run %s: %w", id, translate(err))
	}
	return nil
}

// ReleaseDue posts the scheduled remittances whose day has come and releases the file of
// that day, approved with their run (decisions 2). Twice on one day is harmless. It
// answers the references of the runs that have a new file.
func (s *Service) ReleaseDue(ctx context.Context) ([]string, error) {
	var runs []string
	err := pgx.BeginFunc(ctx, s.DB, func(tx pgx.Tx) error {
		today, err := ledger.Today(ctx, tx)
		if err != nil {
			return err
		}
		due, err := scheduledFor(ctx, tx, today)
		if err != nil {
			return err
		}
		byRun := make(map[string][]Instruction)
		for _, t := range due {
			if len(byRun[t.Run]) == 0 {
				runs = append(runs, t.Run)
			}
			byRun[t.Run] = append(byRun[t.Run], t)
		}
		for _, id := range runs {
			run, err := lockRun(ctx, tx, id)
			if err != nil {
				return err
			}
			err = errors.Join(
				s.emit(ctx, tx, "system", byRun[id]),
				s.buildFiles(ctx, tx, run, byRun[id], true))
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("release the remittances of the day: %w", translate(err))
	}
	return runs, nil
}
