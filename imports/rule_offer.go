package imports

import (
	"cmp"
	"encoding/hex"
	"slices"

	"masp/ledger/chain"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// Choice is what a person once said that a line of the bank is.
type Choice struct {
	BankAccount, Counterparty, Text string
	Line                            int64
	Mandate, Benefit                string
	Amount                          money.Amount
	On                              civil.Date
}

// Offer is a rule that equal choices of persons suggest. Nothing is booked by it: it becomes a
// rule when a person accepts it, and is never offered again once one refused it.
type Offer struct {
	// Key names the offer for ever, in 12 hexadecimal digits.
	Key string `json:"offer"`
	Rule
	// Lines are those that persons identified alike, three at least.
	Lines []int64 `json:"lines"`
}

// equalChoices is how often persons say the same before a rule is offered.
const equalChoices = 3

// shape is what choices have in common.
func (c Choice) shape() Shape {
	return Shape{Payer: tidy(c.Counterparty), Text: shapeOf(c.Text)}
}

// Habits counts the choices by shape; what has no shape is no habit.
func Habits(choices []Choice) []Habit {
	count := map[Habit]int{}
	for _, c := range choices {
		if shape := c.shape(); !shape.zero() {
			count[Habit{Shape: shape, Mandate: c.Mandate, Benefit: c.Benefit}]++
		}
	}
	habits := make([]Habit, 0, len(count))
	for h, n := range count {
		h.Lines = n
		habits = append(habits, h)
	}
	slices.SortFunc(habits, func(a, b Habit) int {
		return cmp.Or(cmp.Compare(a.Payer, b.Payer), cmp.Compare(a.Text, b.Text),
			cmp.Compare(a.Mandate, b.Mandate), cmp.Compare(a.Benefit, b.Benefit))
	})
	return habits
}

// Offers finds the rules that choices suggest: three lines at least of one account, payer and
// text, that persons all gave to the same mandate and benefit. A single other choice for such a
// line, and nothing is offered.
func Offers(choices []Choice) []Offer {
	type alike struct {
		account string
		shape   Shape
	}
	groups := map[alike][]Choice{}
	for _, c := range choices {
		if g := (alike{c.BankAccount, c.shape()}); !g.shape.zero() {
			groups[g] = append(groups[g], c)
		}
	}
	var offers []Offer
	for _, group := range groups {
		if offer, made := offerOf(group); made {
			offers = append(offers, offer)
		}
	}
	slices.SortFunc(offers, func(a, b Offer) int { return cmp.Compare(a.Lines[0], b.Lines[0]) })
	return offers
}

// offerOf makes the rule of choices of one shape; false when they are too few or differ.
func offerOf(group []Choice) (Offer, bool) {
	first := group[0]
	var lines []int64
	for _, c := range group {
		if c.Mandate != first.Mandate || c.Benefit != first.Benefit {
			return Offer{}, false
		}
		if !slices.Contains(lines, c.Line) {
			lines = append(lines, c.Line)
		}
	}
	if len(lines) < equalChoices {
		return Offer{}, false
	}
	slices.Sort(lines)
	rule := Rule{
		BankAccount: first.BankAccount, PayerWords: first.Counterparty, Words: inCommon(group),
		Mandate: first.Mandate, Benefit: first.Benefit,
	}.tidied()
	return Offer{Key: rule.key(), Rule: rule, Lines: lines}, true
}

// inCommon are the words that all texts have: those of letters that say something, and the
// numbers of persons.
func inCommon(group []Choice) []string {
	kept := words(group[0].Text)
	for _, c := range group[1:] {
		theirs := words(c.Text)
		kept = slices.DeleteFunc(kept, func(w string) bool { return !slices.Contains(theirs, w) })
	}
	return slices.DeleteFunc(kept, func(w string) bool {
		return shapeOf(w) == "" && numbersNobody([]string{w}) || len(w) < 3
	})
}

// key names what a rule says of which lines, whoever wrote it and whatever its amounts.
func (r Rule) key() string {
	e := chain.New(digestVersion, "rule").Str(r.BankAccount).Str(r.PayerWords).
		Str(r.Mandate).Str(r.Benefit).Str(r.Payer).Int(int64(len(r.Words)))
	for _, w := range r.Words {
		e.Str(w)
	}
	sum := e.Sum()
	return hex.EncodeToString(sum[:6])
}

// Shape is what two lines of the same payment have in common; see shapeOf.
type Shape struct{ Payer, Text string }

// Habit is how many lines of one shape persons have identified as a benefit of a mandate.
type Habit struct {
	Shape
	Mandate, Benefit string
	Lines            int
}

// shapeOfLine is the shape of a line; one that says nothing has none, and no habit.
func shapeOfLine(l Line) Shape {
	return Shape{Payer: tidy(l.counterparty()), Text: shapeOf(join(l.text(), l.Text))}
}

// zero tells a shape that fits everything.
func (s Shape) zero() bool { return s.Payer == "" && s.Text == "" }
