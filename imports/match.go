package imports

import (
	"slices"

	"masp/payments"
)

// recogniseAll recognises the booked lines of one statement, in the order of the lines. What
// left is judged before what came in: a transfer may be debited and given back on one day.
// The lines that are not booked get the state ignored and nothing else; those that stay in
// suspense get what they might be, as known once all lines have been judged.
func recogniseAll(lines []Line, k *Known) []Recognition {
	found := make([]Recognition, len(lines))
	for i, l := range lines {
		if l.ignored() {
			found[i] = Recognition{
				State: LineIgnored, Why: "La banque n’a pas comptabilisé cette ligne.",
			}
		} else if l.Amount.IsNegative() {
			found[i] = recognise(l, k)
			k.take(found[i])
		}
	}
	settleTwins(lines, found, k)
	for i, l := range lines {
		if !l.ignored() && l.Amount.IsPositive() {
			found[i] = recognise(l, k)
			k.take(found[i])
		}
	}
	for i, l := range lines {
		found[i].Suggestions = suggest(found[i].rest(l), k)
	}
	return found
}

// recognise says what one booked line is. It only reads k, and it never guesses: a line that
// fits several things, or a name without a number, goes to suspense.
func recognise(l Line, k *Known) Recognition {
	if l.Amount.IsNegative() {
		return recogniseDebit(l, k)
	}
	return recogniseCredit(l, k)
}

// ignored tells that a line moves no money: not booked, or of no amount.
func (l Line) ignored() bool { return !l.Booked || l.Amount.IsZero() }

// settleTwins settles lines that nothing tells apart: when as many lines as transfers fit
// each other equally, all of them are settled, whichever is which.
func settleTwins(lines []Line, found []Recognition, k *Known) {
	for i := range found {
		free := k.stillFree(found[i].candidates)
		if len(free) == 0 {
			continue
		}
		var twins []int
		for j := i; j < len(found); j++ {
			if slices.Equal(found[j].candidates, found[i].candidates) {
				twins = append(twins, j)
			}
		}
		if len(twins) != len(free) {
			continue
		}
		for n, j := range twins {
			found[j] = settled(lines[j], []Transfer{*k.transfer(free[n])},
				"même lot, même montant : autant de débits que de virements, tous exécutés")
			k.take(found[j])
		}
	}
}

// stillFree keeps the transfers that no line has settled.
func (k *Known) stillFree(ids []int64) []int64 {
	var free []int64
	for _, id := range ids {
		if t := k.transfer(id); t != nil && t.State == payments.InTransit {
			free = append(free, id)
		}
	}
	return free
}
