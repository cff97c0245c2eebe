package sepa

import "strings"

// ReasonText is what staff reads for a reason code of a rejected or returned
// payment: what happened and what to do. Codes without an own sentence are
// named, with the bank's text beside them shown by the caller.
func ReasonText(code string) string {
	if text, known := reasonTexts[code]; known {
		return text
	}
	if code == "" {
		return "Refus sans motif : voir la banque."
	}
	return "Code " + code + " : voir la banque."
}

// Explain is ReasonText with the bank's own words where they tell more: the reason is a
// narrative, has no sentence here, or is not given.
func (r Reason) Explain() string {
	_, known := reasonTexts[r.Code]
	if text := strings.TrimSpace(r.Text); text != "" && (!known || r.Code == "NARR") {
		return ReasonText(r.Code) + " La banque écrit : « " + text + " »."
	}
	return ReasonText(r.Code)
}

// reasonTexts follow the ISO 20022 external status and return reasons that
// SEPA banks use.
var reasonTexts = map[string]string{
	"AC01": "IBAN faux. Demandez un nouveau RIB.",
	"AC03": "IBAN faux. Demandez un nouveau RIB.",
	"AC04": "Compte fermé. Demandez un nouveau RIB.",
	"AC06": "Compte bloqué chez le destinataire. Appelez-le.",
	"AC13": "Ce compte ne peut pas recevoir ce virement. Demandez un autre RIB.",
	"AG01": "Virement interdit sur ce compte (livret ?). Demandez un autre RIB.",
	"AG02": "Type d’opération refusé par la banque. Contactez la banque.",
	"AM02": "Montant refusé par la banque. Contactez la banque.",
	"AM04": "Pas assez d’argent sur notre compte : prévenez le responsable.",
	"AM05": "Doublon vu par la banque. Ne renvoyez pas.",
	"DU01": "Doublon vu par la banque. Ne renvoyez pas.",
	"DUPL": "Doublon vu par la banque. Ne renvoyez pas.",
	"AM09": "Montant faux d’après la banque. Vérifiez-le, puis payez de nouveau.",
	"AM10": "Total du fichier faux : aucun paiement n’est parti. Prévenez le responsable.",
	"BE01": "Le nom ne correspond pas au compte. Vérifiez le nom et le RIB.",
	"BE04": "Adresse du destinataire manquante.",
	"BE05": "Donneur d’ordre inconnu de la banque. Contactez la banque.",
	"BE06": "Destinataire inconnu de sa banque. Demandez un nouveau RIB.",
	"CNOR": "La banque du destinataire n’est pas joignable. Contactez la banque.",
	"CUST": "Retour demandé par le destinataire. Appelez-le.",
	"DNOR": "Notre banque n’est pas joignable par celle du destinataire. Contactez la banque.",
	"DT01": "Date d’exécution refusée. Choisissez un autre jour.",
	"ED05": "La compensation entre banques a échoué. Payez de nouveau.",
	"FF01": "Fichier refusé en entier : aucun paiement n’est parti.",
	"FOCR": "Retour après une demande de rappel.",
	"MD07": "Destinataire décédé. Arrêtez les paiements.",
	"MS02": "Refus sans raison. Appelez le destinataire.",
	"MS03": "Refus sans raison. Appelez le destinataire.",
	"NARR": "Refus expliqué par la banque : lisez son message.",
	"RC01": "BIC faux. Laissez vide : l’IBAN suffit.",
	"RR01": "Raison réglementaire (compte ou identité du donneur d’ordre). Contactez la banque.",
	"RR02": "Raison réglementaire (nom ou adresse du donneur d’ordre). Contactez la banque.",
	"RR03": "Nom ou adresse du destinataire manquant.",
	"RR04": "Raison réglementaire. Contactez la banque.",
	"TECH": "Incident technique à la banque. Contactez la banque.",
	"TM01": "Fichier reçu trop tard par la banque. Choisissez un autre jour.",
}
