package payments

import (
	"fmt"
	"slices"

	"masp/payments/mandates"
)

// ExplainRest says in French, with figures, why the person gets what is left, a part of it or
// nothing. It is empty for a mandate that was left out.
func (m RunMandate) ExplainRest() string {
	senior := slices.ContainsFunc(m.Lines, func(l RunLine) bool {
		return l.Reason == RentFirst ||
			(mandates.Policy{}).IsSenior(l.Class) && (l.Status == Partial || l.Status == Deferred)
	})
	switch {
	case m.Refused != "":
		return ""
	case len(m.Plan.On) == 0:
		return fmt.Sprintf("Aucun versement à la personne n'est prévu ; %s restent sur son compte.", m.Carried.French())
	case senior:
		return fmt.Sprintf("Rien n'est versé à la personne : le loyer ou les charges ne sont pas payés en entier ; %s restent sur son compte.",
			m.Carried.French())
	case !m.Remit.IsPositive() && m.Carried.IsPositive():
		return fmt.Sprintf("Rien n'est versé à la personne : une ligne attend, et rien ne manque à son reste à vivre ; %s restent sur son compte.",
			m.Carried.French())
	case !m.Remit.IsPositive():
		return "Rien n'est versé à la personne : il ne reste rien."
	case m.waitsForMoney():
		return fmt.Sprintf("%s sont versés à la personne, au plus son reste à vivre, car une ligne attend ; %s restent sur son compte.",
			m.Remit.French(), m.Carried.French())
	}
	return fmt.Sprintf("%s sont versés à la personne : tout ce qui reste une fois les lignes payées.", m.Remit.French())
}
