package bankfile

import (
	"errors"

	"masp/ledger/money"
)

// reading is a statement while it is read: what is known, summed and remarked so far.
type reading struct {
	kind          Kind
	st            Statement
	legalSequence string
	place         string // of the statement
	page, message page   // as the statement and its message say
	interim       []interim
	sums          Sums
	credits       tally // those in cents, until they join the sums
	debits        tally
	told          summary
	booked        bookedSpan
	notes         notes
}

// summary is TxsSummry: what the bank says that it counted.
type summary struct{ all, credits, debits total }

type total struct {
	count   int
	counted bool
	sum     money.Exact
	summed  bool
}

func newReading(kind Kind, place string) *reading {
	return &reading{
		kind: kind, place: place, page: whole, message: whole, st: Statement{LastPage: true},
	}
}

// balance keeps the balance when it is an opening or a closing one.
func (c *reading) balance(b *Balance, sided bool, place string) {
	var slot **Balance
	switch b.Type {
	case "OPBD", "PRCD":
		slot = &c.st.Opening
	case "CLBD":
		slot = &c.st.Closing
	case "ITBD":
		c.interim = append(c.interim[:min(len(c.interim), 1)], interim{b, sided, place})
		return
	default:
		return
	}
	c.usable(b, sided, place)
	old := *slot
	switch {
	case old == nil, old.Type == "PRCD" && b.Type == "OPBD":
		*slot = b
	case old.Type == b.Type && old.Amount.Cmp(b.Amount) != 0:
		c.notes.add(Held, "balance_twice",
			"le relevé donne deux soldes "+b.Type+" différents", place)
	}
}

// usable remarks what is odd in a balance that counts.
func (c *reading) usable(b *Balance, sided bool, place string) {
	if !sided {
		c.notes.add(AcceptedWithWarnings, "balance_side",
			"un solde n’a pas de sens ; il est lu comme créditeur", place)
	}
	c.currency(b.Currency, spot(place))
}

// placed is what a message can point to: a line makes the text of its place only when asked.
type placed interface{ Place() string }

// spot is a place whose text is known.
type spot string

func (s spot) Place() string { return string(s) }

// currency learns the currency of the statement, and remarks another one.
func (c *reading) currency(code string, at placed) {
	have := &c.st.Account.Currency
	switch {
	case code == "" || code == *have:
	case *have == "":
		*have = code
	default:
		c.notes.add(c.gravely(), "mixed_currency", "le relevé est en "+printable(*have)+
			" mais un montant y est en "+printable(code), at.Place())
	}
}

// line judges a line of the given status word and counts it.
func (c *reading) line(e *Line, status string) {
	c.sums.Entries++
	c.sums.Details += len(e.Details)
	e.Status = c.status(status, e)
	if e.Currency == "" {
		e.Currency = c.st.Account.Currency
	}
	if e.Status != Booked {
		c.sums.NotBooked++
		return
	}
	c.currency(e.Currency, e)
	c.booked.add(e)
	if e.BookedOn.IsZero() {
		c.notes.add(AcceptedWithWarnings, "no_booking_date",
			"une écriture n’a pas de date de comptabilisation", e.Place())
	}
	cents, err := e.Amount.Amount()
	switch {
	case err == nil && cents.IsNegative():
		c.debits.add(-cents.Cents())
	case err == nil:
		c.credits.add(cents.Cents())
	case e.Amount.Sign() >= 0:
		c.sums.Credits = c.sums.Credits.Add(e.Amount)
	default:
		c.sums.Debits = c.sums.Debits.Sub(e.Amount)
	}
	if err != nil && e.Currency == euro {
		c.inexact(e, err)
	}
	c.detailSum(e)
}

const euro = "EUR"

// inexact remarks an amount of euros that no account of ours can hold, and why.
func (c *reading) inexact(e *Line, why error) {
	code, text := "not_in_cents", "un montant en euros ne peut pas s’écrire en centimes : "
	if errors.Is(why, money.ErrRange) {
		code, text = "too_much", "un montant est trop grand pour en être un : "
	}
	c.notes.add(c.gravely(), code, text+printable(e.Amount.String()), e.Place())
}

// status reads a status word; one that is unknown is never taken for a booking.
func (c *reading) status(word string, at placed) Status {
	switch word {
	case "BOOK":
		return Booked
	case "PDNG", "FUTR":
		return Pending
	case "INFO":
		return Info
	case "":
		c.notes.add(AcceptedWithWarnings, "no_status",
			"une écriture n’a pas d’état ; elle est lue comme comptabilisée", at.Place())
		return Booked
	}
	c.notes.add(c.gravely(), "unknown_status",
		"une écriture a un état inconnu : "+printable(word), at.Place())
	return Info
}

// detailSum remarks transactions that do not make up their line. It holds nothing: banks
// give the amount before charges or in another currency there.
func (c *reading) detailSum(e *Line) {
	var sum money.Exact
	for i := range e.Details {
		d := &e.Details[i]
		switch {
		case d.Amount == nil || d.Currency != e.Currency:
			return
		case i == 0:
			sum = *d.Amount
		default:
			sum = sum.Add(*d.Amount)
		}
	}
	if len(e.Details) > 0 && sum.Cmp(e.Amount) != 0 {
		c.notes.add(AcceptedWithWarnings, "details_sum",
			"la somme des opérations n’est pas le montant de l’écriture", e.Place())
	}
}

// printable keeps a short text of a file fit for one line of a message.
func printable(s string) string {
	if s == "" {
		return "devise absente"
	}
	return short(s, 20)
}

// short gives at most so many characters of a text, none of them a control character.
func short(s string, most int) string {
	out := []rune(s[:min(len(s), 4*(most+1))])
	if len(out) > most {
		out = append(out[:most], '…')
	}
	for i, char := range out {
		if char < ' ' {
			out[i] = ' '
		}
	}
	return string(out)
}
