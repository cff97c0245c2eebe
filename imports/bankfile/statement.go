package bankfile

import (
	"masp/ledger/civil"
	"masp/ledger/money"
)

// Account is the bank account of a statement, as the bank names it.
type Account struct {
	// IBAN is upper case without blanks; wrong check digits are a warning.
	IBAN string
	// Other is the identification that is not given as an IBAN (it may still be one).
	Other string
	// Currency is the ISO 4217 code of the account; when the account does not say, the
	// currency of the first balance or line.
	Currency string
	// Owner is the name of the holder.
	Owner string
	// BIC identifies the bank that keeps the account.
	BIC string
}

// ID is the IBAN, or the other identification when there is no IBAN.
func (a Account) ID() string {
	if a.IBAN != "" {
		return a.IBAN
	}
	return a.Other
}

// Balance is one balance of a statement.
type Balance struct {
	// Type is the ISO code (OPBD, PRCD, CLBD…) or the bank's own one.
	Type string
	// Amount is signed: what the bank owes the holder is positive. A balance without side
	// is read as positive, with a warning, and proved by the sum of the lines.
	Amount   money.Exact
	Currency string
	// On is the bank's calendar date, zero when absent.
	On civil.Date
}

// Statement is one account statement (camt Stmt) without its lines.
type Statement struct {
	// ID is Stmt/Id: unique by bank and account at best for a year (banks reuse them).
	ID string
	// Sequence is ElctrncSeqNb, else LglSeqNb; empty when absent.
	Sequence string
	Account  Account
	// From and To are the period: FrToDt when given, else the days of the balances; zero
	// when the file does not say.
	From, To civil.Date
	// Opening is OPBD, else PRCD; Closing is CLBD; nil when the file has none. Available
	// balances (OPAV, CLAV) never stand in for them.
	Opening, Closing *Balance
	// CopyDuplicate is CODU, COPY or DUPL for a copy or a duplicate, empty for the original.
	CopyDuplicate string
	// Page counts from 1, zero when the statement is not cut into pages; LastPage is true
	// for the last or the only one.
	Page     int
	LastPage bool
}
