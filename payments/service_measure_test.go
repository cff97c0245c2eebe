package payments_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments"
	"masp/payments/mandates"
)

// dossiers are the services of mandates in the same house.
func (h *house) dossiers() *mandates.Service {
	return &mandates.Service{DB: h.db.App, Ledger: h.Ledger}
}

// replay allots a stored run again, with the terms of its day as they stand now.
func (h *house) replay(run payments.Run) payments.Allotment {
	h.t.Helper()
	m := run.Mandates[0]
	q := payments.Question{Mandate: m.Mandate, Available: m.Available, FloorLeft: m.FloorLeft}
	for _, l := range m.Lines {
		line := payments.DueLine{
			ID: mandates.DueOn{Obligation: l.Obligation, On: l.DueOn}.Key(), Class: l.Class, Creditor: l.Creditor, Label: l.Label, Due: l.Due, Debt: l.Debt,
		}
		q.Lines = append(q.Lines, line)
	}
	err := h.in(func(tx pgx.Tx) error {
		terms, err := mandates.SituationsTx(h.t.Context(), tx, run.On, []string{m.Mandate})
		if err != nil {
			return err
		}
		q.Policy, q.RemitTo, q.RemitOn = terms[0].Policy, terms[0].RemitTo, terms[0].Remit.Dates(run.On)
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return payments.Allocate(q)
}

func TestAnOldRunReplaysWithTheTermsOfItsDay(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	h.owner(`INSERT INTO masp.benefits (code, valid_from, label, legal_item, payers, manageable)
		VALUES ('RSA', '2009-06-01', 'RSA', 'L262-1', '{CAF}', true)`)
	h.owner(`INSERT INTO masp.authorised_benefits (mandate_id, benefit, valid_from) VALUES ('M-0001', 'RSA', '2026-01-01')`)
	run := h.show(h.approved().ID)
	before := h.replay(run)
	if m := run.Mandates[0]; before.RemitTotal != m.Remit || before.CarriedForward != m.Carried || before.Reserved != m.Reserved {
		t.Fatalf("the replay gives %+v, the run %+v", before, m)
	}
	for i, l := range run.Mandates[0].Lines {
		if got := before.Lines[i]; got.Paid != l.Paid || got.Status != l.Status {
			t.Fatalf("line %d replays as %+v, the run has %+v", l.No, got, l)
		}
	}
	floor := money.MustParse("600.00")
	change := mandates.Amendment{
		EffectiveOn: thursday, Reason: "enfant", SignedByPerson: thursday, SignedByDepartment: thursday,
		LivingFloor: &floor, Shortfall: mandates.Skip,
		ClassOrder: []mandates.Class{mandates.Rent, mandates.RentalCharge, mandates.Reserve, mandates.OtherBill, mandates.DebtPlan, mandates.HousingOther},
		Remittance: &mandates.RemittancePlan{Days: []int{28}},
	}
	if err := h.dossiers().Amend(t.Context(), h.anne, "M-0001", change); !errors.Is(err, mandates.ErrRunStands) {
		t.Fatalf("on the day of the run: got %v, want ErrRunStands", err)
	}
	change.EffectiveOn = thursday.AddDays(1)
	if err := h.dossiers().Amend(t.Context(), h.anne, "M-0001", change); err != nil {
		t.Fatal(err)
	}
	h.at(civil.MustParse("2026-12-07"), 9)
	if after := h.replay(run); !reflect.DeepEqual(after, before) {
		t.Errorf("after the amendment the old run gives %+v, want %+v", after, before)
	}
	later := run
	later.On = civil.MustParse("2026-12-07")
	if reflect.DeepEqual(h.replay(later), before) {
		t.Error("the amendment changes nothing for a later run")
	}
}

func TestASuspensionStopsWhatWaitsAndTheRuns(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	run := h.filed()
	stopped, err := h.SuspendMandate(t.Context(), h.carla, "M-0001", "hospitalisation")
	if err != nil {
		t.Fatal(err)
	}
	if len(stopped.Cancelled) != 3 && len(stopped.Cancelled) != 4 { // the first leaves with the run, or waits too
		t.Errorf("%d remittances are cancelled, want those that wait", len(stopped.Cancelled))
	}
	if _, err := h.SuspendMandate(t.Context(), h.carla, "M-0001", "encore"); !errors.Is(err, mandates.ErrNotActive) {
		t.Errorf("twice: got %v, want ErrNotActive", err)
	}
	for _, tr := range h.show(run.ID).Mandates[0].Transfers {
		if tr.State == payments.InstructionScheduled {
			t.Errorf("%s still waits", tr.EndToEndID)
		}
	}
	again, err := h.Propose(t.Context(), h.anne, payments.Ask{Mandates: []string{"M-0001"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := again.Mandates; len(got) != 1 || got[0].Refused == "" {
		t.Errorf("a run of a suspended measure has %+v, want it refused", got)
	}
	h.clean()
	if err := h.dossiers().Lift(t.Context(), h.carla, "M-0001", "retour"); err != nil {
		t.Fatal(err)
	}
	if err := h.dossiers().Lift(t.Context(), h.carla, "M-0001", "retour"); !errors.Is(err, mandates.ErrNotSuspended) {
		t.Errorf("lifted twice: got %v, want ErrNotSuspended", err)
	}
	h.clean()
}

func TestARunAfterARenewalFindsNoMeasureOver(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	h.owner(`UPDATE masp.mandates SET renewed_to = '2027-12-31' WHERE mandate_id = 'M-0001'`)
	h.at(civil.MustParse("2027-01-05"), 9)
	for _, e := range h.propose().Exceptions() {
		if e.Code == payments.MeasureOver || e.Code == payments.MeasureEnding {
			t.Errorf("got %s (%s), want none: the renewal lasts a year", e.Code, e.Text)
		}
	}
}

func TestAContractThatNobodyRenewsEndsByTheClock(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	run := h.filed()
	h.at(civil.MustParse("2027-01-01"), 6)
	for i, want := range []int{1, 0} {
		ended, err := h.EndTerms(t.Context())
		if err != nil || len(ended) != want {
			t.Fatalf("time %d: %v end, %v, want %d", i+1, ended, err, want)
		}
	}
	if got := h.number(`SELECT count(*) FROM masp.mandates WHERE status = 'ENDED' AND end_reason = 'TERM_REACHED' AND ended_on = '2026-12-31'`); got != 1 {
		t.Errorf("%d measures have ended on their last day, want 1", got)
	}
	if got := h.number(`SELECT count(*) FROM masp.alerts WHERE code = 'MEASURE_ENDED' AND details ->> 'reason' = 'TERM_REACHED'`); got != 1 {
		t.Errorf("%d alerts, want 1", got)
	}
	for _, tr := range h.show(run.ID).Mandates[0].Transfers {
		if tr.State == payments.InstructionScheduled {
			t.Errorf("%s still waits", tr.EndToEndID)
		}
	}
	if got := h.held(ledger.Mandate("M-0001")); got == "0.00" {
		t.Error("the balance is gone, want it there for the person")
	}
	h.clean()
}

func TestAMeasureIsClosedOnceItsBalanceHasReachedThePerson(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	h.end("M-0001", mandates.AutonomyRegained)
	var left *mandates.NotReadyError
	refused := func(want string) {
		t.Helper()
		err := h.dossiers().Close(t.Context(), h.carla, "M-0001")
		if !errors.As(err, &left) || !strings.Contains(left.Error(), want) {
			t.Fatalf("got %v, want that %s is left", err, want)
		}
	}
	refused("RETURN_BALANCE")
	run, err := h.ProposePayout(t.Context(), h.anne, payments.Payout{
		Purpose: payments.Restitution, Mandate: "M-0001", To: "C-SELF-M-0001", On: thursday,
	})
	if err != nil {
		t.Fatal(err)
	}
	refused("DECIDE")
	if run, err = h.Submit(t.Context(), h.anne, run.ID); err != nil {
		t.Fatal(err)
	}
	if run, err = h.Approve(t.Context(), h.bruno, run.ID, run.ContentHash); err != nil {
		t.Fatal(err)
	}
	refused("AWAIT_BANK")
	if _, err = h.File(t.Context(), h.bruno, run.ID); err != nil {
		t.Fatal(err)
	}
	h.bankDebits(h.show(run.ID).Mandates[0].Transfers...)
	if err := h.dossiers().Close(t.Context(), h.carla, "M-0001"); err != nil {
		t.Fatal(err)
	}
	c, err := h.dossiers().Closing(t.Context(), "M-0001")
	if err != nil || !c.Account.Proved() || !c.Account.Held.IsZero() || len(c.Account.Flows) != 2 {
		t.Errorf("got %+v, %v, want 900.00 in, 900.00 out, zero proved", c.Account, err)
	}
	h.clean()
}
