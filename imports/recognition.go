package imports

import (
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
	// Alerts are what to tell; day and source are given where they are raised.
	Alerts []worklist.Alert
	// advices are the payers' lists that have split it, at most one for each transaction.
	advices []int64
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

// open is the part of the line that stays unidentified, without sign.
func (r Recognition) open() money.Amount {
	var sum money.Amount
	for _, p := range r.Parts {
		if p.Account == ledger.Suspense {
			sum = sum.Add(p.Amount)
		}
	}
	return sum
}

// unidentified books a line to suspense: never guessed, always told.
func unidentified(l Line, why, suggestion string) Recognition {
	r := Recognition{
		Kind: ledger.BankCredit, State: LineSuspense, Why: why, Suggestion: suggestion,
		Parts: []Part{{Account: ledger.Suspense, Amount: l.magnitude()}},
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
