package control

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// Text is the trace as a page of text, for an archive and a terminal.
func (t Trace) Text() string {
	var b strings.Builder
	for _, l := range t.Links {
		fmt.Fprintf(&b, "%s  %s\n            %s\n", l.On.FrenchShort(), l.What, l.Key())
		if l.Hash != "" {
			fmt.Fprintf(&b, "            SHA-256 %s\n", l.Hash)
		}
		if l.Person != "" {
			fmt.Fprintf(&b, "            Pour la personne : « %s »\n", l.Person)
		}
	}
	if t.Shown < t.Payments {
		fmt.Fprintf(&b, "%d virements suivis sur %d.\n", t.Shown, t.Payments)
	}
	return b.String()
}

// wireLink is a link as programs read it.
type wireLink struct {
	Kind    Kind          `json:"kind"`
	ID      string        `json:"id"`
	On      civil.Date    `json:"on"`
	At      *time.Time    `json:"at,omitempty"`
	Amount  *money.Amount `json:"amount,omitempty"`
	Part    *money.Amount `json:"part,omitempty"`
	Hash    string        `json:"hash,omitempty"`
	Mandate string        `json:"mandate,omitempty"`
	State   string        `json:"state,omitempty"`
	What    string        `json:"what"`
	Person  string        `json:"for_person,omitempty"`
	From    []string      `json:"from"`
}

// MarshalJSON writes the trace for programs; a link is named by its key.
func (t Trace) MarshalJSON() ([]byte, error) {
	links := make([]wireLink, 0, len(t.Links))
	for _, l := range t.Links {
		one := wireLink{
			Kind: l.Kind, ID: l.Key(), On: l.On, Hash: l.Hash, Mandate: l.Mandate, State: l.State, What: l.What, Person: l.Person,
			From: append([]string{}, l.From...),
		}
		if !l.At.IsZero() {
			at := l.At.UTC()
			one.At = &at
		}
		if !l.Amount.IsZero() {
			one.Amount = &l.Amount
		}
		if !l.Part.IsZero() {
			one.Part = &l.Part
		}
		links = append(links, one)
	}
	return json.Marshal(struct {
		Start    string     `json:"start"`
		Payments int        `json:"payments"`
		Shown    int        `json:"shown"`
		Links    []wireLink `json:"links"`
	}{t.Start.Key(), t.Payments, t.Shown, links})
}

// wireItem is a drawn entry as programs read it.
type wireItem struct {
	Entry   int64        `json:"entry"`
	Value   money.Amount `json:"value"`
	Stratum string       `json:"stratum,omitempty"`
	Number  string       `json:"number,omitempty"`
	Certain bool         `json:"certain,omitempty"`
	Hits    int          `json:"hits,omitempty"`
}

// MarshalJSON writes the sample for programs.
func (s Sample) MarshalJSON() ([]byte, error) {
	items := make([]wireItem, 0, len(s.Items))
	for _, i := range s.Items {
		items = append(items, wireItem{i.Entry, i.Value, i.Stratum, i.Number, i.Certain, i.Hits})
	}
	out := struct {
		Plan     Plan          `json:"plan"`
		Entries  int64         `json:"population_entries"`
		Value    money.Amount  `json:"population_value"`
		Interval *money.Amount `json:"interval,omitempty"`
		Certain  int64         `json:"certain"`
		Draws    int64         `json:"draws"`
		Strata   []Stratum     `json:"strata"`
		Items    []wireItem    `json:"items"`
	}{s.Plan, s.Entries, s.Value, nil, s.Certain, s.Draws, append([]Stratum{}, s.Strata...), items}
	if s.Plan.Method == ByValue {
		out.Interval = &s.Interval
	}
	return json.Marshal(out)
}

// sheet is a csv-fr file (ux 4.4): BOM, semicolons, CRLF, decimal comma, texts that no spreadsheet computes.
type sheet struct{ text []byte }

func newSheet(titles ...string) *sheet {
	s := &sheet{[]byte("\ufeff")}
	s.row(titles...)
	return s
}

func (s *sheet) row(cells ...string) {
	for i, cell := range cells {
		if i > 0 {
			s.text = append(s.text, ';')
		}
		if strings.ContainsAny(cell, ";\"\r\n") {
			cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
		}
		s.text = append(s.text, cell...)
	}
	s.text = append(s.text, '\r', '\n')
}

// String is the file.
func (s *sheet) String() string { return string(s.text) }

// inert is a text that no spreadsheet takes for a formula.
func inert(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

// frenchNumber is an amount as a French spreadsheet reads it.
func frenchNumber(a money.Amount) string { return strings.Replace(a.String(), ".", ",", 1) }
