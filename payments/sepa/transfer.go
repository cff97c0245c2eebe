package sepa

import (
	"time"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// Version is the version of pain.001 that a bank accepts.
type Version int

// Versions written. The zero value is the default of the product.
const (
	Pain09 Version = iota // pain.001.001.09, EPC 2023 rulebooks onwards
	Pain03                // pain.001.001.03, for banks that still ask for it
)

// String is the message name as in pain.002's OrgnlMsgNmId.
func (v Version) String() string {
	if v == Pain03 {
		return "pain.001.001.03"
	}
	return "pain.001.001.09"
}

// Account is a debtor account: one of ours.
type Account struct {
	Name string // its holder as the bank knows it; creditors read it
	IBAN IBAN
	BIC  BIC // optional
}

// Address is a structured postal address. Town and Country are required when
// any part is given (EPC 2025 rulebook).
type Address struct {
	Street, Building, PostCode, Town string
	Country                          string // ISO 3166, two letters
}

// Party is who receives a transfer.
type Party struct {
	Name    string // legal name as on the RIB, up to 70 characters
	IBAN    IBAN
	Address *Address // nil in the ordinary case: not needed inside the EEA
}

// Transfer is one credit transfer.
type Transfer struct {
	InstructionID string // InstrId, seen by our bank only; optional
	EndToEndID    string // reaches the creditor and comes back on the statement
	Amount        money.Amount
	Creditor      Party
	Reference     string // unstructured remittance text, up to 140 characters; optional
}

// Batch is one PmtInf: a debtor account and a day.
type Batch struct {
	PaymentInfoID string
	Debtor        Account
	ExecuteOn     civil.Date
	Transfers     []Transfer
}

// Total is the control sum of the batch.
func (b Batch) Total() money.Amount {
	var sum money.Amount
	for i := range b.Transfers {
		sum = sum.Add(b.Transfers[i].Amount)
	}
	return sum
}

// File is one pain.001 message.
type File struct {
	Version         Version
	MessageID       string    // unique at the bank for ever
	CreatedAt       time.Time // written in Paris time, whole seconds
	InitiatingParty string    // name of the organisation
	Batches         []Batch
}

// Total is the number of transfers and the control sum of the file.
func (f File) Total() (transfers int, sum money.Amount) {
	for i := range f.Batches {
		transfers += len(f.Batches[i].Transfers)
		sum = sum.Add(f.Batches[i].Total())
	}
	return transfers, sum
}
