package simbank

import (
	"fmt"
	"time"
)

// Day is a calendar day, counted from 1 January 1970; the zero Day means none.
// The bank has no clock: it lives on the days that it is told.
type Day int

// On returns the day of a year, month and day of the month.
func On(year int, month time.Month, day int) Day {
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// ParseDay reads a day written "2026-11-05".
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("read day %q: %w", s, err)
	}
	return Day(t.Unix() / 86400), nil
}

func (d Day) time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// String writes the day as "2026-11-05".
func (d Day) String() string { return d.time().Format(time.DateOnly) }

// MarshalText writes the day in JSON; no day is the empty text.
func (d Day) MarshalText() ([]byte, error) {
	if d == 0 {
		return nil, nil
	}
	return []byte(d.String()), nil
}

// IsTARGET reports whether the euro payment system settles on that day: closed
// on week-ends, 1 January, Good Friday, Easter Monday, 1 May, 25 and 26
// December.
func (d Day) IsTARGET() bool {
	t := d.time()
	if t.Weekday() == time.Saturday || t.Weekday() == time.Sunday {
		return false
	}
	switch t.Format("01-02") {
	case "01-01", "05-01", "12-25", "12-26":
		return false
	}
	easter := easterSunday(t.Year())
	return d != easter-2 && d != easter+1
}

// NextTARGET returns the first TARGET day on or after d.
func (d Day) NextTARGET() Day {
	for !d.IsTARGET() {
		d++
	}
	return d
}

// AddTARGET returns the n-th TARGET day after d, d itself excluded.
func (d Day) AddTARGET(n int) Day {
	for ; n > 0; n-- {
		d = (d + 1).NextTARGET()
	}
	return d
}

// easterSunday follows the Gregorian computus: the Sunday after the first
// ecclesiastical full moon of spring.
func easterSunday(year int) Day {
	century, golden := year/100, year%19
	epact := (century - century/4 - (8*century+13)/25 + 19*golden + 15) % 30
	if epact == 29 || (epact == 28 && golden > 10) {
		epact--
	}
	moon := On(year, time.March, 21) + Day(epact)
	return moon + 7 - Day(moon.time().Weekday())
}

// CAFDay returns the day on which the CAF credits benefits in a month: the 5th;
// a Saturday moves it to the Friday before, a Sunday or a French public holiday
// to the next working day.
func CAFDay(year int, month time.Month) Day {
	d := On(year, month, 5)
	if d.time().Weekday() == time.Saturday {
		return d - 1
	}
	for d.time().Weekday() == time.Saturday || d.time().Weekday() == time.Sunday || isFrenchHoliday(d) {
		d++
	}
	return d
}

// isFrenchHoliday knows the public holidays that can meet CAFDay's 5th to 8th.
func isFrenchHoliday(d Day) bool {
	easter := easterSunday(d.time().Year())
	return d.time().Format("01-02") == "05-08" ||
		d == easter+1 || d == easter+39 || d == easter+50
}
