package reconcile

import (
	"slices"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// move is what entries did to a bank account on a day: to its 512, and to what that stands for.
// line is what the bank said of the same entries.
type move struct {
	account string
	day     civil.Date
	sums
	opening bool
}

// sums add up moves.
type sums struct{ books, line, transit, unidentified, persons money.Amount }

func (s sums) add(m sums) sums {
	return sums{
		s.books.Add(m.books), s.line.Add(m.line), s.transit.Add(m.transit),
		s.unidentified.Add(m.unidentified), s.persons.Add(m.persons),
	}
}

// closing is the balance on which an accepted statement ends, at its place in the chain: printed for a
// day, and counted from it on or from the first open day, where that day was locked when it came.
type closing struct {
	statement, chain int64
	printed, on      civil.Date
	balance          money.Amount
}

// history is a bank account day by day. Moves come in the order of the books, nearly always for the
// last days; closings stand in the order of the chain, so their days never go back.
type history struct {
	days     []evening // in their order
	closings []closing
	opened   civil.Date // the first opening entry; zero for none
}

// evening is everything that had moved at the end of a day.
type evening struct {
	day civil.Date
	sums
}

// add counts a move on its day and on all later ones.
func (h *history) add(m move) {
	i, found := slices.BinarySearchFunc(h.days, m.day, func(e evening, d civil.Date) int { return e.day.Compare(d) })
	if !found {
		before := sums{}
		if i > 0 {
			before = h.days[i-1].sums
		}
		h.days = slices.Insert(h.days, i, evening{m.day, before})
	}
	for ; i < len(h.days); i++ {
		h.days[i].sums = h.days[i].add(m.sums)
	}
	if m.opening && (h.opened.IsZero() || m.day.Before(h.opened)) {
		h.opened = m.day
	}
}

// until are the moves through a day.
func (h *history) until(day civil.Date) sums {
	i, found := slices.BinarySearchFunc(h.days, day, func(e evening, d civil.Date) int { return e.day.Compare(d) })
	if found {
		i++
	}
	if i == 0 {
		return sums{}
	}
	return h.days[i-1].sums
}

// at are the figures of a day by the statements up to a place in the chain.
func (h *history) at(day civil.Date, chain int64) Figures {
	moved := h.until(day)
	f := Figures{
		Books: moved.books, InTransit: moved.transit, Unidentified: moved.unidentified, Persons: moved.persons,
	}
	said := min(h.closed(day), int(chain))
	if said == 0 || day.Before(h.opened) {
		return f
	}
	last := h.closings[said-1]
	f.known, f.statement, f.BankOn, f.Printed = true, last.statement, last.printed, last.balance
	f.Bank = last.balance.Add(moved.line).Sub(h.until(last.on).line)
	return f
}

// closed is how many statements had ended at the end of a day.
func (h *history) closed(day civil.Date) int {
	i, _ := slices.BinarySearchFunc(h.closings, day, func(c closing, d civil.Date) int {
		if c.on.After(d) {
			return 1
		}
		return -1
	})
	return i
}

// first is the first day of which anything is known; zero for none.
func (h *history) first() civil.Date {
	var day civil.Date
	if len(h.days) > 0 {
		day = h.days[0].day
	}
	if len(h.closings) > 0 && (day.IsZero() || h.closings[0].on.Before(day)) {
		day = h.closings[0].on
	}
	return day
}

// driftSince is the first day of the difference that there is on a day; zero when there is none. What
// the bank says must be what the books say on every day through it, as corrections count on the day of
// what they correct; what the books stand for must add up on the day itself (masp.drift_since).
func (h *history) driftSince(day civil.Date) civil.Date {
	var wrong, torn civil.Date
	for _, d := range h.turning(day) {
		f := h.at(d, int64(len(h.closings)))
		if f.againstBank() && wrong.IsZero() {
			wrong = d
		}
		switch {
		case f.unexplained().IsZero():
			torn = civil.Date{}
		case torn.IsZero():
			torn = d
		}
	}
	if wrong.IsZero() || !torn.IsZero() && torn.Before(wrong) {
		return torn
	}
	return wrong
}

// turning are the days through a last one on which a figure may change, in their order.
func (h *history) turning(last civil.Date) []civil.Date {
	var days []civil.Date
	for _, e := range h.days {
		days = append(days, e.day)
	}
	for _, c := range h.closings {
		days = append(days, c.on)
	}
	days = slices.DeleteFunc(days, last.Before)
	slices.SortFunc(days, civil.Date.Compare)
	return slices.Compact(days)
}
