package imports

import (
	"cmp"
	"slices"
	"strings"

	"masp/ledger/civil"
	"masp/payments/mandates"
)

// choice is a benefit of a mandate for a month that a credit may be.
type choice struct {
	mandate, benefit string
	period           civil.Month
}

// suggestBenefits ranks the benefits that a credit may bring. One that carries the number of a
// person is suggested for nobody else.
func (k *Known) suggestBenefits(l Line) []Suggestion {
	if len(l.Details) != 1 { // several that nobody knows, or none: judged as a whole
		l.Details = []Detail{{Amount: l.Amount, Text: l.text()}}
	}
	e := k.evidenceOf(l)
	var found []Suggestion
	for _, c := range k.choices(e) {
		if m, _ := k.mandate(c.mandate); len(e.numbers) == 0 || e.numbers[m.Beneficiary.ID] != nil {
			found = append(found, k.weigh(c, e))
		}
	}
	return found
}

// evidence is what a credit tells, read once.
type evidence struct {
	line    Line
	words   wording
	month   civil.Month
	numbers map[string][]string // the numbers that name a person, by person
	payers  []string
	rules   []Rule
	habits  []Habit
}

func (k *Known) evidenceOf(l Line) evidence {
	text := join(l.Details[0].Text, l.Text)
	e := evidence{
		line: l, words: wordingOf(l), month: monthIn(text, l.BookedOn), numbers: map[string][]string{},
		payers: payersOf(l, l.Details[0]), rules: k.rulesOf(l),
	}
	for _, number := range numbersIn(text) {
		for _, payer := range mandates.Payers() {
			if person := k.Numbers[PayerNumber{payer, number}]; person != "" {
				e.numbers[person] = append(e.numbers[person], payer+" "+number)
			}
		}
	}
	for _, i := range k.find().habits[shapeOfLine(l)] {
		e.habits = append(e.habits, k.Habits[i])
	}
	return e
}

// choices lists the benefits for which something speaks: what was expected with this amount,
// what rules and persons have said of such lines, and whatever was expected, or else is
// authorised, of the persons whose number or name stands in the text.
func (k *Known) choices(e evidence) []choice {
	var all []choice
	expected := k.find().open[e.line.Amount]
	if len(expected) > mostAlike {
		expected = nil
	}
	for _, i := range expected {
		x := k.Expected[i]
		days := e.line.BookedOn.DaysSince(x.ExpectedOn)
		if x.left().IsPositive() && days <= earliest && days >= -ahead {
			all = append(all, choice{x.Mandate, x.Benefit, x.Period})
		}
	}
	for _, r := range e.rules {
		if _, here := k.mandate(r.Mandate); here {
			all = append(all, choice{r.Mandate, r.Benefit, k.monthBy(e.line, r)})
		}
	}
	for _, h := range e.habits {
		if _, here := k.mandate(h.Mandate); here {
			all = append(all, choice{h.Mandate, h.Benefit, k.monthBy(e.line, Rule{Mandate: h.Mandate, Benefit: h.Benefit})})
		}
	}
	for _, m := range k.persons(e) {
		all = append(all, k.benefitsOf(m, e)...)
	}
	slices.SortFunc(all, func(a, b choice) int {
		return cmp.Or(cmp.Compare(a.mandate, b.mandate), cmp.Compare(a.benefit, b.benefit), a.period.Compare(b.period))
	})
	return slices.Compact(all)
}

// persons are the mandates of the account whose number or full name a credit carries, and that
// of the person in whose name the account is.
func (k *Known) persons(e evidence) []mandates.Mandate {
	var found []mandates.Mandate
	add := func(person string) {
		if m, here := k.mandateOf(person, e.line.BookedOn); here {
			found = append(found, m)
		}
	}
	for person := range e.numbers {
		add(person)
	}
	if holder := k.holder(); holder != "" {
		add(holder)
	}
	for _, word := range strings.Fields(e.words.text) {
		for _, i := range k.find().names[word] {
			if k.Mandates[i].StatusOn(e.line.BookedOn) == mandates.Active && e.names(k.Mandates[i]) {
				found = append(found, k.Mandates[i])
			}
		}
	}
	return found
}

