package bankfile

import (
	"strconv"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// Status says whether the bank has booked a line.
type Status uint8

// Only booked lines count in the sums and may ever be posted.
const (
	Booked  Status = iota // BOOK, or no status at all (with a warning)
	Pending               // PDNG, FUTR: announced, not booked
	Info                  // INFO: told for information, never booked
)

// String is the ISO code of the status.
func (s Status) String() string {
	return [...]string{"BOOK", "PDNG", "INFO"}[s]
}

// Line is one movement of a statement (camt Ntry, CFONB 04).
type Line struct {
	// Rank counts the lines of a statement from 1, in the order of the file, the lines that
	// are not booked included. Account, statement and rank name a line for ever.
	Rank           int
	row, statement int // where it stands in the file, see Place
	// BookedOn and ValueOn are the bank's calendar dates, whatever zone a time of day is
	// given in; zero when absent.
	BookedOn, ValueOn civil.Date
	// Amount is signed: money that comes in is positive. The side is CdtDbtInd alone.
	// Zero is possible (a notice without movement).
	Amount   money.Exact
	Currency string
	Status   Status
	// Reversal is RvslInd: the line takes an earlier one back. It never changes the sign.
	// ReversalStated tells a written "false" from silence.
	Reversal, ReversalStated bool
	// BankReference is AcctSvcrRef, EntryReference is NtryRef.
	BankReference, EntryReference string
	// Code is the ISO bank transaction code; ProprietaryCode the bank's own.
	Code            TransactionCode
	ProprietaryCode string
	// Text is AddtlNtryInf.
	Text string
	// Batches are the Btch blocks: one line of the account for several transactions.
	Batches []BatchInfo
	// Details are the transactions (TxDtls) of the line, in the order of the file.
	Details []Detail
}

// Place is where the line stands in the file, for messages: "ligne 812, relevé 2, écriture 17".
// The statement is named from the second one on, so that it is found even in a file of one row.
func (l *Line) Place() string {
	place := "ligne " + strconv.Itoa(l.row)
	if l.statement > 1 {
		place += ", relevé " + strconv.Itoa(l.statement)
	}
	return place + ", écriture " + strconv.Itoa(l.Rank)
}

// BookingDay is the booking date, or the value date when the bank gives only that one.
func (l *Line) BookingDay() civil.Date {
	if l.BookedOn.IsZero() {
		return l.ValueOn
	}
	return l.BookedOn
}

// Returned tells whether the bank says that this line brings back a transfer: a return
// reason, or a code of the returned kind, on the line or on one of its transactions.
func (l *Line) Returned() bool {
	if l.Code.returned() {
		return true
	}
	for i := range l.Details {
		if l.Details[i].Returned() {
			return true
		}
	}
	return false
}

// Returned tells the same of one transaction: a line may bring back some of its own and pay others.
func (d *Detail) Returned() bool { return d.Return != nil || d.Code.returned() }

// TransactionCode is the ISO bank transaction code: "PMNT", "RCDT", "ESCT".
type TransactionCode struct{ Domain, Family, SubFamily string }

// String joins the parts by hyphens: "PMNT-RCDT-ESCT"; empty when there is no code.
func (c TransactionCode) String() string {
	if c == (TransactionCode{}) {
		return ""
	}
	return c.Domain + "-" + c.Family + "-" + c.SubFamily
}

// returned is RRTN (reversal due to payment return) of the ISO external code list.
func (c TransactionCode) returned() bool { return c.SubFamily == "RRTN" }

// BatchInfo describes several transactions that the bank booked as one line.
type BatchInfo struct {
	// MessageID and PaymentInfoID are those of the payment file, when the bank gives them.
	MessageID, PaymentInfoID string
	// Count is the number of transactions, zero when absent.
	Count int
	// Total is their sum without sign, nil when absent.
	Total *money.Exact
}

// Detail is one transaction within a line (camt TxDtls).
type Detail struct {
	// Amount is signed like the amount of a line, in Currency; nil when the transaction
	// states none (usual in camt.053.001.02: then it is the whole line).
	Amount   *money.Exact
	Currency string
	// EndToEndID is empty when the file has none or says NOTPROVIDED.
	EndToEndID, InstructionID, PaymentInfoID, MessageID string
	// TxID and MandateID are the interbank transaction and the direct debit mandate.
	TxID, MandateID string
	// Code is the bank transaction code of this transaction, when it has its own.
	Code TransactionCode
	// The parties as the bank names them. French banks often hide the debtor's account:
	// nothing may be recognised by it alone.
	DebtorName, DebtorIBAN, UltimateDebtor       string
	CreditorName, CreditorIBAN, UltimateCreditor string
	// Purpose is Purp/Cd, else Purp/Prtry.
	Purpose string
	// Remittance are the free texts, in order, not joined.
	Remittance []string
	// StructuredRef is the creditor reference of the structured remittance.
	StructuredRef string
	// Return is present when the transaction brings back an earlier one.
	Return *Return
	// Text is AddtlTxInf; of CFONB 120 the complements that no other field has.
	Text string
	// Complements are those records of CFONB 120, one by one; nil for camt.
	Complements []Complement
}

// Return is the reason of a returned transaction (camt RtrInf).
type Return struct {
	// Code is the ISO reason (AC04, MD06…) or the bank's own.
	Code string
	// Text is the bank's explanation, its lines joined by a blank.
	Text string
	// OriginalCode is the code of the original transaction, ISO or proprietary.
	OriginalCode string
}
