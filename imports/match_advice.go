package imports

import (
	"slices"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// announced finds the list about a credit among those that nothing has used: that of the
// longest reference, then of the nearest day. Nil when there is none, or when two fit alike.
func (k *Known) announced(text string, amount money.Amount, on civil.Date, taken []int64) *Announced {
	var best *Announced
	alike := false
	for i := range k.Advices {
		a := &k.Advices[i]
		if a.Used || slices.Contains(taken, a.ID) || !a.of(text, amount, on) {
			continue
		}
		switch order := closer(a.Advice, best, on); {
		case order > 0:
			best, alike = a, false
		case order == 0:
			alike = true
		}
	}
	if alike {
		return nil
	}
	return best
}

// closer is positive when a list fits better than the best so far, zero when it fits as well.
func closer(a Advice, best *Announced, on civil.Date) int {
	if best == nil {
		return 1
	}
	if longer := len(fold(a.Reference)) - len(fold(best.Reference)); longer != 0 {
		return longer
	}
	away := func(day civil.Date) int { return max(on.DaysSince(day), day.DaysSince(on)) }
	return away(best.On) - away(a.On)
}

// byAdvice splits a credit as its payer has announced it: one part for each line of the list,
// in its order, none merged. Lines without a mandate, and what the list leaves of the credit,
// stay unidentified. False when no list is about this credit.
func byAdvice(l Line, k *Known, taken []int64) (Recognition, bool) {
	a := k.announced(l.announceText(), l.Amount, l.BookedOn, taken)
	if a == nil {
		return Recognition{}, false
	}
	r := Recognition{
		Kind: ledger.BankCredit, State: LinePosted, advices: []int64{a.ID},
		Why: "Réparti selon le bordereau " + a.Reference + " de " + a.Payer + ".",
	}
	for _, p := range a.Parts {
		if p.Mandate == "" {
			r.leaveOpen(l, p.Amount, "le bordereau ne dit pas pour quel mandat.")
			continue
		}
		m, here := k.mandate(p.Mandate)
		if !here {
			return unidentified(l, "le bordereau "+a.Reference+" nomme le mandat "+p.Mandate+
				", dont l’argent n’est pas sur ce compte.", ""), true
		}
		one := k.received(l, m, []Part{{Amount: p.Amount, Benefit: p.Benefit, Period: p.Period}}, "")
		r.Parts, r.Alerts = append(r.Parts, one.Parts...), append(r.Alerts, one.Alerts...)
	}
	if left := l.Amount.Sub(a.whole()); left.IsPositive() {
		r.leaveOpen(l, left, "le bordereau ne le détaille pas.")
	}
	return r, true
}

// leaveOpen adds a part that stays unidentified.
func (r *Recognition) leaveOpen(l Line, amount money.Amount, why string) {
	l.Amount = amount
	one := unidentified(l, why, "")
	r.State, r.left = LineSuspense, one.left
	r.Parts, r.Alerts = append(r.Parts, one.Parts...), append(r.Alerts, one.Alerts...)
}

// announceText is where the reference of a list may stand: all that the payer wrote.
func (l Line) announceText() string {
	texts := []string{l.Text}
	for _, d := range l.Details {
		texts = append(texts, d.Text, d.EndToEndID)
	}
	return join(texts...)
}

// mandate is a mandate of this account.
func (k *Known) mandate(id string) (mandates.Mandate, bool) {
	i, here := k.find().byID[id]
	if !here {
		return mandates.Mandate{}, false
	}
	return k.Mandates[i], true
}
