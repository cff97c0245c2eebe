package check

import (
	"fmt"
	"time"

	"masp/ledger/chain"
)

// Finding is one place of a bundle that is not what it was.
type Finding struct {
	Piece string `json:"piece"`           // chaine/ecritures.jsonl
	Line  int64  `json:"line,omitempty"`  // of the piece, from 1
	Thing string `json:"thing,omitempty"` // "écriture 42", "acte 7"
	Text  string `json:"message"`         // French, for the reader of the proof
}

// Place is piece, line and thing in one.
func (f Finding) Place() string {
	place := f.Piece
	if f.Line > 0 {
		place += fmt.Sprintf(", ligne %d", f.Line)
	}
	if f.Thing != "" {
		place += ", " + f.Thing
	}
	return place
}

// Report is what was read, and every fault in the order found.
type Report struct {
	Organisation string    `json:"organisation"`
	AsOf         string    `json:"as_of"`
	Pieces       int       `json:"pieces"`
	Entries      int64     `json:"entries"` // given whole
	Partial      int64     `json:"partial"` // shared with persons outside the scope
	Hidden       int64     `json:"hidden"`  // of which only the hash is given
	Erased       int64     `json:"erased"`  // records of which personal texts were erased: their place is proved alone
	Batches      int64     `json:"batches"`
	Acts         int64     `json:"acts"`
	Reads        int64     `json:"reads"`
	Transfers    int64     `json:"transfers"`
	BankLines    int64     `json:"bank_lines"`
	Seals        int       `json:"seals"`         // of days, compared
	Younger      int       `json:"younger_seals"` // made after the last that the bundle tells: nothing to compare
	Head         string    `json:"head"`
	Findings     []Finding `json:"findings"`
	More         int64     `json:"more,omitempty"` // findings beyond the limit
}

// OK tells whether nothing was found.
func (r *Report) OK() bool { return len(r.Findings) == 0 }

const mostFindings = 100

func (r *Report) found(piece string, line int64, thing, text string, args ...any) {
	if len(r.Findings) >= mostFindings {
		r.More++
		return
	}
	r.Findings = append(r.Findings, Finding{piece, line, thing, fmt.Sprintf(text, args...)})
}

// Seal is what a seal of a day says of the chains.
type Seal struct {
	Name    string
	At      time.Time
	Batch   int64
	Head    chain.Hash
	Act     int64
	ActHash chain.Hash
	Read    int64
	ReadSum chain.Hash
}

// Options say what else a bundle is held against.
type Options struct {
	Seals []Seal // of days, in their order
}

// NotABundleError is a file that is no bundle at all.
type NotABundleError struct{ why string }

func (e *NotABundleError) Error() string { return "not a bundle: " + e.why }

// French says what to give instead.
func (e *NotABundleError) French() string {
	return "Ce fichier n'est pas un dossier de preuves entier (" + e.why + ") : donnez le fichier .zip que « masp export bundle » a écrit."
}
