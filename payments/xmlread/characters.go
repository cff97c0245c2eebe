package xmlread

import (
	"bytes"
	"strconv"
	"unicode"
	"unicode/utf8"
)

// plain are the bytes that stand for themselves in a text. Others may be
// forbidden, begin an escape, or need a look at what follows.
var plain = func() (table [256]bool) {
	for c := range table {
		table[c] = c >= ' ' && c != '&' && c != ']' && c != 0xEF
	}
	table['\t'], table['\n'] = true, true
	return table
}()

// unmarked are the plain bytes that begin no tag either.
var unmarked = func() (table [256]bool) {
	table = plain
	table['<'] = false
	return table
}()

// meaning is the text that was written: escapes resolved (unless inside CDATA),
// line ends made \n. It returns the text itself when they are the same, or the
// place and reason of a fault.
func (s *scanner) meaning(written []byte, escapes bool) (text []byte, at int, why string) {
	for at < len(written) && plain[written[at]] {
		at++
	}
	if at == len(written) {
		return written, 0, ""
	}
	out := append(s.scratch[:0], written[:at]...)
	for at < len(written) {
		c, size := written[at], 1
		switch {
		case plain[c]:
			out = append(out, c)
		case c == '\r':
			if at+1 == len(written) || written[at+1] != '\n' {
				out = append(out, '\n')
			}
		case c == '&' && escapes:
			var r rune
			if r, size = entity(written[at:]); size == 0 {
				return nil, at, "unknown or unfinished entity"
			}
			out = utf8.AppendRune(out, r)
		case badCharacter(written[at:min(len(written), at+3)]) == 0:
			return nil, at, "forbidden character"
		case c == ']' && escapes && bytes.HasPrefix(written[at:], []byte("]]>")):
			return nil, at, "]]> outside CDATA"
		default:
			out = append(out, c)
		}
		at += size
	}
	s.scratch = out
	return out, 0, ""
}

// entity reads &name; or &#number; at the head of b. Size 0 means neither.
func entity(b []byte) (r rune, size int) {
	const longest = 12
	end := bytes.IndexByte(b[:min(len(b), longest)], ';')
	if end < 0 {
		return 0, 0
	}
	switch word := string(b[1:end]); {
	case word == "lt":
		return '<', end + 1
	case word == "gt":
		return '>', end + 1
	case word == "amp":
		return '&', end + 1
	case word == "apos":
		return '\'', end + 1
	case word == "quot":
		return '"', end + 1
	case len(word) > 2 && word[:2] == "#x":
		return character(word[2:], 16, end+1)
	case len(word) > 1 && word[0] == '#':
		return character(word[1:], 10, end+1)
	}
	return 0, 0
}

// character is the one that a number names, if XML allows it.
func character(digits string, base, size int) (rune, int) {
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || n > unicode.MaxRune {
		return 0, 0
	}
	r := rune(n)
	if !utf8.ValidRune(r) || badCharacter([]byte(string(r))) >= 0 {
		return 0, 0
	}
	return r, size
}

// badCharacter is the place of the first character that XML 1.0 forbids in
// valid UTF-8: control codes, U+FFFE and U+FFFF; -1 when there is none.
func badCharacter(b []byte) int {
	for i, c := range b {
		switch {
		case c < ' ' && c != '\t' && c != '\n' && c != '\r':
			return i
		case c == 0xEF && i+2 < len(b) && b[i+1] == 0xBF && b[i+2] >= 0xBE:
			return i
		}
	}
	return -1
}

// nameByte are the ASCII bytes of names.
var nameByte = func() (table [256]bool) {
	for c := range table {
		table[c] = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
			c == '_' || c == '-' || c == '.' || c == ':' || c >= utf8.RuneSelf
	}
	return table
}()

// nameLength is the length of what may be a name at the head of b.
func nameLength(b []byte) int {
	for i, c := range b {
		if !nameByte[c] {
			return i
		}
	}
	return len(b)
}

// rightName checks a local name or a prefix.
func rightName(s string) bool {
	for i, r := range s {
		switch {
		case unicode.IsLetter(r), r == '_':
		case i > 0 && (r == '-' || r == '.' || unicode.IsDigit(r) || unicode.Is(unicode.M, r)):
		default:
			return false
		}
	}
	return s != ""
}
