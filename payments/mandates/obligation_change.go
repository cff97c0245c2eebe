package mandates

import (
	"fmt"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// LandlordCredit is the alert of a creditor who was paid or aided too much.
const LandlordCredit = "LANDLORD_CREDIT"

// AmountChange is a new amount of an obligation from a day on: a rent that rises.
type AmountChange struct {
	Obligation string
	ID         string // of the obligation that follows it
	Amount     money.Amount
	From       civil.Date // first day on which a due has the new amount; in the past when learnt late
}

// Changed is what a change of amount makes of an obligation.
type Changed struct {
	Old    Obligation   // ended
	New    Obligation   // from its first due day that is still to be paid; no ID when there is none
	Late   []Obligation // one line for each past month with a difference, due today
	Credit money.Amount // what past dues asked too much: a note for the coordinator, no line
}

// lines are the obligations that the change adds.
func (c Changed) lines() []Obligation {
	if c.New.ID == "" {
		return c.Late
	}
	return append([]Obligation{c.New}, c.Late...)
}

// searchMonths is how far a due day is looked for: two years and a month, so a yearly one is found.
const searchMonths = 25

// apply decides where the old amount ends: before the first due day from From on that lies in
// the month of today or later and that nobody has paid. What fell due between From and then
// keeps its line, and the difference is asked once per month, today.
func (c AmountChange) apply(o Obligation, paid map[civil.Date]bool, today civil.Date) (Changed, error) {
	if err := c.check(o); err != nil {
		return Changed{}, err
	}
	var changed Changed
	var past []DueOn
	var cut civil.Date
	until := later(c.From, today).MonthOf().Add(searchMonths)
	for month := c.From.MonthOf(); cut.IsZero() && month.Before(until); month = month.Add(1) {
		for _, d := range Due(o, month) {
			switch {
			case !cut.IsZero() || d.On.Before(c.From):
			case !month.Before(today.MonthOf()) && !paid[d.On]:
				cut = d.On
			default:
				past = append(past, d)
			}
		}
	}
	changed.Late, changed.Credit = c.differences(o, past, today)
	changed.Old, changed.New = c.follow(o, cut)
	return changed, nil
}

func later(a, b civil.Date) civil.Date {
	if a.After(b) {
		return a
	}
	return b
}

func (c AmountChange) check(o Obligation) error {
	var vs Violations
	vs.add(c.From.IsZero() || c.From.Before(o.From), "R-053", "FROM_BEFORE_START",
		"Le nouveau montant ne peut pas précéder le début de l'échéance ("+o.From.French()+").")
	vs.add(!o.To.IsZero() && o.To.Before(c.From), "R-053", "OVER", "Cette échéance est finie avant cette date.")
	vs.add(o.Frequency == Once, "R-053", "ONCE_HAS_ONE_AMOUNT",
		"Une échéance unique ne change pas de montant : terminez-la et ajoutez-en une autre.")
	vs.add(o.Shared != "", "R-101", "SHARED_LINE", "Une part d'une ligne partagée ne change pas seule.")
	vs.add(c.Amount == o.Amount, "R-053", "SAME_AMOUNT", "C'est déjà le montant de cette échéance.")
	vs.add(c.Amount.IsNegative(), "R-053", "AMOUNT_NOT_POSITIVE", "Le montant ne peut pas être négatif.")
	return vs.err()
}

// follow ends the old obligation before the day cut and begins the new one on it; without a
// cut nothing is left to follow.
func (c AmountChange) follow(o Obligation, cut civil.Date) (old, next Obligation) {
	if cut.IsZero() {
		return o, Obligation{}
	}
	old, next = o, o
	if old.To = cut.AddDays(-1); cut == o.From {
		old.To, old.Except = o.From, append(append([]civil.Date{}, o.Except...), o.From)
	}
	if c.Amount.IsZero() {
		return old, Obligation{}
	}
	if next.DueDay == 0 && !o.Frequency.byWeekday() {
		next.DueDay = o.From.Day()
	}
	next.ID, next.Amount, next.From = c.ID, c.Amount, cut
	return old, next
}

// differences are the late lines, one per month, and the sum of what was asked too much.
func (c AmountChange) differences(o Obligation, past []DueOn, today civil.Date) (late []Obligation, credit money.Amount) {
	more := c.Amount.Sub(o.Amount)
	if more.IsNegative() {
		for range past {
			credit = credit.Sub(more)
		}
		return nil, credit
	}
	for _, d := range past {
		month := d.On.MonthOf()
		line := Obligation{
			ID:      fmt.Sprintf("%s-R%02d%02d", c.ID, month.Year()%100, month.Number()),
			Mandate: o.Mandate, Class: o.Class, Creditor: o.Creditor, Amount: more, Reference: o.Reference,
			Label:     o.Label + ", rappel " + month.French(),
			Frequency: Once, From: today, Debt: o.Debt,
		}
		if n := len(late); n > 0 && late[n-1].ID == line.ID {
			late[n-1].Amount = late[n-1].Amount.Add(more)
			continue
		}
		late = append(late, line)
	}
	return late, credit
}

// Instalments makes n single lines of one amount that add up to it, the first ones with the
// extra cent, a month apart: 86.40 in 3 is 28.80 each. The obligation says class, creditor, first day
// and label of them all; it refuses fewer than 2 or more than 36.
func (o Obligation) Instalments(n int) ([]Obligation, error) {
	if n < 2 || n > 36 {
		return nil, Violations{{
			Rule: "R-054", Code: "INSTALMENTS", French: "Un paiement échelonné a de 2 à 36 échéances.",
		}}
	}
	var lines []Obligation
	for i, part := range o.Amount.SplitEven(n) {
		line := o
		line.ID, line.Amount, line.Frequency = fmt.Sprintf("%s-%d", o.ID, i+1), part, Once
		line.Label = fmt.Sprintf("%s (%d/%d)", o.Label, i+1, n)
		line.From = o.From.AddMonths(i)
		lines = append(lines, line)
	}
	return lines, nil
}
