package mandates_test

import (
	"testing"

	"masp/payments/mandates"
)

func TestLimitsOfTheLawAreWithinTheLaw(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		start, end string
		before     int
	}{
		"six months":               {"2026-01-01", "2026-06-30", 0},
		"six months to February":   {"2026-08-31", "2027-02-27", 0},
		"twenty-four months":       {"2026-01-01", "2027-12-31", 0},
		"twenty-four of a leap":    {"2026-02-28", "2028-02-27", 0},
		"forty-eight in all":       {"2026-01-01", "2027-12-31", 24},
		"forty-eight with a short": {"2026-01-01", "2026-06-30", 42},
	} {
		k := good().Contract
		k.Start, k.End, k.MonthsBefore, k.EvaluatedOn = day(c.start), day(c.end), c.before, day("2025-12-01")
		if err := k.Check(); err != nil {
			t.Errorf("%s: got %v, want no error", name, err)
		}
	}
}

func TestARenewalCountsTheMonthsAndAwaitsSignatures(t *testing.T) {
	t.Parallel()
	first := good().Contract
	next := first.Renew(day("2027-01-01"), day("2027-12-31"), day("2026-11-20"))
	if _, signed := next.SignedOn(); signed || next.MonthsBefore != 12 {
		t.Errorf("got signed %v after %d months, want unsigned after 12", signed, next.MonthsBefore)
	}
	if err := next.Check(); err != nil {
		t.Errorf("got %v, want no error", err)
	}
	if got := (mandates.Contract{Start: day("2026-01-15"), End: day("2026-12-31")}).Months(); got != 12 {
		t.Errorf("a month begun: got %d months, want 12", got)
	}
}

func TestACommitmentIsReadAsItIsWritten(t *testing.T) {
	t.Parallel()
	want := mandates.Commitment{By: mandates.PartyPerson, Text: "prévenir : au moins un jour avant"}
	if got, err := mandates.ParseCommitment(want.String()); err != nil || got != want {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	for _, text := range []string{"", "PERSON", "PERSON:", "LANDLORD: rien", "venir"} {
		if got, err := mandates.ParseCommitment(text); err == nil {
			t.Errorf("%q: got %+v, want a refusal", text, got)
		}
	}
}

func TestEveryEndReasonHasItsFrench(t *testing.T) {
	t.Parallel()
	for _, r := range mandates.EndReasons() {
		if !r.Known() || r.French() == string(r) {
			t.Errorf("%s: got %q, want French words", r, r.French())
		}
	}
	if mandates.EndReason("LOST").Known() {
		t.Error("LOST: got a known reason, want none")
	}
}
