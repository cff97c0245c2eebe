package mandates

import (
	"fmt"
	"slices"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// ExpectedBenefit is a benefit expected for a month of right.
type ExpectedBenefit struct {
	Mandate, Benefit string
	Period           civil.Month
	Payer            string
	Amount           money.Amount
	ExpectedOn       civil.Date
	ThirdParty       bool // tiers payant: never expected on the account
}

// Check returns nil or Violations of an expectation, beside the catalogue and what the contract of
// its mandate authorises.
func (e ExpectedBenefit) Check(catalogue []Benefit, granted []Authorisation) error {
	var vs Violations
	row, listed := Find(catalogue, e.Benefit, e.ExpectedOn)
	authorised := slices.ContainsFunc(granted, func(a Authorisation) bool { return a.Benefit == e.Benefit })
	switch {
	case !listed:
		vs.add(true, "R-025", "BENEFIT_UNKNOWN", fmt.Sprintf("« %s » n'est pas une prestation connue à cette date.", e.Benefit))
	case e.ThirdParty && !row.ThirdPartyExcluded:
		vs.add(true, "R-030", "NEVER_THIRD_PARTY", "Cette prestation n'est jamais versée à un tiers.")
	case !e.ThirdParty && !authorised:
		vs.add(true, "R-007", "BENEFIT_NOT_AUTHORISED",
			"Le mandat n'autorise pas cette prestation : elle ne peut pas être attendue sur le compte.")
	case !slices.Contains(row.Payers, e.Payer):
		vs.add(true, "R-025", "PAYER_OF_ANOTHER_BENEFIT", fmt.Sprintf("« %s » ne verse pas cette prestation.", e.Payer))
	}
	vs.add(!e.Amount.IsPositive(), "R-032", "AMOUNT_NOT_POSITIVE", "Le montant attendu doit être supérieur à zéro.")
	return vs.err()
}

// Prospect is what is known of one benefit of one mandate when its next months are planned.
type Prospect struct {
	Last      ExpectedBenefit // of the last month of right
	Granted   []Authorisation // what the contract authorises
	Catalogue []Benefit
	EndsOn    civil.Date // last day of the contract
}

// asLastTime is how far back the last month may lie: an older right has stopped, and a person
// has to say that it is back.
const asLastTime = 3

// yearly are the benefits that come once a year.
var yearly = []string{"ARS"}

// Next are the expectations of a benefit up to a month of right, those that stand already left
// out: the amount of the last one, on the day of the payer's calendar; without a calendar, on
// the day of the month of the last one, moved to a working day. Nothing is expected that the
// contract does not authorise on that day, nor after its end.
func (p Prospect) Next(calendars []PayerCalendar, today civil.Date, until civil.Month) []ExpectedBenefit {
	step := 1
	if slices.Contains(yearly, p.Last.Benefit) {
		step = 12
	}
	if p.Last.Period.Add(max(step, asLastTime)).Before(today.MonthOf()) {
		return nil
	}
	var next []ExpectedBenefit
	for month := p.Last.Period.Add(step); !month.After(until); month = month.Add(step) {
		e := p.Last
		e.Period, e.ExpectedOn = month, p.payDay(calendars, month)
		if p.expectable(e) {
			next = append(next, e)
		}
	}
	return next
}

// payDay is when a month of right is paid.
func (p Prospect) payDay(calendars []PayerCalendar, month civil.Month) civil.Date {
	if c, known := calendarFor(calendars, p.Last); known {
		return c.PaysOn(month)
	}
	paid := p.Last.ExpectedOn.MonthOf()
	after := 0
	for right := p.Last.Period; right.Before(paid); right = right.Add(1) {
		after++
	}
	return civil.NextWorking(month.Add(after).Day(p.Last.ExpectedOn.Day()))
}

// expectable tells whether a benefit may still be expected on its day.
func (p Prospect) expectable(e ExpectedBenefit) bool {
	if e.ExpectedOn.After(p.EndsOn) {
		return false
	}
	if _, listed := Find(p.Catalogue, e.Benefit, e.ExpectedOn); !listed {
		return false
	}
	granted := func(a Authorisation) bool { return a.Benefit == e.Benefit && a.validOn(e.ExpectedOn) }
	return e.ThirdParty || slices.ContainsFunc(p.Granted, granted)
}
