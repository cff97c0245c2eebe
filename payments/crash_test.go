package payments_test

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/migrations"
	"masp/migrations/dbtest/pgproxy"
	"masp/payments"
	"masp/payments/mandates"
)

// long tells whether every step is tried: otherwise, and with -short, a sample.
func long() bool {
	return !testing.Short() && (os.Getenv("MASP_LONG") != "" || os.Getenv("CI") != "")
}

// sweep cuts acts at their steps.
type sweep struct {
	*house
	onCut                    func() // before a connection is closed
	stride                   int
	tried, survived, commits int
}

// doing is an act of the service on a connection of its own.
func (s *sweep) doing(act func(*payments.Service) error) func(url string) error {
	return func(url string) error {
		ctx, stop := context.WithTimeout(s.t.Context(), 30*time.Second)
		defer stop()
		pool, err := migrations.Open(ctx, url, 1)
		if err != nil {
			s.t.Fatal(err)
		}
		defer pool.Close()
		return act(&payments.Service{DB: pool, Ledger: ledger.New(pool)})
	}
}

// attempt does an act through a proxy.
func (s *sweep) attempt(rule func(pgproxy.Step) pgproxy.Verdict, act func(url string) error) (*pgproxy.Proxy, error) {
	s.tried++
	p := pgproxy.New(s.t, s.db.AppURL)
	p.Rule, p.OnCut = rule, s.onCut
	p.Serve()
	return p, act(p.URL())
}

// until cuts at a step, and in any case before the first commit of a writer: so nothing is committed.
func until(no int, verdict pgproxy.Verdict) func(pgproxy.Step) pgproxy.Verdict {
	return func(s pgproxy.Step) pgproxy.Verdict {
		switch {
		case s.Commit:
			return pgproxy.Before
		case s.No == no:
			return verdict
		}
		return pgproxy.Pass
	}
}

// afterCommit lets PostgreSQL commit, and loses its answer.
func afterCommit(s pgproxy.Step) pgproxy.Verdict {
	if s.Commit {
		return pgproxy.After
	}
	return pgproxy.Pass
}

// state is everything that a payment act can change, as one text.
func (s *sweep) state() (text string) {
	s.t.Helper()
	err := s.db.Super.QueryRow(s.t.Context(), `
		SELECT concat_ws(E'\n', (SELECT h::text FROM masp.audit_heads h), (SELECT h::text FROM masp.chain_heads h),
		       (SELECT count(*) FROM masp.entries), (SELECT count(*) FROM masp.register_changes),
		       (SELECT string_agg(r::text, ' ' ORDER BY run_id) FROM masp.runs r),
		       (SELECT string_agg(a::text, ' ' ORDER BY run_id, act_no) FROM masp.run_acts a),
		       (SELECT string_agg(l::text, ' ' ORDER BY run_id, mandate_id, line_no) FROM masp.run_lines l),
		       (SELECT string_agg(a::text, ' ' ORDER BY run_id, adjustment_no) FROM masp.run_adjustments a),
		       (SELECT string_agg(i::text, ' ' ORDER BY end_to_end_id) FROM masp.instructions i),
		       (SELECT string_agg(f::text, ' ' ORDER BY message_id) FROM masp.payment_files f),
		       (SELECT string_agg(d::text, ' ' ORDER BY d::text) FROM masp.dues d),
		       (SELECT string_agg(d::text, ' ' ORDER BY d::text) FROM masp.debts d),
		       (SELECT count(*) FROM masp.alerts))`).Scan(&text)
	if err != nil {
		s.t.Fatal(err)
	}
	return text
}

// serviceCuts is cuts for an act of the service.
func (s *sweep) serviceCuts(name string, act func(*payments.Service) error, refused func(error) bool) {
	s.t.Helper()
	s.cuts(name, s.doing(act), refused)
}

// cuts tries an act with the connection cut before and after each of its steps: until the commit
// nothing at all may remain. Then its commit is cut and the answer lost: the act is done, and done
// again with a new connection it is refused, or changes nothing.
func (s *sweep) cuts(name string, act func(url string) error, refused func(error) bool) {
	s.t.Helper()
	before := s.state()
	steps := 0
	for step := 1; steps == 0; step += s.stride {
		for _, verdict := range []pgproxy.Verdict{pgproxy.Before, pgproxy.After} {
			p, err := s.attempt(until(step, verdict), act)
			cuts := p.Cuts()
			if err == nil || len(cuts) == 0 {
				s.t.Fatalf("%s, cut at step %d (%d): nobody was told: %v", name, step, verdict, err)
			}
			if s.state() != before {
				s.t.Fatalf("%s, cut at step %d (%d): something remains", name, step, verdict)
			}
			s.survived++
			if cuts[0].Commit {
				steps = cuts[0].No
				break
			}
		}
	}
	s.loseAnswer(name, act, refused)
	s.t.Logf("%-15s %3d steps to its commit", name, steps)
}

// loseAnswer cuts the answer of the commit, then does the act again.
func (s *sweep) loseAnswer(name string, act func(url string) error, refused func(error) bool) {
	s.t.Helper()
	before := s.state()
	if _, err := s.attempt(afterCommit, act); err == nil {
		s.t.Fatalf("%s: the answer of the commit is lost and nobody was told", name)
	}
	done := s.state()
	if done == before {
		s.t.Fatalf("%s: the commit that PostgreSQL has made is lost", name)
	}
	if err := act(s.db.AppURL); !refused(err) {
		s.t.Errorf("%s, done a second time: got %v", name, err)
	}
	if s.state() != done {
		s.t.Errorf("%s has two results", name)
	}
	s.survived++
	s.commits++
	s.clean()
}

