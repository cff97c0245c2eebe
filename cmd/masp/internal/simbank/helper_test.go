package simbank

import (
	"encoding/xml"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Invented accounts and creditors.
const (
	alice    = "FR7699999000010000000010203"
	pooled   = "FR7699999000010000000020291"
	landlord = "FR7699999000010000000021164"
	energy   = "FR7699999000010000000020388"
	school   = "FR7699999000010000000021358"
)

var (
	monday  = On(2026, 11, 2)
	tuesday = monday + 1
)

// openBank has an account of each version; the pooled one is batch-booked.
func openBank(t *testing.T, o Options) *Bank {
	t.Helper()
	b := New(o)
	for _, a := range []Account{
		{IBAN: alice, Holder: "MARTIN ALICE", OpeningCents: 100000, OpenedOn: monday, LastSequence: 40},
		{
			IBAN: pooled, Holder: "ASSOCIATION FONDS GERES", StatementVersion: Camt02, OpeningCents: 500000,
			OpenedOn: monday, BatchBooking: true,
		},
	} {
		if err := b.OpenAccount(a); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// pay is a transfer of a test order.
type pay struct {
	to, amount string
}

// orderFile writes a pain.001 with one PmtInf.
func orderFile(version, id, debtor, requested string, pays ...pay) []byte {
	var cents int64
	for _, p := range pays {
		c, _ := parseCents(p.amount, transferDigits)
		cents += c
	}
	bic, date := "BICFI", "<Dt>"+requested+"</Dt>"
	if version == "03" {
		bic, date = "BIC", requested
	}
	var s strings.Builder
	fmt.Fprintf(&s, `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.%s"><CstmrCdtTrfInitn>
<GrpHdr><MsgId>%s</MsgId><CreDtTm>2026-11-02T09:00:00</CreDtTm>
<NbOfTxs>%d</NbOfTxs><CtrlSum>%s</CtrlSum><InitgPty><Nm>X</Nm></InitgPty></GrpHdr>
<PmtInf><PmtInfId>%s-1</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>false</BtchBookg>
<NbOfTxs>%d</NbOfTxs><CtrlSum>%s</CtrlSum><ReqdExctnDt>%s</ReqdExctnDt>
<Dbtr><Nm>X</Nm></Dbtr><DbtrAcct><Id><IBAN>%s</IBAN></Id></DbtrAcct>
<DbtrAgt><FinInstnId><%s>MASPFRP0XXX</%s></FinInstnId></DbtrAgt>`,
		version, id, len(pays), centsText(cents), id, len(pays), centsText(cents), date, debtor, bic, bic)
	for i, p := range pays {
		fmt.Fprintf(&s, `
<CdtTrfTxInf><PmtId><InstrId>%s-I%d</InstrId><EndToEndId>%s-E%d</EndToEndId></PmtId>
<Amt><InstdAmt Ccy="EUR">%s</InstdAmt></Amt><Cdtr><Nm>CREDITOR %d</Nm></Cdtr>
<CdtrAcct><Id><IBAN>%s</IBAN></Id></CdtrAcct><RmtInf><Ustrd>LOYER</Ustrd></RmtInf></CdtTrfTxInf>`,
			id, i+1, id, i+1, p.amount, i+1, p.to)
	}
	s.WriteString("</PmtInf></CstmrCdtTrfInitn></Document>")
	return []byte(s.String())
}

// Statements as a reader of both versions sees them.
type readDocument struct {
	XMLName    xml.Name
	Statements []readStatement `xml:"BkToCstmrStmt>Stmt"`
	Status     string          `xml:"CstmrPmtStsRpt>OrgnlGrpInfAndSts>GrpSts"`
	Reason     string          `xml:"CstmrPmtStsRpt>OrgnlGrpInfAndSts>StsRsnInf>Rsn>Cd"`
	Groups     []struct {
		Status    string `xml:"PmtInfSts"`
		Reason    string `xml:"StsRsnInf>Rsn>Cd"`
		Transfers []struct {
			EndToEndID string `xml:"OrgnlEndToEndId"`
			Status     string `xml:"TxSts"`
			Reason     string `xml:"StsRsnInf>Rsn>Cd"`
		} `xml:"TxInfAndSts"`
	} `xml:"CstmrPmtStsRpt>OrgnlPmtInfAndSts"`
}

type readStatement struct {
	ID       string `xml:"Id"`
	Sequence int    `xml:"ElctrncSeqNb"`
	IBAN     string `xml:"Acct>Id>IBAN"`
	Balances []struct {
		Kind   string `xml:"Tp>CdOrPrtry>Cd"`
		Amount string `xml:"Amt"`
		Side   string `xml:"CdtDbtInd"`
	} `xml:"Bal"`
	Entries []readEntry `xml:"Ntry"`
}

type readEntry struct {
	Amount  string `xml:"Amt"`
	Side    string `xml:"CdtDbtInd"`
	Booked  string `xml:"BookgDt>Dt"`
	RvslInd string `xml:"RvslInd"`
	Family  string `xml:"BkTxCd>Domn>Fmly>Cd"`
	Sub     string `xml:"BkTxCd>Domn>Fmly>SubFmlyCd"`
	Batch   string `xml:"NtryDtls>Btch>PmtInfId"`
	Details []struct {
		InstrID    string   `xml:"Refs>InstrId"`
		PmtInfID   string   `xml:"Refs>PmtInfId"`
		EndToEndID string   `xml:"Refs>EndToEndId"`
		Amount08   string   `xml:"Amt"`
		Amount02   string   `xml:"AmtDtls>TxAmt>Amt"`
		Return     string   `xml:"RtrInf>Rsn>Cd"`
		Remittance []string `xml:"RmtInf>Ustrd"`
	} `xml:"NtryDtls>TxDtls"`
}

func signed(t rapid.TB, amount, side string) int64 {
	t.Helper()
	cents, err := parseCents(amount, totalDigits)
	if err != nil {
		t.Fatalf("amount written by the bank: %v", err)
	}
	if side == "DBIT" {
		return -cents
	}
	return cents
}

func read(t testing.TB, data []byte) readDocument {
	t.Helper()
	var d readDocument
	if err := xml.Unmarshal(data, &d); err != nil {
		t.Fatalf("the bank wrote XML that does not read: %v", err)
	}
	return d
}

func receive(t testing.TB, b *Bank, file []byte, on Day) (readDocument, []byte) {
	t.Helper()
	data, err := b.Receive(file, on)
	if err != nil {
		t.Fatalf("receive: %v", err)
	}
	return read(t, data), data
}

// endOfDay returns the statements of a day by IBAN, and the files.
func endOfDay(t testing.TB, b *Bank, day Day) (map[string]readStatement, []File) {
	t.Helper()
	files, err := b.EndOfDay(day)
	if err != nil {
		t.Fatalf("end of day: %v", err)
	}
	found := map[string]readStatement{}
	for _, f := range files {
		for _, s := range read(t, f.Bytes).Statements {
			found[s.IBAN] = s
		}
	}
	return found, files
}

// schemas returns the folder of the official schemas, beside the repository.
func schemas(t *testing.T) string {
	t.Helper()
	missing := t.Skipf
	if os.Getenv("CI") != "" {
		missing = t.Fatalf
	}
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; root != "/"; root = filepath.Dir(root) {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			break
		}
	}
	folder := filepath.Join(root, "../shared/xsd")
	if _, err := os.Stat(folder); err != nil {
		missing("no schema to check against: %s is absent", folder)
	}
	if _, err := exec.LookPath("xmllint"); err != nil {
		missing("no schema check: xmllint is not installed")
	}
	return folder
}

// checkSchemas runs xmllint once per kind of message.
func checkSchemas(t *testing.T, documents ...[]byte) {
	t.Helper()
	folder, work := schemas(t), t.TempDir()
	byMessage := map[string][]string{}
	for i, data := range documents {
		space := read(t, data).XMLName.Space
		message := space[strings.LastIndex(space, ":")+1:]
		name := filepath.Join(work, fmt.Sprintf("%d.xml", i))
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		byMessage[message] = append(byMessage[message], name)
	}
	for message, names := range byMessage {
		schema := filepath.Join(folder, message+".xsd")
		args := append([]string{"--noout", "--schema", schema}, names...)
		out, err := exec.Command("xmllint", args...).CombinedOutput()
		if err != nil {
			t.Errorf("%s is not valid against its schema: %v\n%.2000s", message, err, out)
		}
	}
}
