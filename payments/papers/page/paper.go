package page

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"
)

// Paper is a paper of texts that are ready to be printed.
type Paper struct {
	Number   string // of the paper, in its footer
	Title    string // "Relevé de compte"
	Subtitle string // "du 1er au 30 novembre 2026"
	From     string // who gives it
	Warning  string // what a reader must know first, or empty
	Facts    []Fact
	Sections []Section
	Notes    []string // how it adds up, how to contest it
	Terms    []Term   // further words that are explained
	Dated    time.Time
}

// Fact is one line of the head of a paper.
type Fact struct{ Name, Value string }

// Term is a word of the trade and what it means.
type Term struct{ Word, Meaning string }

// Section is a table under its title.
type Section struct {
	Title   string
	Columns []Column
	Rows    []Row
	Empty   string // what stands there without rows
	Named   int    // the column that names a row
	Note    string // below the table, or empty
}

// Column is a column of a table; Width is in letters, and a share of the sheet.
type Column struct {
	Title   string
	Width   int
	Number  bool   // stands to the right
	Meaning string // « C'est quoi ? », or empty
}

// Row is a line of a table, a text for each column. A strong one is a balance or a total.
type Row struct {
	Strong bool
	Cells  []string
}

// terms are all words that the paper explains, each once.
func (p Paper) terms() []Term {
	var all []Term
	known := map[string]bool{}
	add := func(t Term) {
		if t.Meaning != "" && !known[t.Word] {
			known[t.Word] = true
			all = append(all, t)
		}
	}
	for _, s := range p.Sections {
		for _, c := range s.Columns {
			add(Term{c.Title, c.Meaning})
		}
	}
	for _, t := range p.Terms {
		add(t)
	}
	return all
}

// Fingerprint is the SHA-256 of the content, whatever its form.
func (p Paper) Fingerprint() [sha256.Size]byte {
	bytes, err := json.Marshal(p)
	if err != nil {
		panic("a paper of texts is always written: " + err.Error())
	}
	return sha256.Sum256(append([]byte("paper 1\n"), bytes...))
}

// mark is the fingerprint as a person compares it: groups of eight.
func (p Paper) mark() string {
	sum := p.Fingerprint()
	digits := hex.EncodeToString(sum[:])
	var groups []string
	for i := 0; i < len(digits); i += 8 {
		groups = append(groups, digits[i:i+8])
	}
	return strings.Join(groups, " ")
}
