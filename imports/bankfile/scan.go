package bankfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"masp/imports/xmlread"
)

// depthLimit is how deep elements may be nested (decisions 9).
const depthLimit = 64

// scanner is a document of UTF-8 read without encoding/xml: the same rules as
// xmlread.Reader, of whose words and errors it makes use.
type scanner struct {
	window
	known   map[string]*xmlName
	depth   int
	stack   [depthLimit]frame // stack[:depth] are the open elements
	spaces  []binding
	attrs   []attribute // of the last Start
	empty   bool        // the last Start was <Empty/>: its End comes next
	home    string
	rooted  bool
	foreign int
	budgets []budget
	value   []byte // reused by Value
	scratch []byte // reused for texts with entities
	err     error
}

// frame is an open element and what is counted about its children.
type frame struct {
	name     *xmlName
	space    string
	inherit  string // default namespace inside
	bindings int
	nth      int // rank among brothers of the same name in a row
	last     string
	lastNth  int
}

type binding struct{ prefix, space string }

type attribute struct {
	name  *xmlName
	value string
}

type budget struct {
	depth int
	until int64
}

func newScanner(head []byte, rest io.Reader) *scanner {
	s := &scanner{known: map[string]*xmlName{}}
	s.r = io.MultiReader(bytes.NewReader(head), rest)
	s.buf = make([]byte, scanChunk)
	return s
}

// Next returns the next token of the home namespace and passes over foreign elements.
func (s *scanner) Next() xmlread.Token {
	for {
		t := s.read()
		if t.Kind != xmlread.Start || t.Space == s.home || s.depth == 1 {
			return t
		}
		s.foreign++
		s.skip()
	}
}

// Child moves to the next child of the element open at depth at; false when that element
// has closed, and after an error. Child(0) returning false proves the file's end.
func (s *scanner) Child(at int) bool {
	for s.depth >= at {
		switch t := s.Next(); {
		case t.Kind == xmlread.None:
			return false
		case t.Kind == xmlread.Start && s.depth == at+1:
			return true
		}
	}
	return false
}

// Value reads the element just opened to its end and returns its text without surrounding
// blanks. A child element is an error.
func (s *scanner) Value() string {
	s.value = s.value[:0]
	for {
		switch t := s.read(); t.Kind {
		case xmlread.Text:
			if s.value = append(s.value, t.Text...); len(s.value) > tokenLimit {
				_ = s.Fail(xmlread.CodeTooLarge, "", errTokenSize)
			}
		case xmlread.End:
			return s.word(bytes.Trim(s.value, " \t\r\n"))
		case xmlread.Start:
			_ = s.Fail(xmlread.CodeNotText, t.Name, errors.New("child element in a text"))
			return ""
		default:
			return ""
		}
	}
}

// skip passes over the rest of the innermost open element, its End included.
func (s *scanner) skip() {
	for at := s.depth; s.depth >= at && at > 0; {
		if s.read().Kind == xmlread.None {
			return
		}
	}
}

// Seek moves, whatever the namespaces, to the first element of one of these names at or
// below the innermost open one, and makes its namespace home.
func (s *scanner) Seek(names ...string) bool {
	for at := s.depth; s.depth >= at; {
		for _, name := range names {
			if s.Name() == name {
				s.home = s.Space()
				return true
			}
		}
		t := s.read()
		for t.Kind == xmlread.Text {
			t = s.read()
		}
		if t.Kind == xmlread.None {
			return false
		}
	}
	return false
}

// Attr returns an attribute without prefix of the Start just read.
func (s *scanner) Attr(name string) (string, bool) {
	for _, a := range s.attrs {
		if a.name.prefix == "" && a.name.local == name {
			return a.value, true
		}
	}
	return "", false
}

// Limit bounds the element just opened to n bytes more.
func (s *scanner) Limit(n int64) {
	s.budgets = append(s.budgets, budget{s.depth, s.offset() + n})
}

// Depth is the number of open elements.
func (s *scanner) Depth() int { return s.depth }

// Foreign is how many elements of another namespace were passed over.
func (s *scanner) Foreign() int { return s.foreign }

// Name is the local name of the innermost open element, empty outside the root.
func (s *scanner) Name() string {
	if s.depth == 0 {
		return ""
	}
	return s.stack[s.depth-1].name.local
}

// Space is the namespace URI of the innermost open element.
func (s *scanner) Space() string {
	if s.depth == 0 {
		return ""
	}
	return s.stack[s.depth-1].space
}

// Path is the way to the innermost open element: "Document/Stmt[2]/Ntry[17]".
func (s *scanner) Path() string {
	var b strings.Builder
	for i := range s.stack[:s.depth] {
		f := &s.stack[i]
		if i > 0 {
			b.WriteByte('/')
		}
		b.WriteString(f.name.local)
		if f.nth > 1 {
			b.WriteString("[" + strconv.Itoa(f.nth) + "]")
		}
	}
	return b.String()
}

// Err is the first error met, nil when the document was read to its end.
func (s *scanner) Err() error {
	if s.err == io.EOF {
		return nil
	}
	return s.err
}

// Fail records an error at the place reached; the first one wins and reading stops.
func (s *scanner) Fail(code, value string, cause error) error {
	if s.err == nil || s.err == io.EOF {
		line, column := s.Position()
		s.err = &xmlread.FormatError{Line: line, Column: column, Path: s.Path(),
			Code: code, Value: shorten(value), Err: cause}
	}
	return s.err
}

// stop turns the end of what can be read into the end of the document or an error.
func (s *scanner) stop(inToken bool) {
	switch {
	case s.tail == errTokenSize:
		_ = s.Fail(xmlread.CodeTooLarge, "", s.tail)
	case s.tail == errNotUTF8:
		s.pos = s.good
		_ = s.Fail(xmlread.CodeContradicted, "", s.tail)
	case s.tail == errControl:
		s.pos = s.good
		_ = s.Fail(xmlread.CodeMalformed, "", s.tail)
	case s.tail != io.EOF:
		s.err = fmt.Errorf("read xml: %w", s.tail)
	case s.depth > 0 || inToken:
		s.pos = s.good
		_ = s.Fail(xmlread.CodeTruncated, "", io.ErrUnexpectedEOF)
	case !s.rooted:
		_ = s.Fail(xmlread.CodeEmpty, "", errors.New("no element"))
	default:
		s.err = io.EOF
	}
}

func (s *scanner) malformed(value, why string) {
	_ = s.Fail(xmlread.CodeMalformed, value, errors.New(why))
}

// shorten keeps a value fit for one line of a message.
func shorten(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	n := 0
	for i := range s {
		if n++; n > 60 {
			return s[:i] + "…"
		}
	}
	return s
}
