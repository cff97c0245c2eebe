package civil

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestTheMonthsOfAYearFollowEachOtherOverItsEnd walks two years, and asks each month for a day.
func TestTheMonthsOfAYearFollowEachOtherOverItsEnd(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := anyDay(t, "d")
		wanted := rapid.IntRange(1, 31).Draw(t, "day of the month")
		m := d.MonthOf()
		for n := range 25 {
			next := m.Add(n)
			year, number := m.Year()+(int(m.Number())-1+n)/12, (int(m.Number())-1+n)%12+1
			if next.Year() != year || int(next.Number()) != number {
				t.Fatalf("%s + %d months = %s; want %d-%02d", m, n, next, year, number)
			}
			got := next.Day(wanted)
			if got.MonthOf() != next || got.Day() > wanted || got.Day() < wanted && got != next.Last() {
				t.Fatalf("day %d of %s is %s", wanted, next, got)
			}
		}
	})
}

// TestAnyInstantFallsOnTheDayThatParisReads holds the day against what the clock of the zone
// prints, near each midnight and each change of the clocks as well.
func TestAnyInstantFallsOnTheDayThatParisReads(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		day := MustParse("2000-01-01").AddDays(rapid.IntRange(0, 30_000).Draw(t, "day"))
		midnight := time.Date(day.Year(), day.Month_(), day.Day(), 0, 0, 0, 0, Paris)
		instant := midnight.Add(time.Duration(rapid.Int64Range(-7200e9, 86_400e9).Draw(t, "after midnight")))
		zone := time.FixedZone("", rapid.IntRange(-14*3600, 14*3600).Draw(t, "seconds east"))
		if got, want := FromTime(instant.In(zone), Paris).String(), instant.In(Paris).Format("2006-01-02"); got != want {
			t.Fatalf("%s is %s; want %s", instant, got, want)
		}
		if got := FromTime(midnight, Paris); got != day {
			t.Fatalf("midnight of %s falls on %s", day, got)
		}
		if got := FromTime(midnight.Add(-time.Nanosecond), Paris); got != day.AddDays(-1) {
			t.Fatalf("the end of %s falls on %s", day.AddDays(-1), got)
		}
	})
}
