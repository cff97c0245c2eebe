package civil

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestADayThatDoesNotExistIsRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		year  int
		month time.Month
		day   int
	}{
		{2026, 2, 29},
		{2100, 2, 29},
		{2026, 4, 31},
		{2026, 1, 32},
		{2026, 1, 0},
		{2026, 1, -1},
		{2026, 0, 1},
		{2026, 13, 1},
		{0, 1, 1},
		{10000, 1, 1},
		{-1, 1, 1},
		{70000, 1, 1},
		{2026, 257, 1},
	} {
		got, err := Of(c.year, c.month, c.day)
		var missing *RangeError
		if !errors.As(err, &missing) || !got.IsZero() {
			t.Errorf("Of(%d, %d, %d) = %v, %v; want a *RangeError", c.year, c.month, c.day, got, err)
		}
	}
	for _, text := range []string{"2028-02-29", "2000-02-29", "0001-01-01", "9999-12-31"} {
		if got := MustParse(text).String(); got != text {
			t.Errorf("got %s; want %s", got, text)
		}
	}
}

func TestTheZeroValueIsNoDate(t *testing.T) {
	t.Parallel()
	var none Date
	if !none.IsZero() || none.String() != "" || none.French() != "" || none.FrenchShort() != "" {
		t.Errorf("no date prints as %q, %q, %q; want nothing", none, none.French(), none.FrenchShort())
	}
	if !none.Time().IsZero() || none.Year() != 0 || none.Month_() != 0 || none.Day() != 0 {
		t.Error("no date has a time, a year, a month or a day")
	}
	if first := MustParse("0001-01-01"); first.IsZero() || !none.Before(first) || !first.After(none) {
		t.Error("no date does not come before the first day")
	}
	if !none.AddDays(5).IsZero() || !none.AddMonths(5).IsZero() || !none.MonthOf().IsZero() {
		t.Error("arithmetic on no date gives a date")
	}
	mustPanic(t, "Weekday", func() { none.Weekday() })
	mustPanic(t, "DaysSince", func() { none.DaysSince(MustParse("2026-01-01")) })
	mustPanic(t, "DaysSince", func() { MustParse("2026-01-01").DaysSince(none) })
}

func mustPanic(t *testing.T, what string, do func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Errorf("%s did not panic", what)
		}
	}()
	do()
}

func TestAddMonthsClampsToTheEndOfTheMonth(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-01-31", 1, "2026-02-28"},
		{"2028-01-31", 1, "2028-02-29"},
		{"2028-02-29", 12, "2029-02-28"},
		{"2028-02-29", 48, "2032-02-29"},
		{"2026-10-31", 1, "2026-11-30"},
		{"2026-11-30", 1, "2026-12-30"},
		{"2026-12-15", 1, "2027-01-15"},
		{"2026-01-15", -1, "2025-12-15"},
		{"2026-03-31", -1, "2026-02-28"},
		{"2026-11-05", 0, "2026-11-05"},
		{"2026-11-05", -24, "2024-11-05"},
	} {
		if got := MustParse(c.from).AddMonths(c.n); got != MustParse(c.want) {
			t.Errorf("%s + %d months = %s; want %s", c.from, c.n, got, c.want)
		}
	}
}

func TestArithmeticPanicsOutOfTheYears(t *testing.T) {
	t.Parallel()
	first, last := MustParse("0001-01-01"), MustParse("9999-12-31")
	mustPanic(t, "the day after the last", func() { last.AddDays(1) })
	mustPanic(t, "the day before the first", func() { first.AddDays(-1) })
	mustPanic(t, "the month after the last", func() { last.AddMonths(1) })
	mustPanic(t, "the month before the first", func() { first.AddMonths(-1) })
	if got := first.AddDays(last.DaysSince(first)); got != last {
		t.Errorf("got %s; want %s", got, last)
	}
}

// anyDay draws a day far enough from both ends for arithmetic.
func anyDay(t *rapid.T, label string) Date {
	offset := rapid.IntRange(-700_000, 2_000_000).Draw(t, label)
	return MustParse("2000-01-01").AddDays(offset)
}

func TestDaysAgreeWithTheStandardLibrary(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, e := anyDay(t, "d"), anyDay(t, "e")
		n := rapid.IntRange(-20_000, 20_000).Draw(t, "n")
		if got := FromTime(d.Time(), time.UTC); got != d {
			t.Fatalf("through Time: %s; want %s", got, d)
		}
		if got, want := d.AddDays(n).Time(), d.Time().AddDate(0, 0, n); !got.Equal(want) {
			t.Fatalf("%s + %d days = %v; want %v", d, n, got, want)
		}
		if got := d.AddDays(n).DaysSince(d); got != n {
			t.Fatalf("%d days after is %d days since", n, got)
		}
		if got, want := d.Weekday(), d.Time().Weekday(); got != want {
			t.Fatalf("%s is a %s; want %s", d, got, want)
		}
		want := d.Time().Compare(e.Time())
		if d.Compare(e) != want || d.Before(e) != (want < 0) || d.After(e) != (want > 0) ||
			(d == e) != (want == 0) {
			t.Fatalf("%s and %s do not compare as their times, %d", d, e, want)
		}
	})
}

func TestAddMonthsKeepsTheDayOrTakesTheLast(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := anyDay(t, "d")
		n := rapid.IntRange(-600, 600).Draw(t, "n")
		got := d.AddMonths(n)
		if want := d.MonthOf().Add(n); got.MonthOf() != want {
			t.Fatalf("%s + %d months = %s; want in %s", d, n, got, want)
		}
		if got.Day() != d.Day() && (got.Day() > d.Day() || got != got.MonthOf().Last()) {
			t.Fatalf("%s + %d months = %s; want the same day or the last", d, n, got)
		}
	})
}

func TestAnInstantFallsOnADayOfItsZone(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2026-11-04T23:30:00Z": "2026-11-05", // winter, UTC+1
		"2026-11-04T22:30:00Z": "2026-11-04",
		"2026-07-14T22:30:00Z": "2026-07-15", // summer, UTC+2
		"2026-12-31T23:00:00Z": "2027-01-01",
		"2026-03-29T00:59:59Z": "2026-03-29", // an hour before the clocks change
		"2026-10-25T22:59:59Z": "2026-10-25", // the day of 25 hours
	} {
		instant, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		if got := FromTime(instant, Paris); got != MustParse(want) {
			t.Errorf("%s: got %s; want %s", text, got, want)
		}
	}
}
