package bankfile

import (
	"strings"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// statement is what is known of the statement, completed by what follows from it.
func (c *reading) statement() Statement {
	st := c.st
	if st.Sequence == "" {
		st.Sequence = c.legalSequence
	}
	st.From, st.To = period(&st)
	return st
}

// end judges the statement.
func (c *reading) end() StatementEnd {
	c.sums.Credits = c.sums.Credits.Add(c.credits.sum())
	c.sums.Debits = c.sums.Debits.Add(c.debits.sum())
	c.paginate()
	c.judge()
	end := StatementEnd{Statement: c.statement(), Sums: c.sums}
	end.Closes, end.Difference = c.prove()
	end.Reasons = c.notes.list()
	end.Outcome = worst(end.Reasons)
	return end
}

// period completes FrToDt by the days of the balances.
func period(st *Statement) (from, to civil.Date) {
	from, to = st.From, st.To
	if b := st.Opening; from.IsZero() && b != nil {
		if from = b.On; b.Type == "PRCD" && !from.IsZero() {
			from = from.AddDays(1)
		}
	}
	if b := st.Closing; to.IsZero() && b != nil {
		to = b.On
	}
	if !to.IsZero() && from.After(to) {
		from = to // the day after the old balance, which a statement of its day has not
	}
	return from, to
}

// prove checks opening + credits − debits = closing over the booked lines.
func (c *reading) prove() (Proof, money.Exact) {
	open, closing := c.st.Opening, c.st.Closing
	if open == nil || closing == nil {
		if c.kind == Final {
			c.notes.add(AcceptedWithWarnings, "not_provable",
				"le relevé n’a pas les deux soldes : rien ne prouve qu’il est complet", c.place)
		}
		return Unknown, money.Exact{}
	}
	computed := open.Amount.Add(c.sums.Credits).Sub(c.sums.Debits)
	difference := computed.Sub(closing.Amount)
	if difference.IsZero() {
		return Closes, difference
	}
	c.notes.add(Held, "does_not_add_up", "le relevé ne tombe pas juste : solde de départ "+
		c.french(open.Amount)+", plus crédits "+c.french(c.sums.Credits)+", moins débits "+
		c.french(c.sums.Debits)+", font "+c.french(computed)+", mais le solde final est "+
		c.french(closing.Amount)+" ; redemandez-le à la banque", c.place)
	return Differs, difference
}

// french prints an amount of the statement for the user.
func (c *reading) french(v money.Exact) string {
	currency := c.st.Account.Currency
	if a, err := v.Amount(); err == nil && currency == euro {
		return a.French()
	}
	return strings.Replace(v.String(), ".", ",", 1) + " " + printable(currency)
}

// judge remarks what concerns the statement as a whole.
func (c *reading) judge() {
	st := &c.st
	c.judgeAccount()
	c.judgeDays()
	if st.ID == "" {
		c.notes.add(AcceptedWithWarnings, "no_id", "le relevé n’a pas d’identifiant", c.place)
	}
	if st.Account.Currency != euro {
		c.notes.add(AcceptedWithWarnings, "not_eur", "le compte n’est pas en euros ("+
			printable(st.Account.Currency)+") : le relevé ne pourra pas être enregistré", c.place)
	}
	if st.CopyDuplicate != "" {
		c.notes.add(AcceptedWithWarnings, "copy",
			"la banque dit que ce relevé est une copie ou un duplicata", c.place)
	}
	if !st.LastPage {
		c.notes.add(AcceptedWithWarnings, "not_last_page",
			"ce n’est pas la dernière page du relevé", c.place)
	}
	c.compareSummary()
}

// gravely is what a fault leads to that forbids to post: what is never posted goes on with
// a warning.
func (c *reading) gravely() Outcome {
	if c.kind == Final {
		return Held
	}
	return AcceptedWithWarnings
}

// compareSummary remarks a summary that contradicts the lines, whether it counts the
// booked lines or all of them.
func (c *reading) compareSummary() {
	s, t := &c.sums, &c.told
	booked := s.Entries - s.NotBooked
	wrong := t.all.counted && t.all.count != s.Entries && t.all.count != booked
	if s.NotBooked == 0 {
		wrong = wrong || t.credits.differs(s.Credits) || t.debits.differs(s.Debits)
	}
	if wrong {
		c.notes.add(AcceptedWithWarnings, "summary",
			"le récapitulatif de la banque ne correspond pas aux écritures", c.place)
	}
}

func (t *total) differs(sum money.Exact) bool { return t.summed && t.sum.Cmp(sum) != 0 }
