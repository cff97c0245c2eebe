package civil

import (
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// closings are the week days on which TARGET is closed, from the published calendars (formats 2.2:
// Easter of 2026 to 2028).
var closings = map[int][]string{
	2026: {"01-01", "04-03", "04-06", "05-01", "12-25"},          // 26 December is a Saturday
	2027: {"01-01", "03-26", "03-29"},                            // 1 May and Christmas: week-end
	2028: {"04-14", "04-17", "05-01", "12-25", "12-26"},          // 1 January is a Saturday
	2024: {"01-01", "03-29", "04-01", "05-01", "12-25", "12-26"}, // in the past, all on week days
}

func TestTARGETIsClosedOnItsHolidaysAndWeekEndsOnly(t *testing.T) {
	t.Parallel()
	for year, want := range closings {
		var got []string
		first, err := Of(year, time.January, 1)
		if err != nil {
			t.Fatal(err)
		}
		for d := first; d.Year() == year; d = d.AddDays(1) {
			weekEnd := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
			if weekEnd && IsTARGET(d) {
				t.Errorf("%s is a %s and open", d, d.Weekday())
			}
			if !weekEnd && !IsTARGET(d) {
				got = append(got, d.String()[5:])
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d: closed on the week days %v; want %v", year, got, want)
		}
	}
}

func TestFrenchHolidaysAreTARGETDays(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"2026-07-14", "2026-05-08", "2026-05-14", "2026-05-25", "2026-11-11", "2027-11-01",
	} {
		if !IsTARGET(MustParse(text)) {
			t.Errorf("%s is closed; want open", text)
		}
	}
}

func TestTheNextTARGETDay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-11-05", 0, "2026-11-05"},
		{"2026-11-07", 0, "2026-11-09"},
		{"2026-04-03", 0, "2026-04-07"}, // Good Friday to Tuesday
		{"2026-04-02", 1, "2026-04-07"},
		{"2026-04-30", 1, "2026-05-04"}, // the remittance of 30 April settles on 4 May
		{"2026-05-11", 1, "2026-05-12"},
		{"2026-11-07", 1, "2026-11-09"},
		{"2026-11-06", 2, "2026-11-10"},
		{"2026-12-24", 2, "2026-12-29"},
		{"2026-09-05", -1, "2026-09-04"}, // Saturday to the Friday before
		{"2026-04-07", -1, "2026-04-02"},
		{"2026-11-10", -2, "2026-11-06"},
	} {
		if got := AddTARGET(MustParse(c.from), c.n); got != MustParse(c.want) {
			t.Errorf("%s %+d: got %s; want %s", c.from, c.n, got, c.want)
		}
	}
	if IsTARGET(Date{}) || !NextTARGET(Date{}).IsZero() || !AddTARGET(Date{}, 3).IsZero() {
		t.Error("no date has a TARGET day")
	}
}

func TestTARGETDaysAreCounted(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := MustParse("2002-01-01").AddDays(rapid.IntRange(0, 40_000).Draw(t, "day"))
		n := rapid.IntRange(1, 60).Draw(t, "n")
		got := AddTARGET(d, n)
		open := 0
		for e := d.AddDays(1); !e.After(got); e = e.AddDays(1) {
			if IsTARGET(e) {
				open++
			}
		}
		if !IsTARGET(got) || open != n {
			t.Fatalf("%s is %d TARGET days after %s; want %d", got, open, d, n)
		}
		if next := NextTARGET(d); !IsTARGET(next) || next.Before(d) || next.DaysSince(d) > 4 {
			t.Fatalf("the next TARGET day of %s is %s", d, next)
		}
		if AddTARGET(AddTARGET(got, 1), -1) != got {
			t.Fatalf("there and back from %s does not return", got)
		}
	})
}

// Zones whose clocks change at midnight, lie far east or west, or skipped a whole day.
var hardZones = []string{
	"UTC", "Europe/Paris", "America/Santiago", "Asia/Beirut", "Pacific/Kiritimati", "Pacific/Apia",
	"Pacific/Pago_Pago",
}

// The zone of a process is read once, so each zone needs a process of its own: this test runs the
// tests of the package again in each.
func TestDaysDoNotDependOnTheZoneOfTheMachine(t *testing.T) {
	const mark = "CIVIL_TEST_IN_ZONE"
	if os.Getenv(mark) != "" {
		t.Skip("this is the run inside a zone")
	}
	t.Parallel()
	for _, zone := range hardZones {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.short", "-rapid.checks=30")
		cmd.Env = append(os.Environ(), "TZ="+zone, mark+"="+zone)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("in zone %s: %v\n%s", zone, err, out)
		}
	}
}

func BenchmarkIsTARGET(b *testing.B) {
	d := MustParse("2026-11-05")
	for b.Loop() {
		IsTARGET(d)
	}
}
