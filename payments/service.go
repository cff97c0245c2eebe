package payments

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/unit"
	"masp/payments/mandates"
)

// Service keeps the runs of one organisation: proposed, approved by a second person,
// filed for the bank, settled by what the bank says.
type Service struct {
	DB     *pgxpool.Pool
	Ledger *ledger.Ledger
}

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

// number gives each transfer its identifier at the bank.
func (r *Run) number() {
	n := 0
	for m := range r.Mandates {
		for t := range r.Mandates[m].Transfers {
			n++
			r.Mandates[m].Transfers[t].EndToEndID = EndToEndID(r.Number, n)
		}
	}
}

// proposals gathers, for each mandate, everything its part of the run depends on.
func (s *Service) proposals(
	ctx context.Context, tx pgx.Tx, run Run, ask Ask, ids []string, suppose *supposition,
) ([]proposal, error) {
	situations, err := situationsOf(ctx, tx, run.On, ids, suppose)
	if err != nil {
		return nil, err
	}
	dues, err := duesFor(ctx, tx, situations, run, ask)
	if err != nil {
		return nil, err
	}
	purses, err := s.purses(ctx, tx, run, ids)
	if err != nil {
		return nil, err
	}
	suppose.credit(purses)
	payees, err := mandates.PayeesTx(ctx, tx, ask.creditors(situations))
	if err != nil {
		return nil, err
	}
	if err := ask.refuseRemit(situations, payees); err != nil {
		return nil, err
	}
	rents, err := rentOpen(ctx, tx, situations, run, ask.keys())
	if err != nil {
		return nil, err
	}
	out := make([]proposal, len(situations))
	for i, sit := range situations {
		remit, given := ask.Remit[sit.Mandate]
		if !given && run.Purpose == MonthlyRun {
			remit = Remit{To: sit.RemitTo, On: sit.Remit.Dates(run.On)}
		}
		out[i] = proposal{
			situation: sit, purse: purses[sit.Mandate], dues: dues[sit.Mandate], remit: remit, means: ask.Means,
			payees: payees, run: run.ID, on: run.On, rentOpen: rents[sit.Mandate],
		}
	}
	return out, nil
}

// duesFor makes sure that the dues have their rows, and reads those that are open.
func duesFor(
	ctx context.Context, tx pgx.Tx, situations []mandates.Situation, run Run, ask Ask,
) (map[string][]dueItem, error) {
	all, err := ask.dues(situations)
	if err != nil {
		return nil, err
	}
	if err := writeDues(ctx, tx, all); err != nil {
		return nil, err
	}
	open, err := openDues(ctx, tx, situations, run, ask.keys())
	if err != nil {
		return nil, err
	}
	return open, ask.refuseMissing(open)
}

// situationsOf reads what the run must know of the mandates, in their order in the run.
func situationsOf(
	ctx context.Context, tx pgx.Tx, on civil.Date, ids []string, suppose *supposition,
) ([]mandates.Situation, error) {
	if err := suppose.write(ctx, tx, ids); err != nil {
		return nil, err
	}
	situations, err := mandates.SituationsTx(ctx, tx, on, ids)
	if err != nil {
		return nil, err
	}
	place := make(map[string]int, len(ids))
	for i, id := range ids {
		place[id] = i
	}
	suppose.replaced(situations)
	slices.SortFunc(situations, func(a, b mandates.Situation) int { return place[a.Mandate] - place[b.Mandate] })
	return situations, nil
}

// purses reads what the mandates hold, set aside and have promised.
func (s *Service) purses(ctx context.Context, tx pgx.Tx, run Run, ids []string) (map[string]purse, error) {
	reserved, err := mandates.ReservedTx(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	promised, err := remittancesOf(ctx, tx, ids, run.On.MonthOf())
	if err != nil {
		return nil, err
	}
	var codes []ledger.Code
	for _, id := range ids {
		codes = append(codes, ledger.Mandate(id))
	}
	balances, err := s.Ledger.Balances(ctx, tx, codes)
	if err != nil {
		return nil, err
	}
	purses := make(map[string]purse, len(ids))
	for _, id := range ids {
		p := promised[id]
		p.Reserved = reserved[id]
		p.Balance = balances[ledger.Mandate(id)].Neg() // a person's account is in credit
		purses[id] = p
	}
	return purses, nil
}

// Show reads a run whole, without the bytes of its files.
func (s *Service) Show(ctx context.Context, id string) (Run, error) {
	var run Run
	err := ledger.Snapshot(ctx, s.DB, func(tx pgx.Tx) (err error) {
		run, err = readRun(ctx, tx, id)
		return err
	})
	if err != nil {
		return Run{}, fmt.Errorf("show run %s: %w", id, err)
	}
	return run, nil
}

// List returns the runs, the newest first, without mandates, acts and files.
func (s *Service) List(ctx context.Context) ([]Run, error) {
	return listRuns(ctx, unit.Reader(ctx, s.DB))
}

// Cancel gives up a run that has not been approved. It stays readable, and what it would
// have paid is due again.
func (s *Service) Cancel(ctx context.Context, who auth.Principal, id string) error {
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		run, err := lockRun(ctx, tx, id)
		if err != nil {
			return err
		}
		if run.State != Draft && run.State != InReview {
			return &StateError{Run: id, State: run.State, Act: "cancel"}
		}
		_, err = s.act(ctx, tx, deed{who: who, run: id, what: actCancel, seen: run.ContentHash}, func(Act) error {
			if err := setRunState(ctx, tx, id, Cancelled); err != nil {
				return err
			}
			if err := setRunInstructions(ctx, tx, id, InstructionDraft, InstructionCancelled); err != nil {
				return err
			}
			return voidFiles(ctx, tx, id)
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("cancel run %s: %w", id, translate(err))
	}
	return nil
}
