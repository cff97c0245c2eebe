package bankfile

import (
	"bytes"
	"errors"
	"strings"

	"masp/ledger/money"
	"masp/payments/xmlread"
)

// room is a line with the space for the one transaction and the one remittance text that a
// line usually has, so that they cost no memory of their own.
type room struct {
	line   Line
	detail [1]Detail
	text   [1]string
	halved bool // the last remittance text may go on in a LC2
}

// transaction is the transaction of the line.
func (o *room) transaction() *Detail {
	if o.line.Details == nil {
		o.line.Details = o.detail[:]
	}
	return &o.detail[0]
}

// line reads the 04 just reached and the 05 behind it.
func (c *cfonb) line() (*Line, error) {
	first, into := c.rec, &room{}
	l := &into.line
	l.Rank = c.cur.sums.Entries + 1
	l.Place = c.linePlace(l.Rank)
	units, scale, err := c.facts(&first, l)
	if err != nil {
		return nil, err
	}
	if err := c.complementsOf(&first, into); err != nil {
		return nil, err
	}
	c.classify(&first, into, units > 0)
	c.weigh(l, units, scale)
	return l, nil
}

// facts reads the days, the amount and the references of a 04.
func (c *cfonb) facts(r *record, l *Line) (units int64, scale int, err error) {
	units, old, err := r.amount()
	scale, known, fault := r.decimals()
	if err = errors.Join(err, fault); err != nil {
		return 0, 0, err
	}
	if !known {
		scale = c.scale
	}
	l.BookedOn, err = c.days.read(r, dateFrom, dateTo)
	if err != nil {
		return 0, 0, err
	}
	l.ValueOn, err = c.days.read(r, valueFrom, valueTo)
	if err != nil {
		return 0, 0, err
	}
	c.remarkOld(old, r)
	l.Amount, l.Currency = money.ExactMinor(units, scale), r.trimmed(17, 19)
	if number := r.trimmed(82, 88); strings.Trim(number, "0 ") != "" {
		l.EntryReference = number
	}
	l.BankReference = strings.Trim(r.columns(105, recordLength), " ")
	return units, scale, nil
}

// complementsOf reads the 05 behind the 04 first.
func (c *cfonb) complementsOf(first *record, into *room) error {
	label := first.columns(49, 79)
	c.text = c.text[:0]
	for size := 0; ; size += recordLength {
		if err := c.in.next(&c.rec); err != nil {
			return err
		}
		if c.rec.number == 0 || c.rec.code() != complement {
			break
		}
		if size > entryLimit {
			return c.rec.fault(xmlread.CodeTooLarge, 1, "", "too many complements")
		}
		if err := c.belongs(); err != nil {
			return err
		}
		c.complements++
		c.complement(first, label, into)
	}
	into.line.Text = trimRight(label)
	if len(c.text) > 0 {
		into.line.Text = string(bytes.TrimRight(c.text, " "))
	}
	into.tell()
	return nil
}

// tell writes the complements that a person may want to read into the text.
func (o *room) tell() {
	var texts []string
	for _, x := range o.detail[0].Complements {
		if !silent[x.Qualifier] {
			texts = append(texts, x.Qualifier+" "+x.Text)
		}
	}
	o.detail[0].Text = strings.Join(texts, " ")
}

// complement reads the 05 just reached: a qualifier with its text, or the rest of the label.
func (c *cfonb) complement(first *record, label string, into *room) {
	r := &c.rec
	if len(c.text) == 0 && textual(r) {
		c.text = append(c.text, label...)
	}
	switch qualifier := r.columns(46, 48); {
	case older(r):
		c.text = append(c.text, rest(first, r)...)
	case qualifier == "LIB", trimRight(qualifier) == "":
		c.text = append(append(bytes.TrimRight(c.text, " "), ' '), r.trimmed(49, 118)...)
	default:
		into.qualified(qualifier, r)
	}
}

// textual tells whether a 05 goes on with the text of its 04.
func textual(r *record) bool {
	qualifier := r.columns(46, 48)
	return older(r) || qualifier == "LIB" || trimRight(qualifier) == ""
}

// older tells the layout of before 2010, which has no qualifier: columns 41 to 45 are not left
// blank.
func older(r *record) bool { return trimRight(r.columns(41, 45)) != "" }

// rest is the label in a 05 of the older layout. The norm begins it in column 41; banks repeat
// the value date before it, as in a 04, or leave two blanks.
func rest(first, r *record) string {
	switch {
	case r.columns(valueFrom, valueTo) == first.columns(valueFrom, valueTo):
		return r.columns(49, 118)
	case trimRight(r.columns(41, 42)) == "":
		return r.columns(43, 118)
	}
	return r.columns(41, 118)
}

// weigh counts the line. The usual one, in hundredths of the statement's currency, is counted
// here; the others like those of any format.
func (c *cfonb) weigh(l *Line, units int64, scale int) {
	currency := c.cur.st.Account.Currency
	if l.Currency == "" || l.Currency == currency {
		l.Currency = currency // one text for all lines
	}
	switch {
	case scale != tallyScale || l.Currency != currency || l.BookedOn.IsZero():
		c.cur.line(l, "BOOK")
		return
	case units >= 0:
		c.credits.add(units)
	default:
		c.debits.add(-units)
	}
	c.cur.sums.Entries++
}
