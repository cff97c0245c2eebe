package payments

import (
	"fmt"
	"strings"

	"masp/payments/mandates"
)

// ours are the lines as one says them to the person: never the label, which is a bill's own word.
var ours = map[mandates.Class]string{
	mandates.Rent:         "votre loyer",
	mandates.RentalCharge: "les charges de votre logement",
	mandates.HousingOther: "cette dépense de votre logement",
	mandates.DebtPlan:     "cette part de votre dette",
	mandates.OtherBill:    "cette facture",
	mandates.Reserve:      "cette somme mise de côté",
}

// ToPerson says why a line is paid or not in plain French for the person: sentences of at most
// twelve words, none of those that only professionals use (ux 3.9). Amounts are exact.
func (l AllottedLine) ToPerson() string {
	what, known := ours[l.Class]
	if !known {
		what = "cette dépense"
	}
	missing := l.Due.Sub(l.Paid).French()
	switch {
	case l.Status == Reserved:
		return fmt.Sprintf("Nous mettons %s de côté pour vous.", l.Due.French())
	case l.Status == Paid && l.Hand.Later.IsPositive():
		return fmt.Sprintf("Nous payons %s pour %s. Le reste attend. Demandez-nous pourquoi.", l.Paid.French(), what)
	case l.Status == Paid:
		return fmt.Sprintf("Nous payons %s en entier : %s.", what, l.Due.French())
	case l.Reason == LoweredByHand:
		return fmt.Sprintf("Nous payons %s pour %s. Le reste attend. Demandez-nous pourquoi.", l.Paid.French(), what)
	case l.Status == Partial:
		return fmt.Sprintf("Nous payons %s pour %s. Il manque %s. Parlez-en avec nous.", l.Paid.French(), what, missing)
	case l.Reason == InsufficientFunds:
		return fmt.Sprintf("Nous ne payons pas encore %s. Votre argent ne suffit pas ce mois-ci. "+
			"Parlez-en avec nous.", what)
	case l.Reason == RentFirst:
		return fmt.Sprintf("Nous ne payons pas encore %s. Votre loyer et vos charges passent d'abord.", what)
	case l.Reason == HigherPriorityUnpaid:
		return fmt.Sprintf("Nous ne payons pas encore %s. Une autre dépense passe avant.", what)
	}
	return blockedToPerson(l.Reason, what)
}

// blockedToPerson tells what the law, or prudence, holds back.
func blockedToPerson(r Reason, what string) string {
	switch r {
	case mandates.ContestedDebt:
		return "Vous contestez cette dette. Nous ne la payons pas pour l'instant."
	case mandates.OverIndebtednessFreeze:
		return "Votre dossier de surendettement est accepté. La loi interdit de payer cette dette."
	case mandates.PaidByThirdParty:
		return "Le juge a décidé que ce loyer est payé directement. Rien ne sort de votre compte ici."
	case DeferredByHand:
		return "Nous payons " + what + " plus tard. Demandez-nous pourquoi."
	case RefusedByPerson:
		return "Vous refusez ce paiement. Nous ne payons pas " + what + "."
	case IBANNotOpen:
		return "Nous vérifions le RIB. L'argent attend sur votre compte."
	}
	return strings.ToUpper(what[:1]) + what[1:] + " attend. Demandez-nous pourquoi."
}
