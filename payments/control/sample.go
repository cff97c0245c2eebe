package control

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// Method is how a sample is drawn.
type Method string

// The methods.
const (
	Random    Method = "RANDOM"  // each entry has the same chance
	ByValue   Method = "VALUE"   // each cent has the same chance
	ByStratum Method = "STRATUM" // each entry has the same chance, within its stratum
)

// By is what makes a stratum.
type By string

// The strata.
const (
	ByKind    By = "KIND"    // of entry
	ByAccount By = "ACCOUNT" // the hub account of the entry
	ByMandate By = "MANDATE" // of the first posting that has one
)

// maxSize is what persons still read.
const maxSize = 2000

// Plan is what a sample is drawn from, and how. The same books and plan give the same sample.
type Plan struct {
	Method     Method     `json:"method"`
	By         By         `json:"by,omitempty"`
	Size       int        `json:"size"`
	Seed       string     `json:"seed"`
	From       civil.Date `json:"from,omitzero"` // day of posting; zero: the first of the books
	To         civil.Date `json:"to,omitzero"`   // zero: the last
	Mandate    string     `json:"mandate,omitempty"`
	Department string     `json:"department,omitempty"`
}

// Check refuses a plan that cannot be drawn.
func (p Plan) Check() error {
	switch {
	case p.Method != Random && p.Method != ByValue && p.Method != ByStratum:
		return ErrMethod
	case (p.Method == ByStratum) != (p.By != "") || p.By != "" && p.By != ByKind && p.By != ByAccount && p.By != ByMandate:
		return ErrStratum
	case p.Size < 1 || p.Size > maxSize:
		return ErrSize
	case p.Seed == "" || !utf8.ValidString(p.Seed) || utf8.RuneCountInString(p.Seed) > 64 || strings.ContainsFunc(p.Seed, unicode.IsControl):
		return ErrSeed
	case !p.From.IsZero() && !p.To.IsZero() && p.To.Before(p.From):
		return ErrPeriod
	case p.Mandate != "" && p.Department != "":
		return ErrScope
	}
	return nil
}

// Stratum is a part of the population, and how many entries of it are drawn.
type Stratum struct {
	Name    string `json:"name"`
	Entries int64  `json:"entries"`
	Drawn   int64  `json:"drawn"`

	rest int64
}

// Item is a drawn entry.
type Item struct {
	Unit
	Number  string // its random number, of RANDOM and STRATUM
	Certain bool   // at least the interval: drawn whatever the seed
	Hits    int    // how many of its cents were drawn
}

// Sample is what was drawn, in the order of the entries.
type Sample struct {
	Plan     Plan
	Entries  int64        // of the population
	Value    money.Amount // of the population
	Interval money.Amount // of VALUE: the rest by the draws, rounded up to the cent
	Certain  int64        // of VALUE: entries of at least the interval
	Draws    int64        // of VALUE: cents that were drawn
	Strata   []Stratum    // of STRATUM, in alphabetical order
	Items    []Item
}

func (s *Sample) sort() {
	slices.SortFunc(s.Items, func(a, b Item) int { return compare(a.Entry, b.Entry) })
	if s.Plan.Method == Random {
		s.Strata = nil
	}
}

// Numbers are the drawn entries.
func (s Sample) Numbers() []int64 {
	all := make([]int64, len(s.Items))
	for i, item := range s.Items {
		all[i] = item.Entry
	}
	return all
}

func plain(n int64) string { return strconv.FormatInt(n, 10) }

func hex16(n uint64) string { return fmt.Sprintf("%016x", n) }
