package mandates_test

import (
	"slices"
	"strings"
	"testing"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

func TestPolicyRanksRentFirstWhateverItSays(t *testing.T) {
	t.Parallel()
	p := mandates.DefaultPolicy()
	slices.Reverse(p.ClassOrder)
	p.SeniorClasses = nil
	for _, c := range mandates.Classes() {
		law := slices.Contains(mandates.LawClasses(), c)
		if p.IsSenior(c) != law || !law && p.Rank(c) < p.Rank(mandates.Rent) {
			t.Errorf("%s: got senior %v, rank %d against %d of the rent", c, p.IsSenior(c), p.Rank(c), p.Rank(mandates.Rent))
		}
	}
}

func TestAPolicyThatTheLawForbidsIsRefused(t *testing.T) {
	t.Parallel()
	for want, broken := range map[string]func(*mandates.Policy){
		"R-050 CLASS_ORDER_INCOMPLETE":   func(p *mandates.Policy) { p.ClassOrder = p.ClassOrder[:5] },
		"R-050 LAW_CLASSES_FIRST":        func(p *mandates.Policy) { p.ClassOrder[0], p.ClassOrder[2] = p.ClassOrder[2], p.ClassOrder[0] },
		"R-008 SENIOR_CLASSES_ARE_LAW":   func(p *mandates.Policy) { p.SeniorClasses = append(p.SeniorClasses, mandates.DebtPlan) },
		"R-055 PARTIAL_CLASS_UNKNOWN":    func(p *mandates.Policy) { p.PartialClasses = []mandates.Class{"LOYER"} },
		"R-055 RESERVE_IS_WHOLE":         func(p *mandates.Policy) { p.PartialClasses = []mandates.Class{mandates.Reserve} },
		"R-056 LIVING_FLOOR_NEGATIVE":    func(p *mandates.Policy) { p.LivingFloor = money.Cents(-1) },
		"R-063 SHORTFALL_POLICY_UNKNOWN": func(p *mandates.Policy) { p.Shortfall = "" },
	} {
		p := mandates.DefaultPolicy()
		broken(&p)
		if got := codes(p.Check()); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	free := mandates.DefaultPolicy()
	slices.Reverse(free.ClassOrder[2:])
	if err := free.Check(); err != nil {
		t.Errorf("the contract may order classes 3 to 6: got %v", err)
	}
}

func TestAnObligationThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	rent := mandates.Obligation{
		ID: "O", Class: mandates.Rent, Creditor: "C", Amount: money.Cents(1), Frequency: mandates.Monthly, DueDay: 31, From: day("2026-01-01"),
	}
	if err := rent.Check(); err != nil {
		t.Errorf("a good obligation: got %v, want no error", err)
	}
	for want, broken := range map[string]func(*mandates.Obligation){
		"R-050 CLASS_UNKNOWN":        func(o *mandates.Obligation) { o.Class = "LOYER" },
		"R-050 AMOUNT_NOT_POSITIVE":  func(o *mandates.Obligation) { o.Amount = money.Cents(0) },
		"R-053 FREQUENCY_UNKNOWN":    func(o *mandates.Obligation) { o.Frequency = "DAILY" },
		"R-053 DUE_DAY_UNKNOWN":      func(o *mandates.Obligation) { o.Frequency, o.DueDay = mandates.Weekly, 8 },
		"R-053 FROM_MISSING":         func(o *mandates.Obligation) { o.From = civil.Date{} },
		"R-053 FROM_TOO_FAR":         func(o *mandates.Obligation) { o.From = day("9999-12-31") },
		"R-053 DATES_REVERSED":       func(o *mandates.Obligation) { o.To = day("2025-12-31") },
		"R-062 RESERVE_HAS_CREDITOR": func(o *mandates.Obligation) { o.Class = mandates.Reserve },
		"R-060 CREDITOR_MISSING":     func(o *mandates.Obligation) { o.Creditor = "" },
		"R-064 DEBT_MISSING":         func(o *mandates.Obligation) { o.Class = mandates.DebtPlan },
	} {
		o := rent
		broken(&o)
		if got := codes(o.Check()); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestACreditorHasANameThatTheBankCanCarry(t *testing.T) {
	t.Parallel()
	c := mandates.Creditor{ID: "C", Name: "Régie des eaux", Kind: mandates.Water}
	if err := c.Check(); err != nil {
		t.Errorf("got %v, want no error", err)
	}
	c.Name = strings.Repeat("é", 70)
	if err := c.Check(); err != nil {
		t.Errorf("70 characters: got %v, want no error", err)
	}
	for want, broken := range map[string]mandates.Creditor{
		"R-060 CREDITOR_NAME_MISSING":  {Name: " ", Kind: mandates.Water},
		"R-060 CREDITOR_NAME_TOO_LONG": {Name: strings.Repeat("é", 71), Kind: mandates.Water},
		"R-060 CREDITOR_KIND_UNKNOWN":  {Name: "Régie", Kind: "EAU"},
	} {
		if got := codes(broken.Check()); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
