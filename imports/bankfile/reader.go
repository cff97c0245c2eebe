package bankfile

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"slices"
	"time"

	"masp/payments/xmlread"
)

// entryLimit is the most that one line of a statement may take in the file.
const entryLimit = 8 << 20

// stage says what the next event is about.
type stage uint8

const (
	atFile      stage = iota // the body is open, nothing is told yet
	atStatement              // a Stmt has just been opened
	inStatement              // lines, then the end of the statement
	atEnd                    // no Stmt is left
	done
)

// Reader reads one file as a stream of events; it holds one line in memory at a time.
// It is not safe for concurrent use.
type Reader struct {
	x      *xmlread.Reader
	format Format
	stage  stage
	body   int // depth of the body of the message
	stmt   int // depth of the open Stmt
	more   bool
	file   FileStart
	cur    *reading
	count  int
	notes  notes // on the file as a whole
	err    error
}

// Open recognises the format by the content and prepares to read it. A file that is not a
// bank statement gives its Format all the same, with a *FormatError that names it.
func Open(r io.Reader) (*Reader, Format, error) {
	head, err := sniff(r)
	if err != nil {
		return nil, Format{}, err
	}
	if f := head.format; f != (Format{}) {
		return nil, f, notStatement(f)
	}
	x := xmlread.New(io.MultiReader(bytes.NewReader(head.head), r), xmlread.Options{})
	rd := &Reader{x: x}
	if err := rd.enter(); err != nil {
		return nil, rd.format, inFormat(rd.format, err)
	}
	rd.file.Format = rd.format
	return rd, rd.format, nil
}

func notStatement(f Format) error {
	return &FormatError{Format: f, Code: CodeNotStatement, Err: errors.New("this is " + f.String())}
}

// bodyNames are the names that enter looks for.
var bodyNames = slices.Sorted(maps.Keys(bodies))

// enter goes down to the body of the message, through any wrapper, and names the format.
func (r *Reader) enter() error {
	x := r.x
	if !x.Child(0) || !x.Seek(bodyNames...) {
		if err := x.Err(); err != nil {
			return err
		}
		r.format = Format{Family: "XML"}
		return notStatement(r.format)
	}
	var odd string
	r.format, odd = formatOf(x.Name(), x.Space())
	r.body = x.Depth()
	if !r.format.Readable() {
		return notStatement(r.format)
	}
	if odd != "" {
		r.notes.add(AcceptedWithWarnings, "namespace", "l’espace de noms du document est "+odd+
			" ; le contenu est bien un relevé camt.053", r.place())
	}
	return nil
}

// Next gives the next event, io.EOF after FileEnd, or a *FormatError when the file must be
// refused whole: then nothing of it may be kept, whatever came before.
func (r *Reader) Next() (Event, error) {
	if r.err != nil {
		return nil, r.err
	}
	event := r.advance()
	if err := r.x.Err(); err != nil {
		r.err = inFormat(r.format, err)
		return nil, r.err
	}
	if event == nil {
		r.err = io.EOF
	}
	return event, r.err
}

func (r *Reader) advance() Event {
	switch r.stage {
	case atFile:
		r.nextStatement()
		return r.file
	case atStatement:
		r.begin()
		r.stage, r.more = inStatement, r.nextEntry()
		return StatementStart{r.cur.statement()}
	case inStatement:
		if r.more {
			line := r.readLine()
			r.more = r.nextEntry()
			return LineEvent{line}
		}
		end := r.cur.end()
		r.nextStatement()
		return end
	case atEnd:
		r.stage = done
		return r.finish()
	}
	return nil
}

// nextStatement goes to the next Stmt and sets the stage.
func (r *Reader) nextStatement() {
	x := r.x
	r.stage = atEnd
	for x.Child(r.body) {
		switch x.Name() {
		case "Stmt":
			r.stage = atStatement
			return
		case "GrpHdr":
			r.groupHeader()
		}
	}
}

func (r *Reader) groupHeader() {
	x := r.x
	for at := x.Depth(); x.Child(at); {
		switch x.Name() {
		case "MsgId":
			r.file.MessageID = x.Value()
		case "CreDtTm":
			r.file.CreatedAt = instant(x.Value())
		}
	}
}

// instant reads a creation time; it only informs, so that an odd one is no fault.
func instant(text string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t
		}
	}
	return time.Time{}
}

// finish reads the file to its last byte: what stands after the statements may still
// refuse it.
func (r *Reader) finish() Event {
	x := r.x
	if r.count == 0 {
		_ = x.Fail(CodeNoStatement, "", errors.New("no Stmt in "+camtBody))
		return nil
	}
	for x.Depth() > 0 && x.Err() == nil {
		if x.Seek(bodyNames...) {
			_ = x.Fail(CodeTwoMessages, x.Name(), errors.New("second message"))
		}
	}
	x.Child(0) // proves that the file ends here
	if n := x.Foreign(); n > 0 {
		r.notes.add(AcceptedWithWarnings, "foreign_elements",
			"des éléments d’un autre espace de noms ont été passés", "")
	}
	return FileEnd{Statements: r.count, Reasons: r.notes.list()}
}

// place is the point of the file that is being read, for messages.
func (r *Reader) place() string {
	line, column := r.x.Position()
	e := FormatError{Line: line, Column: column, Path: r.x.Path()}
	return e.Place()
}

// fail refuses the file because of the element leaf, just read, of the open element.
func (r *Reader) fail(code, leaf, value string, cause error) {
	err := r.x.Fail(code, value, cause)
	if f, ok := errors.AsType[*xmlread.FormatError](err); ok && f.Code == code && leaf != "" {
		f.Path += "/" + leaf
	}
}
