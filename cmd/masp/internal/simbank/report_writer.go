package simbank

import "fmt"

// report is a pain.002 to write.
type report struct {
	version string // of the pain.001: "03" or "09"
	on      Day
	late    bool // written at the end of the day, not on reception
	file    fileHeader
	status  string
	reason  reason
	groups  []groupReport
}

type groupReport struct {
	id, number, sum, status string
	reason                  reason
	transfers               []transferReport
}

// transferReport is a transfer with the reason of its refusal, if any.
type transferReport struct {
	transfer
	why reason
}

// reason is an ISO status reason with its text.
type reason struct{ code, text string }

var reasonTexts = map[string]string{
	"AC01": "COORDONNEES BANCAIRES INEXPLOITABLES",
	"AC04": "COMPTE CLOTURE",
	"AC06": "COMPTE BLOQUE",
	"AM04": "PROVISION INSUFFISANTE",
	"BE01": "INCOHERENCE DU NOM DU TITULAIRE",
	"MD07": "TITULAIRE DECEDE",
	"MS03": "MOTIF NON COMMUNIQUE",
}

// writeReport writes a pain.002.001.03 or .10.
func (b *Bank) writeReport(r report) []byte {
	b.reports++
	message, bic := "pain.002.001.10", "BICFI"
	if r.version == "03" {
		message, bic = "pain.002.001.03", "BIC"
	}
	w := newDocument(message, "CstmrPmtStsRpt")
	w.start("GrpHdr")
	w.put("MsgId", fmt.Sprintf("CR%s%06d", r.on.time().Format("20060102"), b.reports))
	w.put("CreDtTm", r.on.String()+r.hour())
	w.put("DbtrAgt/FinInstnId/"+bic, b.options.BIC)
	w.end()
	w.start("OrgnlGrpInfAndSts")
	w.put("OrgnlMsgId", r.file.MsgID)
	w.put("OrgnlMsgNmId", "pain.001.001."+r.version)
	w.totals(r.file.NbOfTxs, r.file.CtrlSum)
	w.put("GrpSts", r.status)
	w.reason(r.reason)
	w.end()
	for _, g := range r.groups {
		w.group(g)
	}
	return w.bytes()
}

// hour is the moment of a report: on reception or after the day's booking.
func (r report) hour() string {
	if r.late {
		return "T19:30:00"
	}
	return "T10:15:00"
}

// totals repeats the stated totals when they are writable in a report.
func (w *writer) totals(number, sum string) {
	if _, err := parseCount(number); err == nil {
		w.put("OrgnlNbOfTxs", number)
	}
	if _, err := parseCents(sum, totalDigits); err == nil {
		w.put("OrgnlCtrlSum", sum)
	}
}

func (w *writer) group(g groupReport) {
	w.start("OrgnlPmtInfAndSts")
	w.put("OrgnlPmtInfId", g.id)
	w.totals(g.number, g.sum)
	w.put("PmtInfSts", g.status)
	w.reason(g.reason)
	for _, t := range g.transfers {
		w.start("TxInfAndSts")
		w.put("OrgnlInstrId", t.InstrID)
		w.put("OrgnlEndToEndId", t.EndToEndID)
		w.put("TxSts", t.why.status())
		w.reason(t.why)
		w.put(`OrgnlTxRef/Amt/InstdAmt Ccy="EUR"`, centsText(t.Cents))
		w.end()
	}
	w.end()
}

func (r reason) status() string {
	if r.code == "" {
		return "ACSP"
	}
	return "RJCT"
}

func (w *writer) reason(r reason) {
	if r.code == "" {
		return
	}
	w.start("StsRsnInf")
	w.put("Rsn/Cd", r.code)
	w.put("AddtlInf", r.text)
	w.end()
}
