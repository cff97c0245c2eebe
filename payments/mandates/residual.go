package mandates

import "masp/ledger/money"

// Housing is the monthly figures of a rent notice: all in euros, none negative.
type Housing struct {
	Rent    money.Amount // rent without charges
	Charges money.Amount // rental charges
	RLS     money.Amount // solidarity rent reduction
	APL     money.Amount // housing allowance paid to the landlord (tiers payant, R-030)
}

// ResidualRent is what remains to be paid from the managed account.
type ResidualRent struct {
	Rent    money.Amount // due as class RENT
	Charges money.Amount // due as class RENTAL_CHARGE
	Credit  money.Amount // too much allowance: a credit with the landlord, to be signalled
}

// Total is what the landlord is still owed for the month.
func (r ResidualRent) Total() money.Amount { return r.Rent.Add(r.Charges) }

// Residual imputes RLS and APL on the rent first, then on the charges;
// what neither absorbs is a credit, so nothing due is ever negative.
func Residual(h Housing) ResidualRent {
	aid := h.RLS.Add(h.APL)
	onRent := money.Min(aid, h.Rent)
	onCharges := money.Min(aid.Sub(onRent), h.Charges)
	return ResidualRent{
		Rent:    h.Rent.Sub(onRent),
		Charges: h.Charges.Sub(onCharges),
		Credit:  aid.Sub(onRent).Sub(onCharges),
	}
}
