package bankfile

import (
	"encoding/binary"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// recordLength is what the norm gives to a record, in columns.
const recordLength = 120

// record is one record of 120 columns, or fewer where its last blanks were stripped.
type record struct {
	text   string // in UTF-8; one byte a column unless wide
	wide   bool   // some columns take several bytes
	width  int    // columns that are there
	line   int    // of the file, from 1
	column int    // of the line, from 1, where the record begins
	number int    // of the file, from 1; 0 at its end
}

// code is the kind of record, its first two columns.
func (r *record) code() string { return r.columns(1, 2) }

// columns gives the text of the columns from and to, both counted from 1 and included, as far
// as the record goes.
func (r *record) columns(from, to int) string {
	if r.wide {
		return wideColumns(r.text, from, to)
	}
	if from > len(r.text) {
		return ""
	}
	return r.text[from-1 : min(to, len(r.text))]
}

func wideColumns(text string, from, to int) string {
	start, end, column := len(text), len(text), 0
	for i := range text {
		column++
		if column == from {
			start = i
		}
		if column == to+1 {
			end = i
			break
		}
	}
	return text[start:end]
}

// holder is whose record it is: what names the account.
type holder struct{ bank, branch, number string }

func (r *record) holder() holder {
	return holder{r.columns(3, 7), r.columns(12, 16), r.columns(22, 32)}
}

// trimmed is columns without the blanks that fill them.
func (r *record) trimmed(from, to int) string { return trimRight(r.columns(from, to)) }

// trimRight takes off blanks eight at a time, then one by one.
func trimRight(s string) string {
	for len(s) >= 8 && s[len(s)-8:] == "        " {
		s = s[:len(s)-8]
	}
	for len(s) > 0 && s[len(s)-1] == ' ' {
		s = s[:len(s)-1]
	}
	return s
}

func trim(s string) string { return trimRight(trimLeft(s)) }

func trimLeft(s string) string {
	for len(s) >= 8 && s[:8] == "        " {
		s = s[8:]
	}
	for len(s) > 0 && s[0] == ' ' {
		s = s[1:]
	}
	return s
}

func blank(s string) bool { return trimLeft(s) == "" }

// place names the record for messages, from one of its columns.
func (r *record) place(column int) FormatError {
	return FormatError{
		Format: Format{Family: cfonb120}, Line: r.line, Column: r.column + column - 1,
		Path: "l’enregistrement " + strconv.Itoa(r.number),
	}
}

// fault refuses the file because of the text that begins in a column of the record.
func (r *record) fault(code string, column int, value, cause string) error {
	e := r.place(column)
	e.Code, e.Err = code, errors.New(cause)
	if value != "" {
		e.Value = printable(value)
	}
	return &e
}

// records cuts a file into records, whatever its lines are: one record a line, several, none
// at all; a record ends at a line break or after 120 characters. Blank lines and the end mark
// 0x1A of old systems are passed over.
//
// A character is a byte of Windows-1252 (latin-1 and more) or, in files that somebody
// converted, a sequence of UTF-8.
type records struct {
	from     io.Reader
	buffer   []byte // what is read ahead is buffer[at:end]
	window   string // buffer[:end] as a text, which the records of the window share
	at, end  int
	atEnd    bool // nothing is left in from
	ended    bool // an end mark was seen
	line     int
	column   int
	number   int
	decoding []byte // of a wide record
}

const (
	recordWindow = 64 << 10
	// recordBytes is more than a record takes in any encoding.
	recordBytes = utf8.UTFMax*recordLength + 1
	endMark     = 0x1A
)

// newRecords begins behind the byte order mark that a converter may have put first.
func newRecords(from io.Reader) (*records, error) {
	f := &records{from: from, buffer: make([]byte, recordWindow), line: 1, column: 1}
	err := f.fill()
	f.at = f.end - len(withoutBOM(f.buffer[:f.end]))
	return f, err
}

// next reads the next record; its number is 0 at the end of the file.
func (f *records) next(into *record) error {
	for {
		if err := f.fill(); err != nil {
			return err
		}
		if f.at == f.end {
			*into = record{line: f.line, column: f.column}
			return nil
		}
		if f.skipBreak() {
			continue
		}
		if err := f.cut(into); err != nil {
			return err
		}
		if blank(into.text) { // a line of blanks, or blanks behind a record
			continue
		}
		if f.ended {
			return into.fault(CodeAfterEnd, 1, "", "record after the end mark")
		}
		f.number++
		into.number = f.number
		return nil
	}
}

// fill reads ahead for one record.
func (f *records) fill() error {
	if f.end-f.at >= recordBytes || f.atEnd {
		return nil
	}
	f.end = copy(f.buffer, f.buffer[f.at:f.end])
	f.at = 0
	n, err := io.ReadAtLeast(f.from, f.buffer[f.end:], recordBytes-f.end)
	f.end += n
	f.atEnd = err != nil
	f.window = string(f.buffer[:f.end])
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	return nil
}

// skipBreak passes over what stands between records: line breaks and the end mark.
func (f *records) skipBreak() bool {
	switch f.buffer[f.at] {
	case '\n':
		f.line, f.column = f.line+1, 1
	case '\r':
	case endMark:
		f.ended = true
	default:
		return false
	}
	f.at++
	return true
}

// cut takes a record of at most 120 characters from what is read ahead.
func (f *records) cut(into *record) error {
	*into = record{line: f.line, column: f.column, number: f.number + 1}
	ahead := f.buffer[f.at:min(f.at+recordLength, f.end)]
	n := printableLength(ahead)
	switch {
	case n == len(ahead) || isBreak(ahead[n]):
		into.text, into.width = f.window[f.at:f.at+n], n
		f.at += n
	case ahead[n] >= utf8.RuneSelf:
		f.cutWide(into)
	default:
		into.width = n
	}
	f.column += into.width
	if into.width < recordLength && f.at < f.end && !isBreak(f.buffer[f.at]) {
		return into.fault(CodeControl, into.width+1, "", "control character")
	}
	return nil
}

// cutWide takes a record with characters beyond ASCII.
func (f *records) cutWide(into *record) {
	f.decoding = f.decoding[:0]
	for into.width < recordLength && f.at < f.end && f.buffer[f.at] >= ' ' {
		char, size := rune(f.buffer[f.at]), 1
		if char >= utf8.RuneSelf {
			char, size = utf8.DecodeRune(f.buffer[f.at:f.end])
		}
		if char == utf8.RuneError && size == 1 {
			char = charmap.Windows1252.DecodeByte(f.buffer[f.at])
		}
		if char >= 0x80 && char < 0xA0 { // control codes, which nobody should print
			char = utf8.RuneError
		}
		f.decoding = utf8.AppendRune(f.decoding, char)
		into.width++
		f.at += size
	}
	into.text, into.wide = string(f.decoding), true
}

func isBreak(c byte) bool { return c == '\n' || c == '\r' || c == endMark }

// printableLength is how many characters of ASCII without control codes b begins with; it
// looks at thirty-two at once, then at eight.
func printableLength(b []byte) int {
	i := 0
	for ; i+32 <= len(b); i += 32 {
		w := b[i : i+32 : i+32]
		if odd(w[:8])|odd(w[8:16])|odd(w[16:24])|odd(w[24:]) != 0 {
			break
		}
	}
	for ; i+8 <= len(b); i += 8 {
		if odd(b[i:i+8]) != 0 {
			break
		}
	}
	for i < len(b) && b[i] >= ' ' && b[i] < utf8.RuneSelf {
		i++
	}
	return i
}

// odd is zero when eight bytes are printable ASCII.
func odd(b []byte) uint64 {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	v := binary.LittleEndian.Uint64(b)
	return (v | (v-' '*ones)&^v) & high
}
