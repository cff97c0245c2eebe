package worklist

import "masp/ledger/civil"

// Direction says which of the two news a payer is told about a measure.
type Direction string

// The directions.
const (
	Start Direction = "START" // pay to the account of the measure from now on
	End   Direction = "END"   // the measure is over: pay to the person again
)

// PayerChange is a payer that was asked to pay elsewhere, and whether it said yes.
type PayerChange struct {
	Mandate     string     `json:"mandate"`
	Payer       string     `json:"payer"` // CAF, MSA, CARSAT …
	Direction   Direction  `json:"direction"`
	RequestedOn civil.Date `json:"requested_on"`
	RequestedBy string     `json:"requested_by"`
	ConfirmedOn civil.Date `json:"confirmed_on"` // zero: not yet
	ConfirmedBy string     `json:"confirmed_by"`
}
