package mandates

import (
	"slices"

	"masp/ledger/civil"
)

// SubAccount is the part of a person's account where a credit goes; Managed is
// the plain one, the only one that runs use.
type SubAccount string

// The sub-accounts of 467.
const (
	Managed     SubAccount = ""
	Restricted  SubAccount = "RESTRICTED"  // may not be managed, leaves whole
	Restitution SubAccount = "RESTITUTION" // arrived after the end
	Undue       SubAccount = "UNDUE"       // for the month of death or later
	Estate      SubAccount = "ESTATE"      // for the heirs
)

// Destination is where a credit goes and the alert that it raises, if any.
type Destination struct {
	Sub   SubAccount
	Alert string // RESOURCE_NOT_ELIGIBLE, CREDIT_AFTER_END, BENEFIT_AFTER_DEATH or empty
}

// Destination says where a credit of a benefit for a month of right goes on a
// day. The zero month means that the month is not known. First the death, then a
// refund of our own payment, then what the contract does not name or the
// catalogue does not hold for that month of right, then the end of the measure.
func (m Mandate) Destination(
	catalogue []Benefit, benefit string, period civil.Month, on civil.Date,
) Destination {
	status := m.StatusOn(on)
	over := status == Ended || status == Closed
	switch {
	case status == Deceased && m.undueAtDeath(catalogue, benefit, period):
		return Destination{Undue, "BENEFIT_AFTER_DEATH"}
	case status == Deceased:
		return Destination{Sub: Estate}
	case benefit == RefundOfPayment && over:
		return Destination{Sub: Restitution}
	case benefit == RefundOfPayment && status != PendingSignature:
		return Destination{Sub: Managed}
	case status == PendingSignature, !m.Authorises(benefit, on), !manageable(catalogue, benefit, period, on):
		return Destination{Restricted, "RESOURCE_NOT_ELIGIBLE"}
	case over:
		return Destination{Restitution, "CREDIT_AFTER_END"}
	default:
		return Destination{Sub: Managed}
	}
}

// Authorises tells whether the contract names a benefit on a day.
func (m Mandate) Authorises(benefit string, on civil.Date) bool {
	for _, a := range m.Benefits {
		if a.Benefit == benefit && a.validOn(on) {
			return true
		}
	}
	return false
}

// manageable tells whether a row of the catalogue lets a benefit be managed on a day of the
// month of right; when that is not known, on the day of the credit.
func manageable(catalogue []Benefit, code string, period civil.Month, on civil.Date) bool {
	first, last := on, on
	if !period.IsZero() {
		first, last = period.First(), period.Last()
	}
	return slices.ContainsFunc(catalogue, func(b Benefit) bool {
		return b.Code == code && b.Manageable && !last.Before(b.From) && (b.To.IsZero() || !first.After(b.To))
	})
}

// undueAtDeath tells whether a benefit was paid for a month after that of the death, or for that
// month when the catalogue of the day of the death does not say that it is due. What is due
// in part waits whole for the claim, which names the part: nothing is guessed.
func (m Mandate) undueAtDeath(catalogue []Benefit, benefit string, period civil.Month) bool {
	month := m.DiedOn.MonthOf()
	if period.IsZero() || m.DiedOn.IsZero() || period.Before(month) {
		return false
	}
	row, _ := Find(catalogue, benefit, m.DiedOn)
	return period != month || !row.dueAtDeath(m.DiedOn)
}
