package sepa

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"masp/payments/xmlread"
)

const ours = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"

// answer wraps the content of a report.
func answer(group, batches string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="` + ours + `"><CstmrPmtStsRpt><GrpHdr>` +
		`<MsgId>R1</MsgId><CreDtTm>2026-11-24T10:00:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>M1</OrgnlMsgId>` +
		`<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>` + group + `</OrgnlGrpInfAndSts>` + batches +
		`</CstmrPmtStsRpt></Document>`
}

func batchOf(id, status, content string) string {
	if status != "" {
		status = "<PmtInfSts>" + status + "</PmtInfSts>"
	}
	return "<OrgnlPmtInfAndSts><OrgnlPmtInfId>" + id + "</OrgnlPmtInfId>" + status + content + "</OrgnlPmtInfAndSts>"
}

func txOf(id, status, reason string) string {
	if reason != "" {
		reason = "<StsRsnInf><Rsn><Cd>" + reason + "</Cd></Rsn></StsRsnInf>"
	}
	return "<TxInfAndSts><OrgnlEndToEndId>" + id + "</OrgnlEndToEndId><TxSts>" + status + "</TxSts>" + reason + "</TxInfAndSts>"
}

const (
	groupRejected = "<GrpSts>RJCT</GrpSts>"
	groupPart     = "<GrpSts>PART</GrpSts>"
)

func TestRejectionsAreYieldedAtTheirLevel(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, in, want string }{
		{"a file accepted", answer("<GrpSts>ACCP</GrpSts>", ""), ""},
		{"a file rejected without list", answer(groupRejected, ""), "file M1"},
		{"a batch rejected without list", answer(groupPart, batchOf("B1", "RJCT", "")+batchOf("B2", "ACSP", "")), "batch B1"},
		{
			"one transfer of a batch", answer(groupPart, batchOf("B1", "PART", txOf("P1", "ACSP", "")+txOf("P2", "RJCT", "AC04"))),
			"transfer P2 AC04",
		},
		{"no status above", answer("", batchOf("B1", "", txOf("P1", "RJCT", "XYZ9"))), "transfer P1 XYZ9"},
		{
			"a rejected file names some transfers first", answer(groupRejected, batchOf("B1", "RJCT", txOf("P1", "RJCT", "AM10"))),
			"transfer P1 AM10, batch B1, file M1",
		},
		{
			"a rejected batch that holds an accepted transfer",
			answer("", batchOf("B1", "RJCT", txOf("P1", "ACSC", "")+txOf("P2", "RJCT", ""))), "transfer P2 !contradiction",
		},
		{"a rejected file that holds an accepted batch", answer(groupRejected, batchOf("B1", "ACCP", "")), " !contradiction"},
		{
			"a verification of payee without match",
			answer("<GrpSts>RVMC</GrpSts>", batchOf("B1", "RVNM", txOf("P1", "RVNM", "")+txOf("P2", "RVNA", ""))), "",
		},
		{
			"an acknowledgement of the transport",
			strings.Replace(answer(groupRejected, ""), "pain.001.001.09", "EBICS", 1), "",
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			report, err := ReadReport(strings.NewReader(c.in))
			if err != nil {
				t.Fatal(err)
			}
			got := describe(report)
			for _, warning := range report.Warnings {
				got += " !" + warning
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func describe(r Report) string {
	var all []string
	for rejection := range r.Rejected() {
		text := map[Level]string{
			WholeFile:   "file " + rejection.OriginalMessageID,
			WholeBatch:  "batch " + rejection.PaymentInfoID,
			OneTransfer: "transfer " + rejection.EndToEndID,
		}[rejection.Level]
		for _, reason := range rejection.Reasons {
			text += " " + reason.Code
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

func TestTheDetailsOfATransferAreRead(t *testing.T) {
	t.Parallel()
	tx := `<TxInfAndSts><OrgnlInstrId>I1</OrgnlInstrId><OrgnlEndToEndId> P1 </OrgnlEndToEndId><TxSts>RJCT</TxSts>` +
		`<StsRsnInf><Rsn><Prtry>ZZ</Prtry></Rsn><AddtlInf>compte</AddtlInf><AddtlInf>clos</AddtlInf></StsRsnInf>` +
		`<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf><OrgnlTxRef><Amt><InstdAmt Ccy="EUR">412.5</InstdAmt></Amt>` +
		`<Cdtr><Pty><Nm>Régie des Eaux</Nm></Pty></Cdtr></OrgnlTxRef></TxInfAndSts>`
	report, err := ReadReport(strings.NewReader(answer("", batchOf("B1", "", tx))))
	if err != nil {
		t.Fatal(err)
	}
	got := report.Batches[0].Transactions[0]
	text := fmt.Sprint(got.EndToEndID, " ", got.InstructionID, " ", got.Amount.String(), got.Currency, " ", got.CreditorName, " ", got.Reasons)
	if want := "P1 I1 412.50EUR Régie des Eaux [{ZZ compte clos} {AC04 }]"; text != want {
		t.Errorf("got %s, want %s", text, want)
	}
	if got, want := report.CreatedAt.UTC().Format("15:04"), "09:00"; got != want {
		t.Errorf("got created at %s UTC, want %s: a time without offset is Paris time", got, want)
	}
}

func TestAForeignElementGivesNoStatus(t *testing.T) {
	t.Parallel()
	in := answer(`<x:GrpSts xmlns:x="urn:else">RJCT</x:GrpSts>`, "")
	report, err := ReadReport(strings.NewReader(in))
	if err != nil || report.GroupStatus != "" {
		t.Errorf("got status %q, %v; want none", report.GroupStatus, err)
	}
}

func TestWhatIsNoReportIsRefused(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, in, want string }{
		{"another message", `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt/></Document>`, CodeNotReport},
		{"empty", "", xmlread.CodeEmpty},
		{"cut at a transfer", strings.SplitAfter(answer("", batchOf("B1", "", txOf("P1", "RJCT", "AC01")+txOf("P2", "RJCT", ""))), "</TxInfAndSts>")[0], xmlread.CodeTruncated},
		{"two reports", strings.Replace(answer("", ""), "</CstmrPmtStsRpt>", "</CstmrPmtStsRpt><CstmrPmtStsRpt/>", 1), CodeRepeated},
		{"two statuses", answer("<GrpSts>RJCT</GrpSts><GrpSts>ACCP</GrpSts>", ""), CodeRepeated},
		{"text after the end", answer("", "") + "x", xmlread.CodeTrailing},
		{"a DOCTYPE", "<!DOCTYPE x>" + answer("", ""), xmlread.CodeDoctype},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			report, err := ReadReport(strings.NewReader(c.in))
			var refused *xmlread.FormatError
			if !errors.As(err, &refused) || refused.Code != c.want || report.MessageID != "" {
				t.Fatalf("got %+v, %v; want %s and no report", report, err, c.want)
			}
			if french := refused.French(); strings.Contains(french, "inattendu") {
				t.Errorf("got %q, want own words for %s", french, c.want)
			}
		})
	}
}

// TestThePublicSamples compares each report with what the index of the samples
// says about it, which another reader found.
func TestThePublicSamples(t *testing.T) {
	t.Parallel()
	index, err := os.ReadFile(shared(t, "samples", "INDEX.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for line := range strings.Lines(string(index)) {
		column := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if !strings.HasPrefix(column[0], "pain.002/") {
			continue
		}
		read++
		t.Run(column[0], func(t *testing.T) {
			t.Parallel()
			document, err := os.ReadFile(shared(t, "samples", filepath.FromSlash(column[0])))
			if err != nil {
				t.Fatal(err)
			}
			report, err := ReadReport(bytes.NewReader(document))
			if refuse := strings.HasPrefix(column[2], "refuse"); refuse || err != nil {
				if !refuse || err == nil {
					t.Errorf("got %v, want %s", err, column[2])
				}
				return
			}
			if got, want := facts(report), column[len(column)-1]; !agree(got, want) {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
	if read == 0 {
		t.Error("got no pain.002 in the index, want some")
	}
}

// facts prints a report in the words of the index.
func facts(r Report) string {
	dash := func(s Status) string {
		if s == "" {
			return "-"
		}
		return string(s)
	}
	var batches, transactions, reasons []string
	note := func(all []Reason) {
		for _, reason := range all {
			if reason.Code != "" {
				reasons = append(reasons, reason.Code)
			}
		}
	}
	note(r.Reasons)
	for _, b := range r.Batches {
		batches = append(batches, dash(b.Status))
		note(b.Reasons)
		for _, t := range b.Transactions {
			transactions = append(transactions, dash(t.Status))
			note(t.Reasons)
		}
	}
	slices.Sort(reasons)
	return fmt.Sprintf("GrpSts=%s PmtInfSts=%s TxSts=%s rsn=%s orig=%s", dash(r.GroupStatus), strings.Join(batches, ","),
		strings.Join(transactions, ","), strings.Join(slices.Compact(reasons), ","), r.OriginalMessageType)
}

func agree(got, want string) bool { return strings.Contains(want, got) }

func TestEveryReasonOfTheTableHasASentence(t *testing.T) {
	t.Parallel()
	for _, code := range []string{ // formats 2.3 and 2.4, ux 3.6
		"AC01", "AC04", "AC06", "AG01", "AG02", "AM04", "AM05", "DUPL", "DU01", "AM10", "BE01", "BE04", "BE05", "CNOR", "DT01",
		"FF01", "MD07", "MS02", "MS03", "NARR", "RC01", "RR01", "RR02", "RR03", "RR04", "TM01", "TECH",
	} {
		if got := ReasonText(code); strings.HasPrefix(got, "Code ") {
			t.Errorf("ReasonText(%s) = %q, want a sentence of its own", code, got)
		}
	}
	if got, want := ReasonText("XYZ9"), "Code XYZ9 : voir la banque."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func FuzzReadReport(f *testing.F) {
	f.Add([]byte(answer(groupRejected, batchOf("B1", "RJCT", txOf("P1", "RJCT", "AC01")))))
	f.Add([]byte(answer("", "")[:200]))
	f.Fuzz(func(t *testing.T, document []byte) {
		report, err := ReadReport(bytes.NewReader(document))
		if err != nil {
			return
		}
		for range report.Rejected() {
		}
	})
}

func TestAReportThatWouldFillTheMemoryIsRefused(t *testing.T) {
	t.Parallel()
	in := answer("", batchOf("B1", "", strings.Repeat("<TxInfAndSts/>", thingsMax)))
	var refused *xmlread.FormatError
	if _, err := ReadReport(strings.NewReader(in)); !errors.As(err, &refused) || refused.Code != CodeTooMany {
		t.Errorf("got %v, want %s", err, CodeTooMany)
	}
}

func TestAnAnswerThatSaysNothingOrNothingKnownIsAWarning(t *testing.T) {
	t.Parallel()
	untyped := func(in string) string {
		return strings.Replace(in, "<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>", "", 1)
	}
	for name, c := range map[string]struct{ in, want string }{
		"no status at all":         {answer("", batchOf("B1", "", "")), WarningNoStatus},
		"an unknown status":        {answer("<GrpSts>OKAY</GrpSts>", ""), WarningUnknownStatus},
		"a status in small":        {answer("", batchOf("B1", "rjct", "")), WarningUnknownStatus},
		"a status of the standard": {answer("<GrpSts>ACTC</GrpSts>", batchOf("B1", "PDNG", "")), ""},
		"of a direct debit": {
			strings.Replace(answer("", ""), "pain.001.001.09", "pain.008.001.02", 1), WarningNotTransfers,
		},
		"does not say what it answers": {untyped(answer(groupRejected, "")), ""},
	} {
		report, err := ReadReport(strings.NewReader(c.in))
		if got := strings.Join(report.Warnings, " "); err != nil || got != c.want {
			t.Errorf("%s: got %q, %v, want %q", name, got, err, c.want)
		}
		if c.want != "" && WarningText(c.want) == "" {
			t.Errorf("%s has no words", c.want)
		}
	}
}

func TestTheTextsOfAReportAreBounded(t *testing.T) {
	t.Parallel()
	text := "<StsRsnInf><AddtlInf>" + strings.Repeat("x", 1<<20-1) + "</AddtlInf></StsRsnInf>"
	var refused *xmlread.FormatError
	_, err := ReadReport(strings.NewReader(answer(strings.Repeat(text, 17), "")))
	if !errors.As(err, &refused) || refused.Code != CodeTooMany {
		t.Errorf("got %v, want %s", err, CodeTooMany)
	}
}

func TestRejectsThatTheBankDoesNotNameAreAWarning(t *testing.T) {
	t.Parallel()
	counts := func(n string) string {
		return "<NbOfTxsPerSts><DtldNbOfTxs>" + n + "</DtldNbOfTxs><DtldSts>RJCT</DtldSts></NbOfTxsPerSts>"
	}
	for name, c := range map[string]struct {
		in   string
		want bool
	}{
		"one counted and named":              {answer(groupPart, batchOf("B1", "PART", counts("1")+txOf("P1", "RJCT", ""))), false},
		"two counted, one named":             {answer(groupPart, batchOf("B1", "PART", counts("2")+txOf("P1", "RJCT", ""))), true},
		"counted for the file":               {answer(groupPart+counts("2"), batchOf("B1", "", txOf("P1", "RJCT", ""))), true},
		"partly accepted, nothing named":     {answer(groupPart, batchOf("B1", "ACSP", "")), true},
		"a batch partly, nothing named":      {answer("", batchOf("B1", "PART", txOf("P1", "ACSP", ""))), true},
		"partly, one batch rejected whole":   {answer(groupPart, batchOf("B1", "RJCT", "")+batchOf("B2", "ACSP", "")), false},
		"everything rejected, nothing named": {answer(groupRejected+counts("7"), ""), false},
		"accepted":                           {answer("<GrpSts>ACSP</GrpSts>"+counts("0"), ""), false},
	} {
		report, err := ReadReport(strings.NewReader(c.in))
		if err != nil || slices.Contains(report.Warnings, WarningUnlisted) != c.want {
			t.Errorf("%s: got %v, %v", name, report.Warnings, err)
		}
		for _, code := range report.Warnings {
			if WarningText(code) == "" {
				t.Errorf("%s has no words", code)
			}
		}
	}
}

func TestTheBanksOwnWordsAreShownWhereTheyTellMore(t *testing.T) {
	t.Parallel()
	for reason, want := range map[Reason]string{
		{"AC04", "compte clos"}:   "Compte fermé. Demandez un nouveau RIB.",
		{"NARR", "solde saisi"}:   "Refus expliqué par la banque : lisez son message. La banque écrit : « solde saisi ».",
		{"ZZ9", "voir contrat"}:   "Code ZZ9 : voir la banque. La banque écrit : « voir contrat ».",
		{"", "merci de rappeler"}: "Refus sans motif : voir la banque. La banque écrit : « merci de rappeler ».",
		{"NARR", " "}:             "Refus expliqué par la banque : lisez son message.",
	} {
		if got := reason.Explain(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
