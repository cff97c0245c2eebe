package payments

import (
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// UnderWay is one of our transfers as the bank may speak of it.
type UnderWay struct {
	ID            int64
	Mandate       string
	BankAccount   string
	Account       ledger.Code // the person's account that it came from
	State         InstructionState
	EndToEndID    string // also the InstrId
	PaymentInfoID string
	MessageID     string
	Amount        money.Amount
	ExecuteOn     civil.Date
	CreditorName  string
}

// Settlement is a transfer that the bank has debited.
type Settlement struct {
	Instruction int64
	Entry       int64 // 580 → 512
	On          civil.Date
}

// Failure is a transfer that came back after it was debited, or without having been.
type Failure struct {
	Instruction int64
	Entry       int64  // 512 → the person's account
	Reason      string // the bank's code, AC04
	On          civil.Date
}

// Rejection is a transfer that the bank refused before it debited it.
type Rejection struct {
	Instruction int64
	Reason      string
	Source      string // the document that says so
	On          civil.Date
	Actor       string
	WholeFile   bool // the caller raises one alert for all that the file held
}
