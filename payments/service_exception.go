package payments

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/chain"
)

// Choice is what somebody decides about one exception of a draft.
type Choice struct {
	Run       string
	Seen      chain.Hash // content of the run that was read
	Exception int        // number within the run
	Decision  Decision   // empty takes the decision before it back
	Reason    string
}

// Decide records what a coordinator decides about an exception of a draft, carries it out, and
// answers the run: one act, after which the content is another one when the draft has changed. It
// counts as an edit: whoever decides never approves. A decision may be replaced, or taken back
// with what it has changed, until the run is submitted. It returns ErrNoException, ErrNoReason,
// a *ChoiceError, an *AskError, or what the act itself may be refused for.
func (s *Service) Decide(ctx context.Context, who auth.Principal, c Choice) (Run, error) {
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		run, err := lockEditable(ctx, tx, c.Run)
		if err != nil {
			return err
		}
		return s.decide(ctx, tx, who, &run, c)
	})
	if err != nil {
		return Run{}, fmt.Errorf("decide on run %s: %w", c.Run, translate(err))
	}
	return s.Show(ctx, c.Run)
}

// DecideAll leaves the draft as it was computed: each open exception gets the first decision that
// changes nothing, with one reason. It is meant for exercises, where nobody is there to look.
func (s *Service) DecideAll(ctx context.Context, who auth.Principal, id, reason string) error {
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		run, err := lockDraft(ctx, tx, id)
		if err != nil {
			return err
		}
		for _, e := range run.Exceptions() {
			if !e.Open() {
				continue
			}
			c := Choice{Run: id, Seen: run.ContentHash, Exception: e.No, Decision: e.AsComputed(), Reason: reason}
			if err := s.decide(ctx, tx, who, &run, c); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("decide on run %s: %w", id, translate(err))
	}
	return nil
}

// lockDraft reads a run that may still be decided on, and keeps it still until the commit.
func lockDraft(ctx context.Context, tx pgx.Tx, id string) (Run, error) {
	run, err := lockRun(ctx, tx, id)
	if err != nil {
		return Run{}, err
	}
	if run.State != Draft {
		return Run{}, &StateError{Run: id, State: run.State, Act: actEdit}
	}
	run.Mandates, err = readRunMandates(ctx, tx, id)
	return run, err
}

// sealedDecision is what the log of acts keeps of a decision: verify holds run_decisions against it.
type sealedDecision struct {
	sealedAct
	Exception int      `json:"exception"`
	Decision  Decision `json:"decision"`
	Reason    string   `json:"reason"`
}

// decide records one decision on a run that is locked: it takes back what the decision before it
// has changed of the draft, then carries out the new one.
func (s *Service) decide(ctx context.Context, tx pgx.Tx, who auth.Principal, run *Run, c Choice) error {
	at, e := run.exception(c.Exception)
	switch {
	case e == nil:
		return ErrNoException
	case strings.TrimSpace(c.Reason) == "":
		return ErrNoReason
	}
	done, err := decideException(ctx, tx, c, who.Secret())
	if err != nil {
		return err
	}
	back := run.Mandates[at].undo(e.Verdict.Act)
	e.Verdict = Verdict{}
	if err := s.rewriteAll(ctx, tx, run, at, back, c, done); err != nil {
		return err
	}
	_, e = run.exception(c.Exception)
	if c.Decision != "" && !slices.Contains(e.Choices(), c.Decision) {
		return &ChoiceError{Exception: *e, Decision: c.Decision}
	}
	if c.Decision != "" {
		e.Verdict = Verdict{Decision: c.Decision, Reason: c.Reason, By: done.User, At: done.At, Act: done.No}
	}
	carry := e.carry(c.Decision)
	if err := s.rewriteAll(ctx, tx, run, at, carry, c, done); err != nil {
		return err
	}
	sealed := sealedDecision{
		sealedAct: sealedAct{Act: done.No, At: done.At.UnixMicro()},
		Exception: c.Exception, Decision: c.Decision, Reason: c.Reason,
	}
	if len(back)+len(carry) > 0 {
		sealed.Plan, sealed.Mandate = run.plan().String(), e.Mandate
	}
	_, err = audit.Record(ctx, tx, audit.Act{
		Actor: who.ID, Action: "run." + actEdit, ObjectType: "run", ObjectID: c.Run, After: c.Seen, Details: sealed,
	})
	return err
}

// rewriteAll makes the changes that a decision asks for, in the act that it is.
func (s *Service) rewriteAll(ctx context.Context, tx pgx.Tx, run *Run, at int, list []Adjustment, c Choice, done Act) error {
	for _, a := range list {
		a.Reason, a.Act, a.By, a.At = c.Reason, done.No, done.User, done.At
		if _, err := run.adjustable(a); err != nil {
			return err
		}
		if err := s.rewrite(ctx, tx, run, at, a); err != nil {
			return err
		}
	}
	return nil
}

// Settings are the thresholds of the organisation.
func (s *Service) Settings(ctx context.Context) (ExceptionSettings, error) {
	var settings ExceptionSettings
	err := ledger.Snapshot(ctx, s.DB, func(tx pgx.Tx) (err error) {
		settings, err = exceptionSettings(ctx, tx)
		return err
	})
	if err != nil {
		return ExceptionSettings{}, fmt.Errorf("read the thresholds of exceptions: %w", err)
	}
	return settings, nil
}

// SetSettings changes the thresholds from the next proposal on: an act of an administrator. It
// returns ErrThreshold for a negative one, a percentage above 100 or an end more than a year away.
func (s *Service) SetSettings(ctx context.Context, who auth.Principal, to ExceptionSettings) error {
	if !to.sane() {
		return ErrThreshold
	}
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		if err := writeExceptionSettings(ctx, tx, to, who.Secret()); err != nil {
			return err
		}
		_, err := audit.Record(ctx, tx, audit.Act{
			Actor: who.ID, Action: "exceptions.settings", ObjectType: "organisation", ObjectID: "only",
			Details: map[string]int64{
				"change_cents": to.ChangeCents.Cents(), "change_percent": to.ChangePercent, "ending_days": int64(to.EndingDays),
			},
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("set the thresholds of exceptions: %w", translate(err))
	}
	return nil
}
