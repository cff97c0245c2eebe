package bankfile

import (
	"bytes"
	"errors"
	"strconv"
	"unicode/utf8"

	"masp/imports/xmlread"
)

// attributes reads what stands in a tag behind its name, and declares the namespaces;
// false after an error.
func (s *scanner) attributes(rest []byte) bool {
	s.attrs = s.attrs[:0]
	for {
		trimmed := bytes.TrimLeft(rest, " \t\r\n")
		if len(trimmed) == 0 {
			return s.prefixesKnown()
		}
		if len(trimmed) == len(rest) {
			s.malformed("", "attributes without a blank between them")
			return false
		}
		if rest = s.attribute(trimmed); s.err != nil {
			return false
		}
	}
}

// attribute reads name = "value" and gives what follows.
func (s *scanner) attribute(text []byte) (rest []byte) {
	before, after, found := bytes.Cut(text, []byte{'='})
	after = bytes.TrimLeft(after, " \t\r\n")
	if !found || len(after) == 0 || after[0] != '"' && after[0] != '\'' {
		s.malformed(string(text[:min(len(text), 60)]), "attribute without a quoted value")
		return nil
	}
	name := s.name(bytes.TrimRight(before, " \t\r\n"))
	end := bytes.IndexByte(after[1:], after[0])
	if name == nil || end < 0 {
		s.malformed(string(before), "attribute name")
		return nil
	}
	for _, a := range s.attrs {
		if a.name.raw == name.raw {
			s.malformed(name.local, "attribute given twice")
			return nil
		}
	}
	value := after[1 : 1+end]
	if bytes.ContainsAny(value, "&\r") {
		value = s.unescape(value, true)
	}
	a := attribute{name, s.word(value)}
	s.attrs = append(s.attrs, a)
	s.bind(a)
	return after[end+2:]
}

// bind declares the namespace of xmlns and xmlns:prefix.
func (s *scanner) bind(a attribute) {
	switch {
	case a.name.prefix == "xmlns":
		s.spaces = append(s.spaces, binding{a.name.local, a.value})
	case a.name.raw == "xmlns":
		s.stack[s.depth-1].inherit = a.value
	}
}

func (s *scanner) prefixesKnown() bool {
	for _, a := range s.attrs {
		if a.name.prefix == "" || a.name.prefix == "xmlns" {
			continue
		}
		if _, known := s.resolve(a.name.prefix, ""); !known {
			_ = s.Fail(xmlread.CodePrefix, a.name.prefix,
				errors.New("undeclared prefix of an attribute"))
			return false
		}
	}
	return true
}

// unescape turns entities into characters and every line end into "\n". Only the five
// entities of XML itself exist, a file cannot bring its own. The result lies in scratch
// until the next call.
func (s *scanner) unescape(text []byte, entities bool) []byte {
	if entities && bytes.Contains(text, []byte("]]>")) {
		s.malformed("]]>", "unescaped ]]> outside CDATA")
		return nil
	}
	out := s.scratch[:0]
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == '\r':
			out = append(out, '\n')
			if i++; i < len(text) && text[i] == '\n' {
				i++
			}
		case c == '&' && entities:
			end := bytes.IndexByte(text[i:], ';')
			if end < 0 {
				s.malformed("&", "entity without its end")
				return nil
			}
			char, ok := entity(string(text[i+1 : i+end]))
			if !ok {
				s.malformed("&", "unknown entity")
				return nil
			}
			out = utf8.AppendRune(out, char)
			i += end + 1
		default:
			out = append(out, c)
			i++
		}
	}
	s.scratch = out
	return out
}

var entities = map[string]rune{"lt": '<', "gt": '>', "amp": '&', "apos": '\'', "quot": '"'}

// entity gives the character of an entity without its & and ;.
func entity(name string) (rune, bool) {
	if char, ok := entities[name]; ok {
		return char, true
	}
	if len(name) < 2 || name[0] != '#' {
		return 0, false
	}
	digits, base := name[1:], 10
	if digits[0] == 'x' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	char := rune(n)
	return char, err == nil && n <= utf8.MaxRune && isXMLChar(char)
}
