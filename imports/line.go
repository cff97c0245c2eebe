package imports

import (
	"masp/imports/bankfile"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// Line is one line of a statement, reduced to what recognition and the books need.
type Line struct {
	// Rank counts the lines of the statement from 1, as in the file.
	Rank int
	// BookedOn and ValueOn are the bank's days; neither is zero.
	BookedOn, ValueOn civil.Date
	// Amount is signed, in euros: money that comes in is positive.
	Amount money.Amount
	// Booked is false for a pending or informative line: it is kept, never posted.
	Booked bool
	// Returned is what the bank itself says: this money comes back.
	Returned bool
	// BankReference is the bank's own number of the line, Code its transaction code.
	BankReference, Code string
	// Text is the bank's text on the line as a whole.
	Text string
	// Batches name the payment files that the bank booked as this one line.
	Batches []Batch
	// Details are the transactions of the line; often there is none or one.
	Details []Detail
}

// Batch names a group of our transfers, as the bank gives it back. Count is 0 when unknown.
type Batch struct {
	MessageID, PaymentInfoID string
	Count                    int
}

// Detail is one transaction of a line.
type Detail struct {
	// Amount is without sign, in euros; zero when the bank states none.
	Amount money.Amount
	// What we wrote in the payment file, when the bank gives it back.
	EndToEndID, InstructionID, PaymentInfoID, MessageID string
	// Party is who paid, or who was paid; Ultimate the person behind him.
	Party, Ultimate string
	// Purpose is the ISO purpose code: "SALA" for a wage.
	Purpose string
	// Text joins what the payer wrote and what the bank added.
	Text string
	// Returned is what the bank says of this transaction: this money comes back. ReturnCode is
	// why, "AC04", where it says so.
	Returned   bool
	ReturnCode string
}

// magnitude is the amount without its sign.
func (l Line) magnitude() money.Amount { return l.Amount.Abs() }

// details returns the transactions of the line, each with its amount: a line without any is
// its own only transaction. Whole tells that every amount is known and that they add up.
func (l Line) details() (all []Detail, whole bool) {
	if len(l.Details) == 0 {
		return []Detail{{Amount: l.magnitude()}}, true
	}
	all = append(all, l.Details...)
	if len(all) == 1 && all[0].Amount.IsZero() {
		all[0].Amount = l.magnitude()
	}
	var sum money.Amount
	for _, d := range all {
		if d.Amount.IsZero() {
			return all, false
		}
		sum = sum.Add(d.Amount)
	}
	return all, sum == l.magnitude()
}

// only is the line as if one of its transactions were all of it.
func (l Line) only(d Detail) Line {
	amount := d.Amount
	if l.Amount.IsNegative() {
		amount = amount.Neg()
	}
	l.Amount, l.Details = amount, []Detail{d}
	return l
}

// counterparty is the name that a list of movements shows beside the line.
func (l Line) counterparty() string {
	for _, d := range l.Details {
		if name := firstOf(d.Party, d.Ultimate); name != "" {
			return name
		}
	}
	return ""
}

// text is what was written on the line: by the payer first, else by the bank.
func (l Line) text() string {
	for _, d := range l.Details {
		if d.Text != "" {
			return d.Text
		}
	}
	return l.Text
}

// kept is the text that the books keep of the line, 1000 characters at most.
func (l Line) kept() string { return shorten(join(l.text(), l.Text), 1000) }

// firstOf returns the first text that says something.
func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// readLine keeps of a line of the file what this package works with. It fails when the
// amount has more than two decimals: no line of our books can be that. The days may still be
// zero: banks may write the balance, whose day stands in for them, after the lines.
func readLine(l *bankfile.Line) (Line, error) {
	amount, err := l.Amount.Amount()
	if err != nil {
		return Line{}, err
	}
	line := Line{
		Rank: l.Rank, BookedOn: l.BookingDay(), ValueOn: l.ValueOn, Amount: amount,
		Booked: l.Status == bankfile.Booked, Returned: l.Returned(),
		BankReference: firstOf(l.BankReference, l.EntryReference),
		Code:          firstOf(l.Code.String(), l.ProprietaryCode), Text: l.Text,
	}
	for _, b := range l.Batches {
		line.Batches = append(line.Batches, Batch{b.MessageID, b.PaymentInfoID, b.Count})
	}
	for i := range l.Details {
		line.Details = append(line.Details, readDetail(&l.Details[i], amount.IsPositive()))
	}
	return line, nil
}
