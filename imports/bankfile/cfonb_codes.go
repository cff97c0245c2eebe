package bankfile

import (
	"strings"
	"unicode/utf8"
)

// Complement is a 05 record of CFONB 120 that has no place of its own in a Detail, word for
// word: a party's number (IPY, IBE), the amount in its first currency (MMO), fees (FEE), and
// whatever a bank has invented.
type Complement struct {
	// Qualifier is what stands in columns 46 to 48, mostly three letters.
	Qualifier string
	// Text is what stands behind it, without the blanks at the end.
	Text string
}

// silent are the known qualifiers whose text is for machines. The other complements go into
// the text of the transaction as well, where a person reads them.
var silent = map[string]bool{
	"IPY": true, "IBE": true, "IPO": true, "IBU": true, "MMO": true, "FEE": true,
}

// qualified puts a 05 of the norm of 2010 in its place; a place that is taken is never
// overwritten.
func (o *current) qualified(qualifier string, r *record) {
	d := o.transaction()
	text := trimLeft(r.trimmed(49, 118))
	one, two := trim(r.columns(49, 83)), trim(r.columns(84, 118))
	placed := false
	switch qualifier {
	case "NPY":
		placed = place(&d.DebtorName, text)
	case "NPO":
		placed = place(&d.UltimateDebtor, text)
	case "NBE":
		placed = place(&d.CreditorName, text)
	case "NBU":
		placed = place(&d.UltimateCreditor, text)
	case "CPY":
		placed = place(&d.DebtorIBAN, compactIBAN(text))
	case "CBE":
		placed = place(&d.CreditorIBAN, compactIBAN(text))
	case "LCS":
		placed = place(&d.StructuredRef, text)
	case "RUM": // behind the number of the mandate: FRST, RCUR…
		placed = place(&d.MandateID, one)
	case "RCN":
		if one == notProvided {
			one = ""
		}
		placed = d.Purpose == "" && place(&d.EndToEndID, one) && place(&d.Purpose, two)
	case "REF":
		placed = d.InstructionID == "" && place(&d.PaymentInfoID, one) && place(&d.InstructionID, two)
	case "LCC", "LC2":
		placed = o.remittance(qualifier, r.trimmed(49, 118))
	}
	if !placed {
		d.Complements = append(d.Complements, Complement{qualifier, r.trimmed(49, 118)})
	}
}

// place sets what is not set yet.
func place(into *string, text string) bool {
	if *into != "" {
		return false
	}
	*into = text
	return true
}

// remittance takes a free text: LCC is its first 70 characters, LC2 the 70 behind them.
func (o *current) remittance(qualifier, text string) bool {
	const half = 70
	d := o.transaction()
	if last := len(d.Remittance) - 1; qualifier == "LC2" && o.halved {
		gap := strings.Repeat(" ", half-utf8.RuneCountInString(d.Remittance[last]))
		d.Remittance[last], o.halved = d.Remittance[last]+gap+text, false
		return true
	}
	if d.Remittance == nil {
		d.Remittance = o.room.text[:0]
	}
	d.Remittance, o.halved = append(d.Remittance, text), qualifier == "LCC"
	return true
}

// isoCode is what an interbank code (columns 33 and 34) means in ISO 20022, where that is sure.
func isoCode(operation string) TransactionCode {
	switch operation {
	case "12": // a transfer of ours rejected or returned
		return TransactionCode{"PMNT", "ICDT", "RRTN"}
	case "C3", "C5": // an instant one given back after a recall, or credited again
		return TransactionCode{"PMNT", "IRCT", "RRTN"}
	case "C1":
		return TransactionCode{"PMNT", "IRCT", "ESCT"}
	case "C2":
		return TransactionCode{"PMNT", "RRCT", "ESCT"}
	case "B1":
		return TransactionCode{"PMNT", "RDDT", "ESDD"}
	case "B2":
		return TransactionCode{"PMNT", "RDDT", "BBDD"}
	}
	return TransactionCode{}
}

// classify says what kind of operation a line is: its codes, whether a transfer comes back,
// whether it is the sum of several.
func (c *cfonb) classify(o *current) {
	l, operation := o.line, o.first.trimmed(33, 34)
	credit := l.Amount.Sign() > 0
	l.ProprietaryCode = c.proprietary(operation, o.first.trimmed(8, 11))
	if code := isoCode(operation); !code.returned() || credit {
		l.Code = code
	}
	if l.Code.returned() {
		reason := trim(o.first.columns(41, 42))
		if reason == "00" {
			reason = ""
		}
		o.transaction().Return = &Return{Code: reason}
		return
	}
	if !credit && len(l.Details) > 0 && l.Details[0].onlyBatch() {
		l.Batches, l.Details = []BatchInfo{{PaymentInfoID: l.Details[0].PaymentInfoID}}, nil
	}
}

// proprietary writes the interbank and the bank's own code as French banks do in camt:
// "05/0090"; the last one is kept, for most lines bear the same.
func (c *cfonb) proprietary(operation, internal string) string {
	if internal == "" {
		return operation
	}
	n := len(operation)
	if k := c.kind; len(k) == n+1+len(internal) && k[:n] == operation && k[n+1:] == internal {
		return k
	}
	c.kind = operation + "/" + internal
	return c.kind
}

// onlyBatch tells that a debit names its payment information and none of its transfers: it is
// the sum of them all.
func (d *Detail) onlyBatch() bool {
	return d.PaymentInfoID != "" && d.EndToEndID == "" && d.InstructionID == "" && d.CreditorName == "" &&
		d.MandateID == "" && d.Remittance == nil && d.Complements == nil
}
