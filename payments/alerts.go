package payments

import (
	"fmt"

	"masp/ledger/money"
	"masp/payments/mandates"
)

// AlertCode names what a coordinator must look at after a run.
type AlertCode string

// The alerts of an approved run.
const (
	LivingFloorNotMet AlertCode = "LIVING_FLOOR_NOT_MET" // Amount = what the person lacks
	RentUnpaid        AlertCode = "RENT_UNPAID"          // Amount = what the line lacks
	DebtPlanMissed    AlertCode = "DEBT_PLAN_MISSED"     // Amount = the instalment due
	RunRefused        AlertCode = "RUN_REFUSED"          // the whole mandate was left out
)

// The alerts of transfers that failed and of measures that stop; the worklist shows them too.
const (
	PaymentRejected     = "PAYMENT_REJECTED"     // refused before it was debited
	PaymentReturned     = "PAYMENT_RETURNED"     // came back
	MeasureEnded        = "MEASURE_ENDED"
	BeneficiaryDeceased = "BENEFICIARY_DECEASED"
)

// Alert is one fact for the coordinator's list.
type Alert struct {
	Code    AlertCode
	Mandate string
	Line    string // empty for the living floor
	Label   string // of the line
	Amount  money.Amount
}

// French is the alert as the coordinator reads it.
func (a Alert) French() string {
	switch a.Code {
	case LivingFloorNotMet:
		return fmt.Sprintf("Reste à vivre non atteint : il manque %s.", a.Amount.French())
	case RentUnpaid:
		return fmt.Sprintf("Loyer ou charges impayés : %s, il manque %s.", a.Label, a.Amount.French())
	case DebtPlanMissed:
		return fmt.Sprintf("Échéance du plan manquée : %s, %s.", a.Label, a.Amount.French())
	default:
		return string(a.Code)
	}
}

// Alerts returns what an approved run raises for a mandate: the living floor,
// then each rent or charge not fully paid, then each instalment that money
// missed. A line that the law blocks raises none: nobody failed to pay it.
func Alerts(a Allotment) []Alert {
	var floor, rent, debts []Alert
	if a.FloorShortfall.IsPositive() {
		floor = append(floor, Alert{Code: LivingFloorNotMet, Mandate: a.Mandate, Amount: a.FloorShortfall})
	}
	for _, l := range a.Lines {
		alert := Alert{Mandate: a.Mandate, Line: l.ID, Label: l.Label}
		short := l.Status == Partial || l.Status == Deferred
		switch {
		case l.Senior && short:
			alert.Code, alert.Amount = RentUnpaid, l.Due.Sub(l.Paid)
			rent = append(rent, alert)
		case l.Class == mandates.DebtPlan && (l.Status == Deferred || l.Reason == RentFirst):
			alert.Code, alert.Amount = DebtPlanMissed, l.Due
			debts = append(debts, alert)
		}
	}
	return append(append(floor, rent...), debts...)
}
