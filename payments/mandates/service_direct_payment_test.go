package mandates_test

import (
	"errors"
	"testing"

	"masp/payments/mandates"
)

func TestAnOrderOfTheJudgeEndsEarlierByAnotherDecision(t *testing.T) {
	t.Parallel()
	s, db, _, who := loaded(t)
	anne := who["a.morel"]
	order := mandates.DirectPayment{
		Judgment: "TJ, 12/2026", Benefit: "RSA", Obligation: "O-0001-RENT", Start: day("2026-11-01"), End: day("2027-10-31"),
	}
	if err := s.OrderDirectPayment(t.Context(), anne, "M-0001", order); err != nil {
		t.Fatal(french(err))
	}
	if n := count(t, db, `expected_benefits WHERE mandate_id = 'M-0001' AND benefit = 'RSA' AND third_party`); n != 1 {
		t.Fatalf("%d expected benefits go to the landlord, want 1", n)
	}
	if got := refusal(t, db, `UPDATE masp.direct_payments SET ends_on = '2026-11-30'`); got != "MA088" {
		t.Errorf("PostgreSQL lets an order be rewritten: %q", got)
	}
	if got := refusal(t, db, `UPDATE masp.expected_benefits SET third_party = false WHERE mandate_id = 'M-0001' AND third_party`); got != "MA046" {
		t.Errorf("PostgreSQL lets a benefit come back while the order runs: %q", got)
	}
	for last, want := range map[string]error{"2026-10-31": mandates.ErrNoOrder, "2027-10-31": mandates.ErrNoOrder} {
		if err := s.EndDirectPayment(t.Context(), anne, "M-0001", day(last), "TJ, 40/2026"); !errors.Is(err, want) {
			t.Errorf("ended on %s: got %v", last, err)
		}
	}
	if err := s.EndDirectPayment(t.Context(), anne, "M-0001", day("2026-11-03"), " "); !errors.Is(err, mandates.ErrNoJudgment) {
		t.Errorf("without a decision: %v", err)
	}
	if err := s.EndDirectPayment(t.Context(), anne, "M-0001", day("2026-11-03"), "TJ, 40/2026"); err != nil {
		t.Fatal(french(err))
	}
	if err := s.EndDirectPayment(t.Context(), anne, "M-0001", day("2026-11-02"), "TJ, 41/2026"); !errors.Is(err, mandates.ErrNoOrder) {
		t.Errorf("ended twice: %v", err)
	}
	if n := count(t, db, `expected_benefits WHERE mandate_id = 'M-0001' AND third_party AND benefit <> 'APL'`); n != 0 {
		t.Error("the benefit is not expected here again")
	}
	if n := count(t, db, `expected_benefits WHERE mandate_id = 'M-0001' AND third_party AND benefit = 'APL'`); n != 1 {
		t.Error("an allowance that the landlord always received is expected here")
	}
	order.Start, order.End = day("2026-11-10"), day("2028-11-09")
	if err := s.OrderDirectPayment(t.Context(), anne, "M-0001", order); err != nil {
		t.Errorf("the next order, after the one that has ended: %s", french(err))
	}
}
