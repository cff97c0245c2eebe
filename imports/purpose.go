package imports

import (
	"fmt"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
	"masp/payments/worklist"
)

// earmarked is what a person received for a purpose in a month, and what left his account.
type earmarked struct {
	mandate        string
	housing, child money.Amount // managed benefits of that purpose, received in the month
	rent           money.Amount // rent and rental charges paid in the month, in whatever state but failed
	left           money.Amount // all that left in the month, the rent in it
}

// unmet tells how much was not spent on its purpose, as far as it can be seen: the housing
// allowance goes to the rent of the same month, the children's benefits leave the
// account in whatever way beside it.
func (e earmarked) unmet() map[string]money.Amount {
	found := map[string]money.Amount{}
	onRent := min(e.housing.Cents(), e.rent.Cents())
	if missing := e.housing.Cents() - onRent; missing > 0 {
		found[mandates.PurposeHousing] = money.Cents(missing)
	}
	if missing := e.child.Cents() - (e.left.Cents() - onRent); missing > 0 {
		found[mandates.PurposeChild] = money.Cents(missing)
	}
	return found
}

var purposeTexts = map[string]string{
	mandates.PurposeHousing: "Aide au logement reçue en %s mais %s n’ont pas servi au loyer du mois : payez-le, " +
		"ou prévenez l’organisme.",
	mandates.PurposeChild: "Prestations pour les enfants reçues en %s dont %s ne sont pas sorties du compte : " +
		"voyez avec la personne ce qui est prévu pour eux.",
}

// alerts warn of what was not spent on its purpose; nothing is blocked by it.
func (e earmarked) alerts(month civil.Month, today civil.Date) []worklist.Alert {
	var alerts []worklist.Alert
	unmet := e.unmet()
	for _, purpose := range []string{mandates.PurposeHousing, mandates.PurposeChild} {
		amount, some := unmet[purpose]
		if !some {
			continue
		}
		alerts = append(alerts, worklist.Alert{
			On: today, Code: "PURPOSE_NOT_MET", Mandate: e.mandate, Subject: purpose + " " + month.String(),
			Amount: amount, Text: fmt.Sprintf(purposeTexts[purpose], month.French(), amount.French()),
			Source:  fmt.Sprintf("PURPOSE_NOT_MET %s %s %s", e.mandate, purpose, month),
			Details: map[string]string{"purpose": purpose, "period": month.String()},
		})
	}
	return alerts
}
