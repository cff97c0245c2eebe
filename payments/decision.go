package payments

import (
	"slices"
)

// adjustments are the kinds that carry a decision out. CORRECT_IBAN has none: another person
// confirms the new IBAN, and the run waits for it.
var adjustments = map[Decision]AdjustmentKind{
	DecidePayPart: SetAmount, DecideKeepOld: SetAmount,
	DecideDefer: DeferLine, DecideBlock: BlockLine, DecideWithdraw: Withdraw,
}

// carry are the changes of the draft that a decision about an exception asks for; none when the
// draft does it already. To withdraw takes all lines out, the last first, so that the exception
// keeps its first line until the end; anything else is about the first line alone.
func (e Exception) carry(d Decision) []Adjustment {
	kind := adjustments[d]
	if kind == "" || !e.Changes(d) {
		return nil
	}
	a := Adjustment{Mandate: e.Mandate, Kind: kind}
	if kind == SetAmount {
		a.Amount = e.Instead
	}
	var all []Adjustment
	for _, key := range slices.Backward(e.Lines) {
		a.Line = lineOf(key)
		all = append(all, a)
	}
	if kind != Withdraw {
		return all[len(all)-1:]
	}
	return all
}

// undo takes the changes of an act back, in their order reversed, but for lines that somebody
// has changed since.
func (m RunMandate) undo(act int) []Adjustment {
	var all []Adjustment
	for i, a := range m.Adjustments {
		newer := func(b Adjustment) bool { return b.Line == a.Line && b.Act != act }
		if a.Act != act || a.Line == (LineAsk{}) || slices.ContainsFunc(m.Adjustments[i:], newer) {
			continue
		}
		back := Adjustment{Mandate: a.Mandate, Line: a.Line, Kind: RestoreLine}
		if a.Kind == Withdraw {
			back.Kind = AddLine
		}
		all = append(all, back)
	}
	slices.Reverse(all)
	return all
}

// exception finds one of the run by its number; nil when there is none.
func (r Run) exception(no int) (at int, found *Exception) {
	for at := range r.Mandates {
		for i := range r.Mandates[at].Exceptions {
			if e := &r.Mandates[at].Exceptions[i]; e.No == no {
				return at, e
			}
		}
	}
	return 0, nil
}
