package payments

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"masp/api/auth"
	"masp/ledger"
	"masp/payments/mandates"
)

// Service keeps the runs of one organisation: proposed, approved by a second person,
// filed for the bank, settled by what the bank says.
type Service struct {
	DB     *pgxpool.Pool
	Ledger *ledger.Ledger
}

// Propose computes a run and keeps it as a draft: each line with its status and reason.
// Nothing is posted and nothing leaves. Mandates that stand in an open run are an
// *OpenRunError; the principal becomes the preparer.
func (s *Service) Propose(ctx context.Context, who auth.Principal, ask Ask) (Run, error) {
	var id string
	err := pgx.BeginFunc(ctx, s.DB, func(tx pgx.Tx) error {
		run, err := s.compose(ctx, tx, ask)
		if err != nil {
			return err
		}
		if err := insertRun(ctx, tx, run); err != nil {
			return err
		}
		id = run.ID
		return s.act(ctx, tx, deed{who, run.ID, actPropose, run.ContentHash}, nil)
	})
	if err != nil {
		return Run{}, fmt.Errorf("propose a run: %w", translate(err))
	}
	return s.Show(ctx, id)
}

// compose reads what is due and what is held, and lets Allocate decide, mandate by mandate.
func (s *Service) compose(ctx context.Context, tx pgx.Tx, ask Ask) (Run, error) {
	ids, err := mandates.LockTx(ctx, tx, ask.Mandates)
	if err != nil {
		return Run{}, err
	}
	if len(ids) == 0 {
		return Run{}, ErrNothingDue
	}
	if err := refuseOpenRun(ctx, tx, ids); err != nil {
		return Run{}, err
	}
	run, err := s.newRun(ctx, tx, ask)
	if err != nil {
		return Run{}, err
	}
	proposals, err := s.proposals(ctx, tx, run, ids)
	if err != nil {
		return Run{}, err
	}
	for _, p := range proposals {
		run.Mandates = append(run.Mandates, p.propose())
	}
	run.number()
	run.ContentHash = Content(run.ID, run.Instructions())
	return run, nil
}

// newRun gives the run its references. Two at once: the unique key lets one win.
func (s *Service) newRun(ctx context.Context, tx pgx.Tx, ask Ask) (Run, error) {
	today, err := ledger.Today(ctx, tx)
	if err != nil {
		return Run{}, err
	}
	run := Run{Month: ask.Month, On: ask.On, Purpose: ask.Purpose, State: Draft}
	if run.Purpose == "" {
		run.Purpose = MonthlyRun
	}
	if run.On.IsZero() {
		run.On = today
	}
	if run.On.Before(today) {
		return Run{}, &PastError{Run: "nouvelle", On: run.On}
	}
	if run.Month.IsZero() {
		run.Month = run.On.MonthOf()
	}
	run.Number, run.ID, err = nextRun(ctx, tx, run.Month)
	return run, err
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
func (s *Service) proposals(ctx context.Context, tx pgx.Tx, run Run, ids []string) ([]proposal, error) {
	situations, err := mandates.SituationsTx(ctx, tx, run.On, ids)
	if err != nil {
		return nil, err
	}
	if err := writeDues(ctx, tx, situations, run.Month); err != nil {
		return nil, err
	}
	dues, err := openDues(ctx, tx, situations, run.Month, run.On)
	if err != nil {
		return nil, err
	}
	purses, err := s.purses(ctx, tx, run, ids)
	if err != nil {
		return nil, err
	}
	payees, err := mandates.PayeesTx(ctx, tx, creditorsOf(situations))
	if err != nil {
		return nil, err
	}
	var out []proposal
	for _, sit := range situations {
		out = append(out, proposal{
			situation: sit, purse: purses[sit.Mandate], dues: dues[sit.Mandate],
			payees: payees, run: run.ID, on: run.On,
		})
	}
	return out, nil
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
		codes = append(codes, ledger.Mandate(id), ledger.Sub(id, ledger.Restricted))
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
		p.Restricted = balances[ledger.Sub(id, ledger.Restricted)].Neg()
		purses[id] = p
	}
	return purses, nil
}

// creditorsOf lists every creditor that the situations name.
func creditorsOf(situations []mandates.Situation) []string {
	var ids []string
	for _, s := range situations {
		ids = append(ids, s.RemitTo)
		for _, o := range s.Obligations {
			ids = append(ids, o.Creditor)
		}
	}
	return ids
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
func (s *Service) List(ctx context.Context) ([]Run, error) { return listRuns(ctx, s.DB) }

// Cancel gives up a run that has not been approved. It stays readable, and what it would
// have paid is due again.
func (s *Service) Cancel(ctx context.Context, who auth.Principal, id string) error {
	err := pgx.BeginFunc(ctx, s.DB, func(tx pgx.Tx) error {
		run, err := lockRun(ctx, tx, id)
		if err != nil {
			return err
		}
		if run.State != Draft && run.State != InReview {
			return &StateError{Run: id, State: run.State, Act: "cancel"}
		}
		return s.act(ctx, tx, deed{who, id, actCancel, run.ContentHash}, func(Act) error {
			if err := setRunState(ctx, tx, id, Cancelled); err != nil {
				return err
			}
			if err := setRunInstructions(ctx, tx, id, InstructionDraft, InstructionCancelled); err != nil {
				return err
			}
			return voidFiles(ctx, tx, id)
		})
	})
	if err != nil {
		return fmt.Errorf("cancel run %s: %w", id, translate(err))
	}
	return nil
}
