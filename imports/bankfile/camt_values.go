package bankfile

import (
	"errors"
	"strconv"
	"strings"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// figure is an amount as a file gives it: a number without sign and a currency.
type figure struct {
	value    number
	currency string
	set      bool
}

// amount reads the amount just opened. The text is checked before anything counts with it.
func (r *camt) amount(into *figure) {
	leaf := r.x.Name()
	currency, _ := r.x.Attr("Ccy")
	text := r.x.Bytes()
	if r.x.Err() != nil {
		return
	}
	if into.set {
		r.fail(CodeTwice, leaf, string(text), errors.New("second amount"))
		return
	}
	value, err := parseNumber(text)
	if err != nil {
		r.fail(CodeAmount, leaf, string(text), err)
		return
	}
	*into = figure{value: value, currency: currency, set: true}
}

// pointer is the amount with the sign of its side, nil when it was not given.
func (f *figure) pointer(s side) *money.Exact {
	if !f.set {
		return nil
	}
	v := f.value.signed(s)
	return &v
}

// side is CdtDbtInd: the only thing that gives a sign.
type side uint8

const (
	noSide side = iota
	credit
	debit
)

// side reads the side just opened.
func (r *camt) side(into *side) {
	leaf := r.x.Name()
	text := r.x.Bytes()
	switch {
	case r.x.Err() != nil:
	case *into != noSide:
		r.fail(CodeTwice, leaf, string(text), errors.New("second side"))
	case string(text) == "CRDT":
		*into = credit
	case string(text) == "DBIT":
		*into = debit
	default:
		r.fail(CodeSide, leaf, string(text), errors.New("unknown side"))
	}
}

// day reads the choice of Dt and DtTm within the element just opened.
func (r *camt) day(into *civil.Date) {
	x := r.x
	for at := x.Depth(); x.Child(at); {
		if name := x.Name(); name == "Dt" || name == "DtTm" {
			r.plainDay(into)
		}
	}
}

// plainDay reads the date, or the date of the time, in the element just opened. The zone
// of a time is left alone: the day that the bank writes is the day of its books.
func (r *camt) plainDay(into *civil.Date) {
	leaf := r.x.Name()
	text := r.x.Word()
	if r.x.Err() != nil {
		return
	}
	if !into.IsZero() {
		r.fail(CodeTwice, leaf, text, errors.New("second date"))
		return
	}
	d, err := parseDay(text)
	if err != nil {
		r.fail(CodeDate, leaf, text, err)
		return
	}
	*into = d
}

// Days outside these years are slips of a program, not days of a statement.
const firstYear, lastYear = 1970, 2099

// parseDay takes "2026-11-05", a zone behind it, or the day of a date and time.
func parseDay(text string) (civil.Date, error) {
	if len(text) < 10 {
		return civil.Date{}, errors.New("not a date")
	}
	d, err := civil.Parse(text[:10])
	switch {
	case err != nil:
		return civil.Date{}, err
	case d.Year() < firstYear || d.Year() > lastYear:
		return civil.Date{}, errors.New("year out of the question")
	case len(text) > 10 && !strings.ContainsRune("TZ+-", rune(text[10])):
		return civil.Date{}, errors.New("text after a date")
	}
	return d, nil
}

// count reads a count or a page; they inform only, so that an odd one is 0 and no fault.
func (r *camt) count() int {
	n, err := strconv.Atoi(r.x.Word())
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// either reads the children of the element just opened and returns the text of the one
// called first, else of the one called second.
func (r *camt) either(first, second string) string {
	x := r.x
	var one, other string
	for at := x.Depth(); x.Child(at); {
		switch x.Name() {
		case first:
			one = x.Word()
		case second:
			other = x.Word()
		}
	}
	if one != "" {
		return one
	}
	return other
}

// party reads the name in the element just opened, which from version .04 on may stand in
// a Pty, and for a bank in Agt/FinInstnId.
func (r *camt) party(into *string) {
	x := r.x
	for at := x.Depth(); x.Child(at); {
		switch x.Name() {
		case "Nm":
			*into = x.Value()
		case "Pty", "Agt", "FinInstnId":
			r.party(into)
		}
	}
}

// accountID reads the identification (Id/IBAN or Id/Othr/Id) in the account just opened.
func (r *camt) accountID() (iban, other string) {
	x := r.x
	for at := x.Depth(); x.Child(at); {
		if x.Name() == "Id" {
			iban, other = r.identification()
		}
	}
	return iban, other
}

func (r *camt) identification() (iban, other string) {
	x := r.x
	for at := x.Depth(); x.Child(at); {
		switch x.Name() {
		case "IBAN":
			iban = compactIBAN(x.Value())
		case "Othr":
			other = r.either("Id", "")
		}
	}
	return iban, other
}

// compactIBAN removes the blanks of groups of four.
func compactIBAN(s string) string {
	return strings.ToUpper(strings.ReplaceAll(s, " ", ""))
}
