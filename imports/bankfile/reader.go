package bankfile

import (
	"bytes"
	"errors"
	"io"

	"masp/payments/xmlread"
)

// A decoder reads the statements of one format as a stream of events.
type decoder interface {
	// next gives the next event, nil after FileEnd, or an error of the content or the disk.
	next() (Event, error)
}

// Reader reads one file as a stream of events; it holds one line in memory at a time.
// It is not safe for concurrent use.
type Reader struct {
	from       decoder
	format     Format
	statements int
	err        error
}

// statementsMost is how many statements a file may have. Nobody has so many accounts, and a
// file of empty statements would fill the memory of those who list them.
const statementsMost = 50_000

// Open recognises the format by the content and prepares to read it. A file that is not a
// bank statement gives its Format all the same, with a *FormatError that names it.
func Open(r io.Reader) (*Reader, Format, error) {
	head, err := sniff(r)
	if err != nil {
		return nil, Format{}, err
	}
	from, format, err := open(head.format, io.MultiReader(bytes.NewReader(head.head), r))
	if err != nil {
		return nil, format, inFormat(format, err)
	}
	return &Reader{from: from, format: format}, format, nil
}

// open starts the decoder of a format that was recognised.
func open(f Format, r io.Reader) (decoder, Format, error) {
	switch f.Family {
	case "": // XML, whose root tells
		return openCamt(r)
	case cfonb120:
		return openCFONB(r)
	}
	return nil, f, notStatement(f)
}

func notStatement(f Format) error {
	return &FormatError{Format: f, Code: CodeNotStatement, Err: errors.New("this is " + f.String())}
}

// Next gives the next event, io.EOF after FileEnd, or a *FormatError when the file must be
// refused whole: then nothing of it may be kept, whatever came before.
func (r *Reader) Next() (Event, error) {
	if r.err != nil {
		return nil, r.err
	}
	event, err := r.from.next()
	if _, ok := event.(StatementStart); ok && err == nil {
		if r.statements++; r.statements > statementsMost {
			err = &FormatError{
				Format: r.format, Code: xmlread.CodeTooLarge, Err: errors.New("too many statements"),
			}
		}
	}
	switch {
	case err != nil:
		event, r.err = nil, inFormat(r.format, err)
	case event == nil:
		r.err = io.EOF
	}
	return event, r.err
}
