package mandates

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"masp/ledger/civil"
	"masp/ledger/money"
)

func on(s string) civil.Date { return civil.MustParse(s) }

// signedContract is a contract of the year 2026 that both have signed.
func signedContract() Contract {
	return Contract{
		Start: on("2026-01-01"), End: on("2026-12-31"),
		Signatures:  []Signature{{PartyPerson, on("2025-12-15")}, {PartyDepartment, on("2025-12-20")}},
		Commitments: []Commitment{{PartyPerson, "venir"}, {PartyDepartment, "payer"}},
	}
}

// broken are the codes of a check.
func broken(err error) string {
	var vs Violations
	errors.As(err, &vs)
	var codes []string
	for _, v := range vs {
		codes = append(codes, v.Code)
	}
	return strings.Join(codes, " ")
}

func TestARenewalFollowsAtOnceAfterAnEvaluation(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		draft     Renewal
		evaluated string
		want      string
	}{
		"the next day":          {Renewal{Start: on("2027-01-01"), End: on("2027-12-31")}, "2026-11-20", ""},
		"a day early":           {Renewal{Start: on("2026-12-31"), End: on("2027-12-30")}, "2026-11-20", "RENEWAL_OVERLAPS"},
		"a day late":            {Renewal{Start: on("2027-01-02"), End: on("2027-12-31")}, "2026-11-20", "RENEWAL_GAP"},
		"a day late, and why":   {Renewal{Start: on("2027-01-02"), End: on("2027-12-31"), GapReason: "hôpital"}, "2026-11-20", ""},
		"twenty-five months":    {Renewal{Start: on("2027-01-01"), End: on("2029-01-31")}, "2026-11-20", "CONTRACT_TOO_LONG"},
		"five months":           {Renewal{Start: on("2027-01-01"), End: on("2027-05-31")}, "2026-11-20", "CONTRACT_TOO_SHORT"},
		"without an evaluation": {Renewal{Start: on("2027-01-01"), End: on("2027-12-31")}, "", "EVALUATION_MISSING"},
	} {
		evaluated := civil.Date{}
		if c.evaluated != "" {
			evaluated = on(c.evaluated)
		}
		if got := broken(c.draft.check(signedContract(), evaluated)); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
	long := signedContract()
	long.MonthsBefore = 24
	if got := broken(Renewal{Start: on("2027-01-01"), End: on("2028-01-31")}.check(long, on("2026-11-20"))); got != "MEASURE_TOO_LONG" {
		t.Errorf("forty-nine months: got %q, want MEASURE_TOO_LONG", got)
	}
}

func TestARenewalIsSignedAfterTheEvaluationAndBeforeTheEnd(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ day, gap, want string }{
		"between":                 {"2026-12-01", "", ""},
		"on the last day":         {"2026-12-31", "", ""},
		"before the evaluation":   {"2026-11-19", "", "EVALUATION_AFTER_SIGNATURE"},
		"after the end":           {"2027-01-01", "", "RENEWAL_SIGNED_LATE"},
		"after the end and a gap": {"2027-01-05", "hôpital", ""},
	} {
		r := Renewal{Start: on("2027-01-01"), End: on("2027-12-31"), GapReason: c.gap}
		if got := broken(r.checkSignature(signedContract(), on("2026-11-20"), on(c.day))); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestNoChainOfRenewalsLastsLongerThanTheLaw(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		k := signedContract()
		k.Start = on("2026-01-01").AddDays(rapid.IntRange(0, 800).Draw(t, "start"))
		k.End = k.Start.AddMonths(rapid.IntRange(6, 24).Draw(t, "months")).AddDays(-1)
		first := k.Start
		for range 10 {
			r := Renewal{Start: k.End.AddDays(1)}
			r.End = r.Start.AddMonths(rapid.IntRange(5, 25).Draw(t, "more")).AddDays(rapid.IntRange(-20, 20).Draw(t, "days"))
			if r.check(k, k.End.AddDays(-30)) == nil {
				k = k.Renew(r.Start, r.End, k.End.AddDays(-30))
			}
		}
		if limit := first.AddMonths(MaxMeasureMonths).AddDays(3); k.End.After(limit) { // clamped month ends
			t.Fatalf("a measure from %s lasts until %s", first, k.End)
		}
	})
}

