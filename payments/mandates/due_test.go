package mandates_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

func month(s string) civil.Month { return civil.MustParse(s + "-01").MonthOf() }

// daysOf lists the due days of some months.
func daysOf(o mandates.Obligation, months ...string) string {
	var days []string
	for _, m := range months {
		for _, d := range mandates.Due(o, month(m)) {
			days = append(days, d.On.String())
		}
	}
	return strings.Join(days, " ")
}

func TestAnObligationFallsDueOnItsDays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		frequency mandates.Frequency
		dueDay    int
		from, to  string
		months    string
		want      string
	}{
		"monthly":                           {mandates.Monthly, 5, "2026-01-01", "", "2026-01 2026-02", "2026-01-05 2026-02-05"},
		"not before it takes effect":        {mandates.Monthly, 5, "2026-01-06", "", "2026-01 2026-02", "2026-02-05"},
		"on the very day of effect":         {mandates.Monthly, 5, "2026-01-05", "", "2026-01", "2026-01-05"},
		"until its last day":                {mandates.Monthly, 5, "2026-01-01", "2026-02-05", "2026-01 2026-02 2026-03", "2026-01-05 2026-02-05"},
		"not after its last day":            {mandates.Monthly, 5, "2026-01-01", "2026-02-04", "2026-01 2026-02", "2026-01-05"},
		"the 31st comes back":               {mandates.Monthly, 31, "2026-01-01", "", "2026-01 2026-02 2026-03 2026-04", "2026-01-31 2026-02-28 2026-03-31 2026-04-30"},
		"the 30th in a leap year":           {mandates.Monthly, 30, "2028-02-10", "", "2028-02 2028-03", "2028-02-29 2028-03-30"},
		"the day of the start":              {mandates.Monthly, 0, "2026-01-31", "", "2026-01 2026-02 2026-03", "2026-01-31 2026-02-28 2026-03-31"},
		"quarterly from its first day":      {mandates.Quarterly, 15, "2026-01-20", "", "2026-01 2026-02 2026-03 2026-05 2026-08", "2026-02-15 2026-05-15 2026-08-15"},
		"quarterly over the year":           {mandates.Quarterly, 0, "2026-11-30", "", "2026-11 2027-02 2027-05", "2026-11-30 2027-02-28 2027-05-30"},
		"yearly on 29 February":             {mandates.Yearly, 0, "2024-02-29", "", "2024-02 2025-02 2026-02 2028-02", "2024-02-29 2025-02-28 2026-02-28 2028-02-29"},
		"once":                              {mandates.Once, 0, "2026-03-12", "", "2026-02 2026-03 2026-04", "2026-03-12"},
		"once on a later day":               {mandates.Once, 5, "2026-03-12", "", "2026-03 2026-04 2026-05", "2026-04-05"},
		"weekly on Mondays":                 {mandates.Weekly, 1, "2026-11-04", "", "2026-11", "2026-11-09 2026-11-16 2026-11-23 2026-11-30"},
		"weekly on Sundays":                 {mandates.Weekly, 7, "2026-11-01", "2026-11-15", "2026-11", "2026-11-01 2026-11-08 2026-11-15"},
		"fortnightly keeps its rhythm":      {mandates.Fortnightly, 0, "2026-11-05", "", "2026-11 2026-12 2027-01", "2026-11-05 2026-11-19 2026-12-03 2026-12-17 2026-12-31 2027-01-14 2027-01-28"},
		"an unknown frequency is never due": {"DAILY", 0, "2026-11-05", "", "2026-11", ""},
		"before it takes effect at all":     {mandates.Weekly, 0, "2027-01-01", "", "2026-11", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := mandates.Obligation{Frequency: c.frequency, DueDay: c.dueDay, From: civil.MustParse(c.from)}
			if c.to != "" {
				o.To = civil.MustParse(c.to)
			}
			if got := daysOf(o, strings.Fields(c.months)...); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestAnExceptedDayDoesNotMoveTheOthers(t *testing.T) {
	t.Parallel()
	o := mandates.Obligation{ID: "O", Frequency: mandates.Fortnightly, From: civil.MustParse("2026-11-05"), Except: []civil.Date{civil.MustParse("2026-11-19")}}
	if got, want := daysOf(o, "2026-11", "2026-12"), "2026-11-05 2026-12-03 2026-12-17 2026-12-31"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := mandates.Due(o, month("2026-11"))[0].Key(), "O@2026-11-05"; got != want {
		t.Errorf("key: got %s, want %s", got, want)
	}
}

// naiveDays walks day by day from the start and asks each day whether it is due.
func naiveDays(o mandates.Obligation, until civil.Date) []civil.Date {
	var days []civil.Date
	step := map[mandates.Frequency]int{mandates.Weekly: 7, mandates.Fortnightly: 14, mandates.Monthly: 1, mandates.Quarterly: 3, mandates.Yearly: 12}[o.Frequency]
	weeks := o.Frequency == mandates.Weekly || o.Frequency == mandates.Fortnightly
	var first civil.Date
	for d := o.From; !d.After(until); d = d.AddDays(1) {
		fits := false
		if weeks {
			fits = o.DueDay == 0 && d == o.From || int(d.Weekday()) == o.DueDay%7 && o.DueDay != 0
			if !first.IsZero() {
				fits = d.DaysSince(first)%step == 0
			}
		} else {
			wanted := o.DueDay
			if wanted == 0 {
				wanted = o.From.Day()
			}
			last := time.Date(d.Year(), d.Month_()+1, 0, 0, 0, 0, 0, time.UTC).Day()
			fits = d.Day() == min(wanted, last)
			if fits && !first.IsZero() {
				apart := (d.Year()-first.Year())*12 + int(d.Month_()) - int(first.Month_())
				fits = step > 0 && apart%step == 0
			}
		}
		if !fits {
			continue
		}
		if first.IsZero() {
			first = d
		}
		if o.To.IsZero() || !d.After(o.To) {
			days = append(days, d)
		}
	}
	return days
}

func TestDueDaysAgreeWithADayByDayWalk(t *testing.T) {
	t.Parallel()
	check := func(roll func(int) int) string {
		o := mandates.Obligation{Frequency: mandates.Frequencies()[roll(6)], From: civil.MustParse("2023-12-01").AddDays(roll(500))}
		o.DueDay = roll(32)
		if o.Frequency == mandates.Weekly || o.Frequency == mandates.Fortnightly {
			o.DueDay = roll(8)
		}
		if roll(2) == 0 {
			o.To = o.From.AddDays(roll(700))
		}
		start := o.From.MonthOf().Add(-1)
		want := naiveDays(o, start.Add(26).Last())
		var got []civil.Date
		for n := range 27 {
			for _, d := range mandates.Due(o, start.Add(n)) {
				got = append(got, d.On)
			}
		}
		if !slices.Equal(got, want) {
			return fmt.Sprintf("%s day %d from %s to %s: got %v, want %v", o.Frequency, o.DueDay, o.From, o.To, got, want)
		}
		return ""
	}
	rapid.Check(t, func(rt *rapid.T) {
		if wrong := check(func(n int) int { return rapid.IntRange(0, n-1).Draw(rt, "roll") }); wrong != "" {
			rt.Fatal(wrong)
		}
	})
	seeded := rand.New(rand.NewPCG(2, 29)).IntN
	for range 500 {
		if wrong := check(seeded); wrong != "" {
			t.Fatal(wrong)
		}
	}
}

func TestRemittanceDatesAreBankingDays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		plan mandates.RemittancePlan
		from string
		want string
	}{
		"four weeks":                       {mandates.RemittancePlan{Weekly: 4}, "2026-03-06", "2026-03-06 2026-03-13 2026-03-20 2026-03-27"},
		"a week that falls on Good Friday": {mandates.RemittancePlan{Weekly: 2}, "2026-03-27", "2026-03-27 2026-04-07"},
		"two days of the month":            {mandates.RemittancePlan{Days: []int{21, 7}}, "2026-08-05", "2026-08-07 2026-08-21"},
		"a Saturday goes to Monday":        {mandates.RemittancePlan{Days: []int{7}}, "2026-11-05", "2026-11-09"},
		"the last Saturday goes to Friday": {mandates.RemittancePlan{Days: []int{31}}, "2026-10-06", "2026-10-30"},
		"Saturday run of the last day":     {mandates.RemittancePlan{Days: []int{31}}, "2026-10-31", "2026-11-02"},
		"day 31 in a short month":          {mandates.RemittancePlan{Days: []int{31}}, "2026-06-05", "2026-06-30"},
		"a passed day is left out":         {mandates.RemittancePlan{Days: []int{5, 20}}, "2026-11-06", "2026-11-20"},
		"all passed: as soon as possible":  {mandates.RemittancePlan{Days: []int{5}}, "2026-11-07", "2026-11-09"},
		"two days that meet are one":       {mandates.RemittancePlan{Days: []int{7, 8, 9}}, "2026-11-05", "2026-11-09"},
		"no plan, no date":                 {mandates.RemittancePlan{}, "2026-11-05", ""},
		"14 July is a banking day":         {mandates.RemittancePlan{Days: []int{14}}, "2026-07-06", "2026-07-14"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, d := range c.plan.Dates(civil.MustParse(c.from)) {
				got = append(got, d.String())
			}
			if text := strings.Join(got, " "); text != c.want {
				t.Errorf("got %s, want %s", text, c.want)
			}
		})
	}
}

