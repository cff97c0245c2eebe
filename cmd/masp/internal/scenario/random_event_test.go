package scenario_test

import (
	"maps"
	"slices"
	"strings"
)

// often lists the types of event, the frequent ones several times.
var often = strings.Fields(`
	CREDIT CREDIT CREDIT RUN RUN RUN REJECT RETURN IDENTIFY WITHHOLDING
	PASS_THROUGH RESTITUTE REFUND_PAYER ESTATE_PAYOUT END_OF_MEASURE DEATH`)

// today invents the events of one day, in the order of the day.
func (g *generator) today() {
	g.todo = nil
	for range max(0, g.roll(5)-2) {
		g.todo = append(g.todo, pick(g, often))
	}
	for phase := range phases {
		g.begin(phase)
		for _, kind := range g.todo {
			if phaseOf(kind) != phase {
				continue
			}
			if e, ok := g.event(kind); ok {
				g.apply(e)
				g.events = append(g.events, e)
			}
		}
	}
}

// event invents one event of a type, when the day allows one.
func (g *generator) event(kind string) (oEvent, bool) {
	e := oEvent{Type: kind, Date: g.day}
	switch kind {
	case "CREDIT":
		return g.newCredit(e), true
	case "IDENTIFY":
		return g.newIdentify(e)
	case "WITHHOLDING":
		return g.newWithholding(e)
	case "RUN":
		return g.newRun(e), true
	case "REJECT":
		return g.newFailure(e, "EMITTED")
	case "RETURN":
		return g.newFailure(e, "SETTLED")
	case "END_OF_MEASURE":
		e.Reason = pick(g, reasons)
		return g.newLast(e)
	case "DEATH":
		e.KnownOn, e.Died = g.day, addDays(g.day, -g.roll(40))
		e.Date = e.Died
		return g.newLast(e)
	}
	return g.newPayout(e)
}

// newCredit is a credit of one bank account over people of it, now and then in all like another.
func (g *generator) newCredit(e oEvent) oEvent {
	if before := g.credits(); len(before) > 0 && g.chance(6) {
		twin := pick(g, before)
		g.tried[twin.Reference] = true // which of the two is identified, nobody could tell
		twin.Date = e.Date
		return twin
	}
	e.Bank = pick(g, g.story.Banks).Code
	e.Payer, e.Reference = pick(g, []string{"CAF", "CPAM", "EMPLOYEUR", "INCONNU"}), g.name("REF ")
	g.banks[e.Reference] = e.Bank
	for range 1 + g.roll(4) {
		part := oPart{Amount: g.cents(110000)}
		if !g.chance(5) {
			mandate := pick(g, g.at(e.Bank))
			benefit, period := g.benefit(mandate, &part.Amount)
			part.Mandate, part.Benefit = &mandate, &benefit
			if period != "" {
				part.Period = &period
			}
		}
		e.Breakdown = append(e.Breakdown, part)
		e.Amount += part.Amount
	}
	return e
}

// credits are those that came so far.
func (g *generator) credits() []oEvent {
	var all []oEvent
	for _, e := range g.events {
		if e.Type == "CREDIT" {
			all = append(all, e)
		}
	}
	return all
}

