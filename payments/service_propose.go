package payments

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/chain"
	"masp/payments/mandates"
)

// Propose computes a run of lines and keeps it as a draft: each line with its status and reason.
// Nothing is posted and nothing leaves. The principal becomes the preparer. It answers the head
// of the run, which Show reads whole: however many mandates there are, a few of them are in memory. A
// request that no run can answer is an *AskError; a mandate that stands in an open run, an
// *OpenRunError; no mandate at all, ErrNothingDue.
func (s *Service) Propose(ctx context.Context, who auth.Principal, ask Ask) (Run, error) {
	var run Run
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		c, err := s.begin(ctx, tx, ask, nil)
		if err != nil {
			return err
		}
		c.preparer = who.ID
		run, err = s.keep(ctx, tx, who, c.run, s.compose(ctx, tx, c))
		return err
	})
	if err != nil {
		return Run{}, fmt.Errorf("propose a run: %w", translate(err))
	}
	return run, nil
}

// keep writes a run as a draft, piece by piece, with the act of its preparer. It answers its head.
func (s *Service) keep(ctx context.Context, tx pgx.Tx, who auth.Principal, run Run, pieces iter.Seq2[piece, error]) (Run, error) {
	plan, err := writeRun(ctx, tx, &run, pieces)
	if err != nil {
		return Run{}, err
	}
	done, err := s.act(ctx, tx, deed{who: who, run: run.ID, what: actPropose, seen: run.ContentHash, plan: plan}, nil)
	run.Acts = []Act{done}
	return run, err
}

// writeRun writes a run as a draft and answers the digest of its plan, which nobody has signed yet.
// What is signed is computed while the database writes.
func writeRun(ctx context.Context, tx pgx.Tx, run *Run, pieces iter.Seq2[piece, error]) (plan chain.Hash, err error) {
	if err := insertRun(ctx, tx, run); err != nil {
		return chain.Hash{}, err
	}
	signed := sign(*run)
	written := 0
	for p, err := range pieces {
		if err != nil {
			return chain.Hash{}, err
		}
		numbers, err := insertTransfers(ctx, tx, run.ID, p.parts, written)
		p.judged()
		if err != nil {
			return chain.Hash{}, err
		}
		numberTransfers(p.parts, numbers)
		digested := meanwhile(func() bool { signed.add(p.parts); return true })
		err = insertRows(ctx, tx, run.ID, p.parts)
		digested()
		if err != nil {
			return chain.Hash{}, err
		}
		written += len(p.parts)
	}
	run.ContentHash, plan = signed.sums()
	return plan, completeRun(ctx, tx, run)
}

// whole is a run of one piece.
func whole(parts []RunMandate) iter.Seq2[piece, error] {
	return func(yield func(piece, error) bool) { yield(piece{parts, func() bool { return true }}, nil) }
}

// begin locks what the run decides on and gives it its references. Two at once: the unique key
// lets one win.
func (s *Service) begin(ctx context.Context, tx pgx.Tx, ask Ask, suppose *supposition) (c composition, err error) {
	today, err := ledger.Today(ctx, tx)
	if err != nil {
		return c, err
	}
	ask.complete(today)
	if err := ask.check(); err != nil {
		return c, err
	}
	if ask.On.Before(today) {
		return c, &PastError{Run: "nouvelle", On: ask.On}
	}
	c.ask, c.suppose = ask, suppose
	if c.ids, err = lockAsked(ctx, tx, ask); err != nil {
		return c, err
	}
	if err := ask.refuseStrangers(c.ids); err != nil {
		return c, err
	}
	if suppose == nil {
		if err := refuseOpenRun(ctx, tx, c.ids); err != nil {
			return c, err
		}
	}
	c.run = Run{Month: ask.Month, On: ask.On, Purpose: ask.Purpose, Evidence: ask.Evidence, State: Draft}
	c.run.Number, c.run.ID, err = nextRun(ctx, tx, c.run.Month)
	return c, err
}

// lockAsked locks the mandates by reference and answers them in the order asked for, each once.
func lockAsked(ctx context.Context, tx pgx.Tx, ask Ask) ([]string, error) {
	if ask.All {
		locked, err := mandates.LockAllTx(ctx, tx)
		if err == nil && len(locked) == 0 {
			err = ErrNothingDue
		}
		return locked, err
	}
	locked, err := mandates.LockTx(ctx, tx, ask.Mandates)
	if err != nil {
		return nil, err
	}
	var ids []string
	seen := make(map[string]bool, len(ask.Mandates))
	for _, id := range ask.Mandates {
		if _, known := slices.BinarySearch(locked, id); !known {
			return nil, &AskError{"MANDATE_UNKNOWN", id}
		}
		if !seen[id] {
			ids, seen[id] = append(ids, id), true
		}
	}
	return ids, nil
}
