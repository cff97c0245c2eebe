package sepa

import (
	"fmt"
	"io"
	"strconv"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// flushAt is the size of the pieces handed to the io.Writer.
const flushAt = 64 << 10

// WriteTo checks the file and writes it as XML in UTF-8 with ASCII content. A
// file with problems gives a *[RefusedError] and not one byte. The same content
// gives the same bytes. It implements io.WriterTo.
func (f File) WriteTo(w io.Writer) (int64, error) {
	if problems := f.Check(); len(problems) > 0 {
		return 0, &RefusedError{problems}
	}
	out := writer{to: w, buf: make([]byte, 0, flushAt+flushAt/8), p: profiles[f.Version]}
	out.header(f)
	for i := range f.Batches {
		b := &f.Batches[i]
		out.batchHeader(b)
		for j := range b.Transfers {
			out.transfer(&b.Transfers[j])
			if len(out.buf) >= flushAt {
				out.flush()
			}
		}
		out.raw("</PmtInf>\n")
	}
	out.raw("</CstmrCdtTrfInitn>\n</Document>\n")
	out.flush()
	if out.err != nil {
		return out.written, fmt.Errorf("write payment file: %w", out.err)
	}
	return out.written, nil
}

// profile is what differs between the versions.
type profile struct {
	namespace, bic   string
	dayFrom, dayTill string
}

var profiles = map[Version]profile{
	Pain09: {
		"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09", "BICFI",
		"<ReqdExctnDt><Dt>", "</Dt></ReqdExctnDt>",
	},
	Pain03: {
		"urn:iso:std:iso:20022:tech:xsd:pain.001.001.03", "BIC",
		"<ReqdExctnDt>", "</ReqdExctnDt>",
	},
}

// writer appends to a buffer. No text needs escaping: Check proved identifiers,
// and text transliterates everything else to the SEPA set, without < > & ".
type writer struct {
	to      io.Writer
	buf     []byte
	p       profile
	written int64
	err     error
}

func (w *writer) flush() {
	if w.err == nil {
		n, err := w.to.Write(w.buf)
		w.written += int64(n)
		w.err = err
	}
	w.buf = w.buf[:0]
}

func (w *writer) raw(s string) { w.buf = append(w.buf, s...) }

// text writes <tag>value</tag> transliterated, nothing when value is empty.
func (w *writer) text(tag, value string) {
	if value = Transliterate(value); value != "" {
		w.id(tag, value)
	}
}

// id writes <tag>value</tag> of a value known to be right.
func (w *writer) id(tag, value string) {
	b := append(w.buf, '<')
	b = append(b, tag...)
	b = append(b, '>')
	b = append(b, value...)
	b = append(b, '<', '/')
	b = append(b, tag...)
	w.buf = append(b, '>')
}

func (w *writer) totals(transfers int, sum money.Amount) {
	w.raw("<NbOfTxs>")
	w.buf = strconv.AppendInt(w.buf, int64(transfers), 10)
	w.raw("</NbOfTxs><CtrlSum>")
	w.amount(sum)
	w.raw("</CtrlSum>")
}

// amount writes a positive amount with two decimals.
func (w *writer) amount(a money.Amount) {
	cents := a.Cents()
	w.buf = strconv.AppendInt(w.buf, cents/100, 10)
	w.buf = append(w.buf, '.', byte('0'+cents%100/10), byte('0'+cents%10))
}

func (w *writer) header(f File) {
	w.raw(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	w.raw(`<Document xmlns="` + w.p.namespace + `">` + "\n<CstmrCdtTrfInitn>\n<GrpHdr>")
	w.id("MsgId", f.MessageID)
	w.raw("<CreDtTm>")
	w.buf = f.CreatedAt.In(civil.Paris).AppendFormat(w.buf, "2006-01-02T15:04:05")
	w.raw("</CreDtTm>")
	w.totals(f.Total())
	w.raw("<InitgPty>")
	w.text("Nm", f.InitiatingParty)
	w.raw("</InitgPty></GrpHdr>\n")
}

func (w *writer) batchHeader(b *Batch) {
	w.raw("<PmtInf>")
	w.id("PmtInfId", b.PaymentInfoID)
	w.raw("<PmtMtd>TRF</PmtMtd><BtchBookg>false</BtchBookg>")
	w.totals(len(b.Transfers), b.Total())
	w.raw("<PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl></PmtTpInf>")
	w.raw(w.p.dayFrom)
	w.raw(b.ExecuteOn.String())
	w.raw(w.p.dayTill)
	w.raw("<Dbtr>")
	w.text("Nm", b.Debtor.Name)
	w.raw("</Dbtr><DbtrAcct><Id>")
	w.id("IBAN", b.Debtor.IBAN.String())
	w.raw("</Id><Ccy>EUR</Ccy></DbtrAcct><DbtrAgt><FinInstnId>")
	if b.Debtor.BIC != "" {
		w.id(w.p.bic, string(b.Debtor.BIC))
	} else {
		w.raw("<Othr><Id>NOTPROVIDED</Id></Othr>")
	}
	w.raw("</FinInstnId></DbtrAgt><ChrgBr>SLEV</ChrgBr>\n")
}

func (w *writer) transfer(t *Transfer) {
	w.raw("<CdtTrfTxInf><PmtId>")
	if t.InstructionID != "" {
		w.id("InstrId", t.InstructionID)
	}
	w.id("EndToEndId", t.EndToEndID)
	w.raw(`</PmtId><Amt><InstdAmt Ccy="EUR">`)
	w.amount(t.Amount)
	w.raw("</InstdAmt></Amt><Cdtr>")
	w.text("Nm", t.Creditor.Name)
	if t.Creditor.Address != nil {
		w.address(t.Creditor.Address)
	}
	w.raw("</Cdtr><CdtrAcct><Id>")
	w.id("IBAN", t.Creditor.IBAN.String())
	w.raw("</Id></CdtrAcct>")
	if t.Reference != "" {
		w.raw("<RmtInf>")
		w.text("Ustrd", t.Reference)
		w.raw("</RmtInf>")
	}
	w.raw("</CdtTrfTxInf>\n")
}

func (w *writer) address(a *Address) {
	w.raw("<PstlAdr>")
	w.text("StrtNm", a.Street)
	w.text("BldgNb", a.Building)
	w.text("PstCd", a.PostCode)
	w.text("TwnNm", a.Town)
	w.id("Ctry", a.Country)
	w.raw("</PstlAdr>")
}
