package sepa

import (
	"io"
	"slices"
	"strings"
	"time"

	"masp/ledger/civil"
	"masp/payments/xmlread"
)

// Codes that ReadReport adds to those of xmlread.FormatError.
const (
	CodeNotReport = "not_pain002" // another message, or no message
	CodeRepeated  = "repeated"    // a value or the message itself given twice
	CodeTooMany   = "too_many"    // more things than one report may hold
)

const (
	transactionMax = 8 << 20  // bytes of one TxInfAndSts
	textsMax       = 100      // AddtlInf of one reason that are kept; the standard has no bound
	thingsMax      = 100_000  // transfers, batches and counts of a report; and as many reasons
	keptMax        = 16 << 20 // bytes of their texts
)

// ReadReport reads one pain.002, .03 to .14, to its end. The error is an
// *xmlread.FormatError with the place, or the error of the file; then nothing
// of the report may be used.
func ReadReport(file io.Reader) (Report, error) {
	var report Report
	r := xmlread.New(file, xmlread.Options{})
	found, root := false, ""
	for r.Child(0) {
		root = kind(r)
		for r.Seek("CstmrPmtStsRpt") {
			if found {
				_ = r.Fail(CodeRepeated, "CstmrPmtStsRpt", repeated{})
				break
			}
			found = true
			report.Namespace = r.Space()
			report.read(r)
		}
	}
	if r.Err() == nil && !found {
		_ = r.Fail(CodeNotReport, root, notReport{})
	}
	if err := r.Err(); err != nil {
		return Report{}, err
	}
	report.judge()
	return report, nil
}

// notReport and repeated are the causes of our own codes.
type (
	notReport struct{}
	repeated  struct{}
	tooMany   struct{}
)

func (notReport) Error() string  { return "no payment status report" }
func (notReport) French() string { return "ce n’est pas un compte rendu de virements (pain.002)" }
func (repeated) Error() string   { return "given twice with different content" }
func (repeated) French() string  { return "une donnée y figure deux fois, avec deux valeurs" }

func (tooMany) Error() string { return "more than one report may hold" }
func (tooMany) French() string {
	return "il dit plus de choses qu’un compte rendu de virements n’en contient"
}

// count bounds what a report may hold in memory.
func (report *Report) count(r *xmlread.Reader) {
	if report.things++; report.things > thingsMax {
		_ = r.Fail(CodeTooMany, r.Name(), tooMany{})
	}
}

// keep counts the texts that stay in memory.
func (report *Report) keep(r *xmlread.Reader, texts ...string) {
	for _, text := range texts {
		report.kept += len(text)
	}
	if report.kept > keptMax {
		_ = r.Fail(CodeTooMany, r.Name(), tooMany{})
	}
}

// kind names what a file seems to be: the end of its namespace, else its root.
func kind(r *xmlread.Reader) string {
	space := r.Space()
	if space == "" {
		return r.Name()
	}
	return space[strings.LastIndexAny(space, ":/")+1:]
}

func (report *Report) read(r *xmlread.Reader) {
	at := r.Depth()
	for r.Child(at) {
		switch r.Name() {
		case "GrpHdr":
			report.readHeader(r)
		case "OrgnlGrpInfAndSts":
			report.readGroup(r)
		case "OrgnlPmtInfAndSts":
			report.Batches = append(report.Batches, report.readBatch(r))
		case "TxInfAndSts": // seen beside the batches in early versions
			report.Batches = append(report.Batches,
				BatchStatus{Loose: true, Transactions: []TxStatus{report.transaction(r)}})
		}
	}
}

func (report *Report) readHeader(r *xmlread.Reader) {
	created := ""
	at := r.Depth()
	for r.Child(at) {
		switch r.Name() {
		case "MsgId":
			once(r, &report.MessageID)
		case "CreDtTm":
			once(r, &created)
		}
	}
	report.CreatedAt = instant(created)
}

// instant reads an ISODateTime; without offset it is Paris time, as French banks write.
func instant(s string) time.Time {
	for _, layout := range [...]string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999"} {
		if t, err := time.ParseInLocation(layout, s, civil.Paris); err == nil {
			return t
		}
	}
	return time.Time{}
}

func (report *Report) readGroup(r *xmlread.Reader) {
	at := r.Depth()
	for r.Child(at) {
		switch r.Name() {
		case "OrgnlMsgId":
			once(r, &report.OriginalMessageID)
		case "OrgnlMsgNmId":
			once(r, &report.OriginalMessageType)
		case "GrpSts":
			once(r, &report.GroupStatus)
		case "StsRsnInf":
			report.Reasons = append(report.Reasons, report.reason(r))
		case "NbOfTxsPerSts":
			report.count(r)
			report.counted(r, &report.Counted)
		}
	}
}

