package desk_test

import (
	"net/http"
	"testing"

	"masp/api/pages/pagestest"
	"masp/migrations/dbtest"
)

// enrolled walks through the steps of a new person, to the page that checks.
func enrolled(b *pagestest.Browser, id string) *pagestest.Screen {
	page := b.Get("/beneficiaires").Wants(200).Click("Nouveau bénéficiaire").Wants(200).Says("Étape 1 sur 6", "Qui est la personne ?")
	page = page.Press("Continuer", "mandates.0.id", id, "beneficiaries.0.civility", "Mme", "beneficiaries.0.last_name", "Vidal",
		"beneficiaries.0.first_name", "Nora", "beneficiaries.0.born_on", "1990-05-02", "beneficiaries.0.department", "26").Wants(200)
	page = page.Press("Continuer", "mandates.0.contract.start", "2026-11-09", "mandates.0.contract.end", "2027-11-08", "mandates.0.threat_ground", "SAFETY",
		"mandates.0.contract.commitments.person", "Transmettre les factures\nPrévenir d'un départ", "mandates.0.contract.commitments.department", "Payer le loyer en premier").Wants(200)
	page = page.Press("Continuer", "mandates.0.contract.signed_by_person_on", "2026-11-09", "mandates.0.contract.signed_by_department_on", "2026-11-09").Wants(200)
	page = page.Press("Continuer", "mandates.0.authorised_benefits", "RSA").Wants(200)
	page = page.Press("Continuer", "mandates.0.bank_account", "BK-POOL").Wants(200)
	return page.Press("Continuer", "mandates.0.policy.living_floor", "200", "creditors.0.iban", "FR76 9999 9003 0000 0000 0400 411", "mandates.0.remittance.days", "6, 20").Wants(200)
}

func TestAPersonIsEnrolledInSteps(t *testing.T) {
	dbtest.Seldom(t, 3)
	h := house(t)
	b := h.As("c.nadir")
	check := enrolled(b, "M-0104").Says("Vérifier avant d'ouvrir le dossier", "Nora", "Transmettre les factures, Prévenir d'un départ",
		"Revenu de solidarité active (RSA)", "9 novembre 2026", "200,00 €", "Rien n'est enregistré")
	b.Get("/beneficiaires?nom=vidal").Wants(200).Says("Personne ne correspond.")
	check.Press("Ouvrir le dossier").Wants(200).Says("Dossier ouvert.", "Mme Vidal Nora · dossier M-0104 · En cours", "le 6, le 20 du mois")
	check.Press("Ouvrir le dossier").Wants(200) // once more
	b.Get("/beneficiaires?nom=vidal").Wants(200).Says("1 mesure")
	h.As("c.martin").Get("/beneficiaires/M-0104").Wants(http.StatusNotFound)

	h.As("k.perrin").Get("/accueil").Wants(200).Says("1 IBAN d'un chargement attend votre signature").Click("IBAN à signer").Says("Nora Vidal")
	first := h.As("k.perrin").Get("/destinataires/C-SELF-0104").Wants(200).Says("Attend deux signatures du chargement").Click("Signer les IBAN")
	first.Wants(200).Says("Nora Vidal").Press("Signer ces IBAN", "lu", "oui").Wants(200).Says("Signature notée.")
	h.As("k.perrin").Get("/accueil").Wants(200).SaysNot("IBAN à signer")
	h.As("k.sauvage").Get("/destinataires/C-SELF-0104").Click("Signer les IBAN").Press("Signer ces IBAN", "lu", "oui").Wants(200)
	b.Get("/destinataires/C-SELF-0104").Wants(200).SaysNot("Attend deux signatures")
}

func TestWhatIsWrongInALoadGoesBackToItsStep(t *testing.T) {
	dbtest.Seldom(t, 3)
	h := house(t)
	b := h.As("c.nadir")
	check := enrolled(b, "M-0104")
	check.Press("Ouvrir le dossier", "mandates.0.contract.end", "2026-11-30").Wants(http.StatusUnprocessableEntity).Says("à corriger")
	check.Press("Ouvrir le dossier", "beneficiaries.0.department", "99").Wants(http.StatusUnprocessableEntity).
		Says("Qui est la personne ?", "Il faut le code d'un Département")
	check.Press("Ouvrir le dossier", "creditors.0.iban", "FR7699999").Wants(http.StatusUnprocessableEntity).Says("Que reçoit la personne ?")
	check.Press("Ouvrir le dossier", "mandates.0.authorised_benefits", "SALAIRE").Wants(http.StatusUnprocessableEntity).Says("Quelles prestations gérer ?")
	check.Press("Ouvrir le dossier", "mandates.0.id", "M-0001").Wants(http.StatusUnprocessableEntity).SaysNot("Roux")
}
