package bankfile

import (
	"errors"
	"io"

	"masp/ledger/money"
	"masp/payments/sepa"
	"masp/payments/xmlread"
)

// The records of CFONB 120.
const (
	oldBalance = "01"
	movement   = "04"
	complement = "05"
	newBalance = "07"
)

// cfonb reads CFONB 120 ("relevé de compte", norm of 2004 with the SEPA qualifiers of 2010).
type cfonb struct {
	in    *records
	rec   record // the one to be dealt with next
	stage stage
	count int
	notes notes // on the file as a whole

	// Of the open statement.
	cur         *reading
	opening     record
	holder      holder // of the opening
	scale       int
	complements int
	days        days
	current     current // the line that is being read
	kind        string  // the last code of an operation
}

// openCFONB reads up to the first record.
func openCFONB(r io.Reader) (decoder, Format, error) {
	format := Format{Family: cfonb120}
	in, err := newRecords(r)
	if err != nil {
		return nil, format, err
	}
	c := &cfonb{in: in}
	return c, format, in.next(&c.rec)
}

func (c *cfonb) next() (Event, error) {
	switch c.stage {
	case atFile:
		c.stage = atStatement
		return FileStart{Format: Format{Family: cfonb120}}, nil
	case atStatement:
		if c.rec.number == 0 {
			c.stage = done
			return FileEnd{Statements: c.count, Reasons: c.notes.list()}, nil
		}
		return c.begin()
	case inStatement:
		return c.advance()
	}
	return nil, nil
}

// begin opens the statement of the 01 just reached.
func (c *cfonb) begin() (Event, error) {
	if c.rec.code() != oldBalance {
		return nil, c.misplaced()
	}
	c.count++
	c.opening, c.holder, c.complements = c.rec, c.rec.holder(), 0
	place := c.rec.place(1)
	c.cur = newReading(Final, place.Place())
	c.cur.st.Account = c.account()
	if err := c.in.next(&c.rec); err != nil {
		return nil, err
	}
	if err := c.belongs(); err != nil {
		return nil, err
	}
	if err := c.learn(&c.opening, &c.rec); err != nil {
		return nil, err
	}
	b, err := c.balance(&c.opening, "PRCD")
	if err != nil {
		return nil, err
	}
	if b.On.IsZero() {
		b.Type = "OPBD" // no day to count from
	}
	c.stage = inStatement
	return StatementStart{c.cur.statement()}, nil
}

// account is the bank account that a 01 names, with the IBAN that these numbers make.
func (c *cfonb) account() Account {
	h := c.holder
	a := Account{Currency: c.opening.trimmed(17, 19)}
	if !blank(h.number) {
		a.Other = h.bank + "/" + h.branch + "/" + h.number
	}
	if iban, err := sepa.MakeFrenchIBAN(h.bank, h.branch, h.number); err == nil {
		a.IBAN = iban.String()
	}
	return a
}

// learn takes the currency and the decimals from the first of these records that has them:
// banks leave them blank in 01 and 07.
func (c *cfonb) learn(records ...*record) error {
	c.scale = -1
	for _, r := range records {
		scale, known, err := r.decimals()
		if err != nil {
			return err
		}
		if known && c.scale < 0 {
			c.scale = scale
		}
		c.cur.currency(r.trimmed(17, 19), spot(c.cur.place))
	}
	if c.scale < 0 {
		c.scale = defaultDecimals
		c.cur.notes.add(AcceptedWithWarnings, "no_decimals",
			"le relevé ne dit pas combien de décimales ont ses montants ; "+
				"ils sont lus en centimes", c.cur.place)
	}
	return nil
}

// advance deals with the next record of the open statement.
func (c *cfonb) advance() (Event, error) {
	if err := c.belongs(); err != nil {
		return nil, err
	}
	switch c.rec.code() {
	case movement:
		line, err := c.readLine()
		if err != nil {
			return nil, err
		}
		return LineEvent{line}, nil
	case newBalance:
		return c.finish()
	}
	return nil, c.misplaced()
}

// belongs refuses a record of another account than that of the open statement.
func (c *cfonb) belongs() error {
	r := &c.rec
	switch {
	case r.number == 0:
		e := r.place(1)
		e.Code, e.Path, e.Err = xmlread.CodeTruncated, "", errors.New("no new balance (07)")
		return &e
	case !isRecord(r.code()) || r.code() == oldBalance:
		return c.misplaced()
	case r.holder() != c.holder:
		return r.fault(CodeAccount, 1, "", "a record of another account")
	}
	return nil
}

// misplaced refuses a record that is none, or stands where it may not.
func (c *cfonb) misplaced() error {
	if code := c.rec.code(); !isRecord(code) {
		return c.rec.fault(CodeRecord, 1, code, "no record of CFONB 120")
	}
	return c.rec.fault(CodeOrder, 1, c.rec.code(), "a record out of its order")
}

func isRecord(code string) bool {
	switch code {
	case oldBalance, movement, complement, newBalance:
		return true
	}
	return false
}

// balance reads a 01 or a 07.
func (c *cfonb) balance(r *record, kind string) (*Balance, error) {
	units, old, err := r.amount()
	if err != nil {
		return nil, err
	}
	scale, known, err := r.decimals()
	if err != nil {
		return nil, err
	}
	if !known {
		scale = c.scale
	}
	on, err := c.days.read(r, dateFrom, dateTo)
	if err != nil {
		return nil, err
	}
	place := r.place(amountFrom)
	c.remarkOld(old, r)
	b := &Balance{Type: kind, Amount: money.ExactMinor(units, scale), Currency: r.trimmed(17, 19), On: on}
	c.cur.balance(b, true, place.Place())
	return b, nil
}

func (c *cfonb) remarkOld(old bool, r *record) {
	if !old {
		return
	}
	place := r.place(amountTo)
	c.cur.notes.add(AcceptedWithWarnings, "old_sign",
		"un montant a son signe dans l’ancienne écriture (é, è ou une petite lettre)", place.Place())
}

// finish closes the statement with the 07 just reached.
func (c *cfonb) finish() (Event, error) {
	closing := c.rec
	if _, err := c.balance(&closing, "CLBD"); err != nil {
		return nil, err
	}
	if err := c.in.next(&c.rec); err != nil {
		return nil, err
	}
	c.stage = atStatement
	c.cur.st.ID = statementID(&c.opening, &closing)
	c.cur.sums.Details = c.complements
	return c.cur.end(), nil
}

// statementID makes the number that the format does not give: the days of the two balances as
// the bank writes them, "031126-041126". It is the same whenever the bank sends the statement
// again; what tells two statements of the same days apart is their content. Empty without the
// day of the new balance.
func statementID(opening, closing *record) string {
	from, to := opening.trimmed(dateFrom, dateTo), closing.trimmed(dateFrom, dateTo)
	switch "" {
	case to:
		return ""
	case from:
		return to
	}
	return from + "-" + to
}
