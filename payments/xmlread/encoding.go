package xmlread

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// declarationMax is how far the XML declaration may reach.
const declarationMax = 512

var errUnknownEncoding = errors.New("encoding not supported")

// decoded is a file turned into UTF-8, with the test of what the declared
// encoding forbids (see source.suspect).
type decoded struct {
	r       io.Reader
	suspect func([]byte) int
}

// decode chooses the encoding by byte order mark and declaration.
// The second result is the encoding at fault when there is an error.
func decode(file io.Reader) (decoded, string, error) {
	raw := bufio.NewReaderSize(file, chunk)
	head, err := raw.Peek(declarationMax)
	if err != nil && err != io.EOF {
		return decoded{}, "", fmt.Errorf("read xml: %w", err)
	}
	switch {
	case bytes.HasPrefix(head, []byte("\xEF\xBB\xBF")):
		return decodeMarked(raw, 3)
	case bytes.HasPrefix(head, []byte("\xFE\xFF")):
		return decodeUTF16(raw, unicode.BigEndian)
	case bytes.HasPrefix(head, []byte("\xFF\xFE")):
		return decodeUTF16(raw, unicode.LittleEndian)
	case bytes.HasPrefix(head, []byte("\x00<")), bytes.HasPrefix(head, []byte("<\x00")):
		return decoded{}, "UTF-16", fmt.Errorf("no byte order mark: %w", errContradicted)
	}
	return decodeDeclared(raw, declared(head))
}

func decodeDeclared(raw io.Reader, name string) (decoded, string, error) {
	switch strings.ToUpper(name) {
	case "", "UTF-8", "UTF8":
		return decoded{r: raw}, "", nil
	case "US-ASCII", "ASCII":
		return decoded{raw, firstNotASCII}, "", nil
	case "ISO-8859-1", "ISO8859-1", "ISO_8859-1", "LATIN1":
		return charset(raw, charmap.ISO8859_1, firstControl)
	case "ISO-8859-15", "ISO8859-15", "ISO_8859-15", "LATIN9":
		return charset(raw, charmap.ISO8859_15, firstControl)
	case "WINDOWS-1252", "CP1252":
		return charset(raw, charmap.Windows1252, firstReplaced)
	case "UTF-16", "UTF-16LE", "UTF-16BE":
		return decoded{}, name, fmt.Errorf("no byte order mark: %w", errContradicted)
	}
	return decoded{}, name, errUnknownEncoding
}

func charset(
	raw io.Reader, e encoding.Encoding, suspect func([]byte) int,
) (decoded, string, error) {
	return decoded{transform.NewReader(raw, e.NewDecoder()), suspect}, "", nil
}

// decodeMarked reads UTF-8 behind a byte order mark of the given length.
func decodeMarked(raw *bufio.Reader, mark int) (decoded, string, error) {
	if _, err := raw.Discard(mark); err != nil {
		return decoded{}, "", fmt.Errorf("read xml: %w", err)
	}
	head, err := raw.Peek(declarationMax)
	if err != nil && err != io.EOF {
		return decoded{}, "", fmt.Errorf("read xml: %w", err)
	}
	switch name := declared(head); strings.ToUpper(name) {
	case "", "UTF-8", "UTF8":
		return decoded{r: raw}, "", nil
	default:
		return decoded{}, name, fmt.Errorf("mark of UTF-8: %w", errContradicted)
	}
}

func decodeUTF16(raw *bufio.Reader, order unicode.Endianness) (decoded, string, error) {
	text := transform.NewReader(raw, unicode.UTF16(order, unicode.ExpectBOM).NewDecoder())
	buffered := bufio.NewReaderSize(text, chunk)
	head, err := buffered.Peek(declarationMax)
	if err != nil && err != io.EOF {
		return decoded{}, "UTF-16", fmt.Errorf("read xml: %w", err)
	}
	own := "UTF-16BE"
	if order == unicode.LittleEndian {
		own = "UTF-16LE"
	}
	switch name := declared(head); strings.ToUpper(name) {
	case "", "UTF-16", own:
		return decoded{buffered, firstReplaced}, "", nil
	default:
		return decoded{}, name, fmt.Errorf("mark of %s: %w", own, errContradicted)
	}
}

// declared is the encoding named by the XML declaration at the head of a file,
// empty when there is none. The scanner looks at the rest of it afterwards.
func declared(head []byte) string {
	if !bytes.HasPrefix(head, []byte("<?xml")) {
		return ""
	}
	inside, _, found := bytes.Cut(head, []byte("?>"))
	if !found {
		return ""
	}
	return pseudo(inside, "encoding")
}

// pseudo is the value of an attribute of the XML declaration, empty when absent.
func pseudo(inside []byte, name string) string {
	_, after, _ := bytes.Cut(inside, []byte(name))
	after = bytes.TrimLeft(after, blanks+"=")
	if len(after) == 0 || (after[0] != '"' && after[0] != '\'') {
		return ""
	}
	value, _, found := bytes.Cut(after[1:], after[:1])
	if !found {
		return ""
	}
	return string(value)
}

// firstNotASCII, firstControl and firstReplaced return the length of the head
// of b without, in turn, a byte beyond ASCII, a control code 0x80–0x9F, and the
// replacement character by which a decoder reports an impossible byte.

func firstNotASCII(b []byte) int {
	for i, c := range b {
		if c >= utf8.RuneSelf {
			return i
		}
	}
	return len(b)
}

func firstControl(b []byte) int {
	for at := 0; ; at++ {
		next := bytes.IndexByte(b[at:], 0xC2)
		if next < 0 {
			return len(b)
		}
		at += next
		if b[at+1] < 0xA0 {
			return at
		}
	}
}

func firstReplaced(b []byte) int {
	if at := bytes.Index(b, []byte("\uFFFD")); at >= 0 {
		return at
	}
	return len(b)
}
