package civil

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"time"
)

// ErrSyntax is returned for a text that is not written exactly as 2006-01-02, or 2006-01 for a
// month.
var ErrSyntax = errors.New("not written as year-month-day, 2006-01-02")

// Parse reads exactly 2006-01-02: four, two and two digits. It returns [ErrSyntax] for another
// form, a [*RangeError] for a day that does not exist, and never no date.
func Parse(s string) (Date, error) {
	year, month, ok := parseMonth(s)
	if !ok || len(s) != len("2006-01-02") || s[7] != '-' || !isDigits(s[8:]) {
		return Date{}, fmt.Errorf("parse date: %w", ErrSyntax)
	}
	d, err := Of(year, month, number(s[8:]))
	if err != nil {
		return Date{}, fmt.Errorf("parse date: %w", err)
	}
	return d, nil
}

// MustParse is [Parse] for texts in the program itself; it panics on a refusal.
func MustParse(s string) Date {
	d, err := Parse(s)
	if err != nil {
		panic("civil: " + err.Error())
	}
	return d
}

// parseMonth reads the year and the month that s begins with, in form only.
func parseMonth(s string) (year int, month time.Month, ok bool) {
	if len(s) < len("2006-01") || !isDigits(s[:4]) || s[4] != '-' || !isDigits(s[5:7]) {
		return 0, 0, false
	}
	return number(s[:4]), time.Month(number(s[5:7])), true
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// number reads a few digits.
func number(digits string) int {
	n := 0
	for i := range len(digits) {
		n = 10*n + int(digits[i]-'0')
	}
	return n
}

// String returns "2026-11-05", and "" of no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	digit := func(n int) byte { return byte('0' + n%10) } // runs print days by the hundred thousand
	year, month, day := int(d.year), int(d.month), int(d.day)
	return string([]byte{
		digit(year / 1000), digit(year / 100), digit(year / 10), digit(year), '-',
		digit(month / 10), digit(month), '-', digit(day / 10), digit(day),
	})
}

// MarshalText writes what [Date.String] returns.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what [Parse] reads, and an empty text as no date.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := Parse(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// Value hands d to the database as midnight UTC (date), and no date as NULL.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.Time(), nil
}

// Scan reads a date column, as a time or as text; NULL is no date. A time that is not midnight UTC
// is refused: it is an instant, and its day depends on a zone ([FromTime]).
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Date{}
		return nil
	case string:
		parsed, err := Parse(v)
		if err != nil {
			return fmt.Errorf("scan date: %w", err)
		}
		*d = parsed
		return nil
	case time.Time:
		return d.scanTime(v)
	}
	return fmt.Errorf("scan date: %T instead of a date", src)
}

func (d *Date) scanTime(t time.Time) error {
	t = t.UTC()
	day, err := Of(t.Date())
	if err != nil {
		return fmt.Errorf("scan date: %w", err)
	}
	if !day.Time().Equal(t) {
		return errors.New("scan date: an instant instead of a date")
	}
	*d = day
	return nil
}