// isState tells that an act came too late: the run is in another state by then.
func isState(err error) bool {
	var state *payments.StateError
	return errors.As(err, &state)
}

// isOpen tells that the mandate stands in an open run already.
func isOpen(err error) bool {
	var open *payments.OpenRunError
	return errors.As(err, &open)
}

func harmless(err error) bool { return err == nil }

func isRefused(err error) bool { return err != nil }

func is(target error) func(error) bool {
	return func(err error) bool { return errors.Is(err, target) }
}

// TestCrashAtAnyStepLeavesNothingOrAll cuts every act of the life of a run between the program and
// PostgreSQL: what was cut is whole or absent, and doing it again does it once. MASP_LONG or CI try
// every step.
func TestCrashAtAnyStepLeavesNothingOrAll(t *testing.T) {
	t.Parallel()
	s := &sweep{house: newHouse(t), stride: 601}
	if long() {
		s.stride = 1
	}
	s.eva()
	began := time.Now()
	s.cutDraft()
	run := s.cutApproval()
	s.cutFiles(run)
	s.cutEnd(run)
	t.Logf("%d cuts, %d survived, %d of them at a commit, in %s", s.tried, s.survived, s.commits, time.Since(began).Round(time.Millisecond))
}

func (s *sweep) cutDraft() {
	ctx := s.t.Context()
	s.serviceCuts("Propose", func(p *payments.Service) error {
		_, err := p.Propose(ctx, s.anne, payments.Ask{All: true})
		return err
	}, isOpen)
	run := s.show("C-2026-11-1")
	s.serviceCuts("Adjust", func(p *payments.Service) error {
		_, err := p.Adjust(ctx, s.anne, run.ID, run.ContentHash, payments.Adjustment{
			Mandate: "M-0001", Line: line("O-DEBT"), Kind: payments.SetAmount, Amount: money.MustParse("12.00"), Reason: "vu",
		})
		return err
	}, is(payments.ErrStale))
	s.decided(s.show(run.ID))
}

// cutApproval takes the run from the draft to the signature; it is taken back once.
func (s *sweep) cutApproval() payments.Run {
	ctx, id := s.t.Context(), "C-2026-11-1"
	submit := func(p *payments.Service) error {
		_, err := p.Submit(ctx, s.anne, id)
		return err
	}
	s.serviceCuts("Submit", submit, isState)
	run := s.show(id)
	s.serviceCuts("Reopen", func(p *payments.Service) error {
		_, err := p.Reopen(ctx, s.anne, id, run.ContentHash)
		return err
	}, isState)
	if err := submit(s.Service); err != nil {
		s.t.Fatal(err)
	}
	s.serviceCuts("Approve", func(p *payments.Service) error {
		_, err := p.Approve(ctx, s.bruno, id, run.ContentHash)
		return err
	}, isState)
	if n := s.number(`SELECT count(*) FROM masp.run_acts WHERE act = 'approve'`); n != 1 {
		s.t.Errorf("the run was approved %d times", n)
	}
	return s.show(id)
}

// cutFiles lets the files of the run leave, of its first day and of a later one.
func (s *sweep) cutFiles(run payments.Run) {
	ctx := s.t.Context()
	file := func(p *payments.Service) error {
		_, err := p.File(ctx, s.bruno, run.ID)
		return err
	}
	s.serviceCuts("File", file, harmless)
	s.serviceCuts("VoidFile", func(p *payments.Service) error {
		return p.VoidFile(ctx, s.bruno, run.Files[len(run.Files)-1].Name, "illisible")
	}, is(payments.ErrNoFile))
	s.serviceCuts("File again", file, harmless)
	s.serviceCuts("HandOver", func(p *payments.Service) error { return p.HandOver(ctx, s.bruno, run.ID) }, harmless)
	weekly := s.show(run.ID).Instructions()
	s.at(weekly[len(weekly)-2].LeaveOn, 9)
	s.serviceCuts("ReleaseDue", func(p *payments.Service) error {
		_, err := p.ReleaseDue(ctx)
		return err
	}, harmless)
	s.serviceCuts("CancelTransfer", func(p *payments.Service) error {
		return p.CancelTransfer(ctx, s.bruno, weekly[len(weekly)-2].EndToEndID, "demande de la personne")
	}, isState)
}

// cutEnd ends the measure and gives the balance back.
func (s *sweep) cutEnd(run payments.Run) {
	ctx := s.t.Context()
	today := civil.MustParse("2026-11-30")
	s.at(today, 9)
	s.serviceCuts("EndMandate", func(p *payments.Service) error {
		_, err := p.EndMandate(ctx, s.anne, "M-0001", today, mandates.Moved)
		return err
	}, isRefused)
	s.serviceCuts("ProposePayout", func(p *payments.Service) error {
		_, err := p.ProposePayout(ctx, s.anne, payments.Payout{
			Purpose: payments.Restitution, Mandate: "M-0001", To: "C-SELF-M-0001", Evidence: "fin de mesure",
		})
		return err
	}, isOpen)
	s.serviceCuts("Cancel", func(p *payments.Service) error { return p.Cancel(ctx, s.anne, "C-2026-11-2") }, isState)
	s.serviceCuts("RecordDeath", func(p *payments.Service) error {
		_, err := p.RecordDeath(ctx, s.anne, "M-0001", today)
		return err
	}, isRefused)
	if sent := s.number(`SELECT count(*) FROM masp.instructions WHERE run_id = $1`, run.ID); int(sent) != len(run.Instructions()) {
		s.t.Errorf("the run has %d transfers, want %d", sent, len(run.Instructions()))
	}
}
