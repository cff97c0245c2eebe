package bankfile

import (
	"errors"
	"io"
	"strings"
	"testing"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// message wraps statements into a file of camt.053.001.<version>.
func message(version, statements string) string {
	return `<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
		`<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.` + version + `">` +
		"<BkToCstmrStmt><GrpHdr><MsgId>M1</MsgId></GrpHdr>\n" + statements +
		"\n</BkToCstmrStmt></Document>"
}

const account = "<Id>S1</Id><ElctrncSeqNb>7</ElctrncSeqNb><Acct><Id>" +
	"<IBAN>FR76 9999 9000 0100 0000 0000 115</IBAN></Id><Ccy>EUR</Ccy></Acct>"

// bal is a balance block.
func bal(kind, side, amount string) string {
	return "<Bal><Tp><CdOrPrtry><Cd>" + kind + "</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">" + amount +
		"</Amt><CdtDbtInd>" + side + "</CdtDbtInd><Dt><Dt>2026-11-04</Dt></Dt></Bal>"
}

// stmt is a statement that opens with 100.00 and closes with the given balance.
func stmt(closing, entries string) string {
	return "<Stmt>" + account + bal("OPBD", "CRDT", "100.00") + bal("CLBD", "CRDT", closing) +
		entries + "</Stmt>"
}

// ntry is a booked entry; more goes behind the status.
func ntry(amount, side, more string) string {
	return `<Ntry><Amt Ccy="EUR">` + amount + "</Amt><CdtDbtInd>" + side +
		"</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-04</Dt></BookgDt>" + more + "</Ntry>"
}

// gathered is all that a file gives.
type gathered struct {
	file  FileStart
	start []StatementStart
	lines []*Line
	ends  []StatementEnd
	end   FileEnd
}

func gather(text string) (g gathered, err error) {
	rd, _, err := Open(strings.NewReader(text))
	for err == nil {
		var event Event
		event, err = rd.Next()
		switch e := event.(type) {
		case FileStart:
			g.file = e
		case StatementStart:
			g.start = append(g.start, e)
		case LineEvent:
			g.lines = append(g.lines, e.Line)
		case StatementEnd:
			g.ends = append(g.ends, e)
		case FileEnd:
			g.end = e
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return g, err
}

func mustGather(t *testing.T, text string) gathered {
	t.Helper()
	g, err := gather(text)
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	return g
}

func exact(t testing.TB, text string) money.Exact {
	t.Helper()
	v, err := money.ParseExact(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestAnEntryIsReadWithAllThatRecognitionNeeds(t *testing.T) {
	t.Parallel()
	const details = `<NtryRef>N9</NtryRef><ValDt><DtTm>2026-11-03T23:59:59+14:00</DtTm></ValDt>
<AcctSvcrRef>B7</AcctSvcrRef><RvslInd>false</RvslInd>
<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>RRTN</SubFmlyCd></Fmly></Domn>
<Prtry><Cd>12/0001/RET</Cd><Issr>CFONB</Issr></Prtry></BkTxCd>
<NtryDtls><Btch><MsgId>MSG</MsgId><PmtInfId>PMT</PmtInfId><NbOfTxs>2</NbOfTxs>
<TtlAmt Ccy="EUR">50.00</TtlAmt></Btch>
<TxDtls><Refs><MsgId>MSG</MsgId><PmtInfId>PMT</PmtInfId><InstrId>I1</InstrId>
<EndToEndId>E1</EndToEndId><TxId>T1</TxId><MndtId>R1</MndtId></Refs>
<Amt Ccy="EUR">60.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<RltdPties><Dbtr><Pty><Nm>Caisse</Nm></Pty></Dbtr><DbtrAcct><Id><IBAN>fr7699999</IBAN></Id></DbtrAcct>
<UltmtDbtr><Pty><Nm>Fonds</Nm></Pty></UltmtDbtr><Cdtr><Nm>Personne</Nm></Cdtr></RltdPties>
<Purp><Cd>BENE</Cd></Purp><RmtInf><Ustrd>un</Ustrd><Ustrd> deux </Ustrd>
<Strd><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf>
<RtrInf><OrgnlBkTxCd><Prtry><Cd>116</Cd></Prtry></OrgnlBkTxCd><Rsn><Cd>AC04</Cd></Rsn>
<AddtlInf>compte</AddtlInf><AddtlInf>clos</AddtlInf></RtrInf><AddtlTxInf>dit</AddtlTxInf></TxDtls>
<TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>
<AmtDtls><InstdAmt><Amt Ccy="USD">9</Amt></InstdAmt><TxAmt><Amt Ccy="EUR">10.00</Amt></TxAmt></AmtDtls>
<CdtDbtInd>DBIT</CdtDbtInd></TxDtls></NtryDtls><AddtlNtryInf>retours</AddtlNtryInf>`
	g := mustGather(t, message("08", stmt("150.00", ntry("50.00", "CRDT", details))))
	line := g.lines[0]
	first, second := line.Details[0], line.Details[1]
	for name, pair := range map[string][2]string{
		"amount":        {line.Amount.String(), "50.00"},
		"value date":    {line.ValueOn.String(), "2026-11-03"},
		"bank ref":      {line.BankReference, "B7"},
		"entry ref":     {line.EntryReference, "N9"},
		"code":          {line.Code.String(), "PMNT-RCDT-RRTN"},
		"own code":      {line.ProprietaryCode, "12/0001/RET"},
		"text":          {line.Text, "retours"},
		"batch":         {line.Batches[0].PaymentInfoID, "PMT"},
		"batch total":   {line.Batches[0].Total.String(), "50.00"},
		"end to end":    {first.EndToEndID, "E1"},
		"instruction":   {first.InstructionID, "I1"},
		"mandate":       {first.MandateID, "R1"},
		"debtor":        {first.DebtorName, "Caisse"},
		"debtor IBAN":   {first.DebtorIBAN, "FR7699999"},
		"ultimate":      {first.UltimateDebtor, "Fonds"},
		"creditor":      {first.CreditorName, "Personne"},
		"purpose":       {first.Purpose, "BENE"},
		"remittance":    {strings.Join(first.Remittance, "|"), "un|deux"},
		"structured":    {first.StructuredRef, "RF18539007547034"},
		"return code":   {first.Return.Code, "AC04"},
		"return text":   {first.Return.Text, "compte clos"},
		"original code": {first.Return.OriginalCode, "116"},
		"detail text":   {first.Text, "dit"},
		"NOTPROVIDED":   {second.EndToEndID, ""},
		"detail amount": {second.Amount.String(), "-10.00"},
		"place":         {line.Place(), "ligne 3, écriture 1"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: got %q, want %q", name, pair[0], pair[1])
		}
	}
	if !line.Returned() || line.Reversal || !line.ReversalStated || line.Batches[0].Count != 2 {
		t.Errorf("got %+v, want a return, RvslInd stated as false, 2 transactions", line)
	}
}

func TestTheSideAloneGivesTheSign(t *testing.T) {
	t.Parallel()
	g := mustGather(t, message("02", stmt("110.00",
		ntry("30.00", "CRDT", "<RvslInd>true</RvslInd>")+ntry("20.00", "DBIT", "<RvslInd>true</RvslInd>"))))
	if got := g.lines[0].Amount.String() + " " + g.lines[1].Amount.String(); got != "30.00 -20.00" {
		t.Errorf("got %s: a reversal must not turn the sign", got)
	}
	if g.ends[0].Closes != Closes || g.ends[0].Outcome != Accepted {
		t.Errorf("got %v %v, want it to close", g.ends[0].Closes, g.ends[0].Reasons)
	}
}

func TestOnlyBookedLinesCount(t *testing.T) {
	t.Parallel()
	other := func(status string) string {
		return `<Ntry><Amt Ccy="EUR">5.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>` + status + "</Sts></Ntry>"
	}
	g := mustGather(t, message("08", stmt("101.00", other("<Cd>PDNG</Cd>")+other("INFO")+
		other("<Cd>FUTR</Cd>")+ntry("1.00", "CRDT", ""))))
	sums := g.ends[0].Sums
	if sums.Entries != 4 || sums.NotBooked != 3 || sums.Credits.Cmp(exact(t, "1")) != 0 {
		t.Errorf("got %+v, want 4 lines, 3 of them not booked, 1.00 in", sums)
	}
	if g.ends[0].Closes != Closes || g.lines[3].Rank != 4 {
		t.Errorf("got %v, rank %d: lines that are not booked keep their rank and move nothing",
			g.ends[0].Reasons, g.lines[3].Rank)
	}
}

// dated is a statement of 2026-11-04 with a line of another day.
func dated(day string) string {
	return stmt("101.00", strings.Replace(ntry("1.00", "CRDT", ""), "2026-11-04", day, 1))
}

func TestAStatementNeverBeginsAfterItsEndAndALineIsRemarkedOnce(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		strings.Replace(stmt("100.00", ""), "2026-11-04", "2026-11-05", 1),
		strings.Replace(stmt("100.00", ""), "OPBD", "PRCD", 1),
	} {
		if st := mustGather(t, message("08", text)).ends[0].Statement; st.From != st.To || st.To.String() != "2026-11-04" {
			t.Errorf("got %s to %s, want the day of the closing balance", st.From, st.To)
		}
	}
	for _, reason := range mustGather(t, message("08", dated("2026-11-01"))).ends[0].Reasons {
		if strings.Contains(reason.Message, "fois") {
			t.Errorf("got %q of one line", reason.Message)
		}
	}
}

func TestWhatStandsOnceIsRefusedTwice(t *testing.T) {
	t.Parallel()
	line, whole := ntry("1.00", "CRDT", ""), stmt("100.00", "")
	for name, text := range map[string]string{
		"two states":    stmt("100.00", strings.Replace(line, "</Sts>", "</Sts><Sts>INFO</Sts>", 1)),
		"state again":   stmt("101.00", strings.Replace(line, "</Sts>", "</Sts><Sts>BOOK</Sts>", 1)),
		"two numbers":   strings.Replace(whole, "</Id>", "</Id><Id>S2</Id>", 1),
		"two sequences": strings.Replace(whole, "</ElctrncSeqNb>", "</ElctrncSeqNb><ElctrncSeqNb>8</ElctrncSeqNb>", 1),
	} {
		if _, err := gather(message("08", text)); codeOf(err) != CodeTwice {
			t.Errorf("%s: got %v, want %s", name, err, CodeTwice)
		}
	}
	if _, err := gather(message("08", strings.Replace(whole, "</Id>", "</Id><Id>S1</Id>", 1))); err != nil {
		t.Errorf("the same number again: got %v, want it read", err)
	}
}

func TestAHeaderWithoutEndIsRefusedInAnyOfItsTexts(t *testing.T) {
	t.Parallel()
	good := strings.Replace(stmt("100.00", ""), "</Acct>", "<Ownr><Nm>N</Nm></Ownr><Svcr><FinInstnId>"+
		"<BIC>B</BIC></FinInstnId></Svcr></Acct><CpyDplctInd>CODU</CpyDplctInd>", 1)
	for _, at := range []string{
		"<Id>S1", "<ElctrncSeqNb>", "<Ccy>", `Ccy="`, "<Nm>", "<CpyDplctInd>", "<BIC>", "<IBAN>",
	} {
		_, err := gather(message("08", strings.Replace(good, at, at+strings.Repeat("x", ownerMost), 1)))
		if codeOf(err) != CodeHeader {
			t.Errorf("%s: got %v, want %s", at, err, CodeHeader)
		}
	}
}

func TestAStatementIsHeldOrRemarkedForWhatItIs(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		statement, code string
		outcome         Outcome
	}{
		"closes": {stmt("101.00", ntry("1.00", "CRDT", "")), "", Accepted},
		"does not add up": {
			stmt("102.00", ntry("1.00", "CRDT", "")),
			"does_not_add_up", Held,
		},
		"one cent is enough": {stmt("101.01", ntry("1.00", "CRDT", "")), "does_not_add_up", Held},
		"no closing balance": {
			"<Stmt>" + account + bal("OPBD", "CRDT", "1.00") + "</Stmt>",
			"not_provable", AcceptedWithWarnings,
		},
		"previous closing opens": {"<Stmt>" + account + bal("PRCD", "CRDT", "1.00") +
			bal("CLBD", "CRDT", "1.00") + "</Stmt>", "", Accepted},
		"available balances prove nothing": {"<Stmt>" + account + bal("OPAV", "CRDT", "1.00") +
			bal("CLAV", "CRDT", "1.00") + "</Stmt>", "not_provable", AcceptedWithWarnings},
		"overdrawn account": {"<Stmt>" + account + bal("OPBD", "DBIT", "10.00") +
			bal("CLBD", "DBIT", "9.00") + ntry("1.00", "CRDT", "") + "</Stmt>", "", Accepted},
		"balances behind the lines": {"<Stmt>" + account + ntry("1.00", "CRDT", "") +
			bal("OPBD", "CRDT", "1.00") + bal("CLBD", "CRDT", "2.00") + "</Stmt>", "", Accepted},
		"two openings": {stmt("100.00", bal("OPBD", "CRDT", "99.00")), "balance_twice", Held},
		"other currency in a line": {stmt("101.00",
			strings.Replace(ntry("1.00", "CRDT", ""), "EUR", "CHF", 1)), "mixed_currency", Held},
		"not in euros": {
			strings.ReplaceAll(stmt("100.00", ""), "EUR", "CHF"),
			"not_eur", AcceptedWithWarnings,
		},
		"fraction of a cent": {stmt("101.005", ntry("1.005", "CRDT", "")), "not_in_cents", Held},
		"zeros behind cents": {stmt("101.00000", ntry("1.00000", "CRDT", "")), "", Accepted},
		"unknown status": {
			stmt("101.00", strings.Replace(ntry("1.00", "CRDT", ""), "BOOK", "HOPE", 1)),
			"unknown_status", Held,
		},
		"no status": {
			stmt("101.00", strings.Replace(ntry("1.00", "CRDT", ""), "<Sts>BOOK</Sts>", "", 1)),
			"no_status", AcceptedWithWarnings,
		},
		"no account": {"<Stmt><Id>S</Id>" + bal("OPBD", "CRDT", "1.00") +
			bal("CLBD", "CRDT", "1.00") + "</Stmt>", "no_account", Held},
		"a larger amount than any": {
			stmt("10000000000100.00", ntry("10000000000000.00", "CRDT", "")), "too_much", Held,
		},
		"wrong check digits": {strings.Replace(stmt("100.00", ""), "FR76", "FR75", 1), "iban", AcceptedWithWarnings},
		"wrong key of the bank": {
			strings.Replace(stmt("100.00", ""), "FR76 9999 9000 0100 0000 0000 115",
				"FR60 9999 9000 0100 0000 0000 112", 1), "iban", AcceptedWithWarnings,
		},
		"a line long after": {dated("2099-01-01"), "outside_period", AcceptedWithWarnings},
		"a line before":     {dated("2026-11-03"), "outside_period", AcceptedWithWarnings},
		"a line announced for later": {
			stmt("100.00", strings.NewReplacer("BOOK", "PDNG", "11-04", "12-04").
				Replace(ntry("1.00", "CRDT", ""))), "", Accepted,
		},
		"a balance without day": {
			strings.Replace(stmt("100.00", ""), "<Dt><Dt>2026-11-04</Dt></Dt>", "", 1),
			"no_balance_date", AcceptedWithWarnings,
		},
		"backwards": {
			strings.Replace(stmt("100.00", ""), "2026-11-04", "2026-11-05", 1), "backwards", Held,
		},
		"copy": {stmt("100.00", "<CpyDplctInd>DUPL</CpyDplctInd>"), "copy", AcceptedWithWarnings},
		"page of several": {
			stmt("100.00", "<StmtPgntn><PgNb>1</PgNb><LastPgInd>false</LastPgInd></StmtPgntn>"),
			"not_last_page", AcceptedWithWarnings,
		},
		"summary of other lines": {stmt("100.00", "<TxsSummry><TtlNtries><NbOfNtries>3</NbOfNtries>"+
			"</TtlNtries></TxsSummry>"), "summary", AcceptedWithWarnings},
		"details that do not make up their line": {
			stmt("101.00", ntry("1.00", "CRDT",
				`<NtryDtls><TxDtls><Amt Ccy="EUR">2.00</Amt></TxDtls></NtryDtls>`)),
			"details_sum", AcceptedWithWarnings,
		},
	} {
		g := mustGather(t, message("02", c.statement))
		end := g.ends[0]
		if end.Outcome != c.outcome || c.code != "" && !hasCode(end.Reasons, c.code) {
			t.Errorf("%s: got %s %v, want %s for %q", name, end.Outcome, end.Reasons, c.outcome, c.code)
		}
	}
}

func hasCode(reasons []Reason, code string) bool {
	for _, reason := range reasons {
		if reason.Code == code && reason.Message != "" {
			return true
		}
	}
	return false
}

func TestAHeldStatementDoesNotTouchItsNeighbours(t *testing.T) {
	t.Parallel()
	g := mustGather(t, message("02", stmt("999.00", "")+stmt("100.00", "")))
	if g.ends[0].Outcome != Held || g.ends[1].Outcome != Accepted || g.end.Statements != 2 {
		t.Errorf("got %s and %s of %d", g.ends[0].Outcome, g.ends[1].Outcome, g.end.Statements)
	}
}

func TestAStatementTellsItsAccountPeriodAndPage(t *testing.T) {
	t.Parallel()
	g := mustGather(t, message("08", stmt("100.00", "<FrToDt><FrDtTm>2026-11-01T00:00:00</FrDtTm>"+
		"<ToDtTm>2026-11-04T23:59:59+01:00</ToDtTm></FrToDt>")+
		strings.Replace(stmt("100.00", ""), "<ElctrncSeqNb>7</ElctrncSeqNb>", "<LglSeqNb>8</LglSeqNb>", 1)))
	st := g.ends[0].Statement
	if st.Account.ID() != "FR7699999000010000000000115" || st.ID != "S1" || st.Sequence != "7" {
		t.Errorf("got %+v", st)
	}
	if st.From != civil.MustParse("2026-11-01") || st.To != civil.MustParse("2026-11-04") || !st.LastPage {
		t.Errorf("got %s to %s", st.From, st.To)
	}
	if other := g.ends[1].Statement; other.Sequence != "8" || other.From != civil.MustParse("2026-11-04") {
		t.Errorf("got sequence %q from %s, want the legal one and the day of the balance",
			other.Sequence, other.From)
	}
}

// codeOf is the code of an error of the content, empty for nil.
func codeOf(err error) string {
	if f, ok := errors.AsType[*FormatError](err); ok {
		return f.Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}