func (report *Report) readBatch(r *xmlread.Reader) BatchStatus {
	var b BatchStatus
	report.count(r)
	at := r.Depth()
	for r.Child(at) {
		switch r.Name() {
		case "OrgnlPmtInfId":
			once(r, &b.PaymentInfoID)
		case "PmtInfSts":
			once(r, &b.Status)
		case "StsRsnInf":
			b.Reasons = append(b.Reasons, report.reason(r))
		case "NbOfTxsPerSts":
			report.count(r)
			report.counted(r, &b.Counted)
		case "TxInfAndSts":
			b.Transactions = append(b.Transactions, report.transaction(r))
		}
	}
	report.keep(r, b.PaymentInfoID, string(b.Status))
	return b
}

// counted reads one NbOfTxsPerSts: how many transfers have a status.
func (report *Report) counted(r *xmlread.Reader, into *map[Status]string) {
	var status Status
	number := ""
	at := r.Depth()
	for r.Child(at) {
		switch r.Name() {
		case "DtldSts":
			once(r, &status)
		case "DtldNbOfTxs":
			once(r, &number)
		}
	}
	report.keep(r, string(status), number)
	if *into == nil {
		*into = make(map[Status]string)
	}
	(*into)[status] = number
}

// transaction reads one TxInfAndSts.
func (report *Report) transaction(r *xmlread.Reader) TxStatus {
	var t TxStatus
	report.count(r)
	r.Limit(transactionMax)
	at := r.Depth()
	for r.Child(at) {
		switch r.Name() {
		case "OrgnlEndToEndId":
			once(r, &t.EndToEndID)
		case "OrgnlInstrId":
			once(r, &t.InstructionID)
		case "TxSts":
			once(r, &t.Status)
		case "StsRsnInf":
			t.Reasons = append(t.Reasons, report.reason(r))
		case "OrgnlTxRef":
			report.readOriginal(r, &t)
		}
	}
	report.keep(r, t.EndToEndID, t.InstructionID, string(t.Status), t.Currency,
		t.CreditorName, t.CreditorIBAN)
	return t
}

// reason reads one StsRsnInf and counts it.
func (report *Report) reason(r *xmlread.Reader) Reason {
	if report.reasons++; report.reasons > thingsMax {
		_ = r.Fail(CodeTooMany, r.Name(), tooMany{})
	}
	reason := readReason(r)
	report.keep(r, reason.Code, reason.Text)
	return reason
}

// readReason reads one StsRsnInf; several AddtlInf are joined by spaces.
func readReason(r *xmlread.Reader) Reason {
	var reason Reason
	var texts []string
	at := r.Depth()
	for r.Child(at) {
		switch r.Name() {
		case "Rsn":
			for r.Child(at + 1) {
				if name := r.Name(); name == "Cd" || name == "Prtry" {
					once(r, &reason.Code)
				}
			}
		case "AddtlInf":
			if len(texts) < textsMax {
				texts = append(texts, r.Value())
			}
		}
	}
	reason.Text = strings.Join(texts, " ")
	return reason
}

// once reads the value of the element just opened; two different ones are
// refused, since taking the last could turn a rejection into a success.
func once[T ~string](r *xmlread.Reader, into *T) {
	value := T(r.Value())
	if *into != "" && *into != value {
		_ = r.Fail(CodeRepeated, string(value), repeated{})
		return
	}
	*into = value
}

// judge adds what can only be said of the whole.
func (report *Report) judge() {
	report.Acknowledgement = strings.HasPrefix(strings.ToUpper(report.OriginalMessageType), "EBICS")
	if !strings.HasPrefix(report.Namespace, "urn:iso:std:iso:20022:tech:xsd:pain.002.001.") {
		report.warn(WarningNamespace)
	}
	if report.CreatedAt.IsZero() {
		report.warn(WarningDate)
	}
	if report.contradicts() {
		report.warn(WarningContradiction)
	}
	if report.unlisted() {
		report.warn(WarningUnlisted)
	}
	switch report.Kind() {
	case KindDirectDebits, KindOther:
		report.warn(WarningNotTransfers)
	case KindTransfers:
		report.judgeStatuses()
	}
}

// judgeStatuses remarks an answer that says nothing, or nothing that is understood: banks agree on
// the words of ISO 20022, and one that is none of them rejects nothing.
func (report *Report) judgeStatuses() {
	some := false
	for s := range report.statuses() {
		some = some || s != ""
		if s != "" && !s.known() {
			report.warn(WarningUnknownStatus)
		}
	}
	if !some {
		report.warn(WarningNoStatus)
	}
}

func (report *Report) warn(code string) {
	if !slices.Contains(report.Warnings, code) {
		report.Warnings = append(report.Warnings, code)
	}
}
