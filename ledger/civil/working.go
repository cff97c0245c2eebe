package civil

import (
	"sync"
	"time"

	"github.com/rickar/cal/v2/fr"
)

// IsWorking tells whether French offices work on d: no week-end and no public holiday of the
// whole country. Payers of benefits move their days by it; banks settle by [IsTARGET].
func IsWorking(d Date) bool {
	if d.IsZero() {
		return false
	}
	if w := d.Weekday(); w == time.Saturday || w == time.Sunday {
		return false
	}
	_, free := publicHolidays(d.Year())[d]
	return !free
}

// NextWorking returns d when offices work on it, else the first day after on which they do. No
// date stays no date.
func NextWorking(d Date) Date { return toWorking(d, 1) }

// PreviousWorking returns d when offices work on it, else the last day before on which they do.
// No date stays no date.
func PreviousWorking(d Date) Date { return toWorking(d, -1) }

func toWorking(d Date, step int) Date {
	for !d.IsZero() && !IsWorking(d) {
		d = d.AddDays(step)
	}
	return d
}

// freeDays keeps the public holidays of the years asked for: map[Date]struct{} by year.
var freeDays sync.Map

func publicHolidays(year int) map[Date]struct{} {
	if known, ok := freeDays.Load(year); ok {
		return known.(map[Date]struct{})
	}
	free := make(map[Date]struct{}, len(fr.Holidays))
	for _, h := range fr.Holidays {
		day, _ := h.Calc(year) // the day itself: none is moved off a week-end
		if !day.IsZero() {
			free[mustOf(day.Date())] = struct{}{}
		}
	}
	freeDays.Store(year, free)
	return free
}
