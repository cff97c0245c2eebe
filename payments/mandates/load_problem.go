package mandates

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// maxProblems keeps the list of a hopeless file readable.
const maxProblems = 100

// Problem is one thing to correct in a load file.
type Problem struct {
	Place  string `json:"place"`   // JSON pointer: "/mandates/3/contract/start"
	Line   int    `json:"line"`    // from 1; 0 when the load does not come from a file
	Code   string `json:"code"`    // stable word for programs: "unknown_key", or that of a Violation
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

// LoadError is everything that keeps a load from being written, in the order of the
// file: at most 100 problems, and how many more there are.
type LoadError struct {
	Problems []Problem
	More     int
}

// Error counts; places may hold references but no personal text.
func (e *LoadError) Error() string {
	first := e.Problems[0]
	return fmt.Sprintf("load refused: %d problems, the first %s at %s (line %d)",
		len(e.Problems)+e.More, first.Code, first.Place, first.Line)
}

// French lists the problems, one per line.
func (e *LoadError) French() string {
	var b strings.Builder
	b.WriteString("Le fichier n'est pas chargé, rien n'a été écrit :")
	for _, p := range e.Problems {
		b.WriteString("\n  - " + p.String())
	}
	if e.More > 0 {
		fmt.Fprintf(&b, "\n  … et %d autres.", e.More)
	}
	return b.String()
}

// problems collects what is wrong with the bytes raw.
type problems struct {
	raw  []byte
	list []Problem
	more int
}

// add notes a problem at an offset of the file; a negative offset has no line.
func (p *problems) add(at int, place, code, french string) {
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

// err is nil when nothing was noted.
func (p *problems) err() error {
	if len(p.list) == 0 {
		return nil
	}
	slices.SortStableFunc(p.list, func(a, b Problem) int { return a.Line - b.Line })
	return &LoadError{Problems: p.list, More: p.more}
}
