package evidence

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"masp/ledger/export"
)

// Manifest is manifest.json: what was asked, of which books, what came of it.
type Manifest struct {
	Format       int       `json:"masp_bundle"` // 1
	Program      string    `json:"program"`
	Organisation string    `json:"organisation"`
	SIREN        string    `json:"siren"`
	AsOf         time.Time `json:"as_of"` // the last entry, act or read
	Asked        asking    `json:"asked"`
	Whole        bool      `json:"whole_house"`
	Mandates     []string  `json:"mandates,omitempty"`
	First        int64     `json:"first_entry"` // of the period
	Last         int64     `json:"last_entry"`
	Head         string    `json:"head"` // as masp verify --head reads it
	Entries      stretch   `json:"entries"`
	Batches      stretch   `json:"batches"`
	Acts         stretch   `json:"acts"`
	Reads        stretch   `json:"reads"`
	Totals       totals    `json:"totals"`
	Pieces       []Piece   `json:"pieces"` // all but this one and SHA256SUMS
}

type asking struct {
	From       string `json:"from,omitempty"`
	To         string `json:"to,omitempty"`
	Mandate    string `json:"mandate,omitempty"`
	Department string `json:"department,omitempty"`
	Sample     int    `json:"sample"`
	Seed       string `json:"seed"`
}

// totals are those of the ledger in each of its forms.
type totals struct {
	Entries int64  `json:"entries"`
	Lines   int64  `json:"lines"`
	Debit   string `json:"debit"`
	Credit  string `json:"credit"`
}

func (s *scope) manifest(books int64, ledger export.Summary, pieces []Piece) Manifest {
	m := Manifest{
		Format: 1, Program: s.ask.Program, Organisation: s.organisation, SIREN: s.siren, AsOf: s.asOf.UTC(),
		Asked: asking{Mandate: s.ask.Mandate, Department: s.ask.Department, Sample: s.ask.Sample, Seed: s.ask.Seed},
		Whole: s.whole(), Mandates: s.mandates, First: s.first, Last: s.last, Head: s.head(books),
		Entries: s.books, Batches: s.seals, Acts: s.acts, Reads: s.reads,
		Totals: totals{ledger.Entries, ledger.Lines, ledger.Debit.String(), ledger.Credit.String()}, Pieces: pieces,
	}
	if !s.ask.From.IsZero() {
		m.Asked.From = s.ask.From.String()
	}
	if !s.ask.To.IsZero() {
		m.Asked.To = s.ask.To.String()
	}
	return m
}

// close adds the manifest and, last, the sums of everything before it.
func (a *archive) close(m Manifest) error {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(m); err != nil {
		return err
	}
	if err := a.text("manifest.json", text.String()); err != nil {
		return err
	}
	var sums bytes.Buffer
	for _, p := range a.pieces {
		fmt.Fprintf(&sums, "%s  %s\n", p.SHA256, p.Name)
	}
	if err := a.text("SHA256SUMS", sums.String()); err != nil {
		return err
	}
	return a.zip.Close()
}
