package payments

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/unit"
)

// Search says which transfers are looked for: what is empty is not asked.
type Search struct {
	Run, Mandate, Bank string // Bank is a bank account of ours
	State              InstructionState
	Mandates           []string // of these only; nil: of all, and of none
	After              int64    // the number of the last one that was seen
	Most               int
}

// Transfers finds transfers of all runs, in the order in which they were made, without what they
// cover.
func (s *Service) Transfers(ctx context.Context, look Search) ([]Instruction, error) {
	found, err := findTransfers(ctx, unit.Reader(ctx, s.DB), look)
	if err != nil {
		return nil, fmt.Errorf("find transfers: %w", err)
	}
	return found, nil
}

// CountTransfers is how many transfers there are of a search, from its beginning.
func (s *Service) CountTransfers(ctx context.Context, look Search) (int, error) {
	n, err := countTransfers(ctx, unit.Reader(ctx, s.DB), look)
	if err != nil {
		return 0, fmt.Errorf("count transfers: %w", err)
	}
	return n, nil
}

// TransferAt is where a transfer stands.
type TransferAt struct {
	Run, Mandate string
	File         string // that holds it, and is not void; empty when there is none
}

// FindTransfer says where a transfer stands; ErrNoTransfer when there is none.
func (s *Service) FindTransfer(ctx context.Context, endToEndID string) (TransferAt, error) {
	at, err := findTransfer(ctx, unit.Reader(ctx, s.DB), endToEndID)
	if err != nil {
		return TransferAt{}, fmt.Errorf("find transfer %s: %w", endToEndID, err)
	}
	return at, nil
}

// RunsOf names the runs in which one of these mandates stands.
func (s *Service) RunsOf(ctx context.Context, mandates []string) ([]string, error) {
	runs, err := runsOf(ctx, unit.Reader(ctx, s.DB), mandates)
	if err != nil {
		return nil, fmt.Errorf("find the runs of mandates: %w", err)
	}
	return runs, nil
}

// FileNamed reads a payment file without its bytes, and who has fetched them; ErrNoFile when there
// is none.
func (s *Service) FileNamed(ctx context.Context, name string) (f PaymentFile, fetched []Download, err error) {
	err = ledger.Snapshot(ctx, s.DB, func(tx pgx.Tx) error {
		if f, err = readFileNamed(ctx, tx, name); err != nil {
			return err
		}
		fetched, err = downloads(ctx, tx, f.MessageID)
		return err
	})
	if err != nil {
		return PaymentFile{}, nil, fmt.Errorf("read file %s: %w", name, err)
	}
	return f, fetched, nil
}
