package main

import (
	"masp/cmd/masp/internal/scenario"
	"masp/ledger"
	"masp/payments"
	"masp/payments/mandates"
)

// frenchDebts are the kinds of debt as a table prints them.
var frenchDebts = map[string]string{
	mandates.KindRentArrears: "arriéré de loyer", "ENERGY_ARREARS": "arriéré d'énergie", "FSL_LOAN": "prêt du FSL",
	"CONSUMER_CREDIT": "crédit à la consommation", "OVERDRAFT": "découvert", mandates.KindBenefitOverpayment: "indu",
	mandates.KindAlimony: "pension alimentaire", mandates.KindFine: "amende", "OTHER": "autre",
}

// frenchNatures are the kinds of entry as a final account prints them.
var frenchNatures = map[ledger.Kind]string{
	ledger.Opening: "repris à l'ouverture", ledger.BankCredit: "reçu", ledger.Identification: "reçu, identifié après coup",
	ledger.Payment: "payé à des tiers", ledger.Remittance: "versé à la personne", ledger.PassThrough: "argent non gérable reversé",
	ledger.RestitutionOut: "restitué à la personne", ledger.RefundToPayer: "rendu à l'organisme payeur",
	ledger.EstatePayout: "versé à la succession", ledger.BankDebit: "prélevé par la banque", ledger.Reject: "virement refusé, revenu",
	ledger.Return: "virement retourné, revenu", ledger.DeathFreeze: "gardé pour la succession", ledger.ReversalOf: "écriture annulée",
}

// frenchNature is a kind of entry or a class of expense; a benefit keeps its code.
func frenchNature(nature string) string {
	if words, ok := frenchNatures[ledger.Kind(nature)]; ok {
		return words
	}
	return mandates.Class(nature).French()
}

// frenchReasons are why a line is not paid, for a table.
var frenchReasons = map[payments.Reason]string{
	payments.InsufficientFunds: "pas assez d'argent", payments.RentFirst: "le loyer d'abord",
	payments.HigherPriorityUnpaid: "une échéance d'avant n'est pas payée", payments.IBANNotOpen: "IBAN non confirmé",
	payments.LoweredByHand: "montant fixé par la coordination", payments.DeferredByHand: "reporté par la coordination",
	payments.BlockedByHand: "retenu par la coordination", payments.RefusedByPerson: "refusé par la personne",
	mandates.ContestedDebt: "dette contestée", mandates.OverIndebtednessFreeze: "surendettement",
	mandates.PaidByThirdParty: "payé par un tiers",
}

// frenchOr is a word of a table, the code itself where there is none.
func frenchOr[K ~string](words map[K]string, code K) string {
	if french, ok := words[code]; ok {
		return french
	}
	return string(code)
}

// frenchLine is the decision on a line of a scenario and its reason.
func frenchLine(l scenario.LineResult) (decision, reason string) {
	if l.Reason != nil {
		reason = frenchOr(frenchReasons, payments.Reason(*l.Reason))
	}
	return frenchOr(frenchLineStatuses, payments.Status(l.Status)), reason
}
