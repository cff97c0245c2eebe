package bankfile

import (
	"time"

	"masp/ledger/money"
)

// Event is what Reader.Next yields, in this order: one FileStart; for each statement one
// StatementStart, its Lines and one StatementEnd; one FileEnd.
type Event interface{ event() }

// FileStart opens a file.
type FileStart struct {
	Format Format
	// MessageID and CreatedAt are those of the group header, empty or zero when absent.
	MessageID string
	CreatedAt time.Time
}

// StatementStart opens a statement with what the file said before its first line. Banks
// may give balances later: only the Statement of StatementEnd is complete.
type StatementStart struct{ Statement Statement }

// LineEvent carries one line. The Line belongs to the receiver.
type LineEvent struct{ Line *Line }

// StatementEnd closes a statement with its sums, its proof and the judgement on it.
type StatementEnd struct {
	Statement Statement
	Sums      Sums
	// Closes is the proof opening + credits − debits = closing over the booked lines.
	Closes Proof
	// Difference is opening + credits − debits − closing; zero when it closes or is unknown.
	Difference money.Exact
	// Outcome is Accepted, AcceptedWithWarnings or Held; Reasons say why.
	Outcome Outcome
	Reasons []Reason
}

// FileEnd closes a file that was read to its last byte. Without it nothing of the file may
// be kept: a cut file may end cleanly between two lines.
type FileEnd struct {
	Statements int
	// Reasons are the warnings on the file as a whole.
	Reasons []Reason
}

func (FileStart) event()      {}
func (StatementStart) event() {}
func (LineEvent) event()      {}
func (StatementEnd) event()   {}
func (FileEnd) event()        {}

// Sums are the counts and totals of one statement.
type Sums struct {
	// Entries counts all lines, NotBooked those that are pending or informative.
	Entries, NotBooked int
	// Details counts the transactions of all lines; for CFONB 120 the 05 records, which are
	// what the format has of them.
	Details int
	// Credits and Debits are the totals of the booked lines, both without sign.
	Credits, Debits money.Exact
}

// Proof is the answer to "does the statement add up?".
type Proof uint8

// A proof is unknown when the opening or the closing balance is missing.
const (
	Unknown Proof = iota
	Closes
	Differs
)

// Outcome is the judgement on a statement or a file, from best to worst.
type Outcome uint8

// The outcomes, in the order of their gravity.
const (
	Accepted Outcome = iota
	AcceptedWithWarnings
	Held
	Refused
)

// String is the word used in JSON: accepted, accepted_with_warnings, held, refused.
func (o Outcome) String() string {
	return [...]string{"accepted", "accepted_with_warnings", "held", "refused"}[o]
}

// MarshalText writes the word of String.
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// Reason says why a statement or a file is not simply accepted.
type Reason struct {
	// Code is stable and in English: "not_eur", "does_not_add_up".
	Code string `json:"code"`
	// Message is a French sentence for the user.
	Message string `json:"message"`
	// Place is where to look: "ligne 12, Document/BkToCstmrStmt/Stmt/Ntry/Amt".
	Place string `json:"place"`
	// Outcome is what this reason alone leads to.
	Outcome Outcome `json:"-"`
}
