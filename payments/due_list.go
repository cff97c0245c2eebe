package payments

import (
	"cmp"
	"slices"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// dueKey names a due.
type dueKey struct {
	obligation string
	on         civil.Date
}

// dueList collects what is open of the dues of some mandates.
type dueList struct {
	first       civil.Date // day of the month of the run
	ids         []string   // of the obligations
	obligations map[string]*mandates.Obligation
	rank        map[string]int // of an obligation among those of its mandate: the coordinator's order
	place       map[string]int // of a key among those that are asked for, if any are
	dues        map[string][]dueItem
}

func newDueList(situations []mandates.Situation, run Run, asked []string) *dueList {
	n := 0
	for _, s := range situations {
		n += len(s.Obligations)
	}
	l := &dueList{
		first: run.Month.First(), ids: make([]string, 0, n),
		obligations: make(map[string]*mandates.Obligation, n), rank: make(map[string]int, n),
		place: make(map[string]int, len(asked)), dues: make(map[string][]dueItem, len(situations)),
	}
	for _, s := range situations {
		for i := range s.Obligations {
			o := &s.Obligations[i]
			l.ids, l.obligations[o.ID], l.rank[o.ID] = append(l.ids, o.ID), o, i
		}
	}
	for i, key := range asked {
		l.place[key] = i
	}
	return l
}

// add takes a due of which something may be open.
func (l *dueList) add(at dueKey, open money.Amount) {
	if !open.IsPositive() {
		return
	}
	o := l.obligations[at.obligation]
	l.dues[o.Mandate] = append(l.dues[o.Mandate], dueItem{Obligation: o, On: at.on, Open: open})
}

// debts are those that the dues pay.
func (l *dueList) debts() []string {
	var ids []string
	for _, dues := range l.dues {
		for _, d := range dues {
			if d.Obligation.Debt != "" {
				ids = append(ids, d.Obligation.Debt)
			}
		}
	}
	return ids
}

// upTo puts the dues of each mandate in their order, and lets none ask more than is left of its debt.
func (l *dueList) upTo(left map[string]money.Amount) map[string][]dueItem {
	for mandate, dues := range l.dues {
		slices.SortFunc(dues, l.order)
		for i := range dues {
			d := &dues[i]
			if rest, known := left[d.Obligation.Debt]; known {
				d.Open = money.Min(d.Open, rest)
				if d.Obligation.Block == "" {
					left[d.Obligation.Debt] = rest.Sub(d.Open)
				}
			}
		}
		l.dues[mandate] = slices.DeleteFunc(dues, func(d dueItem) bool { return !d.Open.IsPositive() })
	}
	return l.dues
}

// order is that of what is asked for; else the month comes first, then the obligations in their order.
func (l *dueList) order(a, b dueItem) int {
	if len(l.place) > 0 {
		return l.place[a.key()] - l.place[b.key()]
	}
	return cmp.Or(
		first(!a.On.Before(l.first), !b.On.Before(l.first)),
		l.rank[a.Obligation.ID]-l.rank[b.Obligation.ID],
		a.On.Compare(b.On),
	)
}
