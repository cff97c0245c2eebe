package civil

import (
	"cmp"
	"fmt"
	"time"
	_ "time/tzdata" // Paris exists on a machine without zone files
)

// Date is a day. Its zero value is no date; two dates are the same day when == says so.
type Date struct {
	year  int16
	month uint8
	day   uint8
}

// Paris is the zone in which the association's days begin and end.
var Paris = mustLoad("Europe/Paris")

func mustLoad(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		panic("civil: " + err.Error())
	}
	return loc
}

const (
	minYear = 1
	maxYear = 9999
)

// RangeError is the refusal of a day or month that does not exist, such as 30 February, or lies
// out of the years 1 to 9999.
type RangeError struct {
	Year  int
	Month time.Month
	Day   int // 0 when the month itself does not exist
}

// Error names the day or month that does not exist.
func (e *RangeError) Error() string {
	if e.Day == 0 {
		return fmt.Sprintf("no such month: %d-%02d", e.Year, int(e.Month))
	}
	return fmt.Sprintf("no such day: %d-%02d-%02d", e.Year, int(e.Month), e.Day)
}

// Of returns the day of a year (1 to 9999), month and day of the month, or a [*RangeError] when
// there is none.
func Of(year int, month time.Month, day int) (Date, error) {
	if year < minYear || year > maxYear || month < time.January || month > time.December ||
		day < 1 || day > daysIn(year, month) {
		return Date{}, &RangeError{year, month, day}
	}
	return Date{int16(year), uint8(month), uint8(day)}, nil //nolint:gosec // a day of the month, as checked
}

// FromTime returns the day that an instant falls on in a zone.
func FromTime(t time.Time, loc *time.Location) Date {
	return mustOf(t.In(loc).Date())
}

// mustOf is for days that can only be out of the range of years, which panics.
func mustOf(year int, month time.Month, day int) Date {
	d, err := Of(year, month, day)
	if err != nil {
		panic("civil: " + err.Error())
	}
	return d
}

// Year returns the year, 0 of no date.
func (d Date) Year() int { return int(d.year) }

// Month_ returns the month of the year, 0 of no date. The name leaves "month" to [Date.MonthOf],
// which is what the books mean by it.
func (d Date) Month_() time.Month { return time.Month(d.month) }

// Day returns the day of the month, 0 of no date.
func (d Date) Day() int { return int(d.day) }

// Weekday returns the day of the week. It panics on no date.
func (d Date) Weekday() time.Weekday {
	d.mustExist("weekday")
	return d.Time().Weekday()
}

// IsZero tells whether d is no date.
func (d Date) IsZero() bool { return d == Date{} }

// Compare returns −1, 0 or +1 as d is earlier than, the same as or later than e. No date comes
// before every day.
func (d Date) Compare(e Date) int { return cmp.Compare(d.ordinal(), e.ordinal()) }

// Before tells whether d is earlier than e.
func (d Date) Before(e Date) bool { return d.ordinal() < e.ordinal() }

// After tells whether d is later than e.
func (d Date) After(e Date) bool { return d.ordinal() > e.ordinal() }

// ordinal grows with the day; it is no count of days.
func (d Date) ordinal() int { return int(d.year)<<16 | int(d.month)<<8 | int(d.day) }

// AddDays returns the day n days after d, before it when n is negative. No date stays no date.
func (d Date) AddDays(n int) Date {
	if d.IsZero() {
		return d
	}
	return mustOf(d.Time().AddDate(0, 0, n).Date())
}

// AddMonths returns the same day n months later, or the last day of that month when it is shorter.
// No date stays no date.
func (d Date) AddMonths(n int) Date {
	if d.IsZero() {
		return d
	}
	return d.MonthOf().Add(n).Day(d.Day())
}

// DaysSince returns how many days d is after e, negative when before. It panics when either is no
// date.
func (d Date) DaysSince(e Date) int {
	d.mustExist("days since")
	e.mustExist("days since")
	const secondsPerDay = 24 * 60 * 60 // UTC has no other days
	return int((d.Time().Unix() - e.Time().Unix()) / secondsPerDay)
}

// Time returns midnight UTC of d, the zero time of no date.
func (d Date) Time() time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return time.Date(int(d.year), time.Month(d.month), int(d.day), 0, 0, 0, 0, time.UTC)
}

func (d Date) mustExist(verb string) {
	if d.IsZero() {
		panic("civil: " + verb + " of no date")
	}
}

// daysIn returns the length of a month.
func daysIn(year int, month time.Month) int {
	switch month {
	case time.February:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case time.April, time.June, time.September, time.November:
		return 30
	}
	return 31
}
