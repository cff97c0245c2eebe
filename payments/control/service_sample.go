package control

import (
	"context"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"

	"masp/ledger/unit"
)

// Sample draws entries of the books.
//
// Errors: those of Draw.
func (s *Service) Sample(ctx context.Context, p Plan) (Sample, error) {
	var drawn Sample
	err := unit.Snapshot(ctx, s.DB, func(tx pgx.Tx) (err error) {
		drawn, err = sampleTx(ctx, tx, p)
		return err
	})
	if err != nil {
		return Sample{}, fmt.Errorf("draw a sample: %w", err)
	}
	return drawn, nil
}

// sampleTx is Sample in the caller's view of the books: of one snapshot the list and its pieces agree.
func sampleTx(ctx context.Context, tx unit.Querier, p Plan) (Sample, error) {
	if err := p.Check(); err != nil {
		return Sample{}, err
	}
	return Draw(population(ctx, tx, p), p)
}

// Archive draws a sample and writes its list and pieces as a zip. pieces says whether the bank's files and
// the payment files are in it, byte for byte: only who sees the whole organisation may have them.
//
// Errors: those of Draw, and of the writer.
func (s *Service) Archive(ctx context.Context, p Plan, pieces bool, out io.Writer) (Sample, error) {
	var drawn Sample
	err := unit.Snapshot(ctx, s.DB, func(tx pgx.Tx) (err error) {
		if drawn, err = sampleTx(ctx, tx, p); err != nil {
			return err
		}
		return writeArchive(ctx, tx, drawn, pieces, out)
	})
	if err != nil {
		return Sample{}, fmt.Errorf("archive a sample: %w", err)
	}
	return drawn, nil
}
