package payments

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger/chain"
	"masp/payments/mandates"
)

// Adjust changes the part of one mandate in a draft, and computes it again with the money of today:
// a rent that is lowered or put off is unpaid rent, and holds everything else back. It is
// an edit: whoever adjusts never approves, and the content that was read must be the present one,
// else ErrStale. It returns ErrNoReason, an *AskError, or what the act may be refused for.
func (s *Service) Adjust(ctx context.Context, who auth.Principal, id string, seen chain.Hash, a Adjustment) (Run, error) {
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		run, err := lockEditable(ctx, tx, id)
		if err != nil {
			return err
		}
		return s.adjust(ctx, tx, who, &run, seen, a)
	})
	if err != nil {
		return Run{}, fmt.Errorf("adjust run %s: %w", id, translate(err))
	}
	return s.Show(ctx, id)
}

// lockEditable reads a draft whole, with its mandates locked before it.
func lockEditable(ctx context.Context, tx pgx.Tx, id string) (Run, error) {
	if err := lockMandatesOf(ctx, tx, id); err != nil {
		return Run{}, err
	}
	if _, err := lockDraft(ctx, tx, id); err != nil {
		return Run{}, err
	}
	return readRun(ctx, tx, id)
}

// adjust makes one adjustment of a draft that is locked.
func (s *Service) adjust(ctx context.Context, tx pgx.Tx, who auth.Principal, run *Run, seen chain.Hash, a Adjustment) error {
	at, err := run.adjustable(a)
	if err != nil {
		return err
	}
	done, err := actOnRun(ctx, tx, run.ID, actEdit, seen, who.Secret())
	if err != nil {
		return err
	}
	a.Act, a.By, a.At = done.No, done.User, done.At
	if err := s.rewrite(ctx, tx, run, at, a); err != nil {
		return err
	}
	d := deed{who: who, run: run.ID, what: actEdit, seen: seen, plan: run.plan(), mandate: a.Mandate, reason: a.Reason}
	return seal(ctx, tx, d, done)
}

// adjustable is the place of the mandate that an adjustment is about, or why it is refused.
func (r Run) adjustable(a Adjustment) (int, error) {
	at := slices.IndexFunc(r.Mandates, func(m RunMandate) bool { return m.Mandate == a.Mandate })
	switch {
	case r.Purpose == ManualRun:
		return 0, &AskError{"BY_HAND", r.ID}
	case at < 0 || !r.Purpose.ofLines():
		return 0, &AskError{"MANDATE_NOT_IN", a.Mandate}
	}
	return at, a.check(r.Mandates[at], r.On)
}

// rewrite computes the part of one mandate again and writes it in place of the old one.
func (s *Service) rewrite(ctx context.Context, tx pgx.Tx, run *Run, at int, a Adjustment) error {
	old := run.Mandates[at]
	made := 0
	for _, m := range run.Mandates {
		made += len(m.Adjustments)
	}
	a.No = made + 1
	p, err := s.reproposal(ctx, tx, *run, old, a)
	if err != nil {
		return err
	}
	part := p.propose()
	a.From, a.To = old.paid(a), part.paid(a)
	part.Adjustments = append(slices.Clone(old.Adjustments), a)
	numberAfter(run, part.Transfers)
	kept, err := deletePart(ctx, tx, run.ID, old.Mandate)
	if err != nil {
		return err
	}
	if err := s.judgeAgain(ctx, tx, *run, &part, old.Exceptions, kept); err != nil {
		return err
	}
	run.Mandates[at] = part
	run.ContentHash = Content(run.ID, run.Instructions())
	if err := insertPart(ctx, tx, *run, at); err != nil {
		return err
	}
	return insertAdjustment(ctx, tx, run.ID, a)
}

