package payments

import (
	"maps"
	"slices"

	"masp/ledger/money"
	"masp/payments/mandates"
)

// Comparison is what a run is held against before somebody signs it (ux 3.5).
type Comparison struct {
	Received money.Amount // benefits of the month that had come when the run was made, in euros
	Before   []PastPart   // who was paid by the monthly runs of the month before
	Accounts []Paying     // that the run debits
}

// PastPart is what the monthly runs of the month before paid for one mandate. Nobody whom another run of
// this month pays stands here.
type PastPart struct {
	Mandate, Person string
	Transfers       int
	Total           money.Amount
}

// Paying is a bank account that pays.
type Paying struct{ ID, IBAN string }

// Step is one part of what a run does with the money of its persons; the parts add up.
type Step string

// The steps, in the order of the cascade: what was there, what came, what leaves, what stays.
const (
	StepBefore   Step = "BEFORE"
	StepReceived Step = "RECEIVED"
	StepRent     Step = "RENT"
	StepHousing  Step = "HOUSING_OTHER"
	StepDebts    Step = "DEBT_PLAN"
	StepBills    Step = "OTHER_BILL"
	StepPerson   Step = "PERSON"
	StepAfter    Step = "AFTER"
)

// Steps are all steps in their order.
func Steps() []Step {
	return []Step{StepBefore, StepReceived, StepRent, StepHousing, StepDebts, StepBills, StepPerson, StepAfter}
}

// Cascade is the amount of each step, in euros and without sign: before + received − the five that leave =
// after. What is set aside, carried over or left where a mandate stays out of the run is after.
func (r Run) Cascade(received money.Amount) map[Step]money.Amount {
	at := make(map[Step]money.Amount)
	var available money.Amount
	for _, m := range r.Mandates {
		available = available.Add(m.Available)
		for _, l := range m.Lines {
			if l.Class != mandates.Reserve {
				at[stepOf(l.Class)] = at[stepOf(l.Class)].Add(l.Paid)
			}
		}
		at[StepPerson] = at[StepPerson].Add(m.Remit)
	}
	at[StepBefore], at[StepReceived] = available.Sub(received), received
	left := available
	for _, s := range []Step{StepRent, StepHousing, StepDebts, StepBills, StepPerson} {
		left = left.Sub(at[s])
	}
	at[StepAfter] = left
	return at
}

func stepOf(c mandates.Class) Step {
	switch c {
	case mandates.Rent, mandates.RentalCharge:
		return StepRent
	case mandates.HousingOther:
		return StepHousing
	case mandates.DebtPlan:
		return StepDebts
	}
	return StepBills
}

// FromRest is a transfer that no line stands behind: what is left for the person, or money that no run
// shares out.
const FromRest Provenance = "REST"

// Natures are what a transfer pays: the classes of its lines, or its kind when there are none.
func (m RunMandate) Natures(t Instruction) (all []string) {
	for _, l := range m.covered(t) {
		if !slices.Contains(all, string(l.Class)) {
			all = append(all, string(l.Class))
		}
	}
	if len(all) == 0 {
		all = []string{string(t.Kind)}
	}
	return all
}

// Provenance is where a transfer comes from: an exception about one of its lines comes first, then a
// decision.
func (m RunMandate) Provenance(t Instruction) Provenance {
	lines := m.covered(t)
	if len(lines) == 0 {
		return FromRest
	}
	from := FromLastMonth
	for _, l := range lines {
		switch o := l.Why.Origin; {
		case o.From == FromException || len(o.Exceptions) > 0:
			return FromException
		case o.From == FromDecision:
			from = FromDecision
		}
	}
	return from
}

// covered are the lines that a transfer pays.
func (m RunMandate) covered(t Instruction) (lines []RunLine) {
	for _, c := range t.Covers {
		if i := slices.IndexFunc(m.Lines, func(l RunLine) bool { return l.No == c.Line }); i >= 0 {
			lines = append(lines, m.Lines[i])
		}
	}
	return lines
}

// NatureSum is how much of a run pays one thing: a class of lines, or a kind of transfer without lines.
type NatureSum struct {
	Nature    string
	Transfers int
	Total     money.Amount
}

// ByNature counts the transfers of a run by what they pay, in the order of the classes. One transfer that
// pays two classes counts for each of them, with its own part of the amount.
func (r Run) ByNature() (all []NatureSum) {
	for _, c := range mandates.Classes() {
		all = append(all, NatureSum{Nature: string(c)})
	}
	add := func(nature string, a money.Amount) {
		i := slices.IndexFunc(all, func(s NatureSum) bool { return s.Nature == nature })
		if i < 0 {
			i, all = len(all), append(all, NatureSum{Nature: nature})
		}
		all[i].Transfers++
		all[i].Total = all[i].Total.Add(a)
	}
	for _, m := range r.Mandates {
		for _, t := range m.Transfers {
			m.parts(t, add)
		}
	}
	return slices.DeleteFunc(all, func(s NatureSum) bool { return s.Transfers == 0 })
}

// parts are the amounts of a transfer by what they pay.
func (m RunMandate) parts(t Instruction, add func(string, money.Amount)) {
	sums := make(map[string]money.Amount)
	for _, c := range t.Covers {
		if i := slices.IndexFunc(m.Lines, func(l RunLine) bool { return l.No == c.Line }); i >= 0 {
			class := string(m.Lines[i].Class)
			sums[class] = sums[class].Add(c.Amount)
		}
	}
	if len(sums) == 0 {
		sums[string(t.Kind)] = t.Amount
	}
	for _, nature := range slices.Sorted(maps.Keys(sums)) {
		add(nature, sums[nature])
	}
}
