package bankfile

import (
	"bytes"
	"errors"
	"io"
	"strings"
)

// sniffLength is how much of a file is looked at to recognise it.
const sniffLength = 4 << 10

// blankLimit is how many blanks may stand before the content: a file of spaces is refused
// after reading this much of it, whatever its size.
const blankLimit = 64 << 10

// sniffed is the beginning of a file and what it looks like.
type sniffed struct {
	head   []byte // everything read so far, to be read again
	format Format // zero when it is XML and the root must tell
}

// sniff reads the beginning of a file. Errors are those of the reader, or empty files.
func sniff(r io.Reader) (sniffed, error) {
	var s sniffed
	for {
		start := len(s.head)
		s.head = append(s.head, make([]byte, sniffLength)...)
		n, err := io.ReadFull(r, s.head[start:])
		s.head = s.head[:start+n]
		content := bytes.TrimLeft(withoutBOM(s.head), " \t\r\n\x00")
		atEnd := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		switch {
		case err != nil && !atEnd:
			return s, inFormat(Format{}, err)
		case len(content) > 0:
			s.format = recognise(s.head)
			return s, nil
		case len(s.head) == 0:
			return s, &FormatError{Code: CodeEmpty, Err: errors.New("empty file")}
		case atEnd || len(s.head) >= blankLimit:
			return s, nothingIn(s.head)
		}
	}
}

// nothingIn says what a file without content is made of.
func nothingIn(head []byte) error {
	e := &FormatError{Code: CodeBlank, Line: 1, Column: 1, Err: errors.New("nothing but blanks")}
	if bytes.IndexByte(head, 0) >= 0 && !isUTF16(head) {
		e.Code, e.Err = CodeNULs, errors.New("nothing but NUL bytes")
	}
	return e
}

var magics = []struct{ prefix, family string }{
	{"PK\x03\x04", "ZIP"},
	{"PK\x05\x06", "ZIP"},
	{"\x1f\x8b", "gzip"},
	{"7z\xbc\xaf\x27\x1c", "7z"},
	{"Rar!", "RAR"},
	{"%PDF", "PDF"},
	{"\xd0\xcf\x11\xe0", "Excel"},
	{"\x89PNG", "PNG"},
	{"\xff\xd8\xff", "JPEG"},
	{"\x7fELF", "executable"},
	{"MZ", "executable"},
	{"{1:F", "MT940"},
	{":20:", "MT940"},
	{"OFXHEADER", "OFX"},
	{"!Type", "QIF"},
	{"-----BEGIN", "PKCS#7"},
}

// recognise names the content of a file by its first bytes; the zero Format means XML.
func recognise(head []byte) Format {
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m.prefix)) {
			return Format{Family: archiveKind(m.family, head)}
		}
	}
	if isUTF16(head) {
		return inUTF16(head)
	}
	content := bytes.TrimLeft(withoutBOM(head), " \t\r\n\x00")
	start := strings.ToLower(string(content[:min(len(content), 20)]))
	switch {
	case strings.HasPrefix(start, "<!doctype html"), strings.HasPrefix(start, "<html"):
		return Format{Family: "HTML"}
	case strings.HasPrefix(start, "<ofx"):
		return Format{Family: "OFX"}
	case strings.HasPrefix(start, "<"):
		return Format{}
	case bytes.IndexByte(head, 0) >= 0:
		return Format{Family: "binaire"}
	case strings.HasPrefix(start, "{"), strings.HasPrefix(start, "["):
		return Format{Family: "JSON"}
	case strings.HasPrefix(start, ":20:"), strings.HasPrefix(start, "{1:f"):
		return Format{Family: "MT940"}
	}
	return Format{Family: flatFamily(content)}
}

// plainText is what a file is called that is of no format.
const plainText = "texte"

// flatFamily names a file of fixed records or plain text.
func flatFamily(content []byte) string {
	if len(content) < 8 {
		return plainText
	}
	switch code := string(content[:2]); {
	case (code == "01" || code == "04" || code == "05" || code == "07") && digits(content[2:7]):
		return "CFONB 120"
	case code == "03" && string(content[2:4]) == "PI":
		return "CFONB 320"
	case code == "03" && digits(content[2:4]):
		return "CFONB 160"
	case (code == "31" || code == "34" || code == "39") && digits(content[2:4]):
		return "CFONB 240"
	}
	return plainText
}

// archiveKind tells a spreadsheet from any other ZIP.
func archiveKind(family string, head []byte) string {
	if family == "ZIP" && (bytes.Contains(head, []byte("[Content_Types].xml")) ||
		bytes.Contains(head, []byte("vnd.oasis.opendocument.spreadsheet"))) {
		return "Excel"
	}
	return family
}

func digits(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

func withoutBOM(b []byte) []byte { return bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")) }

// inUTF16 tells a document of XML, which may be written so, from a text, which no bank writes so.
func inUTF16(head []byte) Format {
	text := bytes.TrimLeft(bytes.ReplaceAll(head, []byte{0}, nil), "\xff\xfe \t\r\n")
	if bytes.HasPrefix(text, []byte("<")) {
		return Format{}
	}
	return Format{Family: "UTF-16"}
}

// isUTF16 sees a byte order mark, or the "<" of a document in two bytes.
func isUTF16(b []byte) bool {
	if len(b) < 2 {
		return false
	}
	switch string(b[:2]) {
	case "\xff\xfe", "\xfe\xff", "<\x00", "\x00<":
		return true
	}
	return false
}
