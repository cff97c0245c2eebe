package bankfile

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strconv"

	"masp/payments/sepa"
)

// invented describes a file of invented statements, written as banks write them.
type invented struct {
	version    string // "02" or "08"
	statements int
	entries    int // of each statement
	details    int // of each entry
}

// write streams the file; nothing of it is kept. Each entry brings 1.00 × its rank, in
// turns in and out, so that the sums are known without reading.
func (f invented) write(w io.Writer) error {
	b := bufio.NewWriterSize(w, 64<<10)
	fmt.Fprintf(b, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"+
		`<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.%s">`+
		"\n<BkToCstmrStmt>\n<GrpHdr><MsgId>M1</MsgId>"+
		"<CreDtTm>2026-11-05T06:00:00+01:00</CreDtTm></GrpHdr>\n", f.version)
	for n := 1; n <= f.statements; n++ {
		f.statement(b, n)
	}
	fmt.Fprint(b, "</BkToCstmrStmt>\n</Document>\n")
	return b.Flush()
}

// bytes gives the file in memory.
func (f invented) bytes() []byte {
	var b bytes.Buffer
	if err := f.write(&b); err != nil {
		panic(err) // memory takes everything
	}
	return b.Bytes()
}

// reader gives the file as a stream.
func (f invented) reader() io.Reader {
	r, w := io.Pipe()
	go func() {
		w.CloseWithError(f.write(w))
	}()
	return r
}

func (f invented) statement(b *bufio.Writer, n int) {
	fmt.Fprintf(b, "<Stmt>\n<Id>S%d</Id><ElctrncSeqNb>%d</ElctrncSeqNb>"+
		"<CreDtTm>2026-11-05T06:00:00+01:00</CreDtTm>\n"+
		"<Acct><Id><IBAN>%s</IBAN></Id><Ccy>EUR</Ccy></Acct>\n", n, n, inventedIBAN(n))
	opening := int64(1_000_00)
	closing := opening
	for i := range f.entries {
		closing += signedCents(i)
	}
	writeBalance(b, "OPBD", opening)
	writeBalance(b, "CLBD", closing)
	for i := range f.entries {
		f.entry(b, i)
	}
	fmt.Fprint(b, "</Stmt>\n")
}

// inventedIBAN is that of an account which no bank keeps.
func inventedIBAN(n int) string {
	iban, err := sepa.MakeFrenchIBAN("99999", "00001", fmt.Sprintf("%011d", n))
	if err != nil {
		panic(err) // a number of eleven digits is one
	}
	return iban.String()
}

// signedCents is the amount of the entry of rank i: +1.37, −2.37, +3.37…
func signedCents(i int) int64 {
	cents := int64(i+1)*100 + 37
	if i%2 == 1 {
		return -cents
	}
	return cents
}

func euros(cents int64) string {
	if cents < 0 {
		cents = -cents
	}
	return strconv.FormatInt(cents/100, 10) + fmt.Sprintf(".%02d", cents%100)
}

func sideOf(cents int64) string {
	if cents < 0 {
		return "DBIT"
	}
	return "CRDT"
}

func writeBalance(b *bufio.Writer, kind string, cents int64) {
	fmt.Fprintf(b, "<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp>"+
		`<Amt Ccy="EUR">%s</Amt><CdtDbtInd>%s</CdtDbtInd><Dt><Dt>2026-11-04</Dt></Dt></Bal>`+"\n",
		kind, euros(cents), sideOf(cents))
}

func (f invented) entry(b *bufio.Writer, i int) {
	status, name := "BOOK", "<Nm>Caisse inventée</Nm>"
	if f.version >= "08" {
		status, name = "<Cd>BOOK</Cd>", "<Pty><Nm>Caisse inventée</Nm></Pty>"
	}
	cents := signedCents(i)
	fmt.Fprintf(b, "<Ntry>\n  <NtryRef>%d</NtryRef>\n  "+`<Amt Ccy="EUR">%s</Amt>`+
		"\n  <CdtDbtInd>%s</CdtDbtInd>\n  <Sts>%s</Sts>\n"+
		"  <BookgDt><Dt>2026-11-04</Dt></BookgDt>\n  <ValDt><Dt>2026-11-04</Dt></ValDt>\n"+
		"  <AcctSvcrRef>REF%012d</AcctSvcrRef>\n  <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd>"+
		"<SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>\n  <NtryDtls>\n",
		i+1, euros(cents), sideOf(cents), status, i+1)
	for d := range f.details {
		fmt.Fprintf(b, "    <TxDtls>\n      <Refs><EndToEndId>E%d-%d</EndToEndId>"+
			"<TxId>T%d</TxId></Refs>\n", i, d, i)
		if f.version >= "08" {
			fmt.Fprintf(b, `      <Amt Ccy="EUR">%s</Amt><CdtDbtInd>%s</CdtDbtInd>`+"\n",
				euros(cents), sideOf(cents))
		}
		fmt.Fprintf(b, "      <RltdPties>\n        <Dbtr>%s</Dbtr>\n        <DbtrAcct><Id>"+
			"<IBAN>FR7699999000020000000000100</IBAN></Id></DbtrAcct>\n"+
			"        <Cdtr>%s</Cdtr>\n      </RltdPties>\n"+
			"      <RmtInf>\n        <Ustrd>PRESTATION %d DU MOIS DE NOVEMBRE 2026</Ustrd>\n"+
			"      </RmtInf>\n    </TxDtls>\n", name, name, i)
	}
	fmt.Fprint(b, "  </NtryDtls>\n  <AddtlNtryInf>VIREMENT RECU</AddtlNtryInf>\n</Ntry>\n")
}
