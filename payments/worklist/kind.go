package worklist

// The codes that more than one package names.
const (
	BenefitMissing     = "BENEFIT_MISSING"     // an expected benefit did not come
	CreditUnidentified = "CREDIT_UNIDENTIFIED" // money in that nobody knows
	RentUnpaid         = "RENT_UNPAID"         // rent or charges not paid in full
)

// Severity says how soon somebody must act; the list shows the urgent first.
type Severity string

// The severities.
const (
	Urgent Severity = "urgent" // today: the home, the law or the money of a person is at stake
	Soon   Severity = "soon"   // in the days that come
	Note   Severity = "note"   // to know
)

// Kind is what a code means to people.
type Kind struct {
	Code     string   `json:"code"`
	Severity Severity `json:"severity"`
	Label    string   `json:"label"` // French
	ToDo     string   `json:"to_do"` // French: the next step
}

// kinds are all the codes, the most serious first. Details under each code: line, payment,
// reason, reference, benefit, period, date_of_death, and for the deadlines what deadlines.go says.
var kinds = []Kind{
	{RentUnpaid, Urgent, "Loyer ou charges impayés", "Prévenez le bailleur, cherchez une aide (FSL), revoyez le plan."},
	{RentUnpaidTwoMonths, Urgent, "Deux mois de loyer impayés", "Saisissez le FSL et la CCAPEX ; prévenez le Département (L271-5)."},
	{PlanBreached, Urgent, "Plan d'apurement du loyer rompu", "Appelez le bailleur et la CAF aujourd'hui : l'aide au logement en dépend."},
	{"BENEFICIARY_DECEASED", Urgent, "Décès", "Tout est gelé : prévenez les payeurs, attendez le notaire."},
	{"ILLEGAL_WITHHOLDING", Urgent, "Retenue sur une dette contestée", "Écrivez au payeur : la contestation suspend la retenue."},
	{"NUMBER_OF_ANOTHER_PERSON", Urgent, "Argent d'une autre personne", "Identifiez la ligne avec le payeur, puis rendez l'argent."},
	{MoneyNotPassedOn, Urgent, "Argent à reverser en retard", "Reversez-le en entier (masp payout propose)."},
	{"DEBIT_UNIDENTIFIED", Urgent, "Débit que nous n'avons pas ordonné", "Appelez la banque, puis identifiez la ligne."},
	{StatementLate, Urgent, "Relevé de banque en retard", "Demandez le fichier à la banque : sans lui, rien ne se voit."},
	{"IMPORT_SOURCE_FAILED", Urgent, "Source de fichiers inaccessible", "Vérifiez le dossier ou le serveur de la banque (masp import status)."},
	{"IMPORT_FAILED", Urgent, "Fichier que rien n'arrive à importer", "Lisez la cause (masp import status) ; il est essayé de nouveau."},
	{"INBOX_STUCK", Soon, "Fichier importé mais pas rangé", "Vérifiez les droits et la place du dossier de dépôt."},
	{"INBOX_LEFT", Soon, "Dépôt que personne ne lit", "Déposez un fichier ordinaire et entier à sa place, puis enlevez celui-ci."},
	{"FILE_REJECTED", Urgent, "Fichier refusé en entier", "Rien n'est parti : lisez le motif avec la banque, puis payez de nouveau."},
	{"REPORT_UNMATCHED", Urgent, "Refus d'un virement inconnu", "Demandez à la banque de quel virement elle parle."},
	{"PAYMENT_REJECTED", Urgent, "Virement refusé", "Vérifiez l'IBAN avec le destinataire, puis payez de nouveau."},
	{"RETURN_ANNOUNCED", Urgent, "Virement qui va revenir", "Vérifiez l'IBAN avec le destinataire ; l'argent revient avec le relevé."},
	{"PAYMENT_RETURNED", Urgent, "Virement revenu", "Vérifiez l'IBAN avec le destinataire, puis payez de nouveau."},
	{"LIVING_FLOOR_NOT_MET", Urgent, "Reste à vivre non atteint", "Cherchez une aide d'urgence et revoyez les échéances."},
	{PersonAsks, Urgent, "Question d'une personne", "Répondez-lui, puis fermez l'alerte en disant ce que vous avez répondu."},
	{BenefitMissing, Urgent, "Prestation attendue non reçue", "Appelez l'organisme."},
	{"RESOURCE_NOT_ELIGIBLE", Soon, "Ressource non gérable", "Reversez-la en entier à la personne sous deux jours."},
	{"CREDIT_AFTER_END", Soon, "Prestation après la fin", "Reversez-la et demandez au payeur de changer de compte."},
	{"BENEFIT_AFTER_DEATH", Soon, "Prestation après le décès", "Rendez-la seulement sur demande écrite du payeur."},
	{SuspenseLate, Urgent, "Argent non identifié depuis trop longtemps", "Identifiez-le, ou rendez-le (masp suspense return)."},
	{SuspenseNear, Soon, "Argent bientôt non identifié depuis trop longtemps", "Relancez le payeur, notez ce que vous avez essayé."},
	{CreditUnidentified, Soon, "Argent non identifié", "Cherchez le payeur, puis identifiez la ligne (masp suspense assign)."},
	{"DEBT_PLAN_MISSED", Soon, "Mensualité d'un plan non payée", "Prévenez le créancier."},
	{"WITHHOLDING_ABOVE_NOTICE", Soon, "Retenue plus forte qu'annoncée", "Demandez au payeur la notification."},
	{"WITHHOLDING_UNUSUAL", Soon, "Retenue inhabituelle", "Demandez au payeur la décision qui la permet."},
	{"ASK_ALLOWANCE_RESTORED", Soon, "Aide au logement à rétablir", "Demandez à la CAF de reprendre l'APL : la recevabilité le permet."},
	{"LANDLORD_CREDIT", Soon, "Avoir chez le bailleur", "Demandez au bailleur de le déduire du prochain loyer."},
	{"RUN_REFUSED", Soon, "Mandat écarté d'une campagne", "Régularisez le mandat ou retirez-le des campagnes."},
	{ContractEnds, Soon, "Contrat bientôt fini", "Évaluez la mesure : rien ne se renouvelle tacitement."},
	{BalanceNotReturned, Soon, "Solde à rendre", "Rendez le solde à la personne (masp payout propose)."},
	{NoCredit, Soon, "Aucune prestation reçue", "Demandez aux payeurs où ils versent."},
	{PayerChangeUnconfirmed, Soon, "Changement de compte non confirmé", "Relancez le payeur."},
	{"PAYEE_NAME_DIFFERS", Soon, "Nom différent à la banque", "Vérifiez le nom et l'IBAN par appel avant de signer."},
	{"PURPOSE_NOT_MET", Soon, "Prestation affectée non employée à son objet", "Payez le loyer, ou prévenez l'organisme."},
	{"MEASURE_ENDED", Note, "Mesure finie", "Faites la clôture : solde, payeurs, compte final."},
}

// Kinds are the codes of alerts in the order of the list.
func Kinds() []Kind { return append([]Kind(nil), kinds...) }

// KindOf is what a code means. A code without a place here is to be looked at soon.
func KindOf(code string) Kind {
	for _, k := range kinds {
		if k.Code == code {
			return k
		}
	}
	return Kind{Code: code, Severity: Soon, Label: code, ToDo: "Lisez le détail."}
}

// codesOf are the codes of one severity.
func codesOf(s Severity) []string {
	var codes []string
	for _, k := range kinds {
		if k.Severity == s {
			codes = append(codes, k.Code)
		}
	}
	return codes
}
