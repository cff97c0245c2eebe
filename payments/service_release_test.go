package payments_test

import (
	"strings"
	"sync"
	"testing"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/payments"
)

func (h *house) release(want int) []payments.PaymentFile {
	h.t.Helper()
	files, err := h.ReleaseDue(h.t.Context())
	if err != nil || len(files) != want {
		h.t.Fatalf("released %d files: %v, want %d", len(files), err, want)
	}
	return files
}

func TestAMissedDayIsMadeUpForAndMeetsTheNextOne(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.person(person{id: "M-0001", balance: "300.00", floor: 20000, days: []int32{5, 13, 16}})
	run := h.filed()
	h.release(0) // nothing is due on the day of the run: those left with it
	h.at(civil.MustParse("2026-11-14"), 10)
	saturday := h.release(1)[0]
	if got := saturday.ExecuteOn.String(); got != "2026-11-16" {
		t.Errorf("missed on Friday, released on Saturday: leaves on %s, want Monday 2026-11-16", got)
	}
	h.release(0)
	h.at(civil.MustParse("2026-11-16"), 10)
	monday := h.release(1)[0]
	if saturday.Name == monday.Name || saturday.MessageID == monday.MessageID {
		t.Errorf("two files of one day share a name or an identifier: %s, %s", saturday.Name, monday.Name)
	}
	if !strings.Contains(string(monday.Content), "V000001-20261116-03-000001") {
		t.Errorf("the third file of the run has another batch reference than its own:\n%s", monday.Content)
	}
	validate(t, saturday)
	validate(t, monday)
	checkText(t, "transfers", transfers(h.show(run.ID)), `REMITTANCE C-SELF-M-0001 100.00 2026-11-05 in_transit
REMITTANCE C-SELF-M-0001 100.00 2026-11-13 in_transit
REMITTANCE C-SELF-M-0001 100.00 2026-11-16 in_transit
`)
	if got := h.held(ledger.Mandate("M-0001")); got != "0.00" {
		t.Errorf("%s are left, want nothing", got)
	}
	h.clean()
}

func TestProcessesThatReleaseAtOnceSendEachRemittanceOnce(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	h.filed()
	h.at(civil.MustParse("2026-11-19"), 8)
	var wait sync.WaitGroup
	var mu sync.Mutex
	var files int
	for range 8 {
		wait.Go(func() {
			released, err := h.ReleaseDue(t.Context())
			mu.Lock()
			defer mu.Unlock()
			files += len(released)
			if err != nil {
				t.Errorf("release: %v", err)
			}
		})
	}
	wait.Wait()
	if files != 1 {
		t.Errorf("%d files were released, want one of both remittances", files)
	}
	if n := h.number(`SELECT count(*) FROM masp.instructions WHERE state = 'in_transit'`); n != 5 {
		t.Errorf("%d transfers are in transit, want 5", n)
	}
	h.clean()
}

func TestARunOfLaterRemittancesAloneIsFiledEmptyAndSettlesWithThem(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.person(person{id: "M-0001", balance: "300.00", days: []int32{12}})
	run := h.filed()
	if len(run.Files) != 0 || run.State != payments.Filed {
		t.Fatalf("got %d files, state %s, want none and filed", len(run.Files), run.State)
	}
	h.at(civil.MustParse("2026-11-12"), 8)
	h.release(1)
	if err := h.HandOver(t.Context(), h.anne, run.ID); err != nil {
		t.Fatal(err)
	}
	h.bankDebits(h.show(run.ID).Instructions()...)
	if got := h.show(run.ID).State; got != payments.Settled {
		t.Errorf("the run is %s, want settled", got)
	}
	h.clean()
}

func TestARemittanceOfAnEndedMeasureStaysAndStopsNobodyElse(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.person(person{id: "M-0001", balance: "300.00"})
	h.person(person{id: "M-0002", balance: "300.00"})
	h.filed()
	h.owner(`UPDATE masp.mandates SET status = 'ENDED', ended_on = '2026-11-10', end_reason = 'MOVED' WHERE mandate_id = 'M-0001'`)
	h.at(civil.MustParse("2026-11-12"), 8)
	if got := h.release(1)[0].Transfers; got != 1 {
		t.Errorf("%d transfers left, want the one of the living measure", got)
	}
	h.release(0)
	if got := h.held(ledger.Mandate("M-0001")); got != "225.00" {
		t.Errorf("the ended measure holds %s, want 225.00", got)
	}
	h.clean()
}