func TestAnAmendmentIsJudgedBeforeItIsWritten(t *testing.T) {
	t.Parallel()
	today, floor, debt := on("2026-11-05"), money.Cents(25000), money.Cents(-1)
	m := Mandate{
		Level: MASP2, BankAccount: "BK-1", Policy: DefaultPolicy(),
		Benefits: []Authorisation{{Benefit: "RSA", From: on("2026-01-01")}},
	}
	one := m
	one.Level, one.BankAccount, one.Benefits = MASP1, "", nil
	for name, c := range map[string]struct {
		of     Mandate
		change func(*Amendment)
		want   string
	}{
		"a floor":                      {m, func(a *Amendment) { a.LivingFloor = &floor }, ""},
		"a negative floor":             {m, func(a *Amendment) { a.LivingFloor = &debt }, "LIVING_FLOOR_NEGATIVE"},
		"nothing":                      {m, func(a *Amendment) { a.Level = MASP2 }, "NOTHING_CHANGES"},
		"no reason":                    {m, func(a *Amendment) { a.AddBenefits = []string{"AF"}; a.Reason = " " }, "REASON_MISSING"},
		"one signature":                {m, func(a *Amendment) { a.AddBenefits = []string{"AF"}; a.SignedByDepartment = civil.Date{} }, "AMENDMENT_NOT_SIGNED"},
		"signed after its effect":      {m, func(a *Amendment) { a.AddBenefits = []string{"AF"}; a.SignedByPerson = on("2026-11-07") }, "EFFECT_BEFORE_SIGNATURE"},
		"in the past":                  {m, func(a *Amendment) { a.AddBenefits = []string{"AF"}; a.EffectiveOn = on("2026-11-04") }, "EFFECT_IN_THE_PAST"},
		"before terms that are there":  {m, func(a *Amendment) { a.LivingFloor, a.EffectiveOn = &floor, today }, "TERMS_OF_THAT_DAY"},
		"rent after the rest":          {m, func(a *Amendment) { a.ClassOrder = []Class{OtherBill, Rent} }, "CLASS_ORDER_INCOMPLETE LAW_CLASSES_FIRST"},
		"a benefit":                    {m, func(a *Amendment) { a.AddBenefits = []string{"AF"} }, ""},
		"a benefit twice":              {m, func(a *Amendment) { a.AddBenefits = []string{"RSA"} }, "BENEFIT_AUTHORISED"},
		"a wage":                       {m, func(a *Amendment) { a.AddBenefits = []string{"WAGE"} }, "BENEFIT_NOT_MANAGEABLE"},
		"the last benefit":             {m, func(a *Amendment) { a.EndBenefits = []string{"RSA"} }, "NO_BENEFIT"},
		"a benefit that is not there":  {m, func(a *Amendment) { a.EndBenefits = []string{"AF"} }, "BENEFIT_NOT_AUTHORISED"},
		"another level tomorrow":       {m, func(a *Amendment) { a.Level = MASP1 }, "LEVEL_CHANGES_TODAY"},
		"less today":                   {m, func(a *Amendment) { a.Level, a.EffectiveOn = MASP1, today }, ""},
		"more without account":         {one, func(a *Amendment) { a.Level, a.EffectiveOn = MASP2, today }, "BANK_ACCOUNT_MISSING NO_BENEFIT"},
		"a floor where money is none":  {one, func(a *Amendment) { a.LivingFloor = &floor }, "MASP1_HAS_NO_TERMS"},
		"a benefit where none is kept": {one, func(a *Amendment) { a.AddBenefits = []string{"AF"} }, "MASP1_HOLDS_NO_MONEY"},
		"more with all it needs": {one, func(a *Amendment) {
			a.Level, a.EffectiveOn, a.BankAccount, a.AddBenefits, a.LivingFloor = MASP2, today, "BK-1", []string{"RSA"}, &floor
		}, ""},
	} {
		a := Amendment{
			EffectiveOn: on("2026-11-06"), Reason: "enfant", SignedByPerson: on("2026-11-03"), SignedByDepartment: on("2026-11-04"),
		}
		c.change(&a)
		if got := broken(a.check(c.of, on("2026-11-05"), today, Catalogue())); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
