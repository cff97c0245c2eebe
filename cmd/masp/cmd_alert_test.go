package main

import (
	"testing"

	"masp/imports"
	"masp/payments"
	"masp/payments/mandates"
	"masp/payments/worklist"
)

func TestEveryAlertOfTheHouseSaysWhatToDo(t *testing.T) {
	t.Parallel()
	for _, code := range []string{
		string(payments.LivingFloorNotMet), string(payments.RentUnpaid), string(payments.DebtPlanMissed), string(payments.RunRefused),
		payments.PaymentRejected, payments.PaymentReturned, payments.MeasureEnded, payments.BeneficiaryDeceased,
		imports.AlertCreditUnidentified, imports.AlertDebitUnidentified, imports.AlertOtherPerson, imports.AlertReturnAnnounced, imports.AlertFileRejected, imports.AlertReportUnmatched, imports.AlertNameMismatch,
		mandates.IllegalWithholding, mandates.WithholdingAboveNotice, mandates.WithholdingUnusual, mandates.AskAllowanceRestored, mandates.LandlordCredit,
	} {
		if worklist.KindOf(code).Label == code {
			t.Errorf("%s has no place in the list: give it its severity and what to do", code)
		}
	}
}
