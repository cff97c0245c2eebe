package bankfile

import (
	"bytes"
	"io"
	"strings"

	"masp/imports/xmlread"
)

// document is how the reader sees an XML file. There are two: *xmlread.Reader, which
// reads every encoding, and *scanner, which reads UTF-8 several times faster. What one
// accepts or refuses, so does the other; tests compare them.
type document interface {
	Child(at int) bool
	Next() xmlread.Token
	Seek(names ...string) bool
	Depth() int
	Name() string
	Space() string
	Value() string
	Attr(name string) (string, bool)
	Limit(n int64)
	Foreign() int
	Position() (line, column int)
	Path() string
	Fail(code, value string, cause error) error
	Err() error
}

// newDocument chooses by the beginning of the file.
func newDocument(head []byte, rest io.Reader) document {
	if scannable(head) {
		return newScanner(withoutBOM(head), rest)
	}
	return xmlread.New(io.MultiReader(bytes.NewReader(head), rest), xmlread.Options{})
}

// scannable tells whether a file is UTF-8 by its declaration, or has no declaration. All
// that is unusual about a declaration is left to xmlread.
func scannable(head []byte) bool {
	if isUTF16(head) {
		return false
	}
	text := withoutBOM(head)
	if !bytes.HasPrefix(text, []byte("<?xml")) {
		return true
	}
	inside, _, whole := bytes.Cut(text, []byte("?>"))
	switch strings.ReplaceAll(strings.Join(strings.Fields(string(inside[5:])), " "), "'", `"`) {
	case `version="1.0"`, `version="1.0" standalone="yes"`, `version="1.0" standalone="no"`:
		return whole
	}
	declared := strings.ToUpper(strings.ReplaceAll(string(inside[5:]), "'", `"`))
	return whole && strings.HasPrefix(strings.TrimSpace(declared), `VERSION="1.0" ENCODING="UTF-8"`)
}
