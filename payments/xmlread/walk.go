package xmlread

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// budget is the size an open element may still take.
type budget struct {
	depth int   // of the element
	until int64 // offset
}

// Child moves to the next child of the element open at depth at (Depth() when
// its Start was just read; 0 for the root of the document), passing over what
// was not read of the child before. It returns false when that element has
// closed, and after an error. Child(0) returning false proves the file's end.
func (r *Reader) Child(at int) bool {
	r.scan.skim = true
	for r.depth >= at {
		switch kind := r.advance(); {
		case kind == None:
			return false
		case kind == Start && r.depth == at+1:
			return true
		}
	}
	return false
}

// Value reads the element just opened to its end and returns its text without
// surrounding blanks. Comments and CDATA marks do not split it; a child
// element, of whatever namespace, is an error with CodeNotText.
func (r *Reader) Value() string { return string(r.Bytes()) }

// Word is Value for texts that come again and again (codes, currencies, dates):
// a short one is made once per file.
func (r *Reader) Word() string {
	if r.depth == 0 {
		return string(r.Bytes())
	}
	under := r.stack[r.depth-1].name
	return r.scan.words.value(under, r.Bytes())
}

// Bytes is Value for who looks at the text and keeps nothing: it is valid until
// the next call on the Reader.
func (r *Reader) Bytes() []byte {
	if r.err == nil && r.depth > 0 {
		if text, plain := r.scan.leaf(); plain {
			if r.close(); len(r.budgets) > 0 && r.overspent() {
				return nil
			}
			return trim(text)
		}
	}
	return r.pieces()
}

// pieces is Bytes for a text of several tokens.
func (r *Reader) pieces() []byte {
	at := r.depth
	r.value, r.scan.skim = r.value[:0], false
	for {
		switch r.read() {
		case Text:
			r.value = append(r.value, r.scan.raw...)
			if int64(len(r.value)) > r.src.tokenMax {
				_ = r.Fail(CodeTooLarge, "", errTokenSize)
			}
		case End:
			return trim(r.value)
		case Start:
			_ = r.Fail(CodeNotText, r.Name(), fmt.Errorf("child element at depth %d", at))
			return nil
		default:
			return nil
		}
	}
}

// Skip passes over the rest of the innermost open element, its End included.
func (r *Reader) Skip() {
	r.scan.skim = true
	for at := r.depth; r.depth >= at && at > 0; {
		if r.read() == None {
			return
		}
	}
}

// Attr returns an attribute without prefix of the Start just read.
func (r *Reader) Attr(name string) (string, bool) {
	for _, a := range r.attrs {
		if a.name.raw == name {
			return a.value, true
		}
	}
	return "", false
}

// Limit bounds the element just opened: more than n bytes until its End is an
// error with CodeTooLarge. Elements inside it may be limited too.
func (r *Reader) Limit(n int64) {
	r.budgets = append(r.budgets, budget{r.depth, r.Offset() + n})
}

// overspent refuses what goes beyond the limit of an open element.
func (r *Reader) overspent() bool {
	now := r.src.offset()
	for _, b := range r.budgets {
		if now > b.until {
			_ = r.Fail(CodeTooLarge, "", errors.New("element over its size limit"))
			return true
		}
	}
	return false
}

// Name is the local name of the innermost open element, empty outside the root.
func (r *Reader) Name() string {
	if r.depth == 0 {
		return ""
	}
	return r.stack[r.depth-1].name.local
}

// Space is the namespace URI of the innermost open element.
func (r *Reader) Space() string {
	if r.depth == 0 {
		return ""
	}
	return r.stack[r.depth-1].space
}

// SetHome makes the namespace of the innermost open element the one that is
// read; it is the root's until then. An envelope's reader uses [Reader.Seek].
func (r *Reader) SetHome() { r.home = r.Space() }

// Seek moves, whatever the namespaces, to the first element of one of these
// names at or below the innermost open element, and makes its namespace home.
// It returns false when that element has closed, and after an error.
func (r *Reader) Seek(names ...string) bool {
	r.scan.skim = true
	for at := r.depth; r.depth >= at; {
		for _, name := range names {
			if r.Name() == name {
				r.SetHome()
				return true
			}
		}
		kind := r.read()
		for kind == Text {
			kind = r.read()
		}
		if kind == None {
			return false
		}
	}
	return false
}

// Foreign is how many elements of another namespace were passed over by Next and Child.
func (r *Reader) Foreign() int { return r.foreign }

// Depth is the number of open elements.
func (r *Reader) Depth() int { return r.depth }

// Offset is the number of bytes read, counted in UTF-8 and without byte order mark.
func (r *Reader) Offset() int64 {
	if r.src == nil {
		return 0
	}
	return r.src.offset()
}

// Position is the line and column reached, both from 1.
func (r *Reader) Position() (line, column int) {
	if r.src == nil {
		return 1, 1
	}
	return r.src.position()
}

// Path is the way to the innermost open element, as "Document/Stmt[2]/Ntry[17]":
// the rank is given from the second of several brothers on. Of a
// very long one only the end is told.
func (r *Reader) Path() string {
	var b strings.Builder
	for i, f := range r.stack[:r.depth] {
		if i > 0 {
			b.WriteByte('/')
		}
		b.WriteString(f.name.local)
		if f.nth > 1 {
			b.WriteByte('[')
			b.WriteString(strconv.Itoa(f.nth))
			b.WriteByte(']')
		}
	}
	return ending(b.String())
}

// pathMost is how much of a path is told, in bytes: files name elements as they like.
const pathMost = 200

// ending keeps the end of a path that is too long to be shown.
func ending(path string) string {
	if len(path) <= pathMost {
		return path
	}
	return "…" + strings.ToValidUTF8(path[len(path)-pathMost:], "")
}

// Err is the first error met, nil when the document was read to its end or has
// not ended yet. It is a *[FormatError], or the wrapped error of the file.
func (r *Reader) Err() error {
	if r.err == io.EOF {
		return nil
	}
	return r.err
}

// Fail records an error of the format at the place reached and returns it.
// The first error wins; reading stops.
func (r *Reader) Fail(code, value string, cause error) error {
	if r.err == nil || r.err == io.EOF {
		line, column := r.Position()
		r.err = &FormatError{
			Line: line, Column: column, Path: r.Path(),
			Code: code, Value: shorten(value), Err: cause,
		}
	}
	return r.err
}

// trim removes the blanks of XML, and no others.
func trim(b []byte) []byte {
	b = trimLeft(b)
	for len(b) > 0 && isBlank[b[len(b)-1]] {
		b = b[:len(b)-1]
	}
	return b
}

func trimLeft(b []byte) []byte {
	for len(b) > 0 && isBlank[b[0]] {
		b = b[1:]
	}
	return b
}
