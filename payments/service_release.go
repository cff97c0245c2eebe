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
// that day, approved with their run (decisions 2). A missed day is made up for: its
// remittances leave today. Twice on one day is harmless. It answers the new files.
func (s *Service) ReleaseDue(ctx context.Context) ([]PaymentFile, error) {
	var files []PaymentFile
	err := pgx.BeginFunc(ctx, s.DB, func(tx pgx.Tx) error {
		today, err := ledger.Today(ctx, tx)
		if err != nil {
			return err
		}
		due, err := scheduledFor(ctx, tx, today)
		if err != nil {
			return err
		}
		for _, of := range byRun(due) {
			released, err := s.releaseDay(ctx, tx, of, today)
			if err != nil {
				return err
			}
			files = append(files, released...)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("release the remittances of the day: %w", translate(err))
	}
	return files, nil
}

// releaseDay lets the remittances of one run leave.
func (s *Service) releaseDay(ctx context.Context, tx pgx.Tx, due []Instruction, today civil.Date) ([]PaymentFile, error) {
	run, err := lockRun(ctx, tx, due[0].Run)
	if err != nil {
		return nil, err
	}
	for i := range due {
		if due[i].ExecuteOn.Before(today) {
			due[i].ExecuteOn = civil.NextTARGET(today)
		}
	}
	if err := s.emit(ctx, tx, "system", due); err != nil {
		return nil, err
	}
	return s.buildFiles(ctx, tx, run, due, true)
}

// byRun groups transfers by their run, in the order in which the runs appear.
func byRun(transfers []Instruction) [][]Instruction {
	var groups [][]Instruction
	place := make(map[string]int)
	for _, t := range transfers {
		i, known := place[t.Run]
		if !known {
			i = len(groups)
			place[t.Run], groups = i, append(groups, nil)
		}
		groups[i] = append(groups[i], t)
	}
	return groups
}
