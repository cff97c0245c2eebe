package civil

import (
	"fmt"
	"strconv"
)

var frenchMonths = [...]string{
	"janvier", "février", "mars", "avril", "mai", "juin",
	"juillet", "août", "septembre", "octobre", "novembre", "décembre",
}

// French returns d in words: "5 novembre 2026", "1er novembre 2026", and "" of no date.
func (d Date) French() string {
	if d.IsZero() {
		return ""
	}
	day := strconv.Itoa(d.Day())
	if d.day == 1 {
		day = "1er"
	}
	return day + " " + d.MonthOf().French()
}

// FrenchShort returns "05/11/2026", and "" of no date.
func (d Date) FrenchShort() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%02d/%02d/%04d", d.day, d.month, d.year)
}

// French returns "novembre 2026", and "" of no month.
func (m Month) French() string {
	if m.IsZero() {
		return ""
	}
	return frenchMonths[m.month-1] + " " + strconv.Itoa(m.Year())
}

// FrenchOf returns the month after a noun: "de novembre 2026", "d'octobre 2026", and "" of no month.
func (m Month) FrenchOf() string {
	switch {
	case m.IsZero():
		return ""
	case m.month == 4 || m.month == 8 || m.month == 10: // avril, août, octobre
		return "d'" + m.French()
	}
	return "de " + m.French()
}
