package v1

import (
	"masp/ledger/civil"
	"masp/ledger/money"
)

// myRent is a PersonRent of the contract: the rent that a person asks about. That is the one of this month;
// before it the one of last month while that is not settled; after it the next one, when this month has none.
type myRent struct {
	Month   civil.Month  `json:"month"`
	DueOn   civil.Date   `json:"due_on"`
	Due     money.Amount `json:"due"`
	Paid    money.Amount `json:"paid"`
	State   rentState    `json:"state"`
	On      civil.Date   `json:"on,omitzero"` // of its transfer
	Covered bool         `json:"-"`
}

// rentState is where a rent stands.
type rentState string

const (
	rentAwaited  rentState = "not_planned" // no run has it, and its day is to come
	rentPrepared rentState = "prepared"    // in a run that nobody has signed
	rentPlanned  rentState = "planned"     // signed, not gone
	rentSent     rentState = "sent"
	rentPaid     rentState = "paid" // seen at the bank
	rentPart     rentState = "part_paid"
	rentBack     rentState = "came_back"
	rentLate     rentState = "late" // its day is past and no run has it
)

// rentOf finds the rent to speak of among the bills; nil when there is none.
func rentOf(bills []bill, today civil.Date) *myRent {
	var months []*myRent
	for _, b := range bills {
		if !b.rent() {
			continue
		}
		r := rentIn(&months, b.On.MonthOf(), b)
		r.Due, r.Paid = r.Due.Add(b.Due), r.Paid.Add(b.Paid)
		if state := stateOf(b, today); worse(state, r.State) {
			r.State, r.On = state, b.Moved
		}
	}
	this := today.MonthOf()
	for _, r := range months {
		r.settle()
		switch {
		case r.Due.IsZero():
			continue
		case r.Month.Before(this) && r.State == rentPaid:
			continue
		}
		return r
	}
	return nil
}

func rentIn(months *[]*myRent, m civil.Month, b bill) *myRent {
	for _, r := range *months {
		if r.Month == m {
			return r
		}
	}
	r := &myRent{Month: m, DueOn: b.On}
	*months = append(*months, r)
	return r
}

// settle says of a rent of which a part is paid that it is so, whatever the rest does.
func (r *myRent) settle() {
	if r.Paid.IsPositive() && r.Paid.Cmp(r.Due) < 0 && r.State != rentBack && r.State != rentPrepared {
		r.State = rentPart
	}
}

// stateOf is where one due of a rent stands.
func stateOf(b bill, today civil.Date) rentState {
	switch {
	case (b.State == "rejected" || b.State == "returned") && b.Paid.Cmp(b.Due) < 0:
		return rentBack
	case b.Paid.IsPositive() || b.Prepared.IsPositive():
		switch b.State {
		case "settled":
			return rentPaid
		case "in_transit":
			return rentSent
		case "draft":
			return rentPrepared
		}
		return rentPlanned
	case b.On.Before(today):
		return rentLate
	}
	return rentAwaited
}

// rentOrder is from what a person need not care about to what she must know first.
var rentOrder = map[rentState]int{
	rentPaid: 1, rentSent: 2, rentPlanned: 3, rentPrepared: 4, rentAwaited: 5, rentPart: 6, rentLate: 7, rentBack: 8,
}

func worse(a, b rentState) bool { return rentOrder[a] > rentOrder[b] }
