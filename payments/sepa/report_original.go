package sepa

import (
	"strings"

	"masp/ledger/money"
	"masp/payments/xmlread"
)

// readOriginal takes Amt/InstdAmt, Cdtr/Nm or Cdtr/Pty/Nm, and CdtrAcct/Id/IBAN of the original
// transfer.
func (report *Report) readOriginal(r *xmlread.Reader, t *TxStatus) {
	at := r.Depth()
	for r.Child(at) {
		switch r.Name() {
		case "Amt":
			for r.Child(at + 1) {
				if r.Name() == "InstdAmt" {
					report.readAmount(r, t)
				}
			}
		case "Cdtr":
			readName(r, &t.CreditorName)
		case "CdtrAcct":
			for r.Child(at + 1) {
				if r.Name() == "Id" {
					readIBAN(r, &t.CreditorIBAN)
				}
			}
			t.CreditorIBAN = strings.ReplaceAll(t.CreditorIBAN, " ", "")
		}
	}
}

// readName takes Nm, or Pty/Nm.
func readName(r *xmlread.Reader, into *string) {
	at := r.Depth()
	for r.Child(at) {
		switch r.Name() {
		case "Nm":
			once(r, into)
		case "Pty":
			for r.Child(at + 1) {
				if r.Name() == "Nm" {
					once(r, into)
				}
			}
		}
	}
}

func readIBAN(r *xmlread.Reader, into *string) {
	at := r.Depth()
	for r.Child(at) {
		if r.Name() == "IBAN" {
			once(r, into)
		}
	}
}

func (report *Report) readAmount(r *xmlread.Reader, t *TxStatus) {
	t.Currency, _ = r.Attr("Ccy")
	text := ""
	once(r, &text)
	amount, err := money.ParseExact(text)
	if err != nil {
		report.warn(WarningAmount)
		return
	}
	t.Amount = &amount
}
