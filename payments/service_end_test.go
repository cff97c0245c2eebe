package payments_test

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/payments"
	"masp/payments/mandates"
)

// end ends a measure today.
func (h *house) end(mandate string, reason mandates.EndReason) payments.Ended {
	h.t.Helper()
	today, err := ledger.Today(h.t.Context(), h.db.App)
	if err != nil {
		h.t.Fatal(err)
	}
	ended, err := h.EndMandate(h.t.Context(), h.carla, mandate, today, reason)
	if err != nil {
		h.t.Fatalf("end %s: %v", mandate, err)
	}
	return ended
}

// acts are the details of the ends that the log of acts keeps.
func (h *house) endings() (details []string) {
	h.t.Helper()
	rows, err := h.db.App.Query(h.t.Context(), `
		SELECT actor || ' ' || object_id || ' ' || reason || ' ' || details FROM masp.audit_log
		 WHERE action = 'mandate.end' ORDER BY seq`)
	if err != nil {
		h.t.Fatal(err)
	}
	if details, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
		h.t.Fatal(err)
	}
	return details
}

func TestAnEndCancelsWhatWaitsAndReleasesTheReserve(t *testing.T) {
	t.Parallel()
	for _, reason := range []mandates.EndReason{mandates.Moved, mandates.Death} {
		h := evasHouse(t)
		h.person(person{id: "M-0002", balance: "300.00"})
		run := h.filed()
		h.at(civil.MustParse("2026-11-12"), 8)
		h.release(1)
		before := h.held(ledger.Mandate("M-0001"))
		ended := h.end("M-0001", reason)
		if got := ended.Released.String(); got != "40.00" {
			t.Errorf("%s: %s were released, want the reserve of 40.00", reason, got)
		}
		if got := h.number(`SELECT sum(amount_cents) FROM masp.reserve_movements WHERE mandate_id = 'M-0001'`); got != 0 {
			t.Errorf("%s: %d cents are still set aside, want none", reason, got)
		}
		var states []string
		for _, tr := range h.show(run.ID).Mandates[0].Transfers {
			states = append(states, string(tr.State)+tr.Reason)
		}
		want := []string{"in_transit", "in_transit", "in_transit", "in_transit", "cancelled" + string(reason), "cancelled" + string(reason)}
		if !slices.Equal(states, want) {
			t.Errorf("%s: the transfers are %v, want %v: the bank has the first ones", reason, states, want)
		}
		if got := h.endings(); len(got) != 1 || got[0] != "carla M-0001 "+string(reason)+
			` {"on":"2026-11-12","cancelled":["V000001-000005","V000001-000006"],"released":"40.00"}` {
			t.Errorf("%s: the log of acts says %v", reason, got)
		}
		account, alert := ledger.Mandate("M-0001"), "MEASURE_ENDED"
		if reason == mandates.Death {
			account, alert = ledger.Sub("M-0001", ledger.Estate), "BENEFICIARY_DECEASED"
		}
		if got := h.held(account); got != before {
			t.Errorf("%s: %s holds %s, want %s as before: nothing has left", reason, account, got, before)
		}
		if got := h.number(`SELECT count(*) FROM masp.alerts WHERE code = $1 AND mandate_id = 'M-0001'`, alert); got != 1 {
			t.Errorf("%s: %d alerts %s, want 1", reason, got, alert)
		}
		h.clean()
		h.at(civil.MustParse("2026-11-26"), 8)
		if got := h.release(1)[0].Transfers; got != 2 {
			t.Errorf("%s: %d transfers left later, want the two of the living measure", reason, got)
		}
		h.clean()
	}
}

func TestARunWhoseLastTransfersAreCancelledIsSettled(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.person(person{id: "M-0001", balance: "300.00"})
	run := h.filed()
	h.bankDebits(run.Instructions()[0])
	h.end("M-0001", mandates.TerminatedByPerson)
	if got := h.show(run.ID).State; got != payments.Settled {
		t.Errorf("the run is %s, want settled: nothing is under way", got)
	}
	h.clean()
}

func TestAnEndLeavesARunThatNobodyHasApprovedToItsRefusal(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	run := h.submitted()
	if ended := h.end("M-0001", mandates.Moved); len(ended.Cancelled) != 0 || !ended.Released.IsZero() {
		t.Errorf("got %+v, want nothing cancelled and nothing released", ended)
	}
	_, err := h.Approve(t.Context(), h.bruno, run.ID, run.ContentHash)
	var refused *payments.EndedError
	if !errors.As(err, &refused) {
		t.Errorf("got %v, want an *EndedError", err)
	}
	h.clean()
}

func TestARefusedEndChangesNothing(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	h.filed()
	if _, err := h.EndMandate(t.Context(), h.eve, "M-0001", thursday, mandates.Moved); !errors.Is(err, mandates.ErrRole) {
		t.Errorf("auditor: got %v, want ErrRole", err)
	}
	if _, err := h.EndMandate(t.Context(), h.anne, "M-0001", thursday.AddDays(1), mandates.Moved); !errors.Is(err, mandates.ErrFutureEnd) {
		t.Errorf("tomorrow: got %v, want ErrFutureEnd", err)
	}
	if n := h.number(`SELECT count(*) FROM masp.instructions WHERE state = 'scheduled'`); n != 3 || len(h.endings()) != 0 {
		t.Errorf("%d remittances wait, acts %v, want 3 and none", n, h.endings())
	}
	h.clean()
}

// The end of each measure, the remittances of the day, the bank and another run at once: whoever
// comes first, each remittance has left or is cancelled, and nobody waits for ever.
func TestEndsMeetReleasesAndTheBank(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ids := []string{"M-0001", "M-0002", "M-0003", "M-0004"}
	for _, id := range ids {
		h.person(person{id: id, balance: "300.00"})
	}
	run := h.filed()
	day := civil.MustParse("2026-11-12")
	h.at(day, 8)
	var all sync.WaitGroup
	for i, id := range ids {
		first := run.Mandates[i].Transfers[0]
		all.Go(func() { h.end(id, mandates.Moved) })
		all.Go(func() {
			if _, err := h.ReleaseDue(t.Context()); err != nil {
				t.Errorf("release: %v", err)
			}
		})
		all.Go(func() {
			err := h.in(func(tx pgx.Tx) error {
				_, err := h.RejectTx(t.Context(), tx, payments.Rejection{Instruction: first.ID, Reason: "AC04", On: day, Actor: "test"})
				return err
			})
			if err != nil {
				t.Errorf("reject: %v", err)
			}
		})
	}
	all.Wait()
	if n := h.number(`SELECT count(*) FROM masp.instructions WHERE state IN ('scheduled', 'draft')`); n != 0 {
		t.Errorf("%d remittances wait, want none", n)
	}
	h.clean()
}
