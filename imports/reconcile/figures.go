package reconcile

import (
	"masp/ledger/chain"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// State is what became of a day of a bank account.
type State string

// The states. Importing is never stored.
const (
	Balanced    State = "BALANCED"
	Difference  State = "DIFFERENCE"
	NoStatement State = "NO_STATEMENT" // the bank has not said any balance yet
	Importing   State = "IMPORTING"    // a statement is on its way into the books
)

// Figures are the two sides of a bank account on a day. Printed is the last balance that the bank has
// said, on the day BankOn. Bank is that balance and the lines of a later statement that the bank has
// dated since.
type Figures struct {
	Bank         money.Amount `json:"bank"`
	BankOn       civil.Date   `json:"bank_on"`
	Printed      money.Amount `json:"bank_printed"`
	Books        money.Amount `json:"books"`
	InTransit    money.Amount `json:"in_transit"`
	Unidentified money.Amount `json:"unidentified"`
	Persons      money.Amount `json:"persons"`

	known     bool
	statement int64
}

// Gap is what is missing: what the bank says less the books or, where these agree, the books less
// what they stand for. Zero when both equations hold.
func (f Figures) Gap() money.Amount {
	if f.againstBank() {
		return f.Bank.Sub(f.Books)
	}
	return f.unexplained()
}

// againstBank tells that the bank says something else than the books.
func (f Figures) againstBank() bool { return f.known && f.Bank != f.Books }

// unexplained are the books less what they stand for.
func (f Figures) unexplained() money.Amount {
	return f.Books.Sub(money.Sum(f.InTransit, f.Unidentified, f.Persons))
}

// State judges the figures.
func (f Figures) State() State {
	switch {
	case !f.Gap().IsZero():
		return Difference
	case !f.known:
		return NoStatement
	}
	return Balanced
}

// Day is a bank account on a day. Revision counts how often the day was stored, 0 when it is not.
type Day struct {
	Account  string       `json:"account"`
	Day      civil.Date   `json:"day"`
	State    State        `json:"state"`
	Gap      money.Amount `json:"difference"`
	Revision int          `json:"revision"`
	Figures

	place inputs
}

// inputs bound what a day is computed from: entries and statements that came later are not seen.
type inputs struct{ entry, chain int64 }

// sameAs tells that nothing that a reader sees has changed.
func (d Day) sameAs(other Day) bool { return d.State == other.State && d.Figures == other.Figures }

// hash is the stored form of a day: its figures and what they were computed from.
func (d Day) hash() chain.Hash {
	e := chain.New(1, "reconciliation").Str(d.Account).Str(d.Day.String()).Str(string(d.State))
	if d.known {
		e.Int(d.Bank.Cents()).Int(d.statement)
	} else {
		e.Null().Null()
	}
	return e.Int(d.Books.Cents()).Int(d.InTransit.Cents()).Int(d.Unidentified.Cents()).
		Int(d.Persons.Cents()).Int(d.place.chain).Int(d.place.entry).Sum()
}
