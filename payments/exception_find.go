package payments

import (
	"slices"

	"masp/ledger/money"
	"masp/payments/mandates"
)

// Key identifies a line: "OBLIGATION@2026-11-05".
func (l RunLine) Key() string { return mandates.DueOn{Obligation: l.Obligation, On: l.DueOn}.Key() }

// full tells whether the line is paid, or set aside, as a whole.
func (l RunLine) full() bool { return l.Status == Paid || l.Status == Reserved }

// short tells whether money ran out at this very line.
func (l RunLine) short() bool { return l.Reason == InsufficientFunds }

// finder collects the exceptions of one mandate.
type finder struct {
	Facts
	found []Exception
}

// Exceptions returns what a coordinator must look at in one mandate's part of a run, the
// blocking ones first (ux 3.5). It is pure: the same facts give the same exceptions. Each line
// that neither equals last month nor follows from a decision of the log of acts carries one. Of a
// payout, which shares nothing out, only the payee and the day are looked at.
func Exceptions(f Facts) []Exception {
	w := finder{Facts: f}
	w.payees()
	w.days()
	if f.Purpose.ofLines() {
		w.measure()
		w.money()
		w.amounts()
		w.benefits()
		w.unexplained()
	}
	slices.SortStableFunc(w.found, func(a, b Exception) int { return first(a.Code.Blocking(), b.Code.Blocking()) })
	for i := range w.found {
		w.found[i].No, w.found[i].Mandate = i+1, f.Run.Mandate
	}
	return w.found
}

// add keeps an exception. Rent and charges stay in the run while they are due: they are put off, and
// never withdrawn, but from one of two runs that hold them.
func (w *finder) add(e Exception) {
	if e.Code != AlreadyInRun && slices.ContainsFunc(w.Run.Lines, func(l RunLine) bool {
		return (mandates.Policy{}).IsSenior(l.Class) && l.Status != Blocked && slices.Contains(e.Lines, l.Key())
	}) {
		e.Awaits = slices.DeleteFunc(e.Awaits, func(d Decision) bool { return d == DecideWithdraw })
	}
	w.found = append(w.found, e)
}

// carried tells whether any exception is about a line.
func (w *finder) carried(key string) bool {
	return slices.ContainsFunc(w.found, func(e Exception) bool { return slices.Contains(e.Lines, key) })
}

// linesTo are the keys of the lines that pay a creditor, or would.
func (f Facts) linesTo(creditor string) []string {
	var keys []string
	for _, l := range f.Run.Lines {
		if l.Creditor == creditor {
			keys = append(keys, l.Key())
		}
	}
	return keys
}

// past is the newest line of an obligation that fits.
func (f Facts) past(obligation string, fits func(PastLine) bool) (PastLine, bool) {
	i := slices.IndexFunc(f.Past, func(p PastLine) bool { return p.Obligation == obligation && fits(p) })
	if i < 0 {
		return PastLine{}, false
	}
	return f.Past[i], true
}

func anyLine(PastLine) bool { return true }

func paidWhole(p PastLine) bool { return p.Status == Paid || p.Status == Reserved }

// before is what a line is compared with: the last time its obligation was paid as a whole; else
// the line of an obligation that this one follows, of the same class to the same creditor.
func (f Facts) before(l RunLine) (PastLine, bool) {
	if p, ok := f.past(l.Obligation, paidWhole); ok {
		return p, true
	}
	still := make(map[string]bool)
	for _, other := range f.Run.Lines {
		still[other.Obligation] = true
	}
	for _, p := range f.Past {
		if paidWhole(p) && p.Class == l.Class && p.Creditor == l.Creditor && !still[p.Obligation] {
			return p, true
		}
	}
	return PastLine{}, false
}

// rest is what the last approved run left of this very due; false when it did not know it.
func (f Facts) rest(l RunLine) (PastLine, money.Amount, bool) {
	p, ok := f.past(l.Obligation, func(p PastLine) bool { return p.DueOn == l.DueOn })
	return p, p.Due.Sub(p.Paid), ok && !paidWhole(p)
}
