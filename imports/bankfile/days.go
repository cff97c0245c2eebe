package bankfile

import (
	"masp/ledger/civil"
	"masp/payments/sepa"
)

// bookedSpan is the first and the last day on which the bank booked a line, with their lines.
type bookedSpan struct{ first, last bookedAt }

type bookedAt struct {
	day                  civil.Date
	row, statement, rank int
}

// add takes the day of a booked line; a line without any says nothing.
func (s *bookedSpan) add(l *Line) {
	day := l.BookingDay()
	if day.IsZero() || !s.first.day.IsZero() && !day.Before(s.first.day) && !day.After(s.last.day) {
		return
	}
	at := bookedAt{day, l.row, l.statement, l.Rank}
	if s.first.day.IsZero() || day.Before(s.first.day) {
		s.first = at
	}
	if day.After(s.last.day) {
		s.last = at
	}
}

// Place is that of the line.
func (b bookedAt) Place() string {
	return (&Line{row: b.row, statement: b.statement, Rank: b.rank}).Place()
}

// judgeDays remarks balances without a day, a statement that runs backwards, and lines booked
// outside of it. A line of the day of the old balance is inside.
func (c *reading) judgeDays() {
	from, to := period(&c.st)
	opening, closing := c.st.Opening, c.st.Closing
	if opening != nil && !opening.On.IsZero() && opening.On.Before(from) {
		from = opening.On
	}
	if closing != nil && closing.On.After(to) {
		to = closing.On
	}
	switch {
	case c.kind != Final:
		return
	case opening != nil && opening.On.IsZero(), closing != nil && closing.On.IsZero():
		c.notes.add(AcceptedWithWarnings, "no_balance_date", "un solde n’a pas de date", c.place)
	case opening != nil && closing != nil && closing.On.Before(opening.On):
		c.notes.add(Held, "backwards", "le solde de départ est daté du "+opening.On.FrenchShort()+
			", après le solde final du "+closing.On.FrenchShort(), c.place)
		return
	}
	for _, line := range []bookedAt{c.booked.last, c.booked.first} {
		if !line.day.IsZero() && (line.day.Before(from) || !to.IsZero() && line.day.After(to)) {
			c.notes.add(AcceptedWithWarnings, "outside_period", "une écriture est datée du "+
				line.day.FrenchShort()+", hors des jours du relevé", line.Place())
			return
		}
	}
}

// judgeAccount remarks an IBAN that cannot be one: a digit was lost on its way here.
func (c *reading) judgeAccount() {
	account := c.st.Account
	if account.ID() == "" {
		c.notes.add(c.gravely(), "no_account", "le relevé ne dit pas de quel compte il est", c.place)
	}
	if account.IBAN == "" {
		return
	}
	if _, err := sepa.ParseIBAN(account.IBAN); err != nil {
		c.notes.add(AcceptedWithWarnings, "iban", "l’IBAN du compte est faux (sa clé ou sa longueur "+
			"ne va pas) : "+printableIBAN(account.IBAN), c.place)
	}
}

// printableIBAN keeps what an IBAN may be long of a text.
func printableIBAN(s string) string { return short(s, 34) }
