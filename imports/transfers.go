package imports

import (
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// Transfer is one of our transfers, as the payments package tells of it.
type Transfer struct {
	ID                                   int64
	Mandate, BankAccount                 string
	Account                              ledger.Code
	State                                string
	EndToEndID, PaymentInfoID, MessageID string
	Amount                               money.Amount
	ExecuteOn                            civil.Date
	CreditorName                         string
}

// States of a transfer that recognition asks for (decisions 6).
const (
	stateInTransit = "in_transit"
	stateSettled   = "settled"
	stateRejected  = "rejected"
	stateReturned  = "returned"
)
