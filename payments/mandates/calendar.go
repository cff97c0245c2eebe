package mandates

import (
	"slices"
	"time"

	"masp/ledger/civil"
)

// Shift says where a payer's day goes when offices are closed on it.
type Shift string

// The shifts. The CAF pays before a Saturday and after a Sunday or a holiday.
const (
	ShiftAfter          Shift = "AFTER"
	ShiftBefore         Shift = "BEFORE"
	ShiftSaturdayBefore Shift = "SATURDAY_BEFORE"
)

// PayerCalendar says on which day a payer pays a month of right.
type PayerCalendar struct {
	Payer       string
	Benefit     string // only this one; empty = all that no other row names
	ThirdParty  bool   // what goes to the landlord (tiers payant), not to the account
	Day         int    // of the month, 1–31, clamped
	MonthsAfter int    // 1 = in the month after the month of right
	Shift       Shift
}

// DefaultCalendars are the calendars with which an organisation starts: the CAF on the 5th for
// the month before, APL to a landlord under agreement on the 25th of the month itself, pensions
// on the 9th. The other payers differ by place: the organisation sets theirs.
func DefaultCalendars() []PayerCalendar {
	return []PayerCalendar{
		{Payer: CAF, Day: 5, MonthsAfter: 1, Shift: ShiftSaturdayBefore},
		{Payer: CAF, Benefit: "APL", ThirdParty: true, Day: 25, Shift: ShiftSaturdayBefore},
		{Payer: CARSAT, Day: 9, MonthsAfter: 1, Shift: ShiftAfter},
		{Payer: CNAV, Day: 9, MonthsAfter: 1, Shift: ShiftAfter},
	}
}

// Check returns nil or Violations.
func (c PayerCalendar) Check() error {
	var vs Violations
	vs.add(!slices.Contains(Payers(), c.Payer), "R-066", "PAYER_UNKNOWN", "Ce payeur n'est pas connu.")
	vs.add(c.Day < 1 || c.Day > 31, "R-066", "DAY_UNKNOWN", "Le jour du paiement va de 1 à 31.")
	vs.add(c.MonthsAfter < 0 || c.MonthsAfter > 3, "R-066", "MONTHS_AFTER_UNKNOWN",
		"Le paiement vient de 0 à 3 mois après le mois du droit.")
	vs.add(!slices.Contains([]Shift{ShiftAfter, ShiftBefore, ShiftSaturdayBefore}, c.Shift), "R-066", "SHIFT_UNKNOWN",
		"Un jour chômé se reporte AFTER, BEFORE ou SATURDAY_BEFORE.")
	return vs.err()
}

// CalendarChange sets a calendar, or changes what it names of one that stands.
type CalendarChange struct {
	Payer, Benefit string
	ThirdParty     bool
	Day            int   // 0 = as it was
	MonthsAfter    *int  // nil = as it was, 1 at first
	Shift          Shift // empty = as it was, AFTER at first
}

// over is the calendar after the change; old tells whether one stood before.
func (c CalendarChange) over(all []PayerCalendar) (next PayerCalendar, old bool) {
	next = PayerCalendar{
		Payer: c.Payer, Benefit: c.Benefit, ThirdParty: c.ThirdParty, MonthsAfter: 1, Shift: ShiftAfter,
	}
	for _, row := range all {
		if row.Payer == c.Payer && row.Benefit == c.Benefit && row.ThirdParty == c.ThirdParty {
			next, old = row, true
		}
	}
	if c.Day != 0 {
		next.Day = c.Day
	}
	if c.MonthsAfter != nil {
		next.MonthsAfter = *c.MonthsAfter
	}
	if c.Shift != "" {
		next.Shift = c.Shift
	}
	return next, old
}

// PaysOn is the day on which the payer pays a month of right.
func (c PayerCalendar) PaysOn(right civil.Month) civil.Date {
	day := right.Add(c.MonthsAfter).Day(c.Day)
	before := c.Shift == ShiftBefore || c.Shift == ShiftSaturdayBefore && day.Weekday() == time.Saturday
	if before {
		return civil.PreviousWorking(day)
	}
	return civil.NextWorking(day)
}

// calendarFor finds the calendar of a benefit: its own row, else that of the payer. What goes to
// a third party without a row of its own follows the others.
func calendarFor(all []PayerCalendar, e ExpectedBenefit) (PayerCalendar, bool) {
	for _, of := range []PayerCalendar{
		{Benefit: e.Benefit, ThirdParty: e.ThirdParty}, {ThirdParty: e.ThirdParty}, {Benefit: e.Benefit}, {},
	} {
		for _, c := range all {
			if c.Payer == e.Payer && c.Benefit == of.Benefit && c.ThirdParty == of.ThirdParty {
				return c, true
			}
		}
	}
	return PayerCalendar{}, false
}
