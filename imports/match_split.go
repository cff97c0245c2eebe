package imports

import (
	"slices"
	"strings"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// claim is a credit of one payer for one mandate whose benefits are to be told apart.
type claim struct {
	mandate mandates.Mandate
	payer   string
	named   []string    // the benefits that the text names
	period  civil.Month // of the text; zero when it names none
	amount  money.Amount
	on      civil.Date
}

// Limits of the search for what was paid.
const (
	earliest     = 100 // days a benefit may be late and still be the one that came
	ahead        = 10  // days a benefit may be early
	mostTogether = 10  // benefits of one month that are tried together
)

// split tells which benefits a credit brings, to the cent. What the text names decides:
// one benefit alone has the whole, several need the exact sum of what was expected. A text that
// names none brings all that is still to come of the month, or the only choice of benefits with
// exactly this sum, or the only one expected of this payer within its tolerance, or, when none
// is, the only one of the contract that this payer pays. Otherwise nil and why in French: a
// person decides.
func (k *Known) split(c claim) ([]Part, string) {
	month := k.monthOf(c)
	all, open := k.expectedIn(c, month)
	if len(open) > 0 && total(open) == c.amount && c.hasAll(open) {
		return partsOf(open), "tout ce qui était attendu pour " + month.French() + "."
	}
	if found, only := onlySum(open, c); only {
		return partsOf(found), "montant exact de ce qui était attendu pour " + month.French() + "."
	}
	switch len(c.named) {
	case 0:
		return k.onlyOne(c, all, month)
	case 1:
		return []Part{{Amount: c.amount, Benefit: c.named[0], Period: month}},
			"le texte nomme " + c.named[0] + "."
	}
	return nil, "le texte nomme " + strings.Join(c.named, " et ") + " sans dire combien de chaque."
}

// expectedIn is what was expected of the payer for a month of right, and what of it is to come.
func (k *Known) expectedIn(c claim, month civil.Month) (all, open []Expected) {
	if month.IsZero() {
		return nil, nil
	}
	for _, i := range k.find().expected[c.mandate.ID] {
		e := k.Expected[i]
		if e.Payer != c.payer || e.Period != month {
			continue
		}
		all = append(all, e)
		if e.left().IsPositive() {
			open = append(open, e)
		}
	}
	return all, open
}

// onlyOne is a credit whose text names no benefit and whose sum was not expected.
func (k *Known) onlyOne(c claim, all []Expected, month civil.Month) ([]Part, string) {
	if len(all) == 1 {
		if !all[0].near(c.amount) {
			return nil, "le texte ne nomme aucune prestation et le montant n’est pas celui de " +
				all[0].Benefit + " attendu pour " + month.French() + " (" + all[0].Amount.French() + ")."
		}
		return []Part{{Amount: c.amount, Benefit: all[0].Benefit, Period: month}},
			"seule prestation attendue pour " + month.French() + "."
	}
	if payable := k.payable(c); len(all) == 0 && len(payable) == 1 {
		return []Part{{Amount: c.amount, Benefit: payable[0], Period: c.period}},
			"seule prestation du contrat que cet organisme paie."
	}
	return nil, "rien ne dit comment répartir ce montant entre les prestations."
}

// hasAll tells whether all that the text names is among these.
func (c claim) hasAll(some []Expected) bool {
	for _, code := range c.named {
		if !slices.ContainsFunc(some, func(e Expected) bool { return e.Benefit == code }) {
			return false
		}
	}
	return true
}

// monthOf is the month of the right: the text's, else that of the open benefits of the payer
// whose day is nearest, a month that the credit settles to the cent before any other.
func (k *Known) monthOf(c claim) civil.Month {
	if !c.period.IsZero() {
		return c.period
	}
	var best civil.Month
	bestExact, bestDays := false, 0
	for _, i := range k.find().expected[c.mandate.ID] {
		e := k.Expected[i]
		days := c.on.DaysSince(e.ExpectedOn)
		other := len(c.named) > 0 && !slices.Contains(c.named, e.Benefit)
		if other || e.Payer != c.payer || !e.left().IsPositive() || days > earliest || days < -ahead {
			continue
		}
		exact, distance := k.openIn(c, e.Period) == c.amount, max(days, -days)
		better := exact && !bestExact || exact == bestExact && distance < bestDays
		if best.IsZero() || better {
			best, bestExact, bestDays = e.Period, exact, distance
		}
	}
	return best
}

// openIn is what is still to come from the payer for a month.
func (k *Known) openIn(c claim, month civil.Month) money.Amount {
	var sum money.Amount
	for _, i := range k.find().expected[c.mandate.ID] {
		if e := k.Expected[i]; e.Payer == c.payer && e.Period == month && e.left().IsPositive() {
			sum = sum.Add(e.left())
		}
	}
	return sum
}

// payable are the benefits that the contract names on the day and that the payer pays.
func (k *Known) payable(c claim) []string {
	var found []string
	for _, a := range c.mandate.Benefits {
		row, known := mandates.Find(k.Catalogue, a.Benefit, c.on)
		if known && row.Manageable && c.mandate.Authorises(a.Benefit, c.on) && slices.Contains(row.Payers, c.payer) &&
			!slices.Contains(found, a.Benefit) {
			found = append(found, a.Benefit)
		}
	}
	return found
}

// onlySum finds the benefits that add up to the amount, those that the text names among them,
// when there is exactly one choice.
func onlySum(open []Expected, c claim) ([]Expected, bool) {
	if len(open) == 0 || len(open) > mostTogether {
		return nil, false
	}
	var found []Expected
	choices := 0
	for mask := 1; mask < 1<<len(open); mask++ {
		var some []Expected
		for i := range open {
			if mask&(1<<i) != 0 {
				some = append(some, open[i])
			}
		}
		if total(some) == c.amount && c.hasAll(some) {
			found = some
			choices++
		}
	}
	return found, choices == 1
}

func total(expected []Expected) money.Amount {
	var sum money.Amount
	for _, e := range expected {
		sum = sum.Add(e.left())
	}
	return sum
}

func partsOf(expected []Expected) []Part {
	var parts []Part
	for _, e := range expected {
		parts = append(parts, Part{Amount: e.left(), Benefit: e.Benefit, Period: e.Period})
	}
	return parts
}
