package payments

import (
	"slices"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// transfers groups the paid lines of one mandate by creditor, in the
// order of the first line that each one covers. Reserves are not sent.
func transfers(lines []AllottedLine) []Transfer {
	var out []Transfer
	for _, l := range lines {
		if !l.Paid.IsPositive() || l.Class == mandates.Reserve {
			continue
		}
		i := slices.IndexFunc(out, func(t Transfer) bool { return t.Creditor == l.Creditor })
		if i < 0 {
			i = len(out)
			out = append(out, Transfer{Creditor: l.Creditor})
		}
		out[i].Amount = out[i].Amount.Add(l.Paid)
		out[i].Covers = append(out[i].Covers, Cover{Line: l.ID, Amount: l.Paid, Debt: l.Debt})
	}
	return out
}

// remit decides what the person gets and when. Without dates everything is
// carried forward.
func (a *Allotment) remit(w waterfall, on []civil.Date) {
	a.CarriedForward = w.available
	if len(on) == 0 {
		return
	}
	a.RemitTotal = w.remainder()
	a.CarriedForward = w.available.Sub(a.RemitTotal)
	a.FloorShortfall = money.Max(money.Amount{}, a.FloorLeft.Sub(a.RemitTotal))
	for i, part := range a.RemitTotal.SplitEven(len(on)) {
		if part.IsPositive() { // a transfer of 0.00 € does not exist
			a.Remittances = append(a.Remittances, Remittance{On: on[i], Amount: part})
		}
	}
}

// remainder is what may go to the person: nothing while rent is unpaid,
// everything when nobody waits, else at most the floor.
func (w waterfall) remainder() money.Amount {
	rest := money.Max(money.Amount{}, w.available)
	switch {
	case w.rentUnpaid:
		return money.Amount{}
	case w.shortfall:
		return money.Min(rest, w.floor)
	default:
		return rest
	}
}