// reproposal gathers what the part of the mandate depends on now.
func (s *Service) reproposal(ctx context.Context, tx pgx.Tx, run Run, old RunMandate, a Adjustment) (proposal, error) {
	ids := []string{old.Mandate}
	situations, err := situationsOf(ctx, tx, run.On, ids, nil)
	if err != nil {
		return proposal{}, err
	}
	if a.leavesRent(situations[0], old) {
		return proposal{}, &AskError{"WITHDRAWS_RENT", a.key()}
	}
	ask := Ask{Purpose: OffCycle, Lines: old.asked(a)}
	var added []mandates.DueOn
	if a.Kind == AddLine {
		if added, err = (Ask{Purpose: OffCycle, Lines: []LineAsk{a.Line}}).dues(situations); err != nil {
			return proposal{}, err
		}
	}
	dues, err := openDues(ctx, tx, situations, run, ask.keys(), added)
	if err != nil {
		return proposal{}, err
	}
	if err := ask.refuseMissing(dues); err != nil {
		return proposal{}, err
	}
	if err := a.refuseMore(dues[old.Mandate]); err != nil {
		return proposal{}, err
	}
	remit := old.Plan
	if a.Kind == ChangeRemit {
		remit = a.Remit
		ask.Remit = map[string]Remit{old.Mandate: a.Remit}
	}
	purses, err := s.purses(ctx, tx, run, ids)
	if err != nil {
		return proposal{}, err
	}
	payees, err := mandates.PayeesTx(ctx, tx, append(ask.creditors(situations), remit.To))
	if err != nil {
		return proposal{}, err
	}
	rents, err := rentOpen(ctx, tx, situations, run, ask.keys())
	if err != nil {
		return proposal{}, err
	}
	return proposal{
		rentOpen: rents[old.Mandate], situation: situations[0], purse: purses[old.Mandate], dues: dues[old.Mandate], remit: remit,
		hands: hands(append(slices.Clone(old.Adjustments), a)), payees: payees, run: run.ID, on: run.On,
	}, ask.refuseRemit(situations, payees)
}

// numberAfter gives new transfers the identifiers that follow those of the run.
func numberAfter(run *Run, transfers []Instruction) {
	last := 0
	for _, t := range run.Instructions() {
		var of int64
		var n int
		if _, err := fmt.Sscanf(t.EndToEndID, "V%06d-%06d", &of, &n); err == nil {
			last = max(last, n)
		}
	}
	for i := range transfers {
		transfers[i].EndToEndID = EndToEndID(run.Number, last+i+1)
	}
}

// judgeAgain finds the exceptions of a part that was rewritten. Those that were there keep their
// numbers, so that what was decided about them stays; of those that are there no more the kept
// ones, about which somebody has decided, wait for nothing.
func (s *Service) judgeAgain(ctx context.Context, tx pgx.Tx, run Run, part *RunMandate, old []Exception, kept []int) error {
	last := 0
	for _, e := range run.Exceptions() {
		last = max(last, e.No)
	}
	facts, err := s.factsOf(ctx, tx, inquiry{run: run, preparer: run.Acts[0].User, parts: []scope{part.scope()}})
	if err != nil {
		return err
	}
	facts[0].Run = *part
	found := Exceptions(facts[0])
	for i := range found {
		e := &found[i]
		same := slices.IndexFunc(old, func(o Exception) bool {
			return o.Code == e.Code && slices.Equal(o.Lines[:min(1, len(o.Lines))], e.Lines[:min(1, len(e.Lines))])
		})
		if same < 0 {
			last++
			e.No = last
			continue
		}
		e.No, e.Verdict = old[same].No, old[same].Verdict
		old = slices.Delete(slices.Clone(old), same, same+1)
	}
	origins := Origins(facts[0], found)
	for l := range part.Lines {
		part.Lines[l].Why.Origin = origins[l]
	}
	for _, gone := range old {
		if slices.Contains(kept, gone.No) {
			gone.Awaits = nil
			found = append(found, gone)
		}
	}
	slices.SortFunc(found, func(a, b Exception) int { return a.No - b.No })
	part.Exceptions = found
	return nil
}

// Reopen takes a run that waits for its approval back to the draft: its files and the signatures
// that it has are worth nothing any more.
func (s *Service) Reopen(ctx context.Context, who auth.Principal, id string, seen chain.Hash) (Run, error) {
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		run, err := lockRun(ctx, tx, id)
		if err != nil {
			return err
		}
		if run.State != InReview {
			return &StateError{Run: id, State: run.State, Act: actReopen}
		}
		_, err = s.act(ctx, tx, deed{who: who, run: id, what: actReopen, seen: seen}, func(Act) error {
			if err := setRunState(ctx, tx, id, Draft); err != nil {
				return err
			}
			return voidFiles(ctx, tx, id)
		})
		return err
	})
	if err != nil {
		return Run{}, fmt.Errorf("reopen run %s: %w", id, translate(err))
	}
	return s.Show(ctx, id)
}
