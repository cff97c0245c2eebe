package imports

import (
	"errors"
	"io"
	"time"

	"masp/imports/bankfile"
	"masp/payments/sepa"
	"masp/payments/xmlread"
)

// AnswerReport is a pain.002 as the check sees it: counted, not carried out.
type AnswerReport struct {
	// Kind is what it speaks of: transfers, name_check, acknowledgement, direct_debits, other.
	Kind      sepa.Kind  `json:"kind"`
	MessageID string     `json:"message_id"`
	CreatedAt *time.Time `json:"created_at"` // null when the bank gave no readable instant
	About     string     `json:"about"`      // MsgId of the file that it answers
	AboutType string     `json:"about_type"` // pain.001.001.09, EBICS…
	// GroupStatus is the status of the whole file, empty when none is given.
	GroupStatus sepa.Status `json:"group_status"`
	// Batches counts the PmtInf that are answered, Transactions the single transfers.
	Batches      int `json:"batches"`
	Transactions int `json:"transactions"`
	// BatchStatuses and TransactionStatuses count them by status; "" where none is given.
	BatchStatuses       map[sepa.Status]int `json:"batch_statuses"`
	TransactionStatuses map[sepa.Status]int `json:"transaction_statuses"`
	// Reasons counts the reason codes of all levels, the first thousand of them.
	Reasons map[string]int `json:"reasons"`
	// Rejected says what an import would look for to give back, by level: file, batch, transfer.
	Rejected map[string]int `json:"rejected"`
}

// codesMost is more reason codes than there are.
const codesMost = 1000

// levels are the words of Rejected.
var levels = map[sepa.Level]string{
	sepa.WholeFile: "file", sepa.WholeBatch: "batch", sepa.OneTransfer: "transfer",
}

// checkAnswer reads a pain.002 to its end and puts what it is into the report.
func (p *Report) checkAnswer(r io.Reader) {
	report, err := sepa.ReadReport(r)
	p.Reasons, p.Outcome = []bankfile.Reason{}, bankfile.Accepted
	if fault, ok := errors.AsType[*xmlread.FormatError](err); ok {
		p.Reasons, p.Outcome = append(p.Reasons, reportFault(fault)), bankfile.Refused
		return
	}
	if err != nil {
		p.Reasons, p.Outcome = append(p.Reasons, bankfile.Reason{
			Code: bankfile.CodeUnreadable, Outcome: bankfile.Refused,
			Message: "Fichier refusé : il ne peut pas être lu.",
		}), bankfile.Refused
		return
	}
	for _, code := range report.Warnings {
		p.Reasons, p.Outcome = append(p.Reasons, reportRemark(code)), bankfile.AcceptedWithWarnings
	}
	p.Kind, p.Answer = kindAnswer, answerOf(report)
}

func answerOf(report sepa.Report) *AnswerReport {
	a := &AnswerReport{
		Kind: report.Kind(), MessageID: report.MessageID, About: report.OriginalMessageID,
		AboutType: report.OriginalMessageType, GroupStatus: report.GroupStatus,
		BatchStatuses: map[sepa.Status]int{}, TransactionStatuses: map[sepa.Status]int{},
		Reasons: map[string]int{}, Rejected: map[string]int{},
	}
	if !report.CreatedAt.IsZero() {
		a.CreatedAt = &report.CreatedAt
	}
	a.reasons(report.Reasons)
	for _, b := range report.Batches {
		if !b.Loose {
			a.Batches++
			a.BatchStatuses[b.Status]++
		}
		a.reasons(b.Reasons)
		for _, t := range b.Transactions {
			a.Transactions++
			a.TransactionStatuses[t.Status]++
			a.reasons(t.Reasons)
		}
	}
	if a.Kind == sepa.KindTransfers {
		for x := range report.Rejected() {
			a.Rejected[levels[x.Level]]++
		}
	}
	return a
}

func (a *AnswerReport) reasons(all []sepa.Reason) {
	for _, r := range all {
		if _, known := a.Reasons[r.Code]; r.Code != "" && (known || len(a.Reasons) < codesMost) {
			a.Reasons[r.Code]++
		}
	}
}
