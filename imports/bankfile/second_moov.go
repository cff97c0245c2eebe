package bankfile

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/moov-io/iso20022/pkg/camt_v08"
	"golang.org/x/text/encoding/charmap"
)

// theirs reads a message of version 001.08 with encoding/xml and the types of
// moov-io/iso20022, one line at a time. Those types carry amounts as floating-point numbers:
// a field nearer to the surface takes the text in their stead, everywhere.
type theirs struct {
	dec     *xml.Decoder
	item    string // the name of a statement
	inside  bool   // of a statement
	st      Statement
	waiting *Line // the next line, when it was met before it was asked for
}

func newTheirs(r io.Reader, item string) *theirs {
	dec := xml.NewDecoder(r)
	dec.CharsetReader = theirCharset
	return &theirs{dec: dec, item: item}
}

func theirCharset(name string, r io.Reader) (io.Reader, error) {
	switch strings.ToUpper(name) {
	case "UTF8", "US-ASCII", "ASCII":
		return r, nil
	case "ISO-8859-1":
		return charmap.ISO8859_1.NewDecoder().Reader(r), nil
	case "ISO-8859-15":
		return charmap.ISO8859_15.NewDecoder().Reader(r), nil
	case "WINDOWS-1252":
		return charmap.Windows1252.NewDecoder().Reader(r), nil
	}
	return nil, errors.New("encodage " + name)
}

// line gives the next line of the open statement, nil when it has no more.
func (t *theirs) line() (*Line, error) {
	for t.waiting == nil {
		token, err := t.dec.Token()
		if err != nil {
			return nil, t.placed(err)
		}
		switch e := token.(type) {
		case xml.EndElement:
			if t.inside && e.Name.Local == t.item {
				t.inside = false
				return nil, nil //nolint:nilnil // no line is an answer
			}
		case xml.StartElement:
			if err := t.element(e); err != nil {
				return nil, t.placed(err)
			}
		}
	}
	l := t.waiting
	t.waiting = nil
	return l, nil
}

// end gives the statement, after its last line.
func (t *theirs) end() (Statement, error) {
	l, err := t.line()
	switch {
	case err != nil:
		return Statement{}, err
	case l != nil:
		return Statement{}, errors.New("une écriture de plus")
	}
	st := t.st
	t.st = Statement{}
	return st, nil
}

// finish reads to the end of the file: a statement more is told.
func (t *theirs) finish() error {
	l, err := t.line()
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return err
	case l == nil:
		return errors.New("un relevé de plus")
	}
	return errors.New("une écriture de plus")
}

func (t *theirs) placed(err error) error {
	line, _ := t.dec.InputPos()
	return fmt.Errorf("ligne %d : %w", line, err)
}

// element reads one element, when it is one that counts.
func (t *theirs) element(start xml.StartElement) error {
	switch {
	case start.Name.Local == t.item:
		t.inside = true
	case !t.inside:
	case start.Name.Local == "Id":
		return t.dec.DecodeElement(&t.st.ID, &start)
	case start.Name.Local == "Acct":
		var a camt_v08.CashAccount39
		err := t.dec.DecodeElement(&a, &start)
		t.st.Account.IBAN = compactIBAN(strings.TrimSpace(string(a.Id.IBAN)))
		t.st.Account.Other = strings.TrimSpace(string(a.Id.Othr.Id))
		return err
	case start.Name.Local == "Bal":
		return t.balance(&start)
	case start.Name.Local == "Ntry":
		var e theirEntry
		if err := t.dec.DecodeElement(&e, &start); err != nil {
			return err
		}
		l, err := e.line()
		t.waiting = l
		return err
	default:
		return t.dec.Skip()
	}
	return nil
}

func (t *theirs) balance(start *xml.StartElement) error {
	var b theirBalance
	if err := t.dec.DecodeElement(&b, start); err != nil {
		return err
	}
	amount, err := b.Amt.signed(b.CdtDbtInd)
	if err != nil {
		return err
	}
	own := &Balance{Type: string(b.Tp.CdOrPrtry.Cd), Amount: amount, On: theirDay(&b.Dt)}
	switch {
	case own.Type == "OPBD", own.Type == "PRCD" && t.st.Opening == nil:
		t.st.Opening = own
	case own.Type == "CLBD":
		t.st.Closing = own
	}
	return nil
}
