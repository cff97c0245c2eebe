package scenario_test

import "slices"

// newRun is a run over some people, in any order: now and then over one whose measure is
// over, now and then only proposed.
func (g *generator) newRun(e oEvent) oEvent {
	var all []string
	for _, m := range g.story.Mandates {
		all = append(all, m.ID)
	}
	e.ID, e.Mandates = g.name("RUN-"), shuffled(g, all)
	e.Lines, e.Remittance = &[]oLine{}, map[string]oRemit{}
	if g.chance(6) {
		e.Status = "PROPOSED"
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
	for _, id := range active {
		g.plan(e, id)
	}
	for range g.roll(8) {
		g.addLine(e, active)
	}
	if e.Status == "" {
		g.addReissue(e, active)
	}
	if g.chance(5) && len(*e.Lines) > 0 {
		l := (*e.Lines)[0]
		e.Adjustment = obj{
			"line":       l.ID,
			"from_cents": l.Due + 1,
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
		day = addDays(day, 1+g.roll(9))
	}
	if plan.Dates != nil {
		e.Remittance[id] = plan
	}
}

func (g *generator) addLine(e oEvent, active []string) {
	classes := slices.Concat(lawClasses, otherClasses)
	l := oLine{
		ID:      g.name("l"),
		Mandate: pick(g, active),
		Class:   pick(g, classes),
		Label:   "Échéance",
		Due:     g.due(e, active),
	}
	switch l.Class {
	case "RESERVE":
	case "DEBT_PLAN":
		if !g.owe(e, &l) {
			return
		}
	default:
		payee := pick(g, bills[l.Class])
		l.Payee = &payee
		if len(active) > 1 && g.chance(4) {
			g.divide(&l, active)
		}
	}
	if g.chance(10) && l.Class != "RESERVE" {
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

// owe makes a line an instalment of a debt, of at most what is owed beside other lines.
func (g *generator) owe(e oEvent, l *oLine) bool {
	for _, d := range g.story.Debts {
		left := g.owedBeside(e, d.ID)
		if d.Mandate == l.Mandate && left > 0 {
			creditor, id := d.Creditor, d.ID
			l.Payee, l.Debt, l.Due = &creditor, &id, min(l.Due, left)
			return true
		}
	}
	return false
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
func (g *generator) divide(l *oLine, active []string) {
	l.Mandate, l.Due = "", l.Due+1000
	for _, id := range active {
		l.Shares = append(l.Shares, oShare{id, g.cents(999)})
	}
	for i := range l.Shares {
		l.Shares[i].Weight += 100
	}
}

// addReissue names a failed payment again, once, when it covered one line of somebody here.
func (g *generator) addReissue(e oEvent, active []string) {
	for _, p := range g.paid {
		failed := p.state == "REJECTED" || p.state == "RETURNED"
		if !failed || p.kind != "PAYMENT" || len(p.covers) != 1 || g.tried[p.id] ||
			!slices.Contains(active, p.mandate) ||
			!g.chance(2) {
			continue
		}
		c := p.covers[0]
		if c.debt != nil && g.owedBeside(e, *c.debt) < p.cents {
			continue
		}
		payee := p.payee
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
		whole := e
		whole.Lines = &[]oLine{}
		*whole.Lines = append(slices.Clone(*e.Lines), l)
		paid := slices.ContainsFunc(
			g.allocate(whole, p.mandate).lines,
			func(x oAllotted) bool { return x.ID == l.ID && x.status == "PAID" },
		)
		if !paid { // a re-issue that has to wait is another story
			continue
		}
		g.tried[p.id] = true
		*e.Lines = append(*e.Lines, l)
	}
}
