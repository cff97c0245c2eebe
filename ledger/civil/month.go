package civil

import (
	"cmp"
	"fmt"
	"time"
)

// Month is a month of a year. Its zero value is no month; two months are the same when == says so.
type Month struct {
	year  int16
	month uint8
}

// MonthOf returns the month that d lies in, no month of no date.
func (d Date) MonthOf() Month { return Month{d.year, d.month} }

// ParseMonth reads exactly 2006-01. It returns [ErrSyntax] for another form and a [*RangeError]
// for a month that does not exist.
func ParseMonth(s string) (Month, error) {
	year, month, ok := parseMonth(s)
	if !ok || len(s) != len("2006-01") {
		return Month{}, fmt.Errorf("parse month: %w", ErrSyntax)
	}
	first, err := Of(year, month, 1)
	if err != nil {
		return Month{}, fmt.Errorf("parse month: %w", &RangeError{Year: year, Month: month})
	}
	return first.MonthOf(), nil
}

// Year returns the year, 0 of no month.
func (m Month) Year() int { return int(m.year) }

// Number returns the month of the year, 0 of no month.
func (m Month) Number() time.Month { return time.Month(m.month) }

// IsZero tells whether m is no month.
func (m Month) IsZero() bool { return m == Month{} }

// Compare returns −1, 0 or +1 as m is earlier than, the same as or later than n. No month comes
// before every month.
func (m Month) Compare(n Month) int { return cmp.Compare(m.index(), n.index()) }

// Before tells whether m is earlier than n.
func (m Month) Before(n Month) bool { return m.index() < n.index() }

// After tells whether m is later than n.
func (m Month) After(n Month) bool { return m.index() > n.index() }

// index counts months.
func (m Month) index() int { return 12*int(m.year) + int(m.month) }

// First returns the first day of m, no date of no month.
func (m Month) First() Date { return m.Day(1) }

// Last returns the last day of m, no date of no month.
func (m Month) Last() Date { return m.Day(31) }

// Day returns the n-th day of m, or its last day when it is shorter (n above 31 included). It
// panics when n is below 1; no month has no day.
func (m Month) Day(n int) Date {
	if n < 1 {
		panic("civil: day of the month below 1")
	}
	if m.IsZero() {
		return Date{}
	}
	return mustOf(m.Year(), m.Number(), min(n, daysIn(m.Year(), m.Number())))
}

// Add returns the month n months after m, before it when n is negative. No month stays no month.
func (m Month) Add(n int) Month {
	if m.IsZero() {
		return m
	}
	// Months are counted from January of year 0, so that division and remainder give both parts.
	count := m.index() - 1 + n
	if count < 12*minYear || count >= 12*(maxYear+1) {
		panic("civil: month out of the years 1 to 9999")
	}
	return Month{int16(count / 12), uint8(count%12 + 1)}
}

// Contains tells whether d lies in m. No month contains nothing.
func (m Month) Contains(d Date) bool { return !m.IsZero() && d.MonthOf() == m }

// String returns "2026-11", and "" of no month.
func (m Month) String() string {
	if m.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d", m.year, m.month)
}

// MarshalText writes what [Month.String] returns.
func (m Month) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads what [ParseMonth] reads, and an empty text as no month.
func (m *Month) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*m = Month{}
		return nil
	}
	parsed, err := ParseMonth(string(text))
	if err != nil {
		return err
	}
	*m = parsed
	return nil
}
