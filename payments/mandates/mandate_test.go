package mandates_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"masp/ledger/civil"
	"masp/payments/mandates"
)

func day(s string) civil.Date { return civil.MustParse(s) }

// good is a mandate that keeps every rule.
func good() mandates.Mandate {
	return mandates.Mandate{
		ID:          "M-0001",
		Beneficiary: mandates.Beneficiary{ID: "B-0001", Civility: "Mme", LastName: "Roux", FirstName: "Éva", BornOn: day("1985-04-12"), Department: "34"},
		Level:       mandates.MASP2, Department: "34", Ground: mandates.Health, Status: mandates.Active,
		Contract: mandates.Contract{
			Start: day("2026-01-01"), End: day("2026-12-31"),
			Signatures: []mandates.Signature{
				{Party: mandates.PartyPerson, On: day("2025-12-15")}, {Party: mandates.PartyDepartment, On: day("2025-12-20")},
			},
			Commitments: []mandates.Commitment{
				{By: mandates.PartyPerson, Text: "venir aux rendez-vous"}, {By: mandates.PartyOperator, Text: "payer le loyer d'abord"},
			},
		},
		BankAccount: "BK-1", Benefits: []mandates.Authorisation{{Benefit: "RSA", From: day("2026-01-01")}},
		Policy: mandates.DefaultPolicy(),
	}
}

// codes are the rules and codes of a check's violations.
func codes(err error) string {
	var vs mandates.Violations
	if !errors.As(err, &vs) {
		return ""
	}
	var out []string
	for _, v := range vs {
		out = append(out, v.Error())
	}
	return strings.Join(out, ", ")
}

func TestAGoodMandateIsAccepted(t *testing.T) {
	t.Parallel()
	if err := good().Check(mandates.Catalogue()); err != nil {
		t.Errorf("got %v, want no error", err)
	}
}

func TestABrokenRuleIsNamed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		broken func(*mandates.Mandate)
		want   string
	}{
		"seventeen years old":         {func(m *mandates.Mandate) { m.Beneficiary.BornOn = day("2008-01-02") }, "R-001 NOT_ADULT"},
		"birth date unknown":          {func(m *mandates.Mandate) { m.Beneficiary.BornOn = civil.Date{} }, "R-001 NOT_ADULT"},
		"no benefit":                  {func(m *mandates.Mandate) { m.Benefits = nil }, "R-002 NO_BENEFIT"},
		"no ground":                   {func(m *mandates.Mandate) { m.Ground = "" }, "R-003 GROUND_MISSING"},
		"active before all signed":    {func(m *mandates.Mandate) { m.Contract.Signatures[1].On = civil.Date{} }, "R-004 NOT_SIGNED_BY_ALL"},
		"the Département is no party": {func(m *mandates.Mandate) { m.Contract.Signatures = m.Contract.Signatures[:1] }, "R-004 PARTY_MISSING"},
		"the person commits to nothing": {
			func(m *mandates.Mandate) { m.Contract.Commitments = m.Contract.Commitments[1:] },
			"R-004 PERSON_COMMITMENT_MISSING",
		},
		"the others commit to nothing": {
			func(m *mandates.Mandate) { m.Contract.Commitments = m.Contract.Commitments[:1] },
			"R-004 OTHER_COMMITMENT_MISSING",
		},
		"five months":            {func(m *mandates.Mandate) { m.Contract.End = day("2026-05-31") }, "R-009 CONTRACT_TOO_SHORT"},
		"a day short of six":     {func(m *mandates.Mandate) { m.Contract.End = day("2026-06-29") }, "R-009 CONTRACT_TOO_SHORT"},
		"twenty-five months":     {func(m *mandates.Mandate) { m.Contract.End = day("2028-01-31") }, "R-009 CONTRACT_TOO_LONG"},
		"a day over twenty-four": {func(m *mandates.Mandate) { m.Contract.End = day("2028-01-01") }, "R-009 CONTRACT_TOO_LONG"},
		"no dates":               {func(m *mandates.Mandate) { m.Contract.End = civil.Date{} }, "R-009 CONTRACT_DATES_MISSING"},
		"far dates":              {func(m *mandates.Mandate) { m.Contract.End = day("9999-12-31") }, "R-009 CONTRACT_DATES_TOO_FAR"},
		"forty-nine months": {
			func(m *mandates.Mandate) { m.Contract.MonthsBefore, m.Contract.EvaluatedOn = 37, day("2025-12-01") },
			"R-010 MEASURE_TOO_LONG",
		},
		"renewed without evaluation": {func(m *mandates.Mandate) { m.Contract.MonthsBefore = 36 }, "R-011 EVALUATION_MISSING"},
		"evaluated after signing": {
			func(m *mandates.Mandate) { m.Contract.MonthsBefore, m.Contract.EvaluatedOn = 36, day("2025-12-21") },
			"R-011 EVALUATION_AFTER_SIGNATURE",
		},
		"MASP 1 with money":          {func(m *mandates.Mandate) { m.Level = mandates.MASP1 }, "R-014 MASP1_HOLDS_NO_MONEY"},
		"MASP 3":                     {func(m *mandates.Mandate) { m.Level = "MASP3" }, "R-014 LEVEL_UNKNOWN"},
		"no bank account":            {func(m *mandates.Mandate) { m.BankAccount = "" }, "R-014 BANK_ACCOUNT_MISSING"},
		"an unknown benefit":         {func(m *mandates.Mandate) { m.Benefits[0].Benefit = "RMI" }, "R-025 BENEFIT_UNKNOWN"},
		"a wage":                     {func(m *mandates.Mandate) { m.Benefits[0].Benefit = "WAGE" }, "R-026 BENEFIT_NOT_MANAGEABLE"},
		"the prime d'activité":       {func(m *mandates.Mandate) { m.Benefits[0].Benefit = "PRIME_ACTIVITE" }, "R-026 BENEFIT_NOT_MANAGEABLE"},
		"a Département that is none": {func(m *mandates.Mandate) { m.Department, m.Beneficiary.Department = "96", "96" }, "R-004 DEPARTMENT_UNKNOWN"},
		"another Département":        {func(m *mandates.Mandate) { m.Department = "26" }, "R-099 OTHER_DEPARTMENT"},
		"rent after the rest":        {func(m *mandates.Mandate) { slices.Reverse(m.Policy.ClassOrder) }, "R-050 LAW_CLASSES_FIRST"},
		"two rules at once": {
			func(m *mandates.Mandate) { m.Ground = ""; m.Contract.End = day("2026-05-31") },
			"R-003 GROUND_MISSING, R-009 CONTRACT_TOO_SHORT",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := good()
			c.broken(&m)
			err := m.Check(mandates.Catalogue())
			if got := codes(err); got != c.want {
				t.Fatalf("got %q, want %q", got, c.want)
			}
			var v *mandates.Violation
			if !errors.As(err, &v) || !strings.HasSuffix(v.French, ".") {
				t.Errorf("got %+v, want a violation with a French sentence", v)
			}
		})
	}
}

