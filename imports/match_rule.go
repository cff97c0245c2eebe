package imports

import (
	"fmt"
	"slices"

	"masp/ledger/civil"
	"masp/payments/mandates"
)

// rulesOf lists the rules that fit a credit of one transaction.
func (k *Known) rulesOf(l Line) []Rule {
	if len(k.Rules) == 0 || !l.Amount.IsPositive() {
		return nil
	}
	w := wordingOf(l)
	var found []Rule
	for _, r := range k.Rules {
		if r.fits(w, k.Account, l.Amount, l.BookedOn) {
			found = append(found, r)
		}
	}
	return found
}

// payersByRule lists the payers that rules name where the bank names none that is known.
func (k *Known) payersByRule(l Line) (payers []string, by []int64) {
	for _, r := range k.rulesOf(l) {
		if r.Payer == "" {
			continue
		}
		by = append(by, r.ID)
		if !slices.Contains(payers, r.Payer) {
			payers = append(payers, r.Payer)
		}
	}
	return payers, by
}

// byRule lets the rules of persons say what a credit is that nothing else has recognised. They
// never overrule: where they disagree with each other, or with what the line itself says, it
// stays what it was, and Why tells which rule to look at.
func (k *Known) byRule(l Line, found Recognition) Recognition {
	rules := slices.DeleteFunc(k.rulesOf(l), func(r Rule) bool { return r.Mandate == "" })
	if len(rules) == 0 {
		return found
	}
	if found.State != LineSuspense {
		for _, r := range rules {
			if !slices.ContainsFunc(found.Parts, r.about) {
				found.Why = join(found.Why, fmt.Sprintf("La règle %d dit autre chose (%s) : revoyez-la.", r.ID, r.what()))
			}
		}
		return found
	}
	m, why := k.agreed(l, rules)
	if why != "" {
		found.Why = join(found.Why, why)
		return found
	}
	r := rules[0]
	for _, other := range rules {
		if k.certain(other, m) {
			r = other
			break
		}
	}
	part := Part{Amount: l.Amount, Benefit: r.Benefit, Period: k.monthBy(l, r)}
	done := k.received(l, m, []Part{part}, fmt.Sprintf("Règle %d de %s : %s.", r.ID, r.By, r.what()))
	done.rules = []int64{r.ID}
	return done
}

// about tells whether a part is what the rule says.
func (r Rule) about(p Part) bool { return p.Mandate == r.Mandate && p.Benefit == r.Benefit }

// agreed finds the mandate that the rules name, when one of them is certain for the person and
// neither another rule nor the line says otherwise. Else why in French: nothing is booked.
func (k *Known) agreed(l Line, rules []Rule) (mandates.Mandate, string) {
	first := rules[0]
	for _, r := range rules[1:] {
		if !r.sameAs(first) {
			return mandates.Mandate{}, fmt.Sprintf("Les règles %d et %d se contredisent.", first.ID, r.ID)
		}
	}
	m, here := k.mandate(first.Mandate)
	if !here {
		return m, fmt.Sprintf("La règle %d nomme le mandat %s, dont l’argent n’est pas sur ce compte.",
			first.ID, first.Mandate)
	}
	if !slices.ContainsFunc(rules, func(r Rule) bool { return k.certain(r, m) }) {
		return m, fmt.Sprintf("La règle %d propose %s, mais rien n’est certain : ni compte au nom de la personne, ni numéro.",
			first.ID, first.what())
	}
	if against := k.against(l, m, first.Benefit); against != "" {
		return m, fmt.Sprintf("La règle %d dit %s, mais %s", first.ID, first.what(), against)
	}
	return m, ""
}

// certain tells whether a rule may book by itself: on the account in the person's own name, or
// by a number among its words.
func (k *Known) certain(r Rule, m mandates.Mandate) bool {
	return k.holder() == m.Beneficiary.ID && m.Beneficiary.ID != "" || !numbersNobody(r.Words)
}

// against says what a line says against a benefit of a mandate; empty when it says nothing.
func (k *Known) against(l Line, m mandates.Mandate, benefit string) string {
	d := l.Details[0]
	text := join(d.Text, l.Text)
	for _, number := range numbersIn(text) {
		for known, person := range k.Numbers {
			if known.Number == number && person != m.Beneficiary.ID {
				return "le texte porte le numéro d’une autre personne."
			}
		}
	}
	named, _ := k.benefitsIn(text, m, l.BookedOn)
	for _, other := range named {
		if other != benefit {
			return "le texte nomme " + other + "."
		}
	}
	if d.Purpose == purposeWage && benefit != benefitWage {
		return "la banque dit que c’est un salaire."
	}
	for _, payer := range payersOf(l, d) {
		if k.paysNot(payer, []string{benefit}) != "" {
			return payer + " ne paie pas cette prestation."
		}
	}
	return ""
}

// monthBy is the month of the right: the text's, else that of the expected benefit whose day is
// nearest, else none.
func (k *Known) monthBy(l Line, r Rule) civil.Month {
	text := join(l.Details[0].Text, l.Text)
	if month := monthIn(text, l.BookedOn); !month.IsZero() {
		return month
	}
	for _, i := range k.find().expected[r.Mandate] {
		if e := k.Expected[i]; e.Benefit == r.Benefit {
			m, _ := k.mandate(r.Mandate)
			return k.monthOf(claim{
				mandate: m, payer: e.Payer, named: []string{r.Benefit}, amount: l.Amount, on: l.BookedOn,
			})
		}
	}
	return civil.Month{}
}
