package bankfile

import (
	"bytes"
	"errors"
	"io"
	"strconv"
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

// The bounds of what is kept of a file by those who list its statements. An organisation has
// thousands of accounts; ISO 20022 gives 35 characters to a number and 140 to a name.
const (
	statementsMost = 20_000
	headerMost     = 256            // bytes of a number, account or currency of a statement
	ownerMost      = 4 * headerMost // of the name of its holder
)

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
	if err == nil {
		err = r.bound(event)
	}
	switch {
	case err != nil:
		event, r.err = nil, inFormat(r.format, err)
	case event == nil:
		r.err = io.EOF
	}
	return event, r.err
}

// bound refuses a file of too many statements, or one whose statement says too much of itself.
func (r *Reader) bound(event Event) error {
	var st *Statement
	switch e := event.(type) {
	case StatementStart:
		st = &e.Statement
		if r.statements++; r.statements > statementsMost {
			return &FormatError{
				Format: r.format, Code: CodeStatements, Err: errors.New("too many statements"),
			}
		}
	case StatementEnd:
		st = &e.Statement
	default:
		return nil
	}
	for _, text := range st.texts() {
		if len(text) > headerMost || len(st.Account.Owner) > ownerMost {
			return &FormatError{
				Format: r.format, Code: CodeHeader, Path: "relevé " + strconv.Itoa(r.statements),
				Err: errors.New("a text of the statement is too long"),
			}
		}
	}
	return nil
}

// texts are those that a file gives to a statement.
func (s *Statement) texts() []string {
	a := &s.Account
	all := []string{s.ID, s.Sequence, s.CopyDuplicate, a.IBAN, a.Other, a.Currency, a.BIC}
	for _, b := range []*Balance{s.Opening, s.Closing} {
		if b != nil {
			all = append(all, b.Currency)
		}
	}
	return all
}