func TestWhoIsBornOnALeapDayComesOfAgeOnTheFirstOfMarch(t *testing.T) {
	t.Parallel()
	b := mandates.Beneficiary{BornOn: day("2008-02-29")}
	for on, want := range map[string]bool{"2026-02-28": false, "2026-03-01": true} {
		if got := b.AdultOn(day(on)); got != want {
			t.Errorf("on %s: got %v, want %v", on, got, want)
		}
	}
}

func TestStatusFollowsSignaturesTheEndAndTheDeath(t *testing.T) {
	t.Parallel()
	ended, died, late, unsigned, paused := good(), good(), good(), good(), good()
	paused.Status = mandates.Suspended
	ended.EndedOn, ended.EndReason = day("2026-10-28"), mandates.AutonomyRegained
	died.Status, died.DiedOn = mandates.Deceased, day("2026-10-16")
	late.Contract.Signatures[0].On = day("2026-02-03")
	unsigned.Status = mandates.PendingSignature
	unsigned.Contract.Signatures[0].On = civil.Date{}
	for name, c := range map[string]struct {
		m    mandates.Mandate
		on   string
		want mandates.Status
	}{
		"running":                   {good(), "2026-06-01", mandates.Active},
		"before the start":          {good(), "2025-12-31", mandates.PendingSignature},
		"on the first day":          {good(), "2026-01-01", mandates.Active},
		"on the last day":           {good(), "2026-12-31", mandates.Active},
		"never tacitly renewed":     {good(), "2027-01-01", mandates.Ended},
		"on the day of the end":     {ended, "2026-10-28", mandates.Active},
		"the day after the end":     {ended, "2026-10-29", mandates.Ended},
		"suspended":                 {paused, "2026-06-01", mandates.Suspended},
		"suspended until its term":  {paused, "2027-01-01", mandates.Ended},
		"dead":                      {died, "2026-10-20", mandates.Deceased},
		"before the last signature": {late, "2026-02-02", mandates.PendingSignature},
		"from the last signature":   {late, "2026-02-03", mandates.Active},
		"a signature missing":       {unsigned, "2026-06-01", mandates.PendingSignature},
	} {
		if got := c.m.StatusOn(day(c.on)); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
		if why := c.want.NoRun(); (c.want == mandates.Active) != (why == "") {
			t.Errorf("%s: no run because %q", name, why)
		}
	}
}
