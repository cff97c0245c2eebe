package reports

import (
	"testing"

	"masp/ledger/civil"
	"masp/ledger/money"
)

func TestARentIsPaidOnTheDayThatCompletesIt(t *testing.T) {
	t.Parallel()
	day := civil.MustParse
	due := func(parts ...payment) rent {
		r := rent{mandate: "M-1", due: money.Cents(50000), on: day("2026-11-05")}
		r.settle(parts)
		return r
	}
	part := func(on string, cents int64) payment { return payment{day(on), money.Cents(cents)} }
	for _, c := range []struct {
		name    string
		r       rent
		paid    string
		open    int64
		days    int
		inMonth bool
	}{
		{"at once, before the day", due(part("2026-11-03", 50000)), "2026-11-03", 0, 0, true},
		{"on the day", due(part("2026-11-05", 50000)), "2026-11-05", 0, 0, true},
		{"in two parts", due(part("2026-11-03", 20000), part("2026-11-12", 30000)), "2026-11-12", 0, 7, true},
		{"in the month after", due(part("2026-12-01", 50000)), "2026-12-01", 0, 26, false},
		{"a cent short", due(part("2026-11-03", 49999)), "", 1, 25, false},
		{"not at all", due(), "", 50000, 25, false},
	} {
		want := civil.Date{}
		if c.paid != "" {
			want = day(c.paid)
		}
		if c.r.paid != want || c.r.open != money.Cents(c.open) || c.r.days(day("2026-11-30")) != c.days || c.r.inMonth() != c.inMonth {
			t.Errorf("%s: got %+v, %d days, in the month: %v", c.name, c.r, c.r.days(day("2026-11-30")), c.r.inMonth())
		}
	}
}

// the rate is of months of persons, and one rent that is late spoils its month.
func TestAMonthIsKeptWhenAllItsRentsAre(t *testing.T) {
	t.Parallel()
	day := civil.MustParse
	of := func(mandate, on, paid string) rent {
		r := rent{mandate: mandate, due: money.Cents(100), on: day(on)}
		if paid != "" {
			r.settle([]payment{{day(paid), money.Cents(100)}})
		} else {
			r.settle(nil)
		}
		return r
	}
	got := punctual([]rent{
		of("M-1", "2026-10-05", "2026-10-05"), of("M-1", "2026-10-05", "2026-10-20"), // kept
		of("M-1", "2026-11-05", "2026-11-04"), of("M-1", "2026-11-05", "2026-12-02"), // not
		of("M-2", "2026-10-05", ""), // not
		of("M-2", "2026-11-05", "2026-11-05"),
		of("M-2", "2026-12-05", "2026-12-05"), of("M-2", "2026-12-05", ""), // not over
		of("M-1", "2026-12-05", "2026-12-04"), // kept
	}, day("2026-12-10"))
	want := punctuality{rents: 9, inTime: 5, inMonth: 6, late: 2, unpaid: 2, months: 5, monthsKept: 3, open: money.Cents(200)}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if r := Rate(got.monthsKept, got.months); r.String() != "0.600" || r.French() != "60,0 %" {
		t.Errorf("got %s, %s", r, r.French())
	}
}

func TestTheLawHoldsARentWithoutHoldingTheRest(t *testing.T) {
	t.Parallel()
	cents := money.Cents
	rentLine := line{class: "RENT", label: "Loyer", due: cents(500), status: "BLOCKED", reason: "PAID_BY_THIRD_PARTY", no: 1}
	bill := line{class: "OTHER_BILL", label: "Facture", due: cents(30), paid: cents(30), status: "PAID", no: 2}
	p := part{run: "C", mandate: "M", available: cents(100), stops: true, order: []string{"RENT", "OTHER_BILL"}, lines: []line{rentLine, bill}}
	if got := p.judge(); len(got) > 0 {
		t.Errorf("the judge pays this rent: got %v", got)
	}
	p.lines[0].reason = "IBAN_NOT_CONFIRMED"
	if got := p.judge(); len(got) != 1 || got[0].Rule != RentFirst || got[0].What != "Facture" || got[0].Amount != cents(30) {
		t.Errorf("a rent that waits for an IBAN: got %v", got)
	}
}

func TestOfTheRemainderTheFloorMayLeaveWhileALineWaits(t *testing.T) {
	t.Parallel()
	cents := money.Cents
	waiting := line{class: "OTHER_BILL", label: "Facture", due: cents(100), status: "DEFERRED", reason: "INSUFFICIENT_FUNDS", no: 1}
	p := part{available: cents(300), remitted: cents(150), floor: cents(200), served: cents(50), stops: true, order: []string{"OTHER_BILL"}, lines: []line{waiting}}
	if got := p.judge(); len(got) > 0 {
		t.Errorf("exactly the floor: got %v", got)
	}
	p.remitted = cents(151)
	if got := p.judge(); len(got) != 1 || got[0].Rule != OverFloor || got[0].Amount != cents(1) {
		t.Errorf("a cent more: got %v", got)
	}
}
