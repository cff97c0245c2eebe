package scenario_test

import (
	"slices"
	"time"
)

const iso = "2006-01-02"

func addDays(day string, n int) string {
	t, err := time.Parse(iso, day)
	if err != nil {
		panic(err)
	}
	return t.AddDate(0, 0, n).Format(iso)
}

// nextTarget is the first TARGET day after a day: no week-end, no 1 January, Good Friday,
// Easter Monday, 1 May, 25 or 26 December.
func nextTarget(day string) string {
	for day = addDays(day, 1); ; day = addDays(day, 1) {
		t, _ := time.Parse(iso, day)
		weekend := t.Weekday() == time.Saturday || t.Weekday() == time.Sunday
		fixed := slices.Contains([]string{"01-01", "05-01", "12-25", "12-26"}, day[5:])
		easter := easterSunday(t.Year())
		if !weekend && !fixed && day != addDays(easter, -2) && day != addDays(easter, 1) {
			return day
		}
	}
}

// easterSunday is the anonymous Gregorian computus.
func easterSunday(y int) string {
	a, b, c := y%19, y/100, y%100
	d, e := b/4, b%4
	f := (b + 8) / 25
	g := (b - f + 1) / 3
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	month, day := (h+l-7*m+114)/31, (h+l-7*m+114)%31+1
	return time.Date(y, time.Month(month), day, 0, 0, 0, 0, time.UTC).Format(iso)
}
