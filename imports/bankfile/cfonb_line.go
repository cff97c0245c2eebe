package bankfile

import (
	"bytes"
	"errors"
	"strings"

	"masp/ledger/money"
	"masp/payments/xmlread"
)

// current is the line that is being read. Lines are made some at a time, and one with
// complements together with the one transaction and the one remittance text that it usually
// has: memory asked for line by line would take half of the time.
type current struct {
	first  record // its 04
	line   *Line
	room   *room  // nil without complements
	text   []byte // where there is more text than the 04 holds; reused
	halved bool   // the last remittance text may go on in a LC2
	lines  []Line // to come, as the rooms
	rooms  []room
}

type room struct {
	line   Line
	detail [1]Detail
	text   [1]string
}

// stock is how many lines are made at once: whoever keeps one of them keeps all in memory.
const stock = 8

// begin starts a line, whose complements follow or not.
func (d *current) begin(complements bool) {
	d.room, d.text, d.halved = nil, d.text[:0], false
	if !complements {
		if len(d.lines) == 0 {
			d.lines = make([]Line, stock)
		}
		d.line, d.lines = &d.lines[0], d.lines[1:]
		return
	}
	if len(d.rooms) == 0 {
		d.rooms = make([]room, stock)
	}
	d.room, d.rooms = &d.rooms[0], d.rooms[1:]
	d.line = &d.room.line
}

// transaction is the one transaction of the line, made when it is first asked for.
func (d *current) transaction() *Detail {
	if l := d.line; l.Details == nil {
		if d.room != nil {
			l.Details = d.room.detail[:]
		} else {
			l.Details = make([]Detail, 1)
		}
	}
	return &d.line.Details[0]
}

// readLine reads the 04 just reached and the 05 behind it.
func (c *cfonb) readLine() (*Line, error) {
	d := &c.current
	d.first = c.rec
	if err := c.in.next(&c.rec); err != nil {
		return nil, err
	}
	d.begin(c.rec.code() == complement)
	l := d.line
	l.Rank = c.cur.sums.Entries + 1
	l.row, l.statement = d.first.line, c.count
	err := c.facts(&d.first, l)
	if err == nil {
		err = c.complementsOf(d)
	}
	if err != nil {
		return nil, err
	}
	c.classify(d)
	c.cur.line(l, "BOOK")
	return l, nil
}

// facts reads the days, the amount and the references of a 04.
func (c *cfonb) facts(r *record, l *Line) error {
	units, old, err := r.amount()
	scale, known, fault := r.decimals()
	if err != nil || fault != nil {
		return errors.Join(err, fault)
	}
	if !known {
		scale = c.scale
	}
	l.BookedOn, err = c.days.read(r, dateFrom, dateTo)
	if err != nil {
		return err
	}
	l.ValueOn, err = c.days.read(r, valueFrom, valueTo)
	if err != nil {
		return err
	}
	c.remarkOld(old, r)
	l.Amount, l.Currency = money.ExactMinor(units, scale), r.trimmed(17, 19)
	if number := r.trimmed(82, 88); !zeros(number) {
		l.EntryReference = number
	}
	l.BankReference = trim(r.columns(105, recordLength))
	return nil
}

// zeros tells that a number says nothing.
func zeros(number string) bool {
	for i := range len(number) {
		if number[i] != '0' && number[i] != ' ' {
			return false
		}
	}
	return true
}

// complementsOf reads the 05 behind a 04 and completes the text of the line.
func (c *cfonb) complementsOf(d *current) error {
	for size := 0; c.rec.number != 0 && c.rec.code() == complement; size += recordLength {
		if size > entryLimit {
			return c.rec.fault(xmlread.CodeTooLarge, 1, "", "too many complements")
		}
		if err := c.belongs(); err != nil {
			return err
		}
		c.complements++
		d.complement(&c.rec)
		if err := c.in.next(&c.rec); err != nil {
			return err
		}
	}
	d.line.Text = trim(d.first.columns(49, 79))
	if len(d.text) > 0 {
		d.line.Text = string(bytes.Trim(d.text, " "))
	}
	d.tell()
	return nil
}

// complement reads a 05: a qualifier with its text, or more of the text of the line.
func (d *current) complement(r *record) {
	qualifier := r.columns(46, 48)
	older := !blank(r.columns(41, 45))
	free := older || qualifier == "LIB" || blank(qualifier)
	if free && len(d.text) == 0 {
		d.text = append(d.text, d.first.columns(49, 79)...)
	}
	switch {
	case older:
		d.text = append(d.text, d.rest(r)...)
	case free:
		d.text = append(append(bytes.TrimRight(d.text, " "), ' '), r.trimmed(49, 118)...)
	default:
		d.qualified(qualifier, r)
	}
}

// rest is the end of the label in a 05 of the layout before 2010, which has no qualifier. The
// norm begins it in column 41; banks repeat the value date before it, as in a 04, or leave two
// blanks.
func (d *current) rest(r *record) string {
	switch {
	case r.columns(valueFrom, valueTo) == d.first.columns(valueFrom, valueTo):
		return r.columns(49, 118)
	case blank(r.columns(41, 42)):
		return r.columns(43, 118)
	}
	return r.columns(41, 118)
}

// tell writes the complements that a person may want to read into the text of the transaction.
func (d *current) tell() {
	if len(d.line.Details) == 0 {
		return
	}
	var texts []string
	for _, x := range d.line.Details[0].Complements {
		if !silent[x.Qualifier] {
			texts = append(texts, x.Qualifier+" "+x.Text)
		}
	}
	d.line.Details[0].Text = strings.Join(texts, " ")
}