func TestRemittanceDatesAreInOrderNeverTwiceNeverBeforeTheRun(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		from := civil.MustParse("2026-01-01").AddDays(rapid.IntRange(0, 1500).Draw(rt, "from"))
		plan := mandates.RemittancePlan{Days: rapid.SliceOfN(rapid.IntRange(1, 31), 1, 5).Draw(rt, "days")}
		if rapid.Bool().Draw(rt, "weekly") {
			plan = mandates.RemittancePlan{Weekly: rapid.IntRange(1, 5).Draw(rt, "weeks")}
		}
		dates := plan.Dates(from)
		if len(dates) == 0 {
			rt.Fatal("got no date")
		}
		for i, d := range dates {
			if !civil.IsTARGET(d) || d.Before(from) || i > 0 && !dates[i-1].Before(d) {
				rt.Fatalf("from %s, %+v: got %v", from, plan, dates)
			}
		}
	})
}

func TestResidualRentIsTheNoticeLessTheAid(t *testing.T) {
	t.Parallel()
	euro := money.MustParse
	for name, c := range map[string]struct{ rent, charges, rls, apl, wantRent, wantCharges, wantCredit string }{
		"APL on the rent (S01)": {"412.30", "68.20", "0.00", "263.00", "149.30", "68.20", "0.00"},
		"RLS and APL":           {"412.30", "68.20", "40.00", "263.00", "109.30", "68.20", "0.00"},
		"more than the rent":    {"200.00", "68.20", "0.00", "230.00", "0.00", "38.20", "0.00"},
		"more than everything":  {"200.00", "68.20", "10.00", "263.00", "0.00", "0.00", "4.80"},
		"no aid":                {"690.00", "55.00", "0.00", "0.00", "690.00", "55.00", "0.00"},
	} {
		got := mandates.Residual(mandates.Housing{Rent: euro(c.rent), Charges: euro(c.charges), RLS: euro(c.rls), APL: euro(c.apl)})
		want := mandates.ResidualRent{Rent: euro(c.wantRent), Charges: euro(c.wantCharges), Credit: euro(c.wantCredit)}
		if got != want {
			t.Errorf("%s: got %+v, want %+v", name, got, want)
		}
	}
}

// The residual of one worked month: 412.30 + 68.20 less 263.00 paid to the landlord.
func ExampleResidual() {
	r := mandates.Residual(mandates.Housing{
		Rent: money.MustParse("412.30"), Charges: money.MustParse("68.20"), APL: money.MustParse("263.00"),
	})
	fmt.Println(r.Rent, r.Charges, r.Total())
	// Output: 149.30 68.20 217.50
}

// A rent due on the 31st is due on the last day of shorter months.
func ExampleDue() {
	rent := mandates.Obligation{
		ID: "O-1", Class: mandates.Rent, Creditor: "C-LAND", Amount: money.MustParse("217.50"),
		Frequency: mandates.Monthly, DueDay: 31, From: civil.MustParse("2028-01-01"),
	}
	for _, m := range []string{"2028-01", "2028-02", "2028-03"} {
		fmt.Println(mandates.Due(rent, month(m))[0].On)
	}
	// Output:
	// 2028-01-31
	// 2028-02-29
	// 2028-03-31
}
