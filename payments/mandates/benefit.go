package mandates

import "masp/ledger/civil"

// Benefit is one effective-dated row of the catalogue: a social benefit of the
// legal list, or a resource that may not be managed.
type Benefit struct {
	Code               string
	Label              string     // French, as a statement prints it
	LegalItem          string     // where the law names it
	Payers             []string   // who pays it
	From, To           civil.Date // days of validity; To zero = still valid
	Manageable         bool       // may be named in a contract
	ThirdPartyExcluded bool       // never received when paid to a third party
	Purpose            string     // what it must be spent on, or empty
}

// Purposes of benefits.
const (
	PurposeHousing    = "HOUSING"
	PurposeChild      = "CHILD"
	PurposeDependency = "DEPENDENCY"
)

// RefundOfPayment marks a credit that is not a benefit but money coming back
// from a creditor or the bank: it stays managed money.
const RefundOfPayment = "REFUND_OF_PAYMENT"

// validOn tells whether the row holds on a day.
func (b Benefit) validOn(day civil.Date) bool {
	return !day.Before(b.From) && (b.To.IsZero() || !day.After(b.To))
}

// Find returns the row of a code that holds on a day.
func Find(rows []Benefit, code string, day civil.Date) (Benefit, bool) {
	for _, b := range rows {
		if b.Code == code && b.validOn(day) {
			return b, true
		}
	}
	return Benefit{}, false
}
