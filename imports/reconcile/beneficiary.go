package reconcile

import (
	"masp/imports"
	"masp/ledger/chain"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// Sheet is what a person had in a month: opening + in − out = closing. Every figure is opened down to
// the line of the bank that proves it.
type Sheet struct {
	Mandate string      `json:"mandate"`
	Month   civil.Month `json:"month"`
	Account string      `json:"account"`
	Model   string      `json:"model"` // INDIVIDUAL or POOLED
	Amounts
	// Own is the bank account of the person at the end of the month; nil for a pooled one.
	Own *Day `json:"own_account,omitempty"`
	// Stored counts how often the month was stored, as its days were locked; Same tells that the last
	// time it was as it is now.
	Stored    int                       `json:"stored"`
	Same      bool                      `json:"as_stored"`
	Moves     []SheetMove               `json:"moves"`
	Transfers []Pending                 `json:"transfers_in_transit"`
	Benefits  []imports.ExpectedOutcome `json:"benefits"`
	Receipts  []Receipt                 `json:"receipts"`
}

// Amounts are the figures of a month. InTransit, Reserved: at its end. Expected and Received: of the
// benefits awaited, and of all benefits that came, within it.
type Amounts struct {
	Opening   money.Amount `json:"opening"`
	In        money.Amount `json:"in"`
	Out       money.Amount `json:"out"`
	Closing   money.Amount `json:"closing"`
	InTransit money.Amount `json:"in_transit"`
	Expected  money.Amount `json:"expected"`
	Received  money.Amount `json:"received"`
	Reserved  money.Amount `json:"reserved"`
}

// SheetMove is an entry on the money of a person, whichever sub-account it lies on. Line is nil for
// an entry that no line of the bank proves, or none yet.
type SheetMove struct {
	Entry   int64        `json:"entry"`
	Day     civil.Date   `json:"day"`
	Kind    string       `json:"kind"`
	Source  string       `json:"source"`
	In      money.Amount `json:"in"`
	Out     money.Amount `json:"out"`
	Balance money.Amount `json:"balance"`
	Line    *BankLine    `json:"bank_line"`
}

// BankLine is where the bank says something: file, statement, rank in it.
type BankLine struct {
	Line      int64        `json:"line"`
	File      string       `json:"file"`
	SHA256    string       `json:"file_sha256"`
	Statement string       `json:"statement"`
	Rank      int          `json:"rank"`
	BookedOn  civil.Date   `json:"booked_on"`
	Amount    money.Amount `json:"amount"`
}

// Pending is a transfer that had left the person's money and not the bank at the end of the month.
type Pending struct {
	Reference string       `json:"reference"`
	Payee     string       `json:"payee"`
	Entry     int64        `json:"entry"`
	SentOn    civil.Date   `json:"sent_on"`
	Amount    money.Amount `json:"amount"`
}

// Receipt is a benefit that came within the month.
type Receipt struct {
	Benefit string       `json:"benefit"`
	Period  civil.Month  `json:"period"`
	On      civil.Date   `json:"received_on"`
	Entry   int64        `json:"entry"`
	Amount  money.Amount `json:"amount"`
}

// addUp makes the figures of a sheet from what it lists, opening first.
func (s *Sheet) addUp() {
	s.Closing = s.Opening
	for i := range s.Moves {
		m := &s.Moves[i]
		s.In, s.Out = s.In.Add(m.In), s.Out.Add(m.Out)
		s.Closing = s.Closing.Add(m.In).Sub(m.Out)
		m.Balance = s.Closing
	}
	for _, t := range s.Transfers {
		s.InTransit = s.InTransit.Add(t.Amount)
	}
	for _, b := range s.Benefits {
		s.Expected = s.Expected.Add(b.Amount)
	}
	for _, r := range s.Receipts {
		s.Received = s.Received.Add(r.Amount)
	}
}

// month is a stored month of a person.
type month struct {
	mandate, account string
	of               civil.Month
	Amounts
	entry    int64
	revision int
}

// hash is the stored form of a month.
func (m month) hash() chain.Hash {
	e := chain.New(1, "beneficiary month").Str(m.mandate).Str(m.account).Str(m.of.String())
	for _, a := range []money.Amount{
		m.Opening, m.In, m.Out, m.Closing, m.InTransit, m.Expected, m.Received, m.Reserved,
	} {
		e.Int(a.Cents())
	}
	return e.Int(m.entry).Sum()
}