// at is who has money on a bank account.
func (g *generator) at(bank string) []string {
	var ids []string
	for _, m := range g.story.Mandates {
		if m.Bank == bank {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

// benefit is what somebody may receive; an expected one comes once or twice with about its
// amount, and now and then the payer keeps the rest of it for a debt.
func (g *generator) benefit(mandate string, cents *int64) (benefit, period string) {
	switch g.roll(8) {
	case 5:
		return pick(g, []string{"WAGE", "OTHER_RESOURCE"}), pick(g, []string{"", g.day[:7]})
	case 6:
		return "REFUND_OF_PAYMENT", ""
	case 7:
		return pick(g, theBenefits), monthsBefore(g.day, g.roll(3))
	}
	var mine []oExpectation
	for _, b := range g.story.Expected {
		came := g.received[[3]string{mandate, b.Benefit, b.Period}] != nil
		if b.Mandate == mandate && (!came || g.chance(6)) {
			mine = append(mine, b)
		}
	}
	if len(mine) == 0 {
		return pick(g, g.mandate(mandate).Benefits), monthsBefore(g.day, 0)
	}
	b := pick(g, mine)
	switch g.roll(4) {
	case 0, 1:
		*cents = b.Amount
	case 2:
		*cents = max(1, b.Amount-g.cents(5000))
		g.todo = append(g.todo, "WITHHOLDING")
	case 3:
		*cents = b.Amount + g.cents(500)
	}
	return b.Benefit, b.Period
}

func (g *generator) newIdentify(e oEvent) (oEvent, bool) {
	open := slices.DeleteFunc(
		slices.Sorted(maps.Keys(g.unknown)),
		func(reference string) bool { return g.tried[reference] },
	)
	if len(open) == 0 {
		return e, false
	}
	e.CreditRef = pick(g, open)
	e.Mandate = pick(g, g.at(g.banks[e.CreditRef]))
	switch g.roll(4) {
	case 1:
		e.Benefit = "WAGE"
	case 2, 3: // of a month that is not expected
		e.Benefit, e.Period = pick(g, theBenefits), g.day[:7]
	default:
		e.Benefit = "REFUND_OF_PAYMENT"
	}
	return e, !slices.ContainsFunc(g.story.Expected, func(b oExpectation) bool {
		return b.Mandate == e.Mandate && b.Benefit == e.Benefit && b.Period == e.Period
	})
}

// newWithholding is of any debt, of any kind.
func (g *generator) newWithholding(e oEvent) (oEvent, bool) {
	var open []oDebt
	for _, d := range g.story.Debts {
		if g.owed[d.ID] > 0 {
			open = append(open, d)
		}
	}
	if len(open) == 0 {
		return e, false
	}
	d := pick(g, open)
	e.Mandate, e.Debt, e.Amount = d.Mandate, d.ID, g.cents(int(min(g.owed[d.ID], 5000)))
	return e, true
}

func (g *generator) newFailure(e oEvent, state string) (oEvent, bool) {
	var open []string
	for _, p := range g.paid {
		if p.state == state {
			open = append(open, p.id)
		}
	}
	if len(open) == 0 {
		return e, false
	}
	e.Payment, e.Reason = pick(g, open), pick(g, failures)
	return e, true
}

// failures are reasons of the bank.
var failures = strings.Fields("AC01 AC04 AC06 AG01 BE04 MD07 MS02 MS03 RR04 NARR")

// reasons are those of R-090, but for death.
var reasons = strings.Fields(`AUTONOMY_REGAINED TERM_REACHED MOVED OTHER MAJ_OPENED REFERRED_TO_PROSECUTOR
	TERMINATED_BY_PERSON TERMINATED_BREACH PROTECTION_OPENED MASP3`)

// newLast ends a measure or a life, sparingly; a life may end after the measure.
func (g *generator) newLast(e oEvent) (oEvent, bool) {
	open := g.havingStatus("ACTIVE")
	if e.Type == "DEATH" {
		open = append(open, g.havingStatus("ENDED")...)
	}
	if len(open) == 0 || !g.chance(3) {
		return e, false
	}
	e.Mandate = pick(g, open)
	return e, true
}

func (g *generator) havingStatus(status string) []string {
	var ids []string
	for _, m := range g.story.Mandates {
		if g.status[m.ID] == status {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

// newPayout empties an account that holds something.
func (g *generator) newPayout(e oEvent) (oEvent, bool) {
	subs := map[string][]string{
		"PASS_THROUGH":  {":RESTRICTED", ":RESTITUTION"},
		"RESTITUTE":     {""},
		"REFUND_PAYER":  {":UNDUE"},
		"ESTATE_PAYOUT": {":ESTATE"},
	}
	var full [][2]string // mandate, sub
	for _, m := range g.story.Mandates {
		for _, name := range subs[e.Type] {
			ended := e.Type != "RESTITUTE" || g.status[m.ID] == "ENDED"
			if ended && g.balances[own(m.ID)+name] < 0 {
				full = append(full, [2]string{m.ID, name})
			}
		}
	}
	if len(full) == 0 {
		return e, false
	}
	chosen := pick(g, full)
	e.ID, e.Mandate = g.name("X-"), chosen[0]
	e.Payee = "P-SELF-" + e.Mandate
	switch e.Type {
	case "PASS_THROUGH":
		e.Sub, e.Reason = strings.TrimPrefix(chosen[1], ":"), "not managed"
		if g.chance(3) {
			e.Payee = "P-CAF"
		}
		if g.status[e.Mandate] == "DECEASED" && g.chance(2) {
			e.Payee = "P-NOT"
		}
	case "REFUND_PAYER":
		e.Payee, e.Reason = "P-CAF", "written claim"
		e.Amount = -g.balances[own(e.Mandate)+chosen[1]]
		if g.chance(3) {
			e.Amount = g.cents(int(e.Amount))
		}
	case "ESTATE_PAYOUT":
		e.Payee = "P-NOT"
	}
	return e, true
}
