package mandates

import (
	"slices"

	"masp/ledger/civil"
)

// RemittancePlan says when the person receives what is left: on days of
// the month, or in a number of weekly instalments from the day of the run.
type RemittancePlan struct {
	Days   []int // days of the month, 1–31, clamped to its last day
	Weekly int   // number of weekly instalments; 0 = the Days above
}

// Check returns nil or Violations.
func (p RemittancePlan) Check() error {
	var vs Violations
	wrong := slices.ContainsFunc(p.Days, func(d int) bool { return d < 1 || d > 31 })
	vs.add(wrong, "R-061", "REMITTANCE_DAY_UNKNOWN",
		"Un jour de versement à la personne va de 1 à 31.")
	vs.add(p.Weekly < 0 || p.Weekly > 5, "R-061", "REMITTANCE_WEEKS_UNKNOWN",
		"Le nombre de versements par semaine va de 1 à 5 pour un mois.")
	vs.add(p.Weekly > 0 && len(p.Days) > 0, "R-061", "REMITTANCE_PLAN_DOUBLE",
		"Choisissez des jours du mois ou un versement chaque semaine, pas les deux.")
	return vs.err()
}

// Dates returns the TARGET days of the remittances of a run of day from, in
// order, none twice, none before from. Days of the month that have passed are
// left out; when all have, the first possible day is used: the person does not
// wait a month. An empty plan has no date.
func (p RemittancePlan) Dates(from civil.Date) []civil.Date {
	var days []civil.Date
	for n := range p.Weekly {
		days = append(days, bankingDay(from.AddDays(7*n), from))
	}
	for _, d := range p.Days {
		if day := from.MonthOf().Day(d); !day.Before(from) {
			days = append(days, bankingDay(day, from))
		}
	}
	if len(days) == 0 && len(p.Days) > 0 {
		days = append(days, civil.NextTARGET(from))
	}
	slices.SortFunc(days, civil.Date.Compare)
	return slices.Compact(days)
}

// bankingDay is the TARGET day on or after a day. It stays in the same
// month when it can, because the living floor counts by calendar month: the 31st
// on a Saturday is paid on the Friday before, unless that is before the run.
func bankingDay(day, notBefore civil.Date) civil.Date {
	if next := civil.NextTARGET(day); next.MonthOf() == day.MonthOf() {
		return next
	}
	for before := day; !before.Before(notBefore) && before.MonthOf() == day.MonthOf(); before = before.AddDays(-1) {
		if civil.IsTARGET(before) {
			return before
		}
	}
	return civil.NextTARGET(day)
}
