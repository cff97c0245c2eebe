package bankfile

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"
)

// tokenLimit is the most that one tag, text or comment may take; the default of xmlread.
const tokenLimit = 1 << 20

// scanChunk is the room for reading; it grows up to tokenLimit for a long token.
const scanChunk = 64 << 10

var (
	errNotUTF8   = errors.New("bytes that are not UTF-8")
	errControl   = errors.New("character that XML forbids")
	errTokenSize = errors.New("token over the size limit")
)

// window is the part of a file that is in memory. The token that is being read begins at
// pos and lies in one piece.
type window struct {
	r         io.Reader
	buf       []byte
	pos, good int   // buf[pos:good] is read, checked and not yet used
	end       int   // buf[good:end] is the head of a rune
	base      int64 // offset in the file of buf[0]
	tail      error // what follows buf[:good], nil while more may come
	lines     int   // line ends before offset counted
	lineStart int64 // offset of the beginning of that line
	counted   int64
}

func (w *window) offset() int64 { return w.base + int64(w.pos) }

// more makes at least one byte available behind good; false when the file, its
// correctness or the room for one token has ended: then tail tells.
func (w *window) more() bool {
	for before := w.good - w.pos; w.tail == nil; {
		if w.end == len(w.buf) && !w.makeRoom() {
			return false
		}
		n, err := w.r.Read(w.buf[w.end:])
		w.end += n
		w.tail = err
		w.check()
		if w.good-w.pos > before {
			return true
		}
	}
	return false
}

// makeRoom forgets what is used, or grows for a token that fills the room.
func (w *window) makeRoom() bool {
	if w.pos == 0 {
		if len(w.buf) >= tokenLimit {
			w.tail = errTokenSize
			return false
		}
		w.buf = append(w.buf, make([]byte, len(w.buf))...)
		return true
	}
	w.count()
	copy(w.buf, w.buf[w.pos:w.end])
	w.base += int64(w.pos)
	w.good -= w.pos
	w.end -= w.pos
	w.pos = 0
	return true
}

// check moves good as far as the bytes are UTF-8 without characters that XML forbids.
func (w *window) check() {
	text := w.buf[w.good:w.end]
	if w.tail == nil {
		text = wholeRunes(text)
	}
	var seen byte
	for _, c := range text {
		seen |= classes[c]
	}
	if seen&forbidden == 0 && (seen&high == 0 || plainUTF8(text)) {
		w.good += len(text)
		return
	}
	n, err := firstFault(text)
	w.good += n
	w.tail = err
}

// plainUTF8 tells whether text is UTF-8 without the two characters that XML forbids there.
func plainUTF8(text []byte) bool {
	return utf8.Valid(text) && !bytes.Contains(text, []byte("\uFFFE")) &&
		!bytes.Contains(text, []byte("\uFFFF"))
}

// firstFault finds what check has seen; text is known to hold a fault.
func firstFault(text []byte) (int, error) {
	for i := 0; i < len(text); {
		char, size := utf8.DecodeRune(text[i:])
		switch {
		case char == utf8.RuneError && size == 1:
			return i, errNotUTF8
		case !isXMLChar(char):
			return i, errControl
		}
		i += size
	}
	return len(text), nil
}

// isXMLChar is the production Char of XML 1.0.
func isXMLChar(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF ||
		r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
}

// wholeRunes leaves out the head of a rune at the end of text.
func wholeRunes(text []byte) []byte {
	for i := 1; i <= utf8.UTFMax && i <= len(text); i++ {
		at := len(text) - i
		if utf8.RuneStart(text[at]) {
			if !utf8.FullRune(text[at:]) {
				return text[:at]
			}
			break
		}
	}
	return text
}

// count brings the line count up to pos.
func (w *window) count() {
	from := int(w.counted - w.base)
	if passed := w.buf[from:w.pos]; len(passed) > 0 {
		if n := bytes.Count(passed, []byte{'\n'}); n > 0 {
			w.lines += n
			w.lineStart = w.counted + int64(bytes.LastIndexByte(passed, '\n')) + 1
		}
	}
	w.counted = w.offset()
}

// Position is the line and column reached, both from 1; columns count bytes.
func (w *window) Position() (line, column int) {
	w.count()
	return w.lines + 1, int(w.counted-w.lineStart) + 1
}

// Classes of bytes, or-ed together over a text to learn in one pass what it holds.
const (
	blank     = 1 << iota // space, tab, line end
	solid                 // anything else
	special               // & ] and carriage return: the text is not what it looks like
	high                  // beyond ASCII
	forbidden             // control codes
	nameStart             // may begin a name
	nameRest              // may go on a name
)

var classes = func() (c [256]byte) {
	for i := range c {
		b := byte(i)
		switch {
		case b == ' ' || b == '\t' || b == '\n' || b == '\r':
			c[i] = blank
		case b < 0x20:
			c[i] = solid | forbidden
		case b >= 0x80:
			c[i] = solid | high
		default:
			c[i] = solid
		}
		switch {
		case b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '_' || b == ':':
			c[i] |= nameStart | nameRest
		case b >= '0' && b <= '9' || b == '-' || b == '.':
			c[i] |= nameRest
		}
	}
	for _, b := range []byte("&]\r") {
		c[b] |= special
	}
	return c
}()
