package imports

import (
	"masp/ledger/civil"
	"masp/ledger/money"
)

// SuspenseReport is the money that nobody has identified: each line, and how old it all is.
type SuspenseReport struct {
	On    civil.Date     `json:"on"`
	Days  int            `json:"days"` // after which a line is late; a setting of the organisation
	Items []SuspenseItem `json:"items"`
	Ages  []SuspenseAge  `json:"ages"`
	// Total is the sum of what is open, signed: in is positive. Balance is what account 471 holds,
	// with the same sign: the two are equal, and verify proves it.
	Total   money.Amount `json:"total"`
	Balance money.Amount `json:"balance"`
}

// SuspenseAge is what is open of the lines of some ages, in days since the bank booked them. Until is
// 0 for the oldest.
type SuspenseAge struct {
	From  int          `json:"from"`
	Until int          `json:"until,omitempty"`
	Lines int          `json:"lines"`
	In    money.Amount `json:"in"`  // credits
	Out   money.Amount `json:"out"` // debits, without sign
}

// age sorts the lines by their ages; each line stands in one of them.
func (r *SuspenseReport) age() {
	r.Ages = newAges()
	for _, i := range r.Items {
		r.Total = r.Total.Add(i.Open)
		a := ageOf(r.Ages, i.Days)
		a.Lines++
		if i.Open.IsNegative() {
			a.Out = a.Out.Sub(i.Open)
		} else {
			a.In = a.In.Add(i.Open)
		}
	}
}

func newAges() []SuspenseAge {
	return []SuspenseAge{{From: 0, Until: 7}, {From: 8, Until: 30}, {From: 31, Until: 60}, {From: 61}}
}

// ageOf is the age in which a line stands that so many days have passed over.
func ageOf(ages []SuspenseAge, days int) *SuspenseAge {
	at := 0
	for at < len(ages)-1 && days > ages[at].Until {
		at++
	}
	return &ages[at]
}

// SuspenseSums are a report without its lines: how many they are and what they sum to, by age.
type SuspenseSums struct {
	On             civil.Date
	Days, Lines    int
	Total, Balance money.Amount
	Ages           []SuspenseAge
}

// Late tells whether the line should have been identified by that day.
func (i SuspenseItem) Late(on civil.Date) bool { return !on.Before(i.Deadline) }
