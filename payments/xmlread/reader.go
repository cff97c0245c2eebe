package xmlread

import (
	"errors"
	"fmt"
	"io"
)

// Options are limits; a zero value takes the default. They are sane bounds
// against hostile or broken files, not walls: a caller may raise them.
type Options struct {
	Depth int   // nested elements; default 64
	Token int64 // bytes of one text, comment or tag, within 64 KiB; default 1 MiB
	File  int64 // bytes of the whole file as UTF-8, within 64 KiB; default none
}

func (o Options) withDefaults() Options {
	if o.Depth == 0 {
		o.Depth = 64
	}
	if o.Token == 0 {
		o.Token = 1 << 20
	}
	return o
}

// Kind tells what a token is.
type Kind uint8

// Kinds of tokens. Comments and processing instructions are never reported.
const (
	None  Kind = iota // the document has ended, or an error has (see Reader.Err)
	Start             // an element opens
	End               // an element closes; also reported for <Empty/>
	Text              // characters between two tags, or a part of them
)

// A Token is one event. Text is valid until the next call on the Reader.
type Token struct {
	Kind  Kind
	Name  string // local name, for Start and End
	Space string // namespace URI, for Start and End
	Text  []byte
}

// A Reader reads one document. It is not safe for concurrent use.
type Reader struct {
	src     *source
	scan    scanner
	depth   int
	stack   []frame // stack[:depth] are the open elements
	max     int
	spaces  []binding
	home    string
	budgets []budget
	foreign int
	rooted  bool
	attrs   []attr // of the last Start
	value   []byte // reused by Value
	err     error
}

// frame is an open element and what is counted about its children.
type frame struct {
	name     *name
	space    string // resolved
	inherit  string // default namespace inside
	bindings int    // len(spaces) before this element
	nth      int    // rank among brothers of the same name in a row, from 1
	last     *name  // of the last child
	lastNth  int
}

// New prepares to read a document. An error of the very first bytes is
// reported like any other: by the first call that reads, and by Err.
func New(file io.Reader, options Options) *Reader {
	options = options.withDefaults()
	r := &Reader{max: options.Depth}
	text, name, err := decode(file)
	if err != nil {
		r.err = refuseEncoding(name, err)
		return r
	}
	r.src = newSource(text.r, text.suspect, options)
	r.scan.src = r.src
	return r
}

func refuseEncoding(name string, err error) error {
	switch {
	case errors.Is(err, errUnknownEncoding):
		return &FormatError{Line: 1, Column: 1, Code: CodeEncoding, Value: shorten(name), Err: err}
	case errors.Is(err, errContradicted):
		return &FormatError{Line: 1, Column: 1, Code: CodeContradicted, Value: shorten(name), Err: err}
	}
	return err
}

// Next returns the next token of the home namespace and passes over foreign
// elements. It returns a token of kind None at the end and after an error.
func (r *Reader) Next() Token {
	r.scan.skim = false
	switch kind := r.advance(); kind {
	case Start:
		return Token{Kind: Start, Name: r.Name(), Space: r.Space()}
	case End:
		closed := &r.stack[:r.depth+1][r.depth]
		return Token{Kind: End, Name: closed.name.local, Space: closed.space}
	case Text:
		return Token{Kind: Text, Text: r.scan.raw}
	}
	return Token{}
}

// advance is Next without its token.
func (r *Reader) advance() Kind {
	for {
		kind := r.read()
		if kind != Start || r.depth == 1 || r.stack[r.depth-1].space == r.home {
			return kind
		}
		r.foreign++
		skim := r.scan.skim
		r.Skip()
		r.scan.skim = skim
	}
}

// read moves to the next token of any namespace. The text of one of kind Text
// is in scan.raw.
func (r *Reader) read() Kind {
	for r.err == nil {
		kind, err := r.scan.next()
		if err != nil {
			r.stop(err)
			break
		}
		if len(r.budgets) > 0 && r.overspent() {
			break
		}
		switch {
		case kind == Start:
			return r.open(r.scan.name)
		case kind == End:
			return r.close()
		case kind == Text && r.depth > 0:
			return Text
		case kind == Text && len(trim(r.scan.raw)) > 0:
			_ = r.Fail(CodeTrailing, string(trim(r.scan.raw)), errors.New("text outside the root"))
		case kind == directive:
			_ = r.Fail(CodeDoctype, string(r.scan.raw), errors.New("directive"))
		}
	}
	return None
}

func (r *Reader) open(q *name) Kind {
	if r.depth == 0 && r.rooted {
		_ = r.Fail(CodeTrailing, q.local, errors.New("second root"))
		return None
	}
	if r.depth == r.max {
		_ = r.Fail(CodeDepth, q.local, fmt.Errorf("more than %d levels", r.max))
		return None
	}
	r.push(q)
	if len(r.scan.attrs) > 0 && !r.bind(r.scan.attrs) {
		return None
	}
	top := &r.stack[r.depth-1]
	space, known := r.resolve(q.prefix, top.inherit)
	if !known {
		_ = r.Fail(CodePrefix, q.prefix, errors.New("undeclared prefix"))
		return None
	}
	top.space = space
	r.attrs = r.scan.attrs
	if !r.rooted {
		r.rooted, r.home = true, space
	}
	return Start
}

// push opens an element on the stack, whose room is used again and again.
func (r *Reader) push(q *name) {
	if r.depth == len(r.stack) {
		r.stack = append(r.stack, frame{})
	}
	top := &r.stack[r.depth]
	top.name, top.nth, top.bindings = q, 1, len(r.spaces)
	top.inherit, top.last, top.lastNth = "", nil, 0
	if r.depth > 0 {
		parent := &r.stack[r.depth-1]
		top.inherit = parent.inherit
		if parent.last == q {
			top.nth = parent.lastNth + 1
		}
		parent.last, parent.lastNth = q, top.nth
	}
	r.depth++
	r.scan.inside = q
}

func (r *Reader) close() Kind {
	if r.depth == 0 ||
		(r.scan.name == nil && r.stack[r.depth-1].name.raw != string(r.scan.raw)) {
		_ = r.Fail(CodeMalformed, "</"+string(r.scan.raw)+">", errors.New("end tag without its start tag"))
		return None
	}
	top := &r.stack[r.depth-1]
	r.depth--
	r.scan.inside = nil
	if r.depth > 0 {
		r.scan.inside = r.stack[r.depth-1].name
	}
	r.spaces = r.spaces[:top.bindings]
	r.attrs = nil
	for len(r.budgets) > 0 && r.budgets[len(r.budgets)-1].depth > r.depth {
		r.budgets = r.budgets[:len(r.budgets)-1]
	}
	return End
}

// stop turns the end of the tokens into the end of the document or an error.
func (r *Reader) stop(err error) {
	var syntax syntaxError
	switch {
	case err == io.EOF && !r.rooted:
		_ = r.Fail(CodeEmpty, "", errors.New("no element"))
	case err == io.EOF && r.depth == 0:
		r.err = io.EOF
	case err == io.EOF, err == io.ErrUnexpectedEOF && r.src.err == io.EOF:
		_ = r.Fail(CodeTruncated, "", io.ErrUnexpectedEOF)
	case err == errTokenSize, err == errFileSize:
		_ = r.Fail(CodeTooLarge, "", err)
	case err == errContradicted:
		_ = r.Fail(CodeContradicted, "", err)
	case errors.As(err, &syntax):
		_ = r.Fail(CodeMalformed, "", syntax)
	default:
		r.err = fmt.Errorf("read xml: %w", err)
	}
}
