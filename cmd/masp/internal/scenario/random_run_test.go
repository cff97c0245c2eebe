package scenario_test

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"
)

// newRun is a run over some people, in any order: now and then over one whose measure is
// over, now and then only proposed.
func (g *generator) newRun(e oEvent) oEvent {
	var all []string
	for _, m := range g.story.Mandates {
		all = append(all, m.ID)
	}
	e.ID, e.Mandates = g.name("RUN-"), shuffled(g, all)
	e.Lines, e.Remittance = &[]oLine{}, map[string]oRemit{}
	if g.chance(4) {
		e.Status = pick(g, []string{"PROPOSED", "PROPOSED", "APPROVED"})
	}
	var active []string
	for _, id := range e.Mandates {
		if g.status[id] == "ACTIVE" {
			active = append(active, id)
		}
	}
	if len(active) == 0 {
		return e
	}
	planned := active
	if g.chance(6) { // also of who gets nothing by this run
		planned = all
	}
	for _, id := range planned {
		g.plan(e, id)
	}
	for range g.roll(8) {
		g.addLine(e, active, all)
	}
	g.addReissue(e, active)
	if g.chance(3) && len(*e.Lines) > 0 {
		l := pick(g, *e.Lines)
		e.Adjustment = obj{
			"line":       l.ID,
			"from_cents": l.Due + g.cents(5000),
			"to_cents":   l.Due,
			"by":         "coordinatrice",
			"reason":     "accord",
		}
	}
	for _, id := range active { // no remittance of nothing
		if a := g.allocate(e, id); a.remit > 0 && a.remit < int64(len(e.Remittance[id].Dates)) {
			e.Remittance[id] = oRemit{e.Remittance[id].Payee, e.Remittance[id].Dates[:1]}
		}
	}
	return e
}

// plan gives a person days on which what remains is sent, the first of them perhaps today.
func (g *generator) plan(e oEvent, id string) {
	day := addDays(g.day, g.roll(4))
	plan := oRemit{Payee: "P-SELF-" + id}
	for range g.roll(5) {
		plan.Dates = append(plan.Dates, day)
		day = addDays(day, g.roll(9))
	}
	if g.chance(6) && plan.Dates != nil {
		plan.Dates = rapid.Permutation(plan.Dates).Draw(g.t, "dates")
	}
	if plan.Dates != nil {
		e.Remittance[id] = plan
	}
}

// addLine is a line of somebody of the run, or now and then of anybody.
func (g *generator) addLine(e oEvent, active, all []string) {
	owners := active
	if g.chance(8) {
		owners = all
	}
	classes := slices.Concat(lawClasses, otherClasses)
	l := oLine{
		ID:      fmt.Sprintf("l%d", len(*e.Lines)),
		Mandate: pick(g, owners),
		Class:   pick(g, classes),
		Label:   "Échéance",
		Due:     g.due(e, active),
	}
	switch l.Class {
	case "RESERVE":
	case "DEBT_PLAN":
		g.owe(e, &l)
	default:
		payee := pick(g, bills[l.Class])
		l.Payee = &payee
		if len(owners) > 1 && g.chance(4) {
			g.divide(&l, owners)
		}
	}
	if l.Block == "" && g.chance(10) {
		l.Block = pick(g, []string{"CONTESTED_DEBT", "OVER_INDEBTEDNESS_FREEZE"})
	}
	*e.Lines = append(*e.Lines, l)
}

// due is any amount, or one at the edge of what somebody still has.
func (g *generator) due(e oEvent, active []string) int64 {
	if !g.chance(4) {
		return g.cents(45000)
	}
	a := g.allocate(e, pick(g, active))
	left := a.remit + a.carried
	if g.chance(2) {
		left -= a.floor
	}
	return max(1, left+int64(g.roll(3)-1))
}

// owe makes a line an instalment of a debt, of at most what is owed beside other lines, now and then
// to a collector; else of a debt that nobody names.
func (g *generator) owe(e oEvent, l *oLine) {
	payee := "P-CRED"
	l.Payee = &payee
	for _, d := range g.story.Debts {
		left := g.owedBeside(e, d.ID)
		if d.Mandate == l.Mandate && left > 0 {
			id := d.ID
			if !g.chance(8) {
				payee = d.Creditor
			}
			l.Debt, l.Due = &id, min(l.Due, left)
			if d.ContestedOn != "" {
				l.Block = "CONTESTED_DEBT"
			}
			return
		}
	}
}

func (g *generator) owedBeside(e oEvent, debt string) int64 {
	left := g.owed[debt]
	for _, l := range *e.Lines {
		if text(l.Debt) == debt {
			left -= l.Due
		}
	}
	return left
}

// divide makes a line one of several people, large enough that each has a part.
func (g *generator) divide(l *oLine, owners []string) {
	l.Mandate, l.Due = "", l.Due+1000
	for _, id := range owners {
		l.Shares = append(l.Shares, oShare{id, g.cents(999)})
	}
	for i := range l.Shares {
		l.Shares[i].Weight += 100
	}
}

// addReissue names a failed payment of somebody here again, once; one of several lines when none of
// them is of a debt. It may have to wait, and a bill may go to another payee.
func (g *generator) addReissue(e oEvent, active []string) {
	for _, p := range g.paid {
		failed := p.state == "REJECTED" || p.state == "RETURNED"
		if !failed || p.kind != "PAYMENT" || g.tried[p.id] ||
			len(p.covers) > 1 && slices.ContainsFunc(p.covers, func(c oCover) bool { return c.class == "DEBT_PLAN" }) ||
			!slices.Contains(active, p.mandate) ||
			!g.chance(2) {
			continue
		}
		c := p.covers[0]
		if c.debt != nil && g.owedBeside(e, *c.debt) < p.cents {
			continue
		}
		payee := p.payee
		if names := bills[c.class]; len(names) > 2 && g.chance(4) {
			payee = pick(g, names)
		}
		l := oLine{
			ID:      g.name("again"),
			Mandate: p.mandate,
			Class:   c.class,
			Payee:   &payee,
			Due:     p.cents,
			Label:   "Nouvel essai",
			Debt:    c.debt,
			Reissue: p.id,
		}
		g.tried[p.id] = e.Status != "PROPOSED"
		*e.Lines = append(*e.Lines, l)
	}
}
