package payments

import (
	"masp/ledger/money"
	"masp/payments/mandates"
)

// IBANNotOpen blocks a line whose creditor has no IBAN that may be paid now.
const IBANNotOpen Reason = "IBAN_NOT_CONFIRMED"

// withhold keeps on the account what a line would have been paid while the IBAN of its
// creditor may not be used. The line had its turn and its money in its rank: nobody below
// and not the person gets it, so that it is there when the IBAN is. The line is still due.
func (a *Allotment) withhold(payable func(creditor string) bool) {
	for i := range a.Lines {
		l := &a.Lines[i]
		if !l.Paid.IsPositive() || l.Class == mandates.Reserve || payable(l.Creditor) {
			continue
		}
		a.CarriedForward = a.CarriedForward.Add(l.Paid)
		l.Withheld, l.Paid = l.Paid, money.Amount{}
		l.Status, l.Reason = Blocked, IBANNotOpen
	}
	a.Transfers = transfers(a.Lines)
}
