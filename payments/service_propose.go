package payments

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/payments/mandates"
)

// Propose computes a run of lines and keeps it as a draft: each line with its status and reason.
// Nothing is posted and nothing leaves. The principal becomes the preparer. A request that
// no run can answer is an *AskError; a mandate that stands in an open run, an *OpenRunError; no
// mandate at all, ErrNothingDue.
func (s *Service) Propose(ctx context.Context, who auth.Principal, ask Ask) (Run, error) {
	var run Run
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		composed, facts, err := s.compose(ctx, tx, ask, nil, who.ID)
		if err != nil {
			return err
		}
		run = composed
		return s.keep(ctx, tx, who, &run, facts)
	})
	if err != nil {
		return Run{}, fmt.Errorf("propose a run: %w", translate(err))
	}
	return run, nil
}

// keep writes a run as a draft, with the act of its preparer. What is only computed is computed
// while the database writes.
func (s *Service) keep(ctx context.Context, tx pgx.Tx, who auth.Principal, run *Run, facts []Facts) error {
	run.ContentHash = Content(run.ID, run.Instructions())
	parts := run.Mandates
	judged := meanwhile(func() []judgement { return judge(parts, facts) })
	err := insertRun(ctx, tx, run)
	run.take(judged())
	if err != nil {
		return err
	}
	if err := numberTransfers(ctx, tx, *run); err != nil {
		return err
	}
	plan := meanwhile(run.plan)
	if err := insertRows(ctx, tx, *run); err != nil {
		return err
	}
	done, err := s.act(ctx, tx, deed{who: who, run: run.ID, what: actPropose, seen: run.ContentHash, plan: plan()}, nil)
	run.Acts = []Act{done}
	return err
}

// compose reads what is due and what is held, and lets Allocate decide, mandate by mandate, while the
// database says what the exceptions depend on. The preparer is the user who proposes the run.
func (s *Service) compose(
	ctx context.Context, tx pgx.Tx, ask Ask, suppose *supposition, preparer string,
) (Run, []Facts, error) {
	run, ids, err := s.begin(ctx, tx, &ask, suppose)
	if err != nil {
		return Run{}, nil, err
	}
	proposals, err := s.proposals(ctx, tx, run, ask, ids, suppose)
	if err != nil {
		return Run{}, nil, err
	}
	about := inquiry{run: run, preparer: preparer, parts: make([]scope, len(proposals))}
	for i, p := range proposals {
		about.parts[i], about.known = p.scope(), p.payees
	}
	decided := meanwhile(func() []RunMandate { return propose(proposals) })
	facts, err := s.factsOf(ctx, tx, about)
	run.Mandates = decided()
	if err != nil {
		return Run{}, nil, err
	}
	run.number()
	if n := len(run.Instructions()); run.Purpose == ManualRun && n != 1 {
		return Run{}, nil, &AskError{"MANUAL_ONE_PAYEE", ask.keys()[0]}
	}
	return run, facts, nil
}

// propose computes the parts of a run.
func propose(proposals []proposal) []RunMandate {
	parts := make([]RunMandate, len(proposals))
	onAllCores(len(proposals), func(i int) { parts[i] = proposals[i].propose() })
	return parts
}

// begin locks what the run decides on and gives it its references. Two at once: the unique key
// lets one win.
func (s *Service) begin(ctx context.Context, tx pgx.Tx, ask *Ask, suppose *supposition) (run Run, ids []string, err error) {
	today, err := ledger.Today(ctx, tx)
	if err != nil {
		return run, nil, err
	}
	ask.complete(today)
	if err := ask.check(); err != nil {
		return run, nil, err
	}
	if ask.On.Before(today) {
		return run, nil, &PastError{Run: "nouvelle", On: ask.On}
	}
	if ids, err = lockAsked(ctx, tx, *ask); err != nil {
		return run, nil, err
	}
	if suppose == nil {
		if err := refuseOpenRun(ctx, tx, ids); err != nil {
			return run, nil, err
		}
	}
	run = Run{Month: ask.Month, On: ask.On, Purpose: ask.Purpose, Evidence: ask.Evidence, State: Draft}
	run.Number, run.ID, err = nextRun(ctx, tx, run.Month)
	return run, ids, err
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
