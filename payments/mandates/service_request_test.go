package mandates_test

import (
	"errors"
	"testing"

	"masp/ledger/money"
	"masp/payments/mandates"
)

func TestAnAidIsAskedForAndDecidedOnce(t *testing.T) {
	t.Parallel()
	s, db, _, who := loaded(t)
	anne := who["a.morel"]
	asked := mandates.AidRequest{AskedOn: day("2026-11-05"), AskedOf: "FSL de la Drôme", Purpose: "impayé d'énergie", Amount: money.Cents(310_00)}
	for code, change := range map[string]func(*mandates.AidRequest){
		"REQUEST_INCOMPLETE": func(r *mandates.AidRequest) { r.AskedOf = " " },
		"REQUEST_DAY":        func(r *mandates.AidRequest) { r.AskedOn = day("2026-11-10") },
		"REQUEST_NEGATIVE":   func(r *mandates.AidRequest) { r.Amount = money.Cents(-1) },
	} {
		r := asked
		change(&r)
		_, err := s.AskAid(t.Context(), anne, "M-0003", r)
		wantRule(t, err, code)
	}
	for want := 1; want <= 2; want++ {
		if got, err := s.AskAid(t.Context(), anne, "M-0003", asked); err != nil || got != want {
			t.Fatalf("got request %d, %v, want %d", got, err, want)
		}
	}
	for _, c := range []struct {
		on      string
		outcome mandates.Outcome
		want    error
	}{
		{"2026-11-04", mandates.Granted, mandates.ErrNoRequest}, // before it was asked
		{"2026-11-10", mandates.Granted, mandates.ErrFutureDay},
		{"2026-11-09", "MAYBE", mandates.ErrOutcome},
		{"2026-11-09", mandates.NotGiven, nil},
		{"2026-11-09", mandates.Granted, mandates.ErrNoRequest}, // decided already
	} {
		if err := s.DecideAid(t.Context(), anne, "M-0003", 1, c.outcome, day(c.on)); !errors.Is(err, c.want) {
			t.Errorf("%s on %s: got %v, want %v", c.outcome, c.on, err, c.want)
		}
	}
	if got := refusal(t, db, `UPDATE masp.aid_requests SET outcome = 'GRANTED' WHERE request_no = 1`); got != "request_is_decided_once" {
		t.Errorf("PostgreSQL lets a decision change: %q", got)
	}
	d, err := s.Dossier(t.Context(), "M-0003")
	if err != nil || len(d.Requests) != 2 || d.Requests[0].Open() || !d.Requests[1].Open() {
		t.Errorf("got %+v, %v, want the second request open", d.Requests, err)
	}
}
