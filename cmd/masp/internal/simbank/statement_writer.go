package simbank

import (
	"fmt"
	"strconv"
)

// statementWriter writes the statements of one camt.053 version.
type statementWriter struct {
	*writer
	version string
	bic     string
	day     Day
}

// writeStatements writes a statement file for the given accounts and moves each
// of them to its next statement. All must have the same version.
func (b *Bank) writeStatements(accounts []*account, day Day) []byte {
	version := accounts[0].StatementVersion
	if version == French {
		return b.writeFrench(accounts, day)
	}
	document := newDocument("camt.053.001."+version, "BkToCstmrStmt")
	w := &statementWriter{document, version, b.options.BIC, day}
	w.start("GrpHdr")
	w.put("MsgId", fmt.Sprintf("RLV%s%s%s", day.time().Format("060102"), version, accounts[0].IBAN[14:]))
	w.put("CreDtTm", w.created())
	w.end()
	for _, a := range accounts {
		w.statement(a)
		a.Sequence, a.Covered, a.Booked = a.Sequence+1, day, nil
	}
	return w.bytes()
}

func (w *statementWriter) created() string { return w.day.String() + "T21:45:00" }

// statement writes one account: from the day after its last statement to day.
func (w *statementWriter) statement(a *account) {
	sequence := strconv.Itoa(a.Sequence + 1)
	from, previous := min(a.Covered+1, w.day), a.Covered // a second one on a day covers it again
	if a.Covered == 0 {
		from, previous = a.OpenedOn, a.OpenedOn
	}
	opening := a.Balance
	for _, e := range a.Booked {
		opening -= e.Cents
	}
	w.start("Stmt")
	w.put("Id", fmt.Sprintf("%s-%s-%s", a.IBAN[14:], w.day.time().Format("060102"), sequence))
	w.put("ElctrncSeqNb", sequence)
	w.put("LglSeqNb", sequence)
	w.put("CreDtTm", w.created())
	w.start("FrToDt")
	w.put("FrDtTm", from.String()+"T00:00:00")
	w.put("ToDtTm", w.day.String()+"T23:59:59")
	w.end()
	w.account(a)
	w.balance("OPBD", opening, previous)
	w.balance("CLBD", a.Balance, w.day)
	w.summary(a.Booked)
	for _, e := range a.Booked {
		w.entry(e)
	}
	w.end()
}

func (w *statementWriter) account(a *account) {
	w.start("Acct")
	w.put("Id/IBAN", a.IBAN)
	w.put("Ccy", a.Currency)
	w.put("Ownr/Nm", a.Holder)
	w.put("Svcr/FinInstnId/"+w.byVersion("BIC", "BICFI"), w.bic)
	w.end()
}

func (w *statementWriter) byVersion(in02, in08 string) string {
	if w.version == Camt02 {
		return in02
	}
	return in08
}

func (w *statementWriter) balance(kind string, cents int64, on Day) {
	w.start("Bal")
	w.put("Tp/CdOrPrtry/Cd", kind)
	w.amount("Amt", cents)
	w.put("CdtDbtInd", side(cents))
	w.put("Dt/Dt", on.String())
	w.end()
}

// summary writes the totals of a statement that has entries.
func (w *statementWriter) summary(entries []entry) {
	if len(entries) == 0 {
		return
	}
	var number [2]int
	var sum [2]int64
	for _, e := range entries {
		i := 0
		if e.Cents < 0 {
			i = 1
		}
		number[i]++
		sum[i] += max(e.Cents, -e.Cents)
	}
	w.start("TxsSummry")
	w.put("TtlNtries/NbOfNtries", strconv.Itoa(len(entries)))
	for i, name := range []string{"TtlCdtNtries", "TtlDbtNtries"} {
		w.start(name)
		w.put("NbOfNtries", strconv.Itoa(number[i]))
		w.put("Sum", centsText(sum[i]))
		w.end()
	}
	w.end()
}

func (w *statementWriter) entry(e entry) {
	w.start("Ntry")
	w.amount("Amt", e.Cents)
	w.put("CdtDbtInd", side(e.Cents))
	w.put(w.byVersion("Sts", "Sts/Cd"), "BOOK")
	w.put("BookgDt/Dt", e.On.String())
	w.put("ValDt/Dt", e.On.String())
	w.put("AcctSvcrRef", e.Ref)
	w.code(e.Code)
	if e.PmtInfID != "" || len(e.Details) > 0 {
		w.start("NtryDtls")
		w.batch(e)
		for _, d := range e.Details {
			w.detail(d)
		}
		w.end()
	}
	w.put("AddtlNtryInf", e.Label)
	w.end()
}

func (w *statementWriter) code(c bankCode) {
	w.start("BkTxCd")
	w.start("Domn")
	w.put("Cd", c.Domain)
	w.start("Fmly")
	w.put("Cd", c.Family)
	w.put("SubFmlyCd", c.Sub)
	w.end()
	w.end()
	w.start("Prtry")
	w.put("Cd", c.French)
	w.put("Issr", "CFONB/Interne/SWIFT")
	w.end()
	w.end()
}

func (w *statementWriter) batch(e entry) {
	if e.PmtInfID == "" {
		return
	}
	w.start("Btch")
	w.put("MsgId", e.MessageID)
	w.put("PmtInfId", e.PmtInfID)
	w.put("NbOfTxs", strconv.Itoa(e.Count))
	w.amount("TtlAmt", e.Cents)
	w.put("CdtDbtInd", side(e.Cents))
	w.end()
}

// detail writes a TxDtls. In .02 an amount exists only under AmtDtls, and a
// party has no Pty around it.
func (w *statementWriter) detail(d detail) {
	w.start("TxDtls")
	w.start("Refs")
	w.put("PmtInfId", d.PmtInfID)
	w.put("InstrId", d.InstrID)
	w.put("EndToEndId", d.EndToEndID)
	w.put("MndtId", d.DirectDebitMandate)
	w.end()
	if w.version == Camt02 {
		w.amount("AmtDtls/TxAmt/Amt", d.Cents)
	} else {
		w.amount("Amt", d.Cents)
		w.put("CdtDbtInd", side(d.Cents))
	}
	w.parties(d)
	w.put("Purp/Cd", d.Purpose)
	if len(d.Remittance) > 0 {
		w.start("RmtInf")
		for _, text := range d.Remittance {
			w.put("Ustrd", text)
		}
		w.end()
	}
	if d.ReturnReason != "" {
		w.start("RtrInf")
		w.put("Rsn/Cd", d.ReturnReason)
		w.put("AddtlInf", reasonTexts[d.ReturnReason])
		w.end()
	}
	w.end()
}

func (w *statementWriter) parties(d detail) {
	if d.Debtor == "" && d.Creditor == "" {
		return
	}
	name := w.byVersion("Nm", "Pty/Nm")
	w.start("RltdPties")
	w.put("Dbtr/"+name, d.Debtor)
	w.put("Cdtr/"+name, d.Creditor)
	w.put("CdtrAcct/Id/IBAN", d.CreditorIBAN)
	w.end()
}
