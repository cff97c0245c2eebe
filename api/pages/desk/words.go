package desk

// What the codes of the contract are called on the pages of the desk.
var (
	statusWords = map[string]string{
		"PENDING_SIGNATURE": "Attend des signatures", "ACTIVE": "En cours", "SUSPENDED": "Suspendue",
		"ENDED":    "Finie",
		"DECEASED": "Personne décédée", "CLOSED": "Close",
	}
	creditorWords = map[string]string{
		"LANDLORD": "Bailleur", "ENERGY": "Énergie", "WATER": "Eau", "INSURER": "Assurance",
		"TELECOM": "Téléphone, internet",
		"PUBLIC":  "Organisme public", "CREDITOR": "Créancier", "PAYER": "Organisme qui verse",
		"BENEFICIARY": "La personne elle-même",
		"NOTARY":      "Notaire", "HEIR": "Héritier", "OTHER": "Autre",
	}
	frequencyWords = map[string]string{
		"ONCE": "une fois", "WEEKLY": "chaque semaine", "FORTNIGHTLY": "tous les quinze jours",
		"MONTHLY":   "chaque mois",
		"QUARTERLY": "chaque trimestre", "YEARLY": "chaque année",
	}
	debtWords = map[string]string{
		"RENT_ARREARS": "Loyers en retard", "ENERGY_ARREARS": "Énergie en retard", "FSL_LOAN": "Prêt du FSL",
		"CONSUMER_CREDIT": "Crédit à la consommation", "OVERDRAFT": "Découvert", "BENEFIT_OVERPAYMENT": "Trop-perçu",
		"ALIMONY": "Pension alimentaire", "FINE": "Amende", "OTHER": "Autre dette",
	}
	paymentWords = map[string]string{
		"draft": "Dans une campagne à approuver", "scheduled": "Approuvé, partira à son jour", "approved": "Approuvé",
		"in_transit": "Envoyé, pas encore vu à la banque", "settled": "Vu à la banque",
		"rejected": "Refusé par la banque",
		"returned": "Revenu", "cancelled": "Annulé",
	}
	lineWords = map[string]string{
		"posted": "enregistrée", "matched": "expliquée", "suspense": "sans explication", "ignored": "non comptée",
	}
	ibanWords = map[string]string{
		"payable": "Peut être payé", "held": "Confirmé, en attente du délai",
		"to_confirm": "Attend une seconde personne",
		"to_sign":    "Attend deux signatures du chargement", "replaced": "Remplacé",
		"superseded": "Abandonné", "refused": "Refusé par la banque",
	}
	expectedWords = map[string]string{
		"MATCHED": "Reçue", "SHORT": "Plus basse", "OVER": "Plus haute", "LATE": "En retard",
		"MISSING": "Non reçue", "AWAITED": "Attendue",
	}
	actWords = map[string]string{
		"mandate.begin": "la mesure a commencé", "mandate.sign": "une signature a été notée",
		"mandate.amend": "un avenant a été noté",
		"mandate.renew": "un renouvellement a été préparé", "mandate.evaluate": "une évaluation a été notée",
		"mandate.suspend": "la mesure a été suspendue", "mandate.lift": "la suspension a été levée",
		"mandate.end": "la mesure a pris fin", "mandate.close": "la mesure a été close",
		"mandate.death": "le décès a été noté",
		"mandate.court": "une décision du juge a été notée", "mandate.convention": "une convention a été choisie",
		"mandate.threat_note":        "le motif de la mesure a été écrit",
		"mandate.threat_read":        "le motif de la mesure a été lu",
		"mandate.direct_payment":     "un versement direct a été ordonné",
		"mandate.direct_payment_end": "un versement direct a pris fin",
		"benefit.expect":             "une prestation attendue a été notée",
		"benefit.drop":               "une prestation attendue a été retirée",
	}
	alertWords = map[string]string{"urgent": "Urgent", "soon": "À voir", "note": "Pour information"}
)

// payeeKinds are the kinds of payees that the desk adds.
var payeeKinds = []string{"LANDLORD", "ENERGY", "WATER", "INSURER", "TELECOM", "PUBLIC", "CREDITOR", "OTHER"}

// debtKinds are the kinds of debts.
var debtKinds = []string{
	"RENT_ARREARS", "ENERGY_ARREARS", "FSL_LOAN", "CONSUMER_CREDIT", "OVERDRAFT", "BENEFIT_OVERPAYMENT", "ALIMONY",
	"FINE", "OTHER",
}

// said is the word of a code, or the code itself: nothing is hidden because it has no word here.
func said(words map[string]string, code string) string {
	if w, ok := words[code]; ok {
		return w
	}
	return code
}

// statusTone is the tone of a measure that is not under way.
func statusTone(status string) string {
	switch status {
	case "PENDING_SIGNATURE", "SUSPENDED":
		return soon
	case "DECEASED":
		return urgent
	}
	return ""
}
