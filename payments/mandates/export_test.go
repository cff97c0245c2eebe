package mandates

import "masp/ledger/civil"

// ApplyChange is the rule behind ChangeAmount.
func ApplyChange(c AmountChange, o Obligation, paid map[civil.Date]bool, today civil.Date) (Changed, error) {
	return c.apply(o, paid, today)
}
