package payments

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"masp/ledger"
	"masp/ledger/chain"
	"masp/payments/mandates"
)

// errComputed rolls a computation back.
var errComputed = errors.New("computed")

// WhatIf computes the run that Propose would make if the suppositions were true, and writes
// nothing: what it answers has neither reference nor hash. A mandate that stands in an open run is computed like any other.
func (s *Service) WhatIf(ctx context.Context, ask Ask, suppose Suppose) (Run, error) {
	var run Run
	var at *supposition
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		today, err := ledger.Today(ctx, tx)
		if err != nil {
			return err
		}
		ask.complete(today)
		at = suppose.atWork(ask)
		c, err := s.begin(ctx, tx, at.asked(ask), at)
		if err != nil {
			return err
		}
		run = c.run
		for p, err := range s.compose(ctx, tx, c) {
			if err != nil {
				return err
			}
			p.judged()
			run.Mandates = append(run.Mandates, p.parts...)
		}
		return errComputed
	})
	if !errors.Is(err, errComputed) {
		return Run{}, fmt.Errorf("compute a run: %w", translate(err))
	}
	run.ID, run.ContentHash = "", chain.Hash{}
	return at.named(run), nil
}

// write puts the obligations where the run finds them; the transaction is rolled back.
func (s *supposition) write(ctx context.Context, tx pgx.Tx, ids []string) error {
	if s == nil {
		return nil
	}
	for _, c := range s.Credits {
		if !slices.Contains(ids, c.Mandate) {
			return &AskError{"MANDATE_NOT_IN", c.Mandate}
		}
	}
	supposed := make(map[string]mandates.Obligation, len(s.Obligations))
	for _, o := range s.Obligations {
		if !slices.Contains(ids, o.Mandate) {
			return &AskError{"MANDATE_NOT_IN", o.Mandate}
		}
		if err := o.Check(); err != nil {
			return err
		}
		supposed[s.aliases[o.ID]] = o
	}
	err := mandates.AddDebtsTx(ctx, tx, s.debts()...)
	if err == nil {
		err = mandates.SupposeTx(ctx, tx, supposed)
	}
	if pg, isPG := errors.AsType[*pgconn.PgError](err); isPG && pg.Code == "23503" {
		return &AskError{"SUPPOSED_UNKNOWN", s.names()}
	}
	return err
}
