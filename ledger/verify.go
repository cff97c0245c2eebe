package ledger

import "fmt"

// Finding is one place where the books are not what they were, or do not hold together.
type Finding struct {
	Code  string // stable: ENTRY_CHANGED, SEAL_BROKEN …
	Place string // table and key: "entries 42", "postings 42/1"
	Text  string // French, for the reader of the proof
}

func (f Finding) String() string { return fmt.Sprintf("%s (%s) : %s", f.Place, f.Code, f.Text) }

// Report is the result of a verification: what was read, and every fault in the order found.
type Report struct {
	Entries, Postings, Accounts, Batches, Closings, Acts int64
	Findings                                             []Finding
	More                                                 int64 // findings beyond the limit
	Erased                                               int64 // set aside: a person's texts were erased there
	Head                                                 Head  // the end of the books as verified
}

// OK tells whether nothing was found.
func (r *Report) OK() bool { return len(r.Findings) == 0 }

// The codes of the findings of this package.
const (
	foundEntryMissing   = "ENTRY_MISSING"
	foundEntryChanged   = "ENTRY_CHANGED"
	foundEntryOutside   = "ROW_OUTSIDE_BOOKS"
	foundText           = "TEXT_CHANGED"
	foundLines          = "LINES_BROKEN"
	foundAccount        = "ACCOUNT_BROKEN"
	foundBalance        = "BALANCE_WRONG"
	foundFloor          = "BALANCE_BELOW_FLOOR"
	foundNumber         = "JOURNAL_NUMBER"
	foundDay            = "POSTING_DAY"
	foundSeal           = "SEAL_BROKEN"
	foundHead           = "HEAD_WRONG"
	foundPrintedHead    = "PRINTED_HEAD"
	foundJournal        = "JOURNAL_WRONG"
	foundClosing        = "CLOSING_BROKEN"
	foundAct            = "ACT_BROKEN"
	defaultFindingLimit = 100
)

// accountState is an account while the books are read again.
type accountState struct {
	code          string
	floored       bool
	seq           int64
	debit, credit int64
	stored        storedBalance
}

// storedBalance is the balance row that the reading must arrive at.
type storedBalance struct {
	seq, debit, credit int64
	floor              *int64
	present            bool
}

// seal is a row of seals.
type seal struct {
	batch, first, last, at int64
	root, head             [32]byte
}
