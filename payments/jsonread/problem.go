package jsonread

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// maxProblems keeps the list of a hopeless file readable.
const maxProblems = 100

// Problem is one thing to correct in a file.
type Problem struct {
	Place  string `json:"place"`   // JSON pointer: "/mandates/3/contract/start"
	Line   int    `json:"line"`    // from 1; 0 when it is not known
	Code   string `json:"code"`    // stable word for programs: "unknown_key"
	French string `json:"message"` // what is wrong and what to do
}

// String is the problem as one line for a person.
func (p Problem) String() string {
	place := p.Place
	if place == "" {
		place = "fichier"
	}
	if p.Line == 0 {
		return fmt.Sprintf("%s : %s", place, p.French)
	}
	return fmt.Sprintf("ligne %d, %s : %s", p.Line, place, p.French)
}

// List is everything wrong with a file, in its order: at most 100 problems, and how many
// more there are.
type List struct {
	Problems []Problem
	More     int
}

// Summary counts the problems and names the first; places may hold references but no
// personal text. Empty when there are none.
func (l List) Summary() string {
	if len(l.Problems) == 0 {
		return ""
	}
	first := l.Problems[0]
	return fmt.Sprintf("%d problems, the first %s at %s (line %d)",
		len(l.Problems)+l.More, first.Code, first.Place, first.Line)
}

// Lines lists the problems, one per line, each after a line break.
func (l List) Lines() string {
	var b strings.Builder
	for _, p := range l.Problems {
		b.WriteString("\n  - " + p.String())
	}
	if l.More > 0 {
		fmt.Fprintf(&b, "\n  … et %d autres.", l.More)
	}
	return b.String()
}

// Problems collects what is wrong with the bytes of a file. The zero value has no lines.
type Problems struct {
	raw  []byte
	list []Problem
	more int
}

// NewProblems collects the problems of a file.
func NewProblems(raw []byte) *Problems { return &Problems{raw: raw} }

// Add notes a problem at an offset of the file; a negative offset has no line.
func (p *Problems) Add(at int, place, code, french string) {
	if len(p.list) == maxProblems {
		p.more++
		return
	}
	line := 0
	if at >= 0 {
		line = 1 + bytes.Count(p.raw[:min(at, len(p.raw))], []byte{'\n'})
	}
	p.list = append(p.list, Problem{Place: place, Line: line, Code: code, French: french})
}

// List is what was noted, by line; false when nothing was.
func (p *Problems) List() (List, bool) {
	slices.SortStableFunc(p.list, func(a, b Problem) int { return a.Line - b.Line })
	return List{Problems: p.list, More: p.more}, len(p.list) > 0
}