// names tells whether a credit carries the first and the last name of a person.
func (e evidence) names(m mandates.Mandate) bool {
	return says(e.words.text, tidy(m.Beneficiary.LastName)) && says(e.words.text, tidy(m.Beneficiary.FirstName))
}

// benefitsOf lists what a person may receive from the payer of a credit: what is still expected
// around that day, or named; where nothing is, what the contract lets this payer pay.
func (k *Known) benefitsOf(m mandates.Mandate, e evidence) []choice {
	var all []choice
	payer := ""
	if len(e.payers) == 1 {
		payer = e.payers[0]
	}
	for _, i := range k.find().expected[m.ID] {
		x := k.Expected[i]
		days := e.line.BookedOn.DaysSince(x.ExpectedOn)
		if x.left().IsPositive() && (payer == "" || x.Payer == payer) && days <= earliest && days >= -ahead {
			all = append(all, choice{m.ID, x.Benefit, x.Period})
		}
	}
	if len(all) == 0 && payer != "" {
		for _, benefit := range k.payable(claim{mandate: m, payer: payer, on: e.line.BookedOn}) {
			all = append(all, choice{m.ID, benefit, e.month})
		}
	}
	return all
}

// weigh gives a choice its reasons.
func (k *Known) weigh(c choice, e evidence) Suggestion {
	m, _ := k.mandate(c.mandate)
	person := m.Beneficiary.ID
	s := Suggestion{Mandate: c.mandate, Benefit: c.benefit, Period: c.period}
	if numbers := e.numbers[person]; len(numbers) > 0 {
		s.because(pointsNumber, "numéro %s de la personne", numbers[0])
	}
	for _, r := range e.rules {
		if r.Mandate == c.mandate && r.Benefit == c.benefit {
			s.because(pointsRule, "règle %d de %s", r.ID, r.By)
			break
		}
	}
	lines := 0
	for _, h := range e.habits {
		if h.Mandate == c.mandate && h.Benefit == c.benefit {
			lines += h.Lines
		}
	}
	if lines > 0 {
		s.because(pointsHabit*min(lines, mostHabits), "même libellé que %s pour %s",
			plural(lines, "ligne identifiée", "lignes identifiées"), c.mandate)
	}
	k.weighExpected(&s, c, e)
	if k.holder() == person && person != "" {
		s.because(pointsAccount, "compte au nom de la personne")
	}
	if named, _ := k.benefitsIn(join(e.line.Details[0].Text, e.line.Text), m, e.line.BookedOn); slices.Contains(named, c.benefit) {
		s.because(pointsNamed, "le texte nomme cette prestation")
	}
	if len(e.payers) == 1 && slices.Contains(k.payersOfBenefit(c.benefit), e.payers[0]) {
		s.because(pointsPayer, "nom du payeur connu : %s", e.payers[0])
	}
	if e.names(m) {
		s.because(pointsName, "nom de la personne dans le texte")
	}
	return s
}

// weighExpected compares a choice with what was expected of its month.
func (k *Known) weighExpected(s *Suggestion, c choice, e evidence) {
	for _, i := range k.find().expected[c.mandate] {
		x := k.Expected[i]
		if x.Benefit != c.benefit || x.Period != c.period || c.period.IsZero() {
			continue
		}
		switch {
		case x.Amount == e.line.Amount || x.left() == e.line.Amount:
			s.because(pointsAmount, "même montant que l’attendu %s", c.period.FrenchOf())
		case x.near(e.line.Amount):
			s.because(pointsNear, "montant proche de l’attendu %s", c.period.FrenchOf())
		}
		if e.month == c.period {
			s.because(pointsMonth, "le texte nomme %s", c.period.French())
		}
	}
}

// payersOfBenefit are the payers of a benefit, as the catalogue has them.
func (k *Known) payersOfBenefit(code string) []string {
	var all []string
	for _, b := range k.Catalogue {
		if b.Code == code {
			all = append(all, b.Payers...)
		}
	}
	return all
}
