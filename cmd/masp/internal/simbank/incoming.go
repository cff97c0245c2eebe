package simbank

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Incoming is a transfer that somebody sends to an account. The payer's IBAN is
// not part of it: French banks do not show it to the payee.
type Incoming struct {
	Payer       string
	EndToEnd    string // empty: NOTPROVIDED
	Remittance  []string
	Purpose     string // ISO purpose code such as SALA or BENE; may be empty
	AmountCents int64
}

// Outgoing is a debit that the holder did not order: a fee of the bank when
// Creditor is empty, a direct debit otherwise.
type Outgoing struct {
	Creditor    string
	Mandate     string // reference of the direct debit mandate
	EndToEnd    string
	Label       string
	AmountCents int64
}

// Credit books a transfer received on a day, or on the next day that is open.
func (b *Bank) Credit(iban string, on Day, in Incoming) error {
	return b.plan(iban, on, incomingEntry(b.holder(iban), in), in.AmountCents)
}

// incomingEntry is the line of a transfer received.
func incomingEntry(holder string, in Incoming) entry {
	endToEnd := in.EndToEnd
	if endToEnd == "" {
		endToEnd = "NOTPROVIDED"
	}
	return entry{
		Cents: in.AmountCents, Code: codeTransferIn, Label: "VIR RECU " + in.Payer,
		Details: []detail{{
			EndToEndID: endToEnd, Cents: in.AmountCents, Debtor: in.Payer,
			Creditor: holder, Purpose: in.Purpose, Remittance: in.Remittance,
		}},
	}
}

// Debit books a fee or a direct debit on a day, or on the next day that is open.
// Unlike an order, it may overdraw the account.
func (b *Bank) Debit(iban string, on Day, out Outgoing) error {
	e := entry{Cents: -out.AmountCents, Code: codeFee, Label: out.Label}
	if out.Creditor != "" {
		e.Code = codeDirectDebit
		e.Details = []detail{{
			EndToEndID: out.EndToEnd, DirectDebitMandate: out.Mandate, Cents: e.Cents,
			Debtor: b.holder(iban), Creditor: out.Creditor, Remittance: []string{out.Label},
		}}
	}
	return b.plan(iban, on, e, out.AmountCents)
}

func (b *Bank) plan(iban string, on Day, e entry, cents int64) error {
	a := b.byIBAN[iban]
	switch {
	case a == nil:
		return fmt.Errorf("book on %s: %w", iban, errNoSuchAccount)
	case cents <= 0:
		return fmt.Errorf("book on %s: an amount is positive, got %d cents", iban, cents)
	case on < a.OpenedOn:
		return fmt.Errorf("book on %s: %s is before the opening", iban, on)
	}
	for _, d := range e.Details {
		if !d.fits() {
			return fmt.Errorf("book on %s: a text is longer than a statement can carry", iban)
		}
	}
	b.moves = append(b.moves, move{on, iban, e})
	return nil
}

// fits reports whether the texts have a place in a camt.053: references of 35
// characters, names of 140 together, purposes of 4, remittances of 140.
func (d detail) fits() bool {
	for _, text := range d.Remittance {
		if utf8.RuneCountInString(text) > 140 {
			return false
		}
	}
	return max(utf8.RuneCountInString(d.EndToEndID), utf8.RuneCountInString(d.DirectDebitMandate)) <= 35 &&
		utf8.RuneCountInString(d.Debtor+d.Creditor) <= 140 && len(d.Purpose) <= 4
}

func (b *Bank) holder(iban string) string {
	if a := b.byIBAN[iban]; a != nil {
		return a.Holder
	}
	return ""
}

// CAF is a payment of a family benefits office as its lines look in public
// evidence: EndToEndId of nine digits and "V16"; a remittance in two parts, the
// second one with the allocataire number (7 digits and a letter), the name on
// twelve places, the month as MMYYYY and "ME". Only right is read of its day.
func CAF(office string, transfer int, allocataire, name string, right Day, cents int64) Incoming {
	number := fmt.Sprintf("%09d", transfer)
	t := right.time()
	return Incoming{
		Payer: office, EndToEnd: number + "V16", AmountCents: cents, Purpose: "BENE",
		Remittance: []string{
			"XPXREFERENCE " + number + strings.Repeat(" ", 25) + "ME",
			fmt.Sprintf("%s%-12.12s %s", allocataire, strings.ToUpper(name), month(t)),
		},
	}
}

func month(t time.Time) string { return t.Format("012006") + "ME" }
