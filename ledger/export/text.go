package export

import (
	"io"
	"strconv"
)

// writer writes the entries of one export.
type writer interface {
	begin() error
	entry(e *entry, lines []line) error
	end(s Summary) error
}

// textFormat appends to the text of an export.
type textFormat interface {
	begin(b []byte) []byte
	entry(b []byte, e *entry, lines []line) []byte
	end(b []byte) []byte
}

// textWriter hands the text on in large pieces.
type textWriter struct {
	out    io.Writer
	format textFormat
	buffer []byte
}

const pieceSize = 64 << 10

func (w *textWriter) begin() error {
	w.buffer = w.format.begin(w.buffer)
	return nil
}

func (w *textWriter) entry(e *entry, lines []line) error {
	w.buffer = w.format.entry(w.buffer, e, lines)
	if len(w.buffer) < pieceSize {
		return nil
	}
	return w.flush()
}

func (w *textWriter) end(Summary) error {
	w.buffer = w.format.end(w.buffer)
	return w.flush()
}

func (w *textWriter) flush() error {
	_, err := w.out.Write(w.buffer)
	w.buffer = w.buffer[:0]
	return err
}

// appendAmount writes cents with two decimals, whatever they are.
func appendAmount(b []byte, cents int64, point byte) []byte {
	if cents < 0 {
		b = append(b, '-')
		cents = -cents
	}
	b = strconv.AppendInt(b, cents/100, 10)
	return append(b, point, byte('0'+cents%100/10), byte('0'+cents%10))
}

// appendPlain writes a text on one line: control characters and those of banned become spaces.
func appendPlain(b, text []byte, banned string) []byte {
	for _, c := range text {
		if c < ' ' || c == 0x7f || indexByte(banned, c) {
			c = ' '
		}
		b = append(b, c)
	}
	return b
}

func indexByte(s string, c byte) bool {
	for i := range len(s) {
		if s[i] == c {
			return true
		}
	}
	return false
}
