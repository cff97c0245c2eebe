package scenario_test

import (
	"fmt"
	"slices"
)

// run computes a run and, unless it is only proposed, emits its transfers.
func (o *oracleBooks) run(e oEvent) {
	proposed := e.Status == "PROPOSED"
	mandates, status := []obj{}, "APPROVED"
	if proposed {
		status = "PROPOSED"
	}
	for _, id := range e.Mandates {
		if o.status[id] != "ACTIVE" {
			if !proposed {
				o.alert("RUN_REFUSED", obj{"mandate": id, "reason": o.status[id]})
			}
			continue
		}
		a := o.allocate(e, id)
		if !proposed {
			o.commit(e, a)
		}
		mandates = append(mandates, a.print(!proposed))
	}
	o.runs = append(
		o.runs,
		obj{"run": e.ID, "date": e.Date, "status": status, "mandates": mandates},
	)
}

// oAllotment is what a run decides for one mandate.
type oAllotment struct {
	mandate                                 string
	before, floor, reserved, remit, carried int64
	planned                                 bool // a remittance is
	lines                                   []oAllotted
	remittances                             []*oScheduled
	payments                                []*oPayment
}

type oAllotted struct {
	oLine
	senior, short  bool // short: the purse, not the law, kept it from being paid in full
	paid           int64
	status, reason string
}

// split gives the lines of one mandate, shares by largest remainder.
func split(lines []oLine, mandate string) []oLine {
	var mine []oLine
	for _, l := range lines {
		if len(l.Shares) == 0 {
			if l.Mandate == mandate {
				mine = append(mine, l)
			}
			continue
		}
		parts := largestRemainder(l.Due, l.Shares)
		for i, s := range l.Shares {
			if s.Mandate == mandate {
				part := l
				part.ID, part.Due = l.ID+"/"+mandate, parts[i]
				mine = append(mine, part)
			}
		}
	}
	return mine
}

func largestRemainder(due int64, shares []oShare) []int64 {
	total, left := int64(0), due
	for _, s := range shares {
		total += s.Weight
	}
	parts, order := make([]int64, len(shares)), make([]int, len(shares))
	for i, s := range shares {
		parts[i], order[i] = due*s.Weight/total, i
		left -= parts[i]
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return int(due*shares[b].Weight%total - due*shares[a].Weight%total)
	})
	for _, i := range order[:left] {
		parts[i]++
	}
	return parts
}

func (o *oracleBooks) allocate(e oEvent, id string) *oAllotment {
	m := o.mandate(id)
	a := &oAllotment{mandate: id, planned: len(e.Remittance[id].Dates) > 0}
	a.before = -o.balances[own(id)] - o.reserves[id]
	a.floor = m.Policy.Floor
	for _, r := range o.scheduled {
		if r.mandate == id && r.state == "PLANNED" {
			a.before -= r.cents
		}
		if r.mandate == id && r.state != "CANCELLED" && r.date[:7] == o.day[:7] {
			a.floor -= r.cents
		}
	}
	a.floor = max(0, a.floor)
	var lines []oLine
	if e.Lines != nil {
		lines = split(*e.Lines, id)
	}
	rank := func(l oLine) int { return slices.Index(m.Policy.Order, l.Class) }
	slices.SortStableFunc(lines, func(x, y oLine) int { return rank(x) - rank(y) })
	left := a.pay(m.Policy, lines)
	a.share(e, left)
	a.group(e)
	return a
}

// pay decides each line and answers what is left.
func (a *oAllotment) pay(p oPolicy, lines []oLine) (left int64) {
	left = a.before
	rentUnpaid, stopped := false, false
	for _, due := range lines {
		l := oAllotted{oLine: due, senior: slices.Contains(p.Senior, due.Class)}
		limit := left
		if !l.senior {
			limit = max(0, left-a.floor)
		}
		switch {
		case l.Block != "":
			l.status, l.reason = "BLOCKED", l.Block
		case !l.senior && rentUnpaid:
			l.status, l.reason = "BLOCKED", "RENT_FIRST"
		case !l.senior && stopped:
			l.status, l.reason, l.short = "DEFERRED", "HIGHER_PRIORITY_UNPAID", true
		case l.Due <= limit:
			l.status, l.paid = "PAID", l.Due
		case slices.Contains(p.Partial, l.Class) && limit > 0:
			l.status, l.reason, l.paid, l.short = "PARTIAL", "INSUFFICIENT_FUNDS", limit, true
		default:
			l.status, l.reason, l.short = "DEFERRED", "INSUFFICIENT_FUNDS", true
		}
		if l.short {
			rentUnpaid = rentUnpaid || l.senior
			stopped = stopped || !l.senior && p.Shortfall == "STOP"
		}
		left -= l.paid
		if l.Class == "RESERVE" {
			a.reserved += l.paid
			if l.status == "PAID" {
				l.status = "RESERVED"
			}
		}
		a.lines = append(a.lines, l)
	}
	return left
}

