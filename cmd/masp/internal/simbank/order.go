package simbank

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Namespaces of the orders that the bank takes.
const (
	pain03 = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"
	pain09 = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
)

// paymentFile is a pain.001 as far as a bank needs it, still as text.
type paymentFile struct {
	XMLName xml.Name       `xml:"Document"`
	Header  fileHeader     `xml:"CstmrCdtTrfInitn>GrpHdr"`
	Groups  []paymentGroup `xml:"CstmrCdtTrfInitn>PmtInf"`
}

type fileHeader struct {
	MsgID   string `xml:"MsgId"`
	NbOfTxs string `xml:"NbOfTxs"`
	CtrlSum string `xml:"CtrlSum"`
}

type paymentGroup struct {
	ID        string `xml:"PmtInfId"`
	Method    string `xml:"PmtMtd"`
	Batch     string `xml:"BtchBookg"`
	NbOfTxs   string `xml:"NbOfTxs"`
	CtrlSum   string `xml:"CtrlSum"`
	Requested struct {
		Text string `xml:",chardata"` // .03
		Date string `xml:"Dt"`        // .09
	} `xml:"ReqdExctnDt"`
	Debtor    string         `xml:"DbtrAcct>Id>IBAN"`
	Transfers []transferText `xml:"CdtTrfTxInf"`
}

type transferText struct {
	InstrID    string `xml:"PmtId>InstrId"`
	EndToEndID string `xml:"PmtId>EndToEndId"`
	Amount     struct {
		Text     string `xml:",chardata"`
		Currency string `xml:"Ccy,attr"`
	} `xml:"Amt>InstdAmt"`
	Creditor     string   `xml:"Cdtr>Nm"`
	CreditorIBAN string   `xml:"CdtrAcct>Id>IBAN"`
	Remittance   []string `xml:"RmtInf>Ustrd"`
}

// order is one PmtInf as read, waiting for its day.
type order struct {
	Version   string // "03" or "09": the version of the file, hence of its report
	MessageID string
	ID        string // PmtInfId
	Debtor    string
	Batch     bool
	DebitOn   Day
	Transfers []transfer
}

// transfer is one CdtTrfTxInf as read.
type transfer struct {
	InstrID, EndToEndID    string
	Cents                  int64
	Creditor, CreditorIBAN string
	Remittance             []string
}

// readFile reads the bytes of a pain.001.001.03 or .09: one root, nothing
// behind it, no DOCTYPE. What it returns has a MsgId and is otherwise unchecked.
func readFile(data []byte) (paymentFile, error) {
	var f paymentFile
	decoder := xml.NewDecoder(bytes.NewReader(data))
	if err := skipProlog(decoder, &f); err != nil {
		return f, err
	}
	if token, err := decoder.Token(); !errors.Is(err, io.EOF) && !isBlank(token) {
		return f, errors.New("something follows the document")
	}
	if f.XMLName.Space != pain03 && f.XMLName.Space != pain09 {
		return f, fmt.Errorf("namespace %.80q is neither pain.001.001.03 nor .09", f.XMLName.Space)
	}
	if !isReference(f.Header.MsgID) {
		return f, fmt.Errorf("message name %.40q: 1 to 35 SEPA characters are expected", f.Header.MsgID)
	}
	return f, nil
}

// skipProlog moves to the root and reads it into f.
func skipProlog(decoder *xml.Decoder, f *paymentFile) error {
	for {
		token, err := decoder.Token()
		if err != nil {
			return fmt.Errorf("read payment file: %w", err)
		}
		switch t := token.(type) {
		case xml.Directive:
			return errors.New("read payment file: a DOCTYPE is not accepted")
		case xml.StartElement:
			if err := decoder.DecodeElement(f, &t); err != nil {
				return fmt.Errorf("read payment file: %w", err)
			}
			return nil
		}
	}
}

func isBlank(token xml.Token) bool {
	text, ok := token.(xml.CharData)
	return ok && strings.TrimSpace(string(text)) == ""
}

// version returns "03" or "09".
func (f paymentFile) version() string { return f.XMLName.Space[len(f.XMLName.Space)-2:] }
