package imports

import (
	"slices"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/worklist"
)

// LineState is what has become of a line; the word stands in the database (decisions 6).
type LineState string

// The states of a line.
const (
	LinePosted   LineState = "posted"   // booked to the persons
	LineMatched  LineState = "matched"  // one of our transfers, debited or given back
	LineSuspense LineState = "suspense" // booked, and in part or in whole unidentified
	LineIgnored  LineState = "ignored"  // not booked by the bank: kept, never posted
)

// Codes of the alerts that a line may raise, beside those of mandates.Destination.
const (
	AlertCreditUnidentified = "CREDIT_UNIDENTIFIED"
	AlertDebitUnidentified  = "DEBIT_UNIDENTIFIED"
	AlertOtherPerson        = "NUMBER_OF_ANOTHER_PERSON"
)

// Codes of the alerts that a report of the bank may raise, beside those of the transfers.
const (
	AlertFileRejected    = "FILE_REJECTED"    // a whole file: one alert in place of one by transfer
	AlertReportUnmatched = "REPORT_UNMATCHED" // a rejection of nothing that we sent
)

// Recognition is what a line was recognised as, and why: the parts add up to the line.
type Recognition struct {
	Kind  ledger.Kind
	State LineState
	// Why is a French sentence for whoever checks the line.
	Why   string
	Parts []Part
	// Suggestion helps the person who has to identify the line; French, may be empty.
	Suggestion string
	// Suggestions are what the unidentified rest may be, the likeliest first; see suggest.
	Suggestions []Suggestion
	// Kept is what the bank took of a returned transfer before it gave it back: a debit that
	// nobody has identified. The parts are then the line and what was kept.
	Kept money.Amount
	// Alerts are what to tell; day and source are given where they are raised.
	Alerts []worklist.Alert
	// advices are the payers' lists that have split it, at most one for each transaction.
	advices []int64
	// rules are those of persons by which a part was recognised.
	rules []int64
	// left are the transactions that stay unidentified; none for a line without any.
	left []Detail
	// candidates are transfers that all fit equally; see settleTwins.
	candidates []int64
}

// Part is one posting of a line against the bank account.
type Part struct {
	Account ledger.Code
	Amount  money.Amount // positive
	// A receipt: what came for whom. Period is zero when the month of the right is unknown.
	Mandate, Benefit string
	Period           civil.Month
	// Transfer is the transfer that the part settles or gives back; 0 when there is none.
	Transfer int64
	// ReturnCode says why a transfer came back.
	ReturnCode string
}

// open is the part of the line that stays unidentified, without sign; what the bank kept is
// open on the other side. What gives a transfer out of suspense back is open on the line that it
// came from.
func (r Recognition) open() money.Amount {
	sum := r.Kept.Neg()
	for _, p := range r.Parts {
		if p.Account == ledger.Suspense && p.Transfer == 0 {
			sum = sum.Add(p.Amount)
		}
	}
	return sum
}

// add joins what one transaction of a line was recognised as to those before it.
func (r *Recognition) add(one Recognition) {
	r.Parts = append(r.Parts, one.Parts...)
	r.Alerts = append(r.Alerts, one.Alerts...)
	r.advices = append(r.advices, one.advices...)
	r.rules = append(r.rules, one.rules...)
	r.left = append(r.left, one.left...)
	r.Suggestion = join(r.Suggestion, one.Suggestion)
	r.Why = join(r.Why, one.Why)
	if one.Kind == ledger.Return {
		r.Kind = ledger.Return
	}
}

// judge gives a recognition the state of its parts.
func (r *Recognition) judge() {
	r.State = LinePosted
	for _, p := range r.Parts {
		if p.Transfer != 0 {
			r.State = LineMatched
		}
	}
	if !r.open().IsZero() {
		r.State = LineSuspense
	}
}

// ruleIDs are the rules by which the line was recognised, each once.
func (r Recognition) ruleIDs() []int64 {
	ids := slices.Clone(r.rules)
	slices.Sort(ids)
	return slices.Compact(ids)
}

// rest is what of a line stays unidentified, as a line of its own.
func (r Recognition) rest(l Line) Line {
	l.Amount, l.Details = r.open(), r.left
	if r.Kind == ledger.BankDebit {
		l.Amount = l.Amount.Neg()
	}
	return l
}

// unidentified books a line to suspense: never guessed, always told.
func unidentified(l Line, why, suggestion string) Recognition {
	r := Recognition{
		Kind: ledger.BankCredit, State: LineSuspense, Why: why, Suggestion: suggestion,
		Parts: []Part{{Account: ledger.Suspense, Amount: l.magnitude()}}, left: l.Details,
	}
	alert := worklist.Alert{
		Code: AlertCreditUnidentified, Subject: subject(l), Amount: l.magnitude(),
		Text:    "Argent reçu que personne n’a encore identifié : " + why,
		Details: map[string]string{"reference": l.text()},
	}
	if l.Amount.IsNegative() {
		r.Kind = ledger.BankDebit
		alert.Code = AlertDebitUnidentified
		alert.Text = "Débit que nous n’avons pas ordonné : " + why
	}
	r.Alerts = []worklist.Alert{alert}
	return r
}

// subject names a line for a person: who and what.
func subject(l Line) string {
	return shorten(join(l.counterparty(), l.text()), 140)
}
