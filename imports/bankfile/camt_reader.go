package bankfile

import (
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
	atStatement              // a statement has just been opened
	inStatement              // lines, then the end of the statement
	atEnd                    // no statement is left
	done
)

// camt reads camt.052, .053 and .054, whose statements differ by name alone.
type camt struct {
	x      *xmlread.Reader
	format Format
	item   string // the name of a statement: Stmt, Rpt or Ntfctn
	stage  stage
	body   int // depth of the body of the message
	stmt   int // depth of the open statement
	more   bool
	file   FileStart
	cur    *reading
	pages  page  // of the message
	notes  notes // on the file as a whole

	statements int     // begun so far
	scratch    []byte  // a text that is put together
	amounts    []sided // of the details of the line
	parts      int     // of the line
}

// openCamt goes to the body of the message, which tells what it is.
func openCamt(r io.Reader) (decoder, Format, error) {
	c := &camt{x: xmlread.New(r, xmlread.Options{}), pages: whole}
	if err := c.enter(); err != nil {
		return nil, c.format, err
	}
	c.file.Format, c.item = c.format, items[c.format.Family]
	return c, c.format, nil
}

// bodyNames are the names that enter looks for.
var bodyNames = slices.Sorted(maps.Keys(bodies))

// enter goes down to the body of the message, through any wrapper, and names the format.
func (r *camt) enter() error {
	x := r.x
	if !x.Child(0) {
		return x.Err()
	}
	root := rootFormat(x.Name(), x.Space())
	if !x.Seek(bodyNames...) {
		if err := x.Err(); err != nil {
			return err
		}
		r.format = root
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
			" ; le contenu est bien "+r.format.Family, r.place())
	}
	return nil
}

func (r *camt) next() (Event, error) {
	event := r.advance()
	return event, r.x.Err()
}

func (r *camt) advance() Event {
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

// nextStatement goes to the next statement and sets the stage.
func (r *camt) nextStatement() {
	x := r.x
	r.stage = atEnd
	for x.Child(r.body) {
		switch x.Name() {
		case r.item:
			r.stage = atStatement
			return
		case "GrpHdr":
			r.groupHeader()
		}
	}
}

func (r *camt) groupHeader() {
	x := r.x
	for at := x.Depth(); x.Child(at); {
		switch x.Name() {
		case "MsgId":
			r.file.MessageID = x.Value()
		case "CreDtTm":
			r.file.CreatedAt = instant(x.Value())
		case "MsgPgntn":
			r.pages = r.page()
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
func (r *camt) finish() Event {
	x := r.x
	if r.statements == 0 {
		_ = x.Fail(CodeNoStatement, "", errors.New("no "+r.item))
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
	return FileEnd{Statements: r.statements, Reasons: r.notes.list()}
}

// place is the point of the file that is being read, for messages.
func (r *camt) place() string {
	line, column := r.x.Position()
	e := FormatError{Line: line, Column: column, Path: r.x.Path()}
	return e.Place()
}

// fail refuses the file because of the element leaf, just read, of the open element.
func (r *camt) fail(code, leaf, value string, cause error) {
	err := r.x.Fail(code, value, cause)
	if f, ok := errors.AsType[*xmlread.FormatError](err); ok && f.Code == code && leaf != "" {
		f.Path += "/" + leaf
	}
}
