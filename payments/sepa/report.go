package sepa

import (
	"iter"
	"strings"
	"time"

	"masp/ledger/money"
)

// Status is a status code of pain.002, kept as the bank wrote it; empty when
// the bank gave none at that level.
type Status string

// Statuses that the product acts on or names; others are kept verbatim.
const (
	StatusRejected    Status = "RJCT"
	PartlyAccepted    Status = "PART"
	VerifiedFull      Status = "RCVC" // verification of payee: the name matches
	VerifiedClose     Status = "RVMC" // a close match
	VerifiedNone      Status = "RVNM" // no match
	VerifiedNotTested Status = "RVNA" // not applicable
)

// Information tells a result of the verification of payee: something to show
// before authorising, never a rejection (Reg. (EU) 2024/886 art. 5c).
func (s Status) Information() bool {
	switch s {
	case VerifiedFull, VerifiedClose, VerifiedNone, VerifiedNotTested:
		return true
	}
	return false
}

// isoStatuses are those of the external code lists of ISO 20022 for a file, a batch or a transfer.
const isoStatuses = " ACCC ACCP ACFC ACIS ACPD ACSC ACSP ACTC ACWC ACWP BLCK CANC CPUC PART PATC PDNG PRES " +
	"RCVC RCVD RJCT RVCM RVMC RVNA RVNM "

// known tells one of these words.
func (s Status) known() bool { return len(s) == 4 && strings.Contains(isoStatuses, " "+string(s)+" ") }

// accepts tells a status that contradicts a rejection around it.
func (s Status) accepts() bool { return s != "" && s != StatusRejected && !s.Information() }

// Reason is why; Code is an ISO or proprietary code, verbatim.
type Reason struct{ Code, Text string }

// Report is one pain.002 message.
type Report struct {
	Namespace           string // as written; a Warning when it is not pain.002's
	MessageID           string
	CreatedAt           time.Time // zero when absent or unreadable
	OriginalMessageID   string    // MsgId of our file
	OriginalMessageType string    // "pain.001.001.09", "EBICS"…
	GroupStatus         Status
	Reasons             []Reason
	Counted             map[Status]string // NbOfTxsPerSts of the file, as the bank wrote it
	Batches             []BatchStatus
	Acknowledgement     bool     // of the transport (EBICS HAC): says nothing about payments
	Warnings            []string // codes: see the Warning constants

	// Counted while it is read: what it says, why, bytes of texts.
	things, reasons, kept int
}

// BatchStatus is the answer about one PmtInf.
type BatchStatus struct {
	PaymentInfoID string
	Status        Status
	Reasons       []Reason
	Counted       map[Status]string // NbOfTxsPerSts of the batch, as the bank wrote it
	Transactions  []TxStatus
	Loose         bool // no PmtInf: a transfer that was answered beside the batches
}

// TxStatus is the answer about one transfer.
type TxStatus struct {
	EndToEndID, InstructionID string
	Status                    Status
	Reasons                   []Reason
	Amount                    *money.Exact // original amount, nil when absent
	Currency                  string
	CreditorName              string // for RVMC the holder's name as the bank knows it
	CreditorIBAN              string // as written, without blanks; empty when absent
}

// Level is what a rejection covers.
type Level int

// Levels of a [Rejection].
const (
	WholeFile   Level = iota + 1 // every transfer of the original message
	WholeBatch                   // every transfer of the PmtInf
	OneTransfer                  // the transfer named
)

// A Rejection is one rejected thing. A field that does not belong to its level is empty.
type Rejection struct {
	Level                                    Level
	OriginalMessageID                        string
	PaymentInfoID, EndToEndID, InstructionID string
	Amount                                   *money.Exact
	Reasons                                  []Reason
}

// Rejected yields what the bank rejected, the most precise first: transfers,
// then batches rejected as a whole, then the file. A whole may contain what was
// named before, so the one who acts skips what he has already done.
//
// A batch or file marked RJCT that contains something accepted is not yielded
// as a whole (WarningContradiction asks for a person). An acknowledgement of
// the transport yields nothing.
func (r Report) Rejected() iter.Seq[Rejection] {
	return func(yield func(Rejection) bool) {
		if r.Acknowledgement {
			return
		}
		whole := r.GroupStatus == StatusRejected
		for _, b := range r.Batches {
			if !b.rejected(r.OriginalMessageID, yield) {
				return
			}
			whole = whole && !b.Status.accepts() && !b.holdsAccepted()
		}
		if whole {
			yield(Rejection{Level: WholeFile, OriginalMessageID: r.OriginalMessageID, Reasons: r.Reasons})
		}
	}
}

// rejected yields what is rejected in a batch; false when the reader stops.
func (b BatchStatus) rejected(message string, yield func(Rejection) bool) bool {
	for _, t := range b.Transactions {
		if t.Status != StatusRejected {
			continue
		}
		if !yield(Rejection{
			Level: OneTransfer, OriginalMessageID: message, PaymentInfoID: b.PaymentInfoID,
			EndToEndID: t.EndToEndID, InstructionID: t.InstructionID, Amount: t.Amount, Reasons: t.Reasons,
		}) {
			return false
		}
	}
	if b.Status != StatusRejected || b.holdsAccepted() {
		return true
	}
	return yield(Rejection{
		Level: WholeBatch, OriginalMessageID: message, PaymentInfoID: b.PaymentInfoID, Reasons: b.Reasons,
	})
}

func (b BatchStatus) holdsAccepted() bool {
	for _, t := range b.Transactions {
		if t.Status.accepts() {
			return true
		}
	}
	return false
}
