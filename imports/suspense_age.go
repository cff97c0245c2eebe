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
	r.Ages = []SuspenseAge{{From: 0, Until: 7}, {From: 8, Until: 30}, {From: 31, Until: 60}, {From: 61}}
	for _, i := range r.Items {
		r.Total = r.Total.Add(i.Open)
		at := 0
		for at < len(r.Ages)-1 && i.Days > r.Ages[at].Until {
			at++
		}
		a := &r.Ages[at]
		a.Lines++
		if i.Open.IsNegative() {
			a.Out = a.Out.Sub(i.Open)
		} else {
			a.In = a.In.Add(i.Open)
		}
	}
}

// Late tells whether the line should have been identified by that day.
func (i SuspenseItem) Late(on civil.Date) bool { return !on.Before(i.Deadline) }
