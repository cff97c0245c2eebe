package imports

import (
	"slices"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// claim is a credit of one payer for one mandate whose benefits are to be told apart.
type claim struct {
	mandate mandates.Mandate
	payer   string
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

// split tells which benefits a credit brings, to the cent. In this order: all that is
// still to come of the month; the only choice of benefits with exactly this sum; the only
// benefit expected of this payer; the only benefit of the contract that this payer pays.
// Otherwise nil and why in French: a person decides.
func (k *Known) split(c claim) ([]Part, string) {
	month := k.monthOf(c)
	var all, open []Expected
	for _, i := range k.find().expected[c.mandate.ID] {
		if e := k.Expected[i]; e.Payer == c.payer && e.Period == month && !month.IsZero() {
			all = append(all, e)
			if e.left().IsPositive() {
				open = append(open, e)
			}
		}
	}
	if total(open) == c.amount && len(open) > 0 {
		return partsOf(open), "tout ce qui était attendu pour " + month.French() + "."
	}
	if found, only := onlySum(open, c.amount); only {
		return partsOf(found), "montant exact de ce qui était attendu pour " + month.French() + "."
	}
	if len(all) == 1 {
		return []Part{{Amount: c.amount, Benefit: all[0].Benefit, Period: month}},
			"seule prestation attendue pour " + month.French() + "."
	}
	if payable := k.payable(c); len(all) == 0 && len(payable) == 1 {
		return []Part{{Amount: c.amount, Benefit: payable[0], Period: c.period}},
			"seule prestation du contrat que cet organisme paie."
	}
	return nil, "rien ne dit comment répartir ce montant entre les prestations."
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
		if e.Payer != c.payer || !e.left().IsPositive() || days > earliest || days < -ahead {
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
		if known && c.mandate.Authorises(a.Benefit, c.on) && slices.Contains(row.Payers, c.payer) &&
			!slices.Contains(found, a.Benefit) {
			found = append(found, a.Benefit)
		}
	}
	return found
}

// onlySum finds the benefits that add up to the amount, when there is exactly one choice.
func onlySum(open []Expected, amount money.Amount) ([]Expected, bool) {
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
		if total(some) == amount {
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
