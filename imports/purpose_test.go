package imports

import (
	"testing"

	"masp/payments/mandates"
)

func TestEarmarkedMoneyGoesWhereItBelongs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name           string
		is             earmarked
		housing, child string
	}{
		{"rent above the allowance", earmarked{housing: eur("389.00"), rent: eur("690.00"), left: eur("690.00")}, "0.00", "0.00"},
		{"rent below the allowance", earmarked{housing: eur("389.00"), rent: eur("300.00"), left: eur("300.00")}, "89.00", "0.00"},
		{"no rent at all", earmarked{housing: eur("389.00")}, "389.00", "0.00"},
		{"children's money remitted", earmarked{child: eur("152.25"), left: eur("152.25")}, "0.00", "0.00"},
		{
			"children's money is not the allowance",
			earmarked{housing: eur("389.00"), child: eur("152.25"), rent: eur("389.00"), left: eur("400.00")},
			"0.00", "141.25",
		},
	} {
		unmet := c.is.unmet()
		if got := unmet[mandates.PurposeHousing].String(); got != c.housing {
			t.Errorf("%s: housing got %s, want %s", c.name, got, c.housing)
		}
		if got := unmet[mandates.PurposeChild].String(); got != c.child {
			t.Errorf("%s: child got %s, want %s", c.name, got, c.child)
		}
	}
}

func TestToleranceLetsPassAFewCentsAndDays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		received, on, amount string
		days                 int
		want                 ExpectedStatus
	}{
		{"573.49", "2026-11-05", "0.00", 0, Matched},
		{"573.48", "2026-11-05", "0.00", 0, Short},
		{"573.48", "2026-11-05", "0.01", 0, Matched},
		{"573.47", "2026-11-05", "0.01", 0, Short},
		{"574.00", "2026-11-05", "0.50", 0, Over},
		{"573.49", "2026-11-07", "0.00", 1, Late},
		{"573.49", "2026-11-07", "0.00", 2, Matched},
		{"0.00", "", "600.00", 1, Missing},
		{"0.00", "", "0.00", 9, Awaited},
	} {
		e := ExpectedOutcome{
			Amount: eur("573.49"), Received: eur(c.received), ExpectedOn: day, Withheld: eur("50.00"),
			Tolerance: Tolerance{Amount: eur(c.amount), Days: c.days},
		}
		if c.on != "" {
			e.ReceivedOn = day.AddDays(map[string]int{"2026-11-05": 0, "2026-11-07": 2}[c.on])
		}
		e.Judge(day.AddDays(5))
		if e.Status != c.want {
			t.Errorf("%s on %s within %s and %d days: got %s, want %s", c.received, c.on, c.amount, c.days, e.Status, c.want)
		}
		if e.Withheld.IsZero() == (c.want == Short) {
			t.Errorf("%s: got %s withheld, want it to explain what came short only", c.want, e.Withheld)
		}
	}
}
