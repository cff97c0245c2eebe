package control

import (
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
)

var frenchActs = map[string]string{
	"propose": "Proposée", "edit": "Modifiée", "submit": "Soumise", "approve": "Approuvée", "reopen": "Rouverte",
	"file": "Mise en fichier", "hand_over": "Remise à la banque", "cancel": "Annulée",
	"cancel_transfer": "Virement annulé", "void_file": "Fichier rendu sans valeur",
}

// onDay says a day in a sentence.
func onDay(d civil.Date) string { return "le " + d.French() }

var frenchStates = map[string]string{
	"draft": "en brouillon", "approved": "approuvé", "scheduled": "prévu", "in_transit": "en route", "settled": "exécuté",
	"rejected": "refusé par la banque", "returned": "revenu", "cancelled": "annulé",
}

var frenchLineStatuses = map[string]string{
	"PAID": "payés", "PARTIAL": "payés (en partie)", "DEFERRED": "payés (reporté)", "BLOCKED": "payés (retenu)", "RESERVED": "mis de côté",
}

// frenchKind is a kind of entry in words.
func frenchKind(k ledger.Kind) string {
	if words, ok := frenchEntries[k]; ok {
		return words
	}
	return string(k)
}

var frenchEntries = map[ledger.Kind]string{
	ledger.Opening: "reprise du solde", ledger.BankCredit: "argent reçu", ledger.Identification: "argent reçu, identifié après coup",
	ledger.Payment: "paiement à un tiers", ledger.Remittance: "versement à la personne", ledger.PassThrough: "argent non gérable reversé",
	ledger.RestitutionOut: "solde rendu à la personne", ledger.RefundToPayer: "argent rendu à l'organisme payeur",
	ledger.EstatePayout: "versement à la succession", ledger.BankDebit: "débit de la banque", ledger.Reject: "virement refusé, revenu",
	ledger.Return: "virement retourné, revenu", ledger.DeathFreeze: "argent gardé pour la succession", ledger.ReversalOf: "annulation d'une écriture",
}

// entryToPerson says an entry that moves a person's account, where she would ask.
var entryToPerson = map[ledger.Kind]string{
	ledger.Opening: "Votre compte commence avec %s.", ledger.BankCredit: "Vous avez reçu %s.",
	ledger.Identification: "Vous avez reçu %s. Nous avons cherché pour qui c'était.",
	ledger.Payment:        "%s ont quitté votre compte pour un paiement.", ledger.Remittance: "%s ont quitté votre compte pour vous.",
	ledger.RestitutionOut: "Nous vous avons rendu %s.", ledger.PassThrough: "%s vous ont été envoyés tout de suite.",
	ledger.Reject: "Le paiement n'est pas parti. %s sont revenus.", ledger.Return: "Le paiement est revenu. %s sont sur votre compte.",
	ledger.ReversalOf: "Une erreur est corrigée : %s.",
}

// part says what of a sum is traced.
func part(whole, traced money.Amount) string {
	if traced.IsZero() || traced.Abs() == whole.Abs() {
		return ""
	}
	return ", dont " + traced.Abs().French() + " suivis ici"
}
