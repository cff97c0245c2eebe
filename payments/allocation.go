package payments

import (
	"slices"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// Status is what a run decided for one line.
type Status string

// The five statuses of a line.
const (
	Paid     Status = "PAID"     // in full
	Partial  Status = "PARTIAL"  // in part: the class allows it and money ran out
	Deferred Status = "DEFERRED" // nothing: money ran out, here or above
	Blocked  Status = "BLOCKED"  // nothing: the law, or rent first
	Reserved Status = "RESERVED" // a RESERVE line paid in full: earmarked, not sent
)

// Reason is why a line is not paid in full; empty when it is. Besides those
// below it may be the law's reason for a block, carried by the line itself
// (CONTESTED_DEBT, OVER_INDEBTEDNESS_FREEZE …).
type Reason string

// The reasons that the purse gives.
const (
	InsufficientFunds    Reason = "INSUFFICIENT_FUNDS"
	RentFirst            Reason = "RENT_FIRST"
	HigherPriorityUnpaid Reason = "HIGHER_PRIORITY_UNPAID"
)

// DueLine is one thing to pay for one mandate.
type DueLine struct {
	ID        string
	Class     mandates.Class
	Creditor  string // creditor ID; empty for a RESERVE
	Label     string
	Due       money.Amount // euros, not negative
	Debt      string       // debt that the payment reduces, or empty
	Block     Reason       // the law forbids paying it; empty when it may be paid
	ReissueOf string       // failed payment that this line replaces, or empty
	Hand      Hand         // what a coordinator decided about the line in this run
}

// Question is everything that the decision depends on: the same question has
// the same answer, today and in ten years.
type Question struct {
	Mandate   string
	Policy    mandates.Policy
	Available money.Amount // 467 − reserves − scheduled remittances
	FloorLeft money.Amount // see FloorLeft
	Lines     []DueLine    // in the order of the proposal
	RemitTo   string       // creditor ID of the person's own account
	RemitOn   []civil.Date // days of the remittances; none = all is carried forward
}

// Allotment is the answer: each euro available is paid, reserved, remitted or
// carried forward, and each line knows why.
type Allotment struct {
	Mandate         string
	AvailableBefore money.Amount
	FloorLeft       money.Amount
	Lines           []AllottedLine // in the order of payment
	Reserved        money.Amount
	RemitTo         string
	RemitTotal      money.Amount
	Remittances     []Remittance
	CarriedForward  money.Amount
	FloorShortfall  money.Amount // floor − remittance; zero unless positive and a remittance is planned
	Transfers       []Transfer   // in the order of their first covered line
}

// AllottedLine is a line with its decision.
type AllottedLine struct {
	DueLine
	Senior   bool // rent or rental charges in progress
	Paid     money.Amount
	Withheld money.Amount // kept on the account until the creditor's IBAN may be used
	Status   Status
	Reason   Reason
}

// Remittance is money for the person on one day.
type Remittance struct {
	On     civil.Date
	Amount money.Amount
}

// Transfer is what one creditor gets from one mandate: never across mandates.
type Transfer struct {
	Creditor string
	Amount   money.Amount
	Covers   []Cover
}

// Cover is the part of a transfer that pays one line.
type Cover struct {
	Line   string
	Amount money.Amount
	Debt   string
}

// FloorLeft is the part of the month's living floor that the person has not yet
// received: floor − remitted, never below zero. Remitted counts the remittances
// of the calendar month in any state but cancelled.
func FloorLeft(floor, remitted money.Amount) money.Amount {
	return money.Max(money.Amount{}, floor.Sub(remitted))
}

// Allocate shares out what one mandate has available: rent and rental charges
// first, then the other classes above the living floor, then the person (R-008,
// It is total: any question that passes
// Question.Check has an answer, and only its argument decides it.
func Allocate(q Question) Allotment {
	w := waterfall{policy: q.Policy, available: q.Available, floor: q.FloorLeft}
	a := Allotment{
		Mandate: q.Mandate, AvailableBefore: q.Available, FloorLeft: q.FloorLeft, RemitTo: q.RemitTo,
		Lines: make([]AllottedLine, 0, len(q.Lines)),
	}
	for _, line := range inOrder(q.Lines, q.Policy) {
		a.Lines = append(a.Lines, w.decide(line))
	}
	a.Reserved = w.reserved
	a.Transfers = transfers(a.Lines)
	a.remit(w, q.RemitOn)
	return a
}

// inOrder sorts by rank of class; lines of one class keep their position.
func inOrder(lines []DueLine, p mandates.Policy) []DueLine {
	sorted := slices.Clone(lines)
	slices.SortStableFunc(sorted, func(a, b DueLine) int { return p.Rank(a.Class) - p.Rank(b.Class) })
	return sorted
}

// waterfall is the purse while the lines pass by, from senior to junior.
type waterfall struct {
	policy     mandates.Policy
	available  money.Amount
	floor      money.Amount
	reserved   money.Amount
	rentUnpaid bool // a senior line was not paid in full
	stopped    bool // STOP: a junior line was not paid in full
	shortfall  bool // some line was partial or deferred
}

// decide gives one line its status and takes its money out of the purse.
func (w *waterfall) decide(line DueLine) AllottedLine {
	l := AllottedLine{DueLine: line, Senior: w.policy.IsSenior(line.Class)}
	l.Paid, l.Status, l.Reason = w.judge(l)
	w.available = w.available.Sub(l.Paid)
	if line.Class == mandates.Reserve {
		w.reserved = w.reserved.Add(l.Paid)
	}
	if l.Status == Partial || l.Status == Deferred {
		w.shortfall = true
		w.rentUnpaid = w.rentUnpaid || l.Senior
		w.stopped = w.stopped || !l.Senior && !l.Reason.byHand() && w.policy.Shortfall != mandates.Skip
	}
	return l
}

// judge is the rule itself. A block of the law leaves the purse out of it: it
// neither stops lower lines nor counts as unpaid rent.
func (w *waterfall) judge(l AllottedLine) (money.Amount, Status, Reason) {
	nothing := money.Amount{}
	limit := w.limit(l.Senior)
	wanted := l.Hand.wanted(l.Due)
	switch {
	case l.Block != "":
		return nothing, Blocked, l.Block
	case wanted.IsZero() && l.Hand.Reason != "":
		return nothing, l.Hand.status(), l.Hand.Reason
	case !l.Senior && w.rentUnpaid:
		return nothing, Blocked, RentFirst
	case !l.Senior && w.stopped:
		return nothing, Deferred, HigherPriorityUnpaid
	case l.Due.Cmp(limit) <= 0 && l.Class == mandates.Reserve:
		return l.Due, Reserved, ""
	case wanted.Cmp(limit) <= 0 && wanted.Cmp(l.Due) < 0:
		return wanted, Partial, LoweredByHand
	case l.Due.Cmp(limit) <= 0:
		return l.Due, Paid, ""
	case w.policy.AllowsPartial(l.Class) && limit.IsPositive():
		return limit, Partial, InsufficientFunds
	default:
		return nothing, Deferred, InsufficientFunds
	}
}

// limit is the most that a line may take now: the living floor protects the
// person against junior lines, not against rent.
func (w *waterfall) limit(senior bool) money.Amount {
	if senior {
		return w.available
	}
	return money.Max(money.Amount{}, w.available.Sub(w.floor))
}
