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
