package imports

import (
	"context"
	"os"
	"strings"

	"masp/imports/bankfile"
	"masp/ledger/money"
)

// Report is what `masp bankfile check --json` prints about a file of any family:
//
//	{
//	  "file": "releve.xml",            // name as given, no part of the judgement
//	  "sha256": "9f86…",               // null when a refused file was too long to be read on
//	  "format": "camt.053.001.08",     // real format, by content
//	  "outcome": "accepted",           // accepted, accepted_with_warnings, held, refused
//	  "reasons": [{"code", "message", "place"}],  // of an archive: of each file held or refused
//	  "statements": [                  // camt.05x, CFONB 120; [] otherwise
//	    {"account", "currency", "id", "sequence", "opening", "closing", "entries", "details",
//	     "credits", "debits", "not_booked", "closes", "outcome"}],
//	  "kind": "statement",             // statement, intraday, notice, answer, archive, none
//	  "totals": {                      // over the statements; of an answer, of what it answers
//	    "groups": 1, "entries": 3, "details": 3, "credits": "1405.31", "debits": "1348.30"},
//	  "answer": {…},                   // pain.002 only: see AnswerReport
//	  "members": [{…}]                 // of an archive only: each a report like this one
//	}
//
// The command adds "second_reader", a bankfile.SecondOpinion, when it is asked for.
//
// Credits and debits are exact sums of the booked lines, without sign, whatever their currency.
// Groups are statements, or the batches (PmtInf) that an answer speaks of; its entries are the
// transfers that it names.
type Report struct {
	bankfile.Report

	Kind    string        `json:"kind"`
	Totals  Totals        `json:"totals"`
	Answer  *AnswerReport `json:"answer,omitempty"`
	Members []Report      `json:"members,omitempty"`
}

// Totals are the counts and sums of a file, see Report.
type Totals struct {
	Groups  int         `json:"groups"`
	Entries int         `json:"entries"`
	Details int         `json:"details"`
	Credits money.Exact `json:"credits"`
	Debits  money.Exact `json:"debits"`
}

// The kinds of files that are no statements.
const (
	kindNone    = "none"
	kindAnswer  = "answer"
	kindArchive = "archive"
)

var kinds = map[bankfile.Kind]string{
	bankfile.NoStatement: kindNone, bankfile.Final: "statement", bankfile.Intraday: "intraday",
	bankfile.Notice: "notice",
}

// CheckFile reads a whole file of any family that lies in a bank's folder, keeps nothing, and
// says what an import would make of it. Its content decides what it is, never its name. What
// cannot be read is refused in the report; there is no error.
func CheckFile(ctx context.Context, path string) Report {
	p := newReport(bankfile.CheckFile(ctx, path))
	switch {
	case p.family() == familyReport:
		p.reread(path, func(f *os.File, _ int64) { p.checkAnswer(f) })
	case p.format().Archive():
		p.reread(path, func(f *os.File, size int64) { p.checkArchive(ctx, f, size) })
	}
	p.sum()
	return p
}

func newReport(r bankfile.Report) Report {
	p := Report{Report: r}
	p.Kind = kinds[p.format().Kind()]
	return p
}

// family is the format without its version.
func (p *Report) family() string {
	family, _, _ := strings.Cut(p.Format, ".001.")
	return family
}

func (p *Report) format() bankfile.Format { return bankfile.Format{Family: p.family()} }

// reread opens the file again for the reader that its content asks for.
func (p *Report) reread(path string, read func(f *os.File, size int64)) {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return // it was refused already, and stays so
	}
	f, err := os.Open(path)
	if err != nil {
		return
	}
	defer f.Close() //nolint:errcheck // the file is only read
	read(f, info.Size())
}

// sum adds up what the file holds.
func (p *Report) sum() {
	for _, s := range p.Statements {
		p.Totals.Groups++
		p.Totals.Entries += s.Entries
		p.Totals.Details += s.Details
		p.Totals.Credits = p.Totals.Credits.Add(exact(s.Credits))
		p.Totals.Debits = p.Totals.Debits.Add(exact(s.Debits))
	}
	if p.Answer != nil {
		p.Totals.Groups, p.Totals.Entries = p.Answer.Batches, p.Answer.Transactions
	}
	for _, m := range p.Members {
		p.Totals.add(m.Totals)
	}
}

func (t *Totals) add(m Totals) {
	t.Groups, t.Entries, t.Details = t.Groups+m.Groups, t.Entries+m.Entries, t.Details+m.Details
	t.Credits, t.Debits = t.Credits.Add(m.Credits), t.Debits.Add(m.Debits)
}

// exact reads back a number that bankfile has printed.
func exact(text string) money.Exact {
	v, _ := money.ParseExact(text) // it was printed by Exact.String
	return v
}
