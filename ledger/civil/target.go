package civil

import (
	"sync"
	"time"

	"github.com/rickar/cal/v2/ecb"
)

// IsTARGET tells whether TARGET is open on d, so that banks settle euro transfers. It is
// closed on no date.
func IsTARGET(d Date) bool {
	if d.IsZero() {
		return false
	}
	if w := d.Weekday(); w == time.Saturday || w == time.Sunday {
		return false
	}
	_, closed := holidays(d.Year())[d]
	return !closed
}

// NextTARGET returns d when TARGET is open on it, else the first open day after. No date stays no
// date.
func NextTARGET(d Date) Date {
	for !d.IsZero() && !IsTARGET(d) {
		d = d.AddDays(1)
	}
	return d
}

// AddTARGET returns the n-th TARGET day after d, or before it when n is negative; for n = 0 it is
// [NextTARGET]. The day d itself is never counted. No date stays no date.
func AddTARGET(d Date, n int) Date {
	if d.IsZero() || n == 0 {
		return NextTARGET(d)
	}
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for n > 0 {
		d = d.AddDays(step)
		if IsTARGET(d) {
			n--
		}
	}
	return d
}

// closedDays keeps the holidays of the years asked for: map[Date]struct{} by year.
var closedDays sync.Map

func holidays(year int) map[Date]struct{} {
	if known, ok := closedDays.Load(year); ok {
		return known.(map[Date]struct{})
	}
	closed := make(map[Date]struct{}, len(ecb.Holidays))
	for _, h := range ecb.Holidays {
		day, _ := h.Calc(year) // the day itself: TARGET moves no holiday off a week-end
		if !day.IsZero() {
			closed[mustOf(day.Date())] = struct{}{}
		}
	}
	closedDays.Store(year, closed)
	return closed
}
