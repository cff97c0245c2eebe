package xmlread_test

import (
	"strings"
	"testing"
	"unicode/utf16"

	"masp/payments/xmlread"
)

func utf16Bytes(s string, bigEndian bool) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune("\uFEFF" + s)) {
		high, low := byte(unit>>8), byte(unit)
		if !bigEndian {
			high, low = low, high
		}
		b.WriteByte(high)
		b.WriteByte(low)
	}
	return b.String()
}

func xmlIn(encoding, body string) string {
	return `<?xml version="1.0" encoding="` + encoding + `"?>` + body
}

func TestDeclaredEncodingsAreRead(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, in, want string }{
		{"UTF-8", xmlIn("UTF-8", "<a>é€</a>"), "<a>é€</a>"},
		{"UTF8 as some banks write it", xmlIn("utf8", "<a>é</a>"), "<a>é</a>"},
		{"US-ASCII", xmlIn("US-ASCII", "<a>e</a>"), "<a>e</a>"},
		{"ISO-8859-1", xmlIn("iso-8859-1", "<a>\xE9\xC2\xA0</a>"), "<a>éÂ\u00A0</a>"},
		{"ISO-8859-15", xmlIn("ISO-8859-15", "<a>\xA4\xBD</a>"), "<a>€œ</a>"},
		{"Windows-1252", xmlIn("windows-1252", "<a>\x80\x9C\x92</a>"), "<a>€œ’</a>"},
		{"UTF-16 little endian", utf16Bytes(xmlIn("UTF-16", "<a>é😀</a>"), false), "<a>é😀</a>"},
		{"UTF-16 big endian", utf16Bytes(xmlIn("UTF-16", "<a>é</a>"), true), "<a>é</a>"},
		{"UTF-16 without declaration", utf16Bytes("<a>é</a>", true), "<a>é</a>"},
		{"single quotes", "<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE9</a>", "<a>é</a>"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := read(c.in)
			if got != c.want || err != nil {
				t.Errorf("got %q, %v; want %q", got, err, c.want)
			}
		})
	}
}

func TestBytesThatContradictTheEncodingAreRefused(t *testing.T) {
	t.Parallel()
	contradicted := xmlread.CodeContradicted
	cases := []struct {
		name, in, code string
		line, column   int
	}{
		{"latin-1 under UTF-8", xmlIn("UTF-8", "\n<a>Andr\xE9</a>"), contradicted, 2, 8},
		{"latin-1 without declaration", "<a>\n\xE9</a>", contradicted, 2, 1},
		{"half a rune at the end", "<a>\xC3", contradicted, 1, 4},
		{"invalid bytes in a comment", "<a><!-- \xFF --></a>", contradicted, 1, 9},
		{"an accent under US-ASCII", xmlIn("US-ASCII", "\n<a>é</a>"), contradicted, 2, 4},
		{"Windows quotes under ISO-8859-1", xmlIn("ISO-8859-1", "\n<a>l\x92eau</a>"), contradicted, 2, 5},
		{"an unused byte of Windows-1252", xmlIn("windows-1252", "\n<a>\x81</a>"), contradicted, 2, 4},
		{"half a pair in UTF-16", utf16Bytes("<a>", true) + "\xD8\x00\x00<", contradicted, 1, 4},
		{"an odd byte in UTF-16", utf16Bytes("<a/>", true) + "\x00", contradicted, 1, 5},
		{"UTF-16 that calls itself UTF-8", utf16Bytes(xmlIn("UTF-8", "<a/>"), true), contradicted, 1, 1},
		{"UTF-16 without mark", utf16Bytes(xmlIn("UTF-16", "<a/>"), true)[2:], contradicted, 1, 1},
		{"ASCII that calls itself UTF-16", xmlIn("UTF-16", "<a/>"), contradicted, 1, 1},
		{"a UTF-8 mark under ISO-8859-1", "\uFEFF" + xmlIn("ISO-8859-1", "<a/>"), contradicted, 1, 1},
		{"an encoding nobody reads", xmlIn("EBCDIC-CP-FR", "<a/>"), xmlread.CodeEncoding, 1, 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := read(c.in)
			got := refusal(t, err)
			if got.Code != c.code || got.Line != c.line || got.Column != c.column {
				t.Errorf("got %v; want %s at %d:%d", got, c.code, c.line, c.column)
			}
		})
	}
}

func TestRunesAcrossChunksAreWhole(t *testing.T) {
	t.Parallel()
	for shift := range 4 {
		text := strings.Repeat("x", 65536-5-shift) + strings.Repeat("é€😀", 30_000)
		got, err := read("<a>" + text + "</a>")
		if got != "<a>"+text+"</a>" || err != nil {
			t.Fatalf("shift %d: got %d bytes, %v; want the text unchanged", shift, len(got), err)
		}
	}
}