// share splits what is left over the dates.
func (a *oAllotment) share(e oEvent, left int64) {
	plan := e.Remittance[a.mandate]
	isShort := func(l oAllotted) bool { return l.short }
	switch {
	case !a.planned:
	case slices.ContainsFunc(a.lines, func(l oAllotted) bool { return l.senior && l.short }):
	case slices.ContainsFunc(a.lines, isShort):
		a.remit = min(left, a.floor)
	default:
		a.remit = left
	}
	a.carried = left - a.remit
	n := int64(len(plan.Dates))
	for i, date := range plan.Dates {
		cents := a.remit / n
		if int64(i) < a.remit%n {
			cents++
		}
		if cents > 0 {
			a.remittances = append(a.remittances, &oScheduled{
				id:      fmt.Sprintf("%s-%s-REM%d", e.ID, a.mandate, i+1),
				mandate: a.mandate,
				payee:   plan.Payee,
				date:    date,
				cents:   cents,
				state:   "PLANNED",
			})
		}
	}
}

// group makes one transfer of the lines to one payee.
func (a *oAllotment) group(e oEvent) {
	for _, l := range a.lines {
		if l.paid == 0 || l.Class == "RESERVE" {
			continue
		}
		id := e.ID + "-" + a.mandate + "-" + *l.Payee
		i := slices.IndexFunc(a.payments, func(p *oPayment) bool { return p.id == id })
		if i < 0 {
			i = len(a.payments)
			a.payments = append(
				a.payments,
				&oPayment{id: id, mandate: a.mandate, payee: *l.Payee, account: own(a.mandate)},
			)
		}
		a.payments[i].cents += l.paid
		a.payments[i].covers = append(
			a.payments[i].covers,
			oCover{line: l.ID, class: l.Class, debt: l.Debt, cents: l.paid},
		)
	}
}

// commit emits the transfers of an approved run, plans its remittances and warns.
func (o *oracleBooks) commit(e oEvent, a *oAllotment) {
	o.reserves[a.mandate] += a.reserved
	for _, p := range a.payments {
		o.emit("PAYMENT", p)
	}
	o.scheduled = append(o.scheduled, a.remittances...)
	if short := a.shortfall(); short > 0 {
		o.alert("LIVING_FLOOR_NOT_MET", obj{"mandate": a.mandate, "shortfall_cents": short})
	}
	for _, l := range a.lines {
		if l.senior && l.short {
			o.alert(
				"RENT_UNPAID",
				obj{"mandate": a.mandate, "line": l.ID, "unpaid_cents": l.Due - l.paid},
			)
		}
		if l.Reissue != "" && l.status == "PAID" {
			o.payment(l.Reissue).reissued = l.ID
		}
	}
	for _, l := range a.lines {
		if l.Class == "DEBT_PLAN" && (l.status == "DEFERRED" || l.reason == "RENT_FIRST") {
			o.alert(
				"DEBT_PLAN_MISSED",
				obj{"mandate": a.mandate, "line": l.ID, "due_cents": l.Due},
			)
		}
	}
}

func (a *oAllotment) shortfall() int64 {
	if !a.planned {
		return 0
	}
	return max(0, a.floor-a.remit)
}

func (a *oAllotment) print(approved bool) obj {
	lines, remittances, payments := []obj{}, []obj{}, []obj{}
	for _, l := range a.lines {
		line := obj{
			"line": l.ID, "class": l.Class, "payee": l.Payee, "label": l.Label, "due_cents": l.Due,
			"paid_cents": l.paid, "status": l.status, "reason": nil, "debt": l.Debt,
		}
		if l.reason != "" {
			line["reason"] = l.reason
		}
		lines = append(lines, line)
	}
	for _, r := range a.remittances {
		remittances = append(remittances, obj{"date": r.date, "amount_cents": r.cents})
	}
	for _, p := range a.payments {
		covers := []string{}
		for _, c := range p.covers {
			covers = append(covers, c.line)
		}
		payments = append(
			payments,
			obj{"id": p.id, "payee": p.payee, "amount_cents": p.cents, "covers": covers},
		)
	}
	out := obj{
		"mandate":                 a.mandate,
		"available_before_cents":  a.before,
		"living_floor_left_cents": a.floor,
		"lines":                   lines,
		"reserved_cents":          a.reserved,
		"remit_total_cents":       a.remit,
		"remittances":             remittances,
		"carried_forward_cents":   a.carried,
	}
	if short := a.shortfall(); short > 0 {
		out["living_floor_shortfall_cents"] = short
	}
	if approved {
		out["payments"] = payments
	}
	return out
}
