package payments

import (
	"masp/ledger/chain"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// Why is the chain of reasons of one line, in codes: the rule that decided, what was available
// when the line had its turn, the line that stands in its way, and where it comes from.
type Why struct {
	Rule      string       `json:"rule"`
	Code      string       `json:"code"`               // the reason of the line, or why it is paid
	Rank      int          `json:"rank"`               // of its class in the contract, 1 first
	Available money.Amount `json:"available"`          // euros, before the line
	FloorLeft money.Amount `json:"floor_left"`         // euros that the person has yet to receive
	Missing   money.Amount `json:"missing"`            // euros that the line lacks, or the line in its way
	Blocking  string       `json:"blocking,omitempty"` // key of the line in its way
	Origin    Origin       `json:"origin"`
}

// The codes of a line that has no reason not to be paid.
const (
	whyRentFirst  = "PAID_FIRST"       // rent and charges, from everything available
	whyAboveFloor = "PAID_ABOVE_FLOOR" // from what is above the living floor
	whyEarmarked  = "EARMARKED"        // set aside inside the account
)

// rules name the rule of domain.md behind each code.
var rules = map[string]string{
	whyRentFirst: "R-008", whyAboveFloor: "R-056", whyEarmarked: "R-062",
	string(RentFirst): "R-008", string(HigherPriorityUnpaid): "R-063", string(IBANNotOpen): "R-068",
	mandates.ContestedDebt: "R-072", mandates.OverIndebtednessFreeze: "R-074",
	mandates.PaidByThirdParty: "R-020",
	string(LoweredByHand):     "R-058", string(DeferredByHand): "R-058", string(BlockedByHand): "R-058",
	string(RefusedByPerson): "R-111",
}

// Whys are the reasons of each line, in the order of payment. They follow from the allotment and
// the policy alone: no origin is set.
func (a Allotment) Whys(p mandates.Policy) []Why {
	at := a.start()
	whys := make([]Why, len(a.Lines))
	for i, l := range a.Lines {
		whys[i] = a.why(l, at, p)
		at.pass(&a.Lines[i])
	}
	return whys
}

func (a Allotment) why(l AllottedLine, at position, p mandates.Policy) Why {
	w := Why{
		Code: string(l.Reason), Rank: rankOf(l.Class, p), Available: at.left,
		FloorLeft: at.floor, Missing: at.lacks(&l),
	}
	var inTheWay *AllottedLine
	switch {
	case l.Status == Reserved:
		w.Code = whyEarmarked
	case l.Status == Paid && l.Hand.Later.IsPositive():
		w.Code, w.Missing = string(LoweredByHand), l.Hand.Later
	case l.Status == Paid && l.Senior:
		w.Code = whyRentFirst
	case l.Status == Paid:
		w.Code = whyAboveFloor
	case l.Reason == RentFirst:
		inTheWay, w.Missing = at.unpaidRent, at.rentLacks
	case l.Reason == HigherPriorityUnpaid:
		inTheWay, w.Missing = at.stopper, at.stopperLacks
	}
	if inTheWay != nil {
		w.Blocking = inTheWay.ID
	}
	w.Rule = ruleOf(l, w.Code)
	return w
}

// ruleOf is the rule behind a code. Money that runs out at rent is the senior block, below it the
// living floor; a reason of the law that we do not know is a block of the law.
func ruleOf(l AllottedLine, code string) string {
	rule, known := rules[code]
	switch {
	case known:
		return rule
	case l.Reason == InsufficientFunds && l.Senior:
		return "R-055"
	case l.Reason == InsufficientFunds:
		return "R-056"
	}
	return "R-063"
}

// rankOf is the place of a class in the order of a contract, 1 first.
func rankOf(c mandates.Class, p mandates.Policy) int {
	rank := 1
	for _, other := range mandates.Classes() {
		if p.Rank(other) < p.Rank(c) {
			rank++
		}
	}
	return rank
}

// encode adds the reasons to a digest.
func (w Why) encode(to *chain.Encoder) {
	to.Str(w.Rule).Str(w.Code).Int(int64(w.Rank)).Int(w.Available.Cents()).Int(w.FloorLeft.Cents())
	to.Int(w.Missing.Cents()).Str(w.Blocking)
	to.Str(string(w.Origin.From)).Str(w.Origin.Run).Int(w.Origin.Act).Int(int64(len(w.Origin.Exceptions)))
	for _, no := range w.Origin.Exceptions {
		to.Int(int64(no))
	}
}
