package imports

import (
	"slices"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments"
	"masp/payments/mandates"
)

const euro = "EUR"

// Known is what is known of one bank account and its persons when its lines are recognised.
// Recognition only reads it; take records what a recognised line has used up.
type Known struct {
	// Account is the bank account's ID and Model INDIVIDUAL or POOLED.
	Account, Model string
	// Transfers are those in transit, and those in any state that a line names; by ID.
	Transfers []Transfer
	// Elsewhere says which account a transfer left that a line names and that is not of this one.
	Elsewhere map[string]string
	// Refunded is what creditors gave back of transfers that lines name, by their ID.
	Refunded map[int64]money.Amount
	// Numbers says whose the number is by which a payer knows a person.
	Numbers map[PayerNumber]string
	// Mandates are those of the account.
	Mandates []mandates.Mandate
	// Expected are the benefits expected for these mandates, received or not.
	Expected []Expected
	// Catalogue says which payer pays what.
	Catalogue []mandates.Benefit
	// Advices are the payers' lists that fit an amount of these lines.
	Advices []Announced
	// Rules are those that persons wrote and did not end, for this account.
	Rules []Rule
	// Habits are what persons have said of lines of this account.
	Habits []Habit

	index *index
}

// index finds the rows of Known without reading them all; it is made at the first question.
type index struct {
	transfers map[int64]int
	endToEnd  map[string]int
	expected  map[string][]int // by mandate
	mandates  map[string][]int // by person
	byID      map[string]int   // mandates
	phrases   []benefitPhrase
	sent      map[money.Amount][]int // transfers in any state, by amount
	open      map[money.Amount][]int // expected benefits, by what is expected and by what is to come
	habits    map[Shape][]int
	names     map[string][]int // mandates, by the last name
}

// find makes the index once. The slices of Known must not grow afterwards.
func (k *Known) find() *index {
	if k.index != nil {
		return k.index
	}
	x := &index{
		transfers: make(map[int64]int, len(k.Transfers)),
		endToEnd:  make(map[string]int, len(k.Transfers)),
		expected:  map[string][]int{},
		mandates:  map[string][]int{},
		byID:      make(map[string]int, len(k.Mandates)),
		phrases:   phrasesOf(k.Catalogue),
		sent:      map[money.Amount][]int{},
		open:      map[money.Amount][]int{},
		habits:    map[Shape][]int{},
		names:     map[string][]int{},
	}
	for i, t := range k.Transfers {
		x.transfers[t.ID] = i
		x.endToEnd[asReference(t.EndToEndID)] = i
		x.sent[t.Amount] = append(x.sent[t.Amount], i)
	}
	for i, e := range k.Expected {
		x.expected[e.Mandate] = append(x.expected[e.Mandate], i)
		x.open[e.Amount] = append(x.open[e.Amount], i)
		if rest := e.Amount.Sub(e.Withheld); rest != e.Amount {
			x.open[rest] = append(x.open[rest], i)
		}
	}
	for i, h := range k.Habits {
		x.habits[h.Shape] = append(x.habits[h.Shape], i)
	}
	for i, m := range k.Mandates {
		x.mandates[m.Beneficiary.ID] = append(x.mandates[m.Beneficiary.ID], i)
		x.byID[m.ID] = i
		if name := shapeOf(m.Beneficiary.LastName); name != "" {
			x.names[name] = append(x.names[name], i)
		}
	}
	k.index = x
	return x
}

// PayerNumber is a payer's number of a person ("CAF", "1234567K").
type PayerNumber struct{ Payer, Number string }

// Expected is one benefit that should come, and what has come of it.
type Expected struct {
	Mandate, Benefit, Payer string
	Period                  civil.Month
	Amount, Received        money.Amount
	ExpectedOn              civil.Date
	Tolerance               money.Amount // so much more or less passes as this benefit
	Withheld                money.Amount // what the mandate's payers keep for debts in the month of that day
}

// left is what is still to come.
func (e Expected) left() money.Amount { return e.Amount.Sub(e.Received) }

// near tells whether an amount is what is to come, the whole again, or what a withholding leaves
// of it, within the tolerance.
func (e Expected) near(amount money.Amount) bool {
	within := func(want money.Amount) bool { return amount.Sub(want).Abs().Cmp(e.Tolerance) <= 0 }
	return within(e.left()) || within(e.Amount) || within(e.left().Sub(e.Withheld))
}

// take records that a line was recognised: its transfers are settled or returned, its
// benefits received, its list used. The next line is recognised with that knowledge.
func (k *Known) take(r Recognition) {
	for i := range k.Advices {
		k.Advices[i].Used = k.Advices[i].Used || slices.Contains(r.advices, k.Advices[i].ID)
	}
	for _, p := range r.Parts {
		if t := k.transfer(p.Transfer); t != nil {
			t.State = after(t.State)
		}
		if i := k.expected(p); i >= 0 {
			k.Expected[i].Received = k.Expected[i].Received.Add(p.Amount)
		}
	}
}

// after is the state of a transfer once a line has settled it or given it back.
func after(state payments.InstructionState) payments.InstructionState {
	if state == payments.InTransit {
		return payments.InstructionSettled
	}
	return payments.Returned
}

func (k *Known) transfer(id int64) *Transfer {
	i, known := k.find().transfers[id]
	if !known {
		return nil
	}
	return &k.Transfers[i]
}

// named is the transfer of this account that one of these references names, in any case of
// letters; nil when none does.
func (k *Known) named(references ...string) *Transfer {
	for _, reference := range references {
		if i, known := k.find().endToEnd[asReference(reference)]; known && reference != "" {
			return &k.Transfers[i]
		}
	}
	return nil
}

// expected is the place of the benefit that a part brings, -1 when none was expected.
func (k *Known) expected(p Part) int {
	if p.Benefit != "" {
		for _, i := range k.find().expected[p.Mandate] {
			if e := k.Expected[i]; e.Benefit == p.Benefit && e.Period == p.Period {
				return i
			}
		}
	}
	return -1
}

// inTransit are the transfers that the bank has not debited yet.
func (k *Known) inTransit(fits func(Transfer) bool) []Transfer {
	var found []Transfer
	for _, t := range k.Transfers {
		if t.State == payments.InTransit && fits(t) {
			found = append(found, t)
		}
	}
	return found
}

// mandateOf picks the mandate of a person on this account: the one that is active that day,
// else the latest. False when the person has none here.
func (k *Known) mandateOf(person string, on civil.Date) (mandates.Mandate, bool) {
	var found mandates.Mandate
	for _, i := range k.find().mandates[person] {
		m := k.Mandates[i]
		if m.StatusOn(on) == mandates.Active {
			return m, true
		}
		if found.ID == "" || m.Contract.Start.After(found.Contract.Start) {
			found = m
		}
	}
	return found, found.ID != ""
}

// holder is the person in whose name the account is; empty for a pooled one.
func (k *Known) holder() string {
	if k.Model != mandates.Individual || len(k.Mandates) == 0 {
		return ""
	}
	return k.Mandates[0].Beneficiary.ID
}
