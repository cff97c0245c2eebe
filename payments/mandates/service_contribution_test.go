package mandates_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"masp/ledger/money"
	"masp/payments/mandates"
)

// scale is an invented scale: 12 000 and 20 000 euros a year.
func scale() mandates.Scale {
	return mandates.Scale{
		From: day("2026-01-01"), AAH: money.Cents(12_000_00), SMIC: money.Cents(20_000_00),
		Rates: [3]int{1000, 2300, 300}, Until: [2]int{250, 600},
	}
}

func TestTheCeilingFollowsTheSlicesOfTheScale(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ resources, want int64 }{
		{0, 0},
		{12_000_00, 0},         // the AAH in full
		{12_000_12, 0},         // 1.2 cents a year
		{13_200_00, 10_00},     // 10 % of 1 200 over 12 months
		{20_000_00, 66_66},     // 10 % of 8 000
		{50_000_00, 641_66},    // + 23 % of 30 000
		{120_000_00, 816_66},   // + 3 % of 70 000
		{1_000_000_00, 816_66}, // nothing above
	} {
		if got := scale().Ceiling(money.Cents(c.resources)); got.Cents() != c.want {
			t.Errorf("ceiling of %d: got %d, want %d", c.resources, got.Cents(), c.want)
		}
	}
	broken := scale()
	broken.Until = [2]int{250, 200}
	wantRule(t, broken.Check(), "SCALE_SLICES")
}

func TestAContributionStaysBelowItsCeilingAndBehindTheRent(t *testing.T) {
	t.Parallel()
	s, db, _, who := loaded(t)
	anne := who["a.morel"]
	set := func(c mandates.Contribution) error {
		_, err := s.SetContribution(t.Context(), anne, "M-0003", c, "C-LUMEN", 28)
		return err
	}
	asked := mandates.Contribution{
		From: day("2026-12-01").MonthOf(), Amount: money.Cents(10_00), Resources: money.Cents(13_200_00), Decision: "arrêté 12",
	}
	wantRule(t, set(asked), "NO_SCALE")
	if err := s.SetScale(t.Context(), anne, scale()); err != nil {
		t.Fatal(french(err))
	}
	if err := s.SetScale(t.Context(), anne, scale()); !errors.Is(err, mandates.ErrScaleTwice) {
		t.Errorf("two scales from one day: %v", err)
	}
	for code, change := range map[string]func(*mandates.Contribution){
		"CONTRIBUTION_TOO_HIGH": func(c *mandates.Contribution) { c.Amount = money.Cents(10_01) },
		"NOTHING_OF_A_MINIMUM":  func(c *mandates.Contribution) { c.Alone = mandates.AloneAAH },
		"DECISION_MISSING":      func(c *mandates.Contribution) { c.Decision = "" },
	} {
		c := asked
		change(&c)
		wantRule(t, set(c), code)
	}
	past := asked
	past.From = day("2026-10-01").MonthOf()
	if err := set(past); !errors.Is(err, mandates.ErrContributionMonth) {
		t.Errorf("a past month: %v", err)
	}
	if err := set(asked); err != nil {
		t.Fatal(french(err))
	}
	if err := set(asked); !errors.Is(err, mandates.ErrContributionMonth) {
		t.Errorf("the same month twice: %v", err)
	}
	_, err := s.ChangeAmount(t.Context(), anne, mandates.AmountChange{
		Obligation: "M-0003-C-2612", ID: "O-MORE", Amount: money.Cents(20_00), From: day("2027-01-01"),
	})
	if !errors.Is(err, mandates.ErrContributionLine) {
		t.Errorf("the line is changed past the ceiling: %v", err)
	}
	for name, values := range map[string]string{
		"too much":     `('M-0003', '2027-02-01', 1001, 1320000, '', 'x', 'M-0003-C-2612')`,
		"other line":   `('M-0003', '2027-02-01', 900, 1320000, '', 'x', 'O-0001-ENERGY')`,
		"out of order": `('M-0003', '2026-11-01', 0, 1320000, '', 'x', NULL)`,
	} {
		if got := refusal(t, db, `INSERT INTO masp.contributions (mandate_id, valid_from, amount_cents, resources_cents, alone, decision, obligation_id)
			VALUES `+values); got != "MA087" {
			t.Errorf("PostgreSQL takes a contribution (%s): %q", name, got)
		}
	}
	none := asked
	none.From, none.Amount, none.Alone = day("2027-03-01").MonthOf(), money.Amount{}, mandates.AloneRSA
	if err := set(none); err != nil {
		t.Fatal(french(err))
	}
	if got := count(t, db, `obligations WHERE obligation_id = 'M-0003-C-2612' AND class = 'OTHER_BILL'
		AND valid_from = '2026-12-01' AND valid_to = '2027-02-28' AND amount_cents = 1000`); got != 1 {
		t.Error("the line did not end the day before nothing is asked any more")
	}
}

func TestPostgreSQLComputesTheSameCeiling(t *testing.T) {
	t.Parallel()
	s, db, _, who := loaded(t)
	one := scale()
	one.Rates, one.Until = [3]int{1025, 2333, 301}, [2]int{151, 599}
	if err := s.SetScale(t.Context(), who["a.morel"], one); err != nil {
		t.Fatal(french(err))
	}
	rapid.Check(t, func(r *rapid.T) {
		resources := rapid.Int64Range(0, 200_000_00).Draw(r, "resources")
		var got int64
		if err := db.App.QueryRow(t.Context(), `SELECT masp.contribution_ceiling($1, '2026-11-09')`, resources).Scan(&got); err != nil {
			r.Fatal(err)
		}
		if want := one.Ceiling(money.Cents(resources)); got != want.Cents() {
			r.Fatalf("PostgreSQL says %d, Go %d", got, want.Cents())
		}
	})
}
