package mandates_test

import (
	"errors"
	"testing"

	"masp/payments/mandates"
)

func TestABenefitOfTheFamilyCourtIsNamedByNoContract(t *testing.T) {
	t.Parallel()
	s, db, _, who := loaded(t)
	anne := who["a.morel"]
	note := func(benefit string, from, judgment string) error {
		return s.NoteCourt(t.Context(), anne, "M-0003", mandates.CourtBenefit{Benefit: benefit, From: day(from), Judgment: judgment})
	}
	amend := func(on string) error {
		return s.Amend(t.Context(), anne, "M-0003", mandates.Amendment{
			EffectiveOn: day(on), Reason: "enfant", SignedByPerson: day("2026-11-09"), SignedByDepartment: day("2026-11-09"),
			AddBenefits: []string{"AF"},
		})
	}
	wantRule(t, note("AAH", "2026-11-01", "JAF 1/2026"), "BENEFIT_OF_COURT")
	wantRule(t, note("AF", "2026-11-01", " "), "COURT_JUDGMENT_MISSING")
	wantRule(t, note("LOTO", "2026-11-01", "JAF 1/2026"), "COURT_BENEFIT_UNKNOWN")
	if err := note("AF", "2026-11-01", "JAF 1/2026"); err != nil {
		t.Fatal(french(err))
	}
	wantRule(t, amend("2026-11-10"), "BENEFIT_OF_COURT")
	if got := refusal(t, db, `
		INSERT INTO masp.authorised_benefits (mandate_id, benefit, valid_from) VALUES ('M-0003', 'AF', '2026-11-10')`); got != "MA085" {
		t.Errorf("PostgreSQL lets a contract name a benefit of the court: %q", got)
	}
	if err := s.EndCourt(t.Context(), anne, "M-0003", "AF", day("2026-11-15")); err != nil {
		t.Fatal(french(err))
	}
	if err := s.EndCourt(t.Context(), anne, "M-0003", "AF", day("2026-11-16")); !errors.Is(err, mandates.ErrNoCourt) {
		t.Errorf("a decision ends twice: %v", err)
	}
	wantRule(t, amend("2026-11-15"), "BENEFIT_OF_COURT")
	if err := amend("2026-11-16"); err != nil {
		t.Error(french(err))
	}
	if got := refusal(t, db, `
		UPDATE masp.court_benefits SET valid_to = '2026-12-31' WHERE mandate_id = 'M-0003'`); got != "MA085" {
		t.Errorf("PostgreSQL lets a decision grow over a contract: %q", got)
	}
}
