package civil_test

import (
	"strings"
	"testing"

	"masp/ledger/civil"
)

func TestFrenchOfficesAreClosedOnTheElevenHolidaysOf2026(t *testing.T) {
	t.Parallel()
	var closed []string
	for d := civil.MustParse("2026-01-01"); d.Year() == 2026; d = d.AddDays(1) {
		if !civil.IsWorking(d) && d.Weekday() != 0 && d.Weekday() != 6 {
			closed = append(closed, d.String()[5:])
		}
	}
	// 15 August is a Saturday, 1 November a Sunday.
	want := "01-01 04-06 05-01 05-08 05-14 05-25 07-14 11-11 12-25"
	if got := strings.Join(closed, " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestAFreeDayMovesToTheWorkingDayBeforeOrAfter(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ day, before, after string }{
		{"2026-04-05", "2026-04-03", "2026-04-07"}, // Easter Sunday
		{"2026-12-25", "2026-12-24", "2026-12-28"},
		{"2026-07-13", "2026-07-13", "2026-07-13"},
	} {
		d := civil.MustParse(c.day)
		if got := civil.PreviousWorking(d).String() + " " + civil.NextWorking(d).String(); got != c.before+" "+c.after {
			t.Errorf("%s: got %s, want %s %s", c.day, got, c.before, c.after)
		}
	}
	if !civil.NextWorking(civil.Date{}).IsZero() || civil.IsWorking(civil.Date{}) {
		t.Error("no date must stay no date, and is no working day")
	}
}
