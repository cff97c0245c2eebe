package worklist

import (
	"masp/ledger/civil"
	"masp/ledger/money"
)

// Alert is something that a person must look at.
type Alert struct {
	On      civil.Date
	Code    string // what happened: a key of [Kinds]
	Mandate string // may be empty
	Subject string // what it is about, for people: a benefit, a line, a transfer
	Amount  money.Amount
	Text    string // French: what happened and what to do
	// Source names the event, unique among all alerts.
	Source string
	// Details are what programs read: LINE, PAYMENT … under the keys of the code, may be nil.
	Details map[string]string
}
