package mandates

import (
	"slices"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// DueOn is one falling due of an obligation: with the obligation, its day is the
// key that makes paying it twice impossible.
type DueOn struct {
	Obligation string
	On         civil.Date // the contract's day, not moved to a banking day
	Amount     money.Amount
}

// Key identifies the due in a run: "OBLIGATION@2026-11-05".
func (d DueOn) Key() string { return d.Obligation + "@" + d.On.String() }

// Due returns what an obligation makes due in a month, in order of days.
//
// The series starts on the first due day on or after From and repeats with the
// frequency; ONCE is the first day of the monthly series. Day 29 to 31 falls on
// the last day of a shorter month and comes back in a longer one. Days after To
// and days of Except are left out; the others keep their place.
func Due(o Obligation, month civil.Month) []DueOn {
	var dues []DueOn
	for _, day := range o.days(month) {
		over := !o.To.IsZero() && day.After(o.To)
		if over || slices.Contains(o.Except, day) {
			continue
		}
		dues = append(dues, DueOn{Obligation: o.ID, On: day, Amount: o.Amount})
	}
	return dues
}

// days are the days of the series in a month, whatever To and Except say.
func (o Obligation) days(month civil.Month) []civil.Date {
	switch o.Frequency {
	case Weekly:
		return o.everyDays(7, month)
	case Fortnightly:
		return o.everyDays(14, month)
	case Monthly:
		return o.everyMonths(1, month)
	case Quarterly:
		return o.everyMonths(3, month)
	case Yearly:
		return o.everyMonths(12, month)
	case Once:
		return o.everyMonths(0, month)
	default:
		return nil
	}
}

// everyMonths is the day of the series in a month; step 0 is the first one only.
func (o Obligation) everyMonths(step int, month civil.Month) []civil.Date {
	dueDay := o.DueDay
	if dueDay == 0 {
		dueDay = o.From.Day()
	}
	first := o.From.MonthOf()
	if first.Day(dueDay).Before(o.From) {
		first = first.Add(1)
	}
	after := monthsBetween(first, month)
	if after < 0 || step == 0 && after > 0 || step > 0 && after%step != 0 {
		return nil
	}
	return []civil.Date{month.Day(dueDay)}
}

// everyDays are the days of a series of weeks that fall in a month.
func (o Obligation) everyDays(step int, month civil.Month) []civil.Date {
	day := o.From
	if o.DueDay != 0 {
		weekday := o.DueDay % 7 // ISO Sunday is 7, Go's is 0
		day = day.AddDays((weekday - int(day.Weekday()) + 7) % 7)
	}
	if behind := month.First().DaysSince(day); behind > 0 {
		day = day.AddDays((behind + step - 1) / step * step)
	}
	var days []civil.Date
	for ; !day.After(month.Last()); day = day.AddDays(step) {
		days = append(days, day)
	}
	return days
}

// monthsBetween counts the months from one month to another, negative backwards.
func monthsBetween(from, to civil.Month) int {
	return (to.Year()-from.Year())*12 + int(to.Number()) - int(from.Number())
}
