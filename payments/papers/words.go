package papers

import (
	"slices"

	"masp/ledger"
	"masp/payments/mandates"
)

// ranks are the transfers without a class of expense, after the classes.
var ranks = []struct{ code, french string }{
	{"PAYMENT", "autre paiement"},
	{"REMITTANCE", "versé à la personne"},
	{"PASS_THROUGH", "argent non géré, transmis"},
	{"RESTITUTION", "solde rendu"},
	{"REFUND_TO_PAYER", "rendu à l'organisme payeur"},
	{"ESTATE_PAYOUT", "versé à la succession"},
}

// rankOf is where a rank stands.
func rankOf(code string) int {
	if at := slices.Index(mandates.Classes(), mandates.Class(code)); at >= 0 {
		return at
	}
	at := slices.IndexFunc(ranks, func(r struct{ code, french string }) bool { return r.code == code })
	return len(mandates.Classes()) + max(0, at)
}

func frenchRank(code string) string {
	for _, r := range ranks {
		if r.code == code {
			return r.french
		}
	}
	return mandates.Class(code).French()
}

// frenchKind names what an entry was that is neither a benefit nor a transfer of ours.
func frenchKind(k ledger.Kind) string {
	switch k {
	case ledger.Opening:
		return "solde repris à l'ouverture des livres"
	case ledger.BankCredit, ledger.Identification:
		return "reçu, sans prestation notée"
	case ledger.BankDebit:
		return "prélevé par la banque"
	case ledger.Reject, ledger.Return:
		return "virement revenu"
	case ledger.ReversalOf:
		return "écriture corrigée"
	}
	return "autre mouvement"
}

var frenchDebts = map[string]string{
	mandates.KindRentArrears: "loyers en retard", "ENERGY_ARREARS": "énergie en retard", "FSL_LOAN": "prêt du FSL",
	"CONSUMER_CREDIT": "crédit à la consommation", "OVERDRAFT": "découvert", mandates.KindBenefitOverpayment: "trop-perçu (indu)",
	mandates.KindAlimony: "pension alimentaire", mandates.KindFine: "amende", "OTHER": "autre dette",
}

func frenchDebt(kind string) string {
	if words, ok := frenchDebts[kind]; ok {
		return words
	}
	return kind
}

var frenchParts = map[ledger.SubAccount]string{
	"": "argent géré", ledger.Restricted: "argent à ne pas gérer, à transmettre", ledger.Restitution: "argent reçu après la fin, à rendre",
	ledger.Undue: "argent réclamé ou qui peut l'être par un organisme", ledger.Estate: "argent de la succession",
}

var frenchFrequencies = map[mandates.Frequency]string{
	mandates.Weekly: "par semaine", mandates.Fortnightly: "par quinzaine", mandates.Monthly: "par mois",
	mandates.Quarterly: "par trimestre", mandates.Yearly: "par an",
}
