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

	atOnce int // mandates of a run that are composed together, if not as many as usual
}

// proposals gathers, for each mandate, everything its part of the run depends on.
func (s *Service) proposals(ctx context.Context, tx pgx.Tx, c composition) ([]proposal, error) {
	run, ask := c.run, c.ask
	situations, err := situationsOf(ctx, tx, run.On, c.ids, c.suppose)
	if err != nil {
		return nil, err
	}
	dues, err := duesFor(ctx, tx, situations, run, ask)
	if err != nil {
		return nil, err
	}
	purses, err := s.purses(ctx, tx, run, c.ids)
	if err != nil {
		return nil, err
	}
	c.suppose.credit(purses)
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

// duesFor answers the dues that are open; those of the run get their rows.
func duesFor(
	ctx context.Context, tx pgx.Tx, situations []mandates.Situation, run Run, ask Ask,
) (map[string][]dueItem, error) {
	all, err := ask.dues(situations)
	if err != nil {
		return nil, err
	}
	open, err := openDues(ctx, tx, situations, run, ask.keys(), all)
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

// head reads a run without mandates, acts and files.
func (s *Service) head(ctx context.Context, id string) (Run, error) {
	run, err := readHead(ctx, unit.Reader(ctx, s.DB), id)
	if err != nil {
		return Run{}, fmt.Errorf("read run %s: %w", id, err)
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
