package xmlread

import (
	"bytes"
	"io"
)

// syntaxError is a fault of the XML grammar.
type syntaxError string

func (e syntaxError) Error() string { return string(e) }

// name is an element or attribute name, made once per file.
type name struct {
	raw, prefix, local string

	value string // the last short value under this name, which often comes again
	next  *name  // the element that began after the last one of this name
}

type attr struct {
	name  *name
	value string
}

// scanner cuts a source into tokens and checks the grammar of each; what
// concerns several tokens (nesting, namespaces) is the Reader's. It leaves what
// it found in its own fields: copying tokens took a third of the time.
type scanner struct {
	src     *source
	words   interner
	last    *name  // of the last start tag
	name    *name  // of the last tag; nil after an end tag that is not the expected one
	raw     []byte // name of such an end tag, last text, or beginning of a directive
	attrs   []attr // of the last start tag
	scratch []byte // text that differs from its writing
	inside  *name  // the innermost open element, whose end tag is expected; nil outside
	skim    bool   // the reader has no use for blanks before the next tag
	blank   int64  // bytes of blanks passed over since the last tag, while they last
	pending bool   // <empty/> has been opened and must be closed
}

// directive is the kind of a DOCTYPE and of whatever else begins with <!; what
// is passed over, comments and instructions, has the kind None.
const directive Kind = 255

// next returns io.EOF at the end of the file between two tokens and
// io.ErrUnexpectedEOF inside one. After an error, src.pos is its place.
func (s *scanner) next() (Kind, error) {
	if s.pending {
		s.pending = false
		return End, nil
	}
	if s.skim {
		s.blank += s.src.passBlanks()
	}
	if len(s.src.window()) == 0 {
		if s.blank > s.src.tokenMax {
			return None, errTokenSize
		}
		if err := s.src.more(); err != nil {
			return None, err
		}
		if s.skim {
			return None, nil // there may be more of them
		}
	}
	s.blank = 0
	if s.src.window()[0] != '<' {
		return s.text()
	}
	if len(s.src.window()) < 2 {
		if err := s.src.more(); err != nil {
			return None, s.cut(err)
		}
	}
	switch s.src.window()[1] {
	case '/':
		return s.endTag()
	case '?':
		return s.instruction()
	case '!':
		return s.declaration()
	}
	return s.startTag()
}

// find returns the place in the window of a mark at or after from.
func (s *scanner) find(mark string, from int) (int, error) {
	for {
		w := s.src.window()
		if from < len(w) {
			if at := bytes.Index(w[from:], []byte(mark)); at >= 0 {
				return from + at, nil
			}
		}
		from = max(from, len(w)-len(mark)+1)
		if err := s.src.more(); err != nil {
			return 0, s.cut(err)
		}
	}
}

// cut is an error of the source inside a token.
func (s *scanner) cut(err error) error {
	s.src.pos = s.src.good
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// fault is a syntax error at a place of the window.
func (s *scanner) fault(at int, why string) (Kind, error) {
	s.src.pos += at
	return None, syntaxError(why)
}

// take moves on and returns the bytes passed; they hold until the next token.
func (s *scanner) take(n int) []byte {
	taken := s.src.window()[:n]
	s.src.pos += n
	return taken
}

// text takes what stands before the next tag.
func (s *scanner) text() (Kind, error) {
	from := 1
	for {
		w := s.src.window()
		if at := bytes.IndexByte(w[from:], '<'); at >= 0 {
			return s.characters(from+at, 0, 0, true)
		}
		from = len(w)
		switch err := s.src.more(); {
		case err == io.EOF && bytes.LastIndexByte(w, '&') > bytes.LastIndexByte(w, ';'):
			return None, s.cut(err) // inside an entity
		case err == io.EOF:
			return s.characters(len(w), 0, 0, true)
		case err != nil:
			return None, s.cut(err)
		}
	}
}

// characters takes n bytes of text written between opening and closing marks
// of these lengths; escapes tells whether & and ]]> mean something in it.
func (s *scanner) characters(n, opening, closing int, escapes bool) (Kind, error) {
	written := s.src.window()[opening : n-closing]
	text, at, why := s.meaning(written, escapes)
	if why != "" {
		return s.fault(opening+at, why)
	}
	s.take(n)
	s.raw = text
	return Text, nil
}

func (s *scanner) endTag() (Kind, error) {
	if n := s.expected(0); n > 0 {
		s.name = s.inside
		s.take(n)
		return End, nil
	}
	at, err := s.find(">", 2)
	if err != nil {
		return None, err
	}
	tag := s.take(at + 1)
	s.name, s.raw = nil, bytes.TrimRight(tag[2:at], blanks)
	return End, nil
}

const blanks = " \t\r\n"

// startTag takes <name a="b"> or <name/>.
func (s *scanner) startTag() (Kind, error) {
	if s.usual() {
		return Start, nil
	}
	end := 1 + nameLength(s.src.window()[1:])
	if w := s.src.window(); end == len(w) || w[end] != '>' {
		var err error
		if end, err = s.tagEnd(end); err != nil {
			return None, err
		}
	}
	tag := s.src.window()[1:end]
	empty := len(tag) > 0 && tag[len(tag)-1] == '/'
	if empty {
		tag = tag[:len(tag)-1]
	}
	n := nameLength(tag)
	q := s.words.name(tag[:n])
	if q == nil {
		return s.fault(1, "wrong name of an element")
	}
	s.attrs = s.attrs[:0]
	if n < len(tag) {
		if why := s.attributes(tag[n:]); why != "" {
			return s.fault(1+n, why)
		}
	}
	s.name, s.pending = q, empty
	if s.last != nil {
		s.last.next = q
	}
	s.last = q
	s.take(end + 1)
	return Start, nil
}

// tagEnd is the place, at or after at, of the > that closes the tag; one inside quotes does not.
func (s *scanner) tagEnd(at int) (int, error) {
	for quote := byte(0); ; {
		for w := s.src.window(); at < len(w); at++ {
			switch c := w[at]; {
			case c == '<':
				_, err := s.fault(at, "< inside a tag")
				return 0, err
			case c == quote:
				quote = 0
			case quote != 0:
			case c == '>':
				return at, nil
			case c == '"' || c == '\'':
				quote = c
			}
		}
		if err := s.src.more(); err != nil {
			return 0, s.cut(err)
		}
	}
}

// attributesMost is far more than any message has in a tag, or prefixes in all.
const attributesMost = 128

// attributes reads what follows the name of an element; it returns why not.
func (s *scanner) attributes(rest []byte) string {
	for {
		trimmed := trimLeft(rest)
		if len(trimmed) == 0 {
			return ""
		}
		n := nameLength(trimmed)
		q := s.words.name(trimmed[:n])
		if q == nil || len(trimmed) == len(rest) {
			return "wrong name of an attribute"
		}
		after := trimLeft(trimmed[n:])
		if len(s.attrs) == attributesMost {
			return "too many attributes"
		}
		if len(after) == 0 || after[0] != '=' {
			return "attribute without a value"
		}
		after = trimLeft(after[1:])
		if len(after) == 0 || (after[0] != '"' && after[0] != '\'') {
			return "attribute value without quotes"
		}
		size := bytes.IndexByte(after[1:], after[0])
		if size < 0 {
			return "attribute value without its closing quote"
		}
		value, _, why := s.meaning(after[1:1+size], true)
		if why != "" {
			return why
		}
		s.attrs = append(s.attrs, attr{q, s.words.value(q, value)})
		rest = after[size+2:]
	}
}
