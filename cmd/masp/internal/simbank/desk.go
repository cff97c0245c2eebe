package simbank

import (
	"fmt"
	"slices"
)

// Desk is a bank that a story tells what to book, line by line: on any day, in any order, several
// statements a day. What it knows of our transfers it has read in the payment files, like Bank.
type Desk struct {
	bank   *Bank
	orders map[string]*taken // by EndToEndId
	lines  []deskLine        // booked since the last statements
}

// taken is a transfer of a file that the desk has received.
type taken struct {
	order order // with this one transfer
	state takenState
}

type takenState int

const (
	waiting takenState = iota
	debited
	refused
	returned
)

type deskLine struct {
	account *account
	entry   entry
	day     Day
}

// NewDesk returns a desk without accounts.
func NewDesk() *Desk {
	return &Desk{bank: New(Options{DropEvery: -1}), orders: map[string]*taken{}}
}

// OpenAccount opens an account, as [Bank.OpenAccount] does.
func (d *Desk) OpenAccount(a Account) error { return d.bank.OpenAccount(a) }

// Take receives a payment file. It refuses a file that a bank would not take whole, and an
// EndToEndId that it has already.
func (d *Desk) Take(pain001 []byte, on Day) error {
	f, err := readFile(pain001)
	if err != nil {
		return fmt.Errorf("take a payment file: %w", err)
	}
	orders, why := d.bank.examine(f, on)
	if why != nil {
		return fmt.Errorf("take payment file %s: %s %s", f.Header.MsgID, why.code, why.text)
	}
	d.bank.received[f.Header.MsgID] = true
	for _, o := range orders {
		if d.bank.byIBAN[o.Debtor] == nil {
			return fmt.Errorf("take payment file %s: %w", f.Header.MsgID, errNoSuchAccount)
		}
		for _, t := range o.Transfers {
			if d.orders[t.EndToEndID] != nil {
				return fmt.Errorf("take payment file %s: transfer %s came before", f.Header.MsgID, t.EndToEndID)
			}
			single := o
			single.Transfers = []transfer{t}
			d.orders[t.EndToEndID] = &taken{order: single}
		}
	}
	return nil
}

// Due lists the EndToEndIds of the transfers to debit on a day, in their order.
func (d *Desk) Due(day Day) []string {
	var ids []string
	for id, t := range d.orders {
		if t.state == waiting && t.order.DebitOn <= day {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// Debit books the debit of a transfer. The desk never lends.
func (d *Desk) Debit(endToEnd string, day Day) error {
	t, err := d.find(endToEnd, waiting)
	if err != nil {
		return err
	}
	a, transfer := d.bank.byIBAN[t.order.Debtor], t.order.Transfers[0]
	if a.Balance+d.unwritten(a) < transfer.Cents {
		return fmt.Errorf("debit %s: account %s has no cover", endToEnd, a.IBAN)
	}
	t.state = debited
	d.book(a, d.bank.singleEntry(a, t.order, transfer), day)
	return nil
}

// Credit books a transfer received; the texts are the payer's own, the bank adds none.
func (d *Desk) Credit(iban string, day Day, in Incoming) error {
	a := d.bank.byIBAN[iban]
	if a == nil {
		return fmt.Errorf("credit %s: %w", iban, errNoSuchAccount)
	}
	e := incomingEntry(a.Holder, in)
	e.Label = ""
	for _, detail := range e.Details {
		if !detail.fits() {
			return fmt.Errorf("credit %s: a text is longer than a statement can carry", iban)
		}
	}
	d.book(a, e, day)
	return nil
}

// Return books a debited transfer as come back, with an ISO reason such as AC04.
func (d *Desk) Return(endToEnd, code string, day Day) error {
	t, err := d.find(endToEnd, debited)
	if err != nil {
		return err
	}
	t.state = returned
	a := d.bank.byIBAN[t.order.Debtor]
	d.book(a, returnEntry(a, t.order, t.order.Transfers[0], code), day)
	return nil
}

// Refuse answers the pain.002 that refuses a transfer before its debit, with an ISO reason such
// as AC01.
func (d *Desk) Refuse(endToEnd, code string, day Day) ([]byte, error) {
	t, err := d.find(endToEnd, waiting)
	if err != nil {
		return nil, err
	}
	t.state = refused
	r := lateRefusal(t.order, t.order.Transfers, reason{code, reasonTexts[code]}, day)
	r.groups[0].status, r.late = "PART", false // the other transfers of the order are on their way
	return d.bank.writeReport(r), nil
}

// find is a transfer in the state that an act asks for.
func (d *Desk) find(endToEnd string, wanted takenState) (*taken, error) {
	t := d.orders[endToEnd]
	switch {
	case t == nil:
		return nil, fmt.Errorf("no payment file held a transfer %s", endToEnd)
	case t.state != wanted:
		return nil, fmt.Errorf("the transfer %s is not in the state for that", endToEnd)
	}
	return t, nil
}

// unwritten is what has moved on an account since its last statement, in cents.
func (d *Desk) unwritten(a *account) (sum int64) {
	for _, l := range d.lines {
		if l.account == a {
			sum += l.entry.Cents
		}
	}
	return sum
}

func (d *Desk) book(a *account, e entry, day Day) { d.lines = append(d.lines, deskLine{a, e, day}) }

// Statements writes what was booked since the last ones, in the order of booking: one statement
// for each unbroken series of lines of one account and day.
func (d *Desk) Statements() []File {
	var files []File
	for len(d.lines) > 0 {
		a, day := d.lines[0].account, d.lines[0].day
		n := 0
		for n < len(d.lines) && d.lines[n].account == a && d.lines[n].day == day {
			d.bank.book(a, d.lines[n].entry, day)
			n++
		}
		d.lines = d.lines[n:]
		name := fmt.Sprintf("camt053_%s_%06d.xml", day.time().Format("20060102"), d.bank.references)
		files = append(files, File{name, d.bank.writeStatements([]*account{a}, day)})
	}
	return files
}
