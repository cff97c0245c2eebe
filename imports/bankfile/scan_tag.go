package bankfile

import (
	"bytes"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"masp/imports/xmlread"
)

const xmlSpace = "http://www.w3.org/XML/1998/namespace"

// xmlName is a name as written and its two parts.
type xmlName struct{ raw, prefix, local string }

// knownLimit is how many names and short texts are kept so as not to make them again.
const knownLimit = 1024

// name gives the parts of a name, nil when it is none. The check is paid once for each
// name of a file.
func (s *scanner) name(raw []byte) *xmlName {
	if n := s.known[string(raw)]; n != nil && n.local != "" {
		return n
	}
	if !isName(raw) || bytes.Count(raw, []byte{':'}) > 1 {
		return nil
	}
	n := &xmlName{raw: string(raw)}
	var prefixed bool
	if n.prefix, n.local, prefixed = strings.Cut(n.raw, ":"); !prefixed {
		n.prefix, n.local = "", n.raw
	}
	if n.local == "" || prefixed && n.prefix == "" {
		return nil
	}
	if len(s.known) < knownLimit {
		s.known[n.raw] = n
	}
	return n
}

// word makes a string of a text; short ones that come again and again ("EUR", "CRDT",
// "2026-11-05") are made once.
func (s *scanner) word(text []byte) string {
	const short = 12
	if len(text) > short {
		return string(text)
	}
	if n := s.known[string(text)]; n != nil {
		return n.raw
	}
	word := string(text)
	if len(s.known) < knownLimit/2 {
		s.known[word] = &xmlName{raw: word}
	}
	return word
}

// isName tells whether b is a name of XML. Beyond ASCII, letters and digits of any script
// will do.
func isName(b []byte) bool {
	if len(b) == 0 || b[0] < utf8.RuneSelf && classes[b[0]]&nameStart == 0 {
		return false
	}
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			if classes[b[i]]&nameRest == 0 {
				return false
			}
			i++
			continue
		}
		char, size := utf8.DecodeRune(b[i:])
		if !unicode.IsLetter(char) && (i == 0 || !unicode.In(char, unicode.Digit, unicode.Mark)) {
			return false
		}
		i += size
	}
	return true
}

// tagLength makes the tag at pos whole and gives its length; -1 after an error. A ">" in
// an attribute does not end it.
func (s *scanner) tagLength() int {
	quote := byte(0)
	for i := 1; ; {
		for tag := s.buf[s.pos:s.good]; i < len(tag); i++ {
			switch c := tag[i]; {
			case c == '<':
				s.malformed("<", "unescaped < in a tag")
				return -1
			case quote != 0:
				if c == quote {
					quote = 0
				}
			case c == '>':
				return i + 1
			case c == '"' || c == '\'':
				quote = c
			}
		}
		if !s.more() {
			s.stop(true)
			return -1
		}
	}
}

func (s *scanner) startTag() xmlread.Token {
	n := s.tagLength()
	if n < 0 {
		return xmlread.Token{}
	}
	tag := s.buf[s.pos+1 : s.pos+n-1]
	if s.empty = len(tag) > 0 && tag[len(tag)-1] == '/'; s.empty {
		tag = tag[:len(tag)-1]
	}
	end := 0
	for end < len(tag) && classes[tag[end]]&blank == 0 {
		end++
	}
	name := s.name(tag[:end])
	switch {
	case name == nil:
		s.malformed(string(tag[:end]), "element name")
	case s.depth == 0 && s.rooted:
		_ = s.Fail(xmlread.CodeTrailing, name.local, errors.New("second root"))
	case s.depth == depthLimit:
		_ = s.Fail(xmlread.CodeDepth, name.local, errors.New("too many levels"))
	default:
		s.push(name)
		if s.attributes(tag[end:]) {
			s.pos += n
			return s.opened()
		}
	}
	return xmlread.Token{}
}

// push opens an element on the stack.
func (s *scanner) push(name *xmlName) {
	f := &s.stack[s.depth]
	*f = frame{name: name, nth: 1, bindings: len(s.spaces)}
	if s.depth > 0 {
		parent := &s.stack[s.depth-1]
		f.inherit = parent.inherit
		if parent.last == name.local {
			f.nth = parent.lastNth + 1
		}
		parent.last, parent.lastNth = name.local, f.nth
	}
	s.depth++
}

// opened resolves the namespace of the element just pushed.
func (s *scanner) opened() xmlread.Token {
	top := &s.stack[s.depth-1]
	space, known := s.resolve(top.name.prefix, top.inherit)
	if !known {
		_ = s.Fail(xmlread.CodePrefix, top.name.prefix, errors.New("undeclared prefix"))
		return xmlread.Token{}
	}
	top.space = space
	if !s.rooted {
		s.rooted, s.home = true, space
	}
	return xmlread.Token{Kind: xmlread.Start, Name: top.name.local, Space: space}
}

// resolve finds the namespace of a prefix; inherit is that of no prefix.
func (s *scanner) resolve(prefix, inherit string) (string, bool) {
	switch prefix {
	case "":
		return inherit, true
	case "xml":
		return xmlSpace, true
	}
	for i := len(s.spaces) - 1; i >= 0; i-- {
		if s.spaces[i].prefix == prefix {
			return s.spaces[i].space, s.spaces[i].space != ""
		}
	}
	return "", false
}

func (s *scanner) endTag() xmlread.Token {
	n := s.find(">", 2)
	if n < 0 {
		return xmlread.Token{}
	}
	name := s.buf[s.pos+2 : s.pos+n-1]
	for len(name) > 0 && classes[name[len(name)-1]]&blank != 0 {
		name = name[:len(name)-1]
	}
	if s.depth == 0 || s.stack[s.depth-1].name.raw != string(name) {
		s.malformed("</"+string(name)+">", "end tag without its start tag")
		return xmlread.Token{}
	}
	s.pos += n
	return s.pop()
}

// pop closes the innermost element.
func (s *scanner) pop() xmlread.Token {
	top := &s.stack[s.depth-1]
	s.depth--
	s.spaces = s.spaces[:top.bindings]
	s.attrs = s.attrs[:0]
	for n := len(s.budgets); n > 0 && s.budgets[n-1].depth > s.depth; n-- {
		s.budgets = s.budgets[:n-1]
	}
	return xmlread.Token{Kind: xmlread.End, Name: top.name.local, Space: top.space}
}
