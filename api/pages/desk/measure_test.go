package desk_test

import (
	"net/http"
	"strings"
	"testing"

	"masp/migrations/dbtest"
)

func TestAMeasureIsAmendedSuspendedAndTakenUpAgain(t *testing.T) {
	dbtest.Seldom(t, 3)
	h := house(t)
	b := h.As("c.martin")
	page := b.Get("/beneficiaires/M-0001").Click("Changer ou finir la mesure").Wants(200).Says("Mme Roux Éva", "Noter un avenant")
	page.Click("Noter un avenant").Wants(200).Press("Noter l'avenant", "effective_on", "2026-12-01", "reason", "Loyer en hausse",
		"signed_by_person_on", "2026-11-05", "signed_by_department_on", "2026-11-05", "living_floor", "210,00", "remittance.days", "5, 20").
		Wants(200).Says("Avenant noté.", "à partir du 01/12/2026 : Loyer en hausse")
	page.Click("Suspendre la mesure").Wants(200).Press("Suspendre la mesure", "reason", "Absence longue").Wants(200).Says("Mesure suspendue.", "Suspendue")
	b.Get("/beneficiaires/M-0001/mesure").Click("Reprendre la mesure").Press("Reprendre la mesure", "reason", "Retour").Wants(200).Says("Mesure reprise.", "En cours")
}

func TestTheEndOfAMeasureLeadsToWhatIsLeftToDo(t *testing.T) {
	dbtest.Seldom(t, 3)
	h := house(t)
	b := h.As("c.martin")
	end := b.Get("/beneficiaires/M-0001/mesure/fin").Wants(200)
	end.Press("Finir la mesure", "on", "hier").Wants(http.StatusUnprocessableEntity).Says("Écrivez une date comme 05/11/2026.")
	done := end.Press("Finir la mesure", "on", "2026-11-09", "reason", "AUTONOMY_REGAINED").Wants(200)
	done.Says("Mesure finie. Voici ce qui reste à faire.", "Ce qui reste à faire, dans l'ordre", "La mesure se ferme quand tout est fait").SaysNot("masp ")
	b.Get("/beneficiaires/M-0001").Wants(200).Says("finie le 09/11/2026").SaysNot("Ajouter un paiement")
}

func TestADueChangesItsAmountAndEnds(t *testing.T) {
	dbtest.Seldom(t, 3)
	h := house(t)
	b := h.As("c.martin")
	one := b.Get("/beneficiaires/M-0001").Click("Électricité Lumen").Wants(200).Says("46,00 €", "Contrat 55120")
	one.Click("Arrêter ce paiement").Wants(200).Press("Arrêter ce paiement", "to", "2026-12-31").Wants(200).Says("Paiement arrêté.", "jusqu'au 31/12/2026")
	b.Get("/beneficiaires/M-0001/prevus/O-0001-RENT").Click("Changer le montant").Press("Changer le montant", "amount", "140", "from", "2026-12-01").
		Wants(200).Says("Montant changé.", "140,00 €")
}

func TestADebtShowsItsWayAndGetsANewPlan(t *testing.T) {
	dbtest.Seldom(t, 3)
	h := house(t)
	b := h.As("c.martin")
	debt := b.Get("/beneficiaires/M-0001").Click("Loyers en retard").Wants(200).Says("Il reste 610,00 €", "encore 21 mois", "Comment elle a bougé")
	debt.Click("Nouveau plan").Wants(200).Press("Noter le plan", "instalment", "61", "from", "2026-12-15").Wants(200).Says("Plan noté.", "encore 10 mois")
	b.Get("/beneficiaires/M-0001/dettes/nouvelle").Wants(200).Press("Noter la dette", "creditor", "C-LUMEN", "kind", "ENERGY_ARREARS", "outstanding", "120").
		Wants(200).Says("Dette notée.", "Énergie en retard")
	h.As("c.nadir").Get("/beneficiaires/M-0001/dettes/D-0001-LOYER").Wants(http.StatusNotFound)
	h.As("v.olivier").Get("/beneficiaires/M-0002/dettes/D-0001-LOYER").Wants(http.StatusNotFound)
}

func TestACardIsShownOnceAndDevicesAreClosed(t *testing.T) {
	dbtest.Seldom(t, 3)
	h := house(t)
	b := h.As("c.martin")
	page := b.Get("/beneficiaires/M-0001").Click("Carte d'accès").Wants(200).Says("La personne n'est entrée avec aucun appareil.")
	card := page.Press("Faire une carte").Wants(200).Says("Mme Roux Éva", "/carte", "Le code marche une fois")
	b.Get("/beneficiaires/M-0001/carte").Wants(200).SaysNot("Écrivez ce code")
	h.Entered("c.martin", "M-0001")
	b.Get("/beneficiaires/M-0001/carte").Wants(200).Says("Ouvert le").Press("Fermer tous ses appareils").Wants(200).Says("Tous ses appareils sont fermés.")
	if card.Title() != "Carte d'accès" {
		t.Errorf("the title is %q", card.Title())
	}
	h.As("c.nadir").Get("/beneficiaires/M-0001/carte").Wants(http.StatusNotFound)
	h.As("v.olivier").Get("/beneficiaires/M-0001/carte").Wants(http.StatusForbidden)
}

func TestARenewalFollowsAnEvaluation(t *testing.T) {
	dbtest.Seldom(t, 3)
	h := house(t)
	b := h.As("c.martin")
	b.Get("/beneficiaires/M-0001/mesure/renouvellement").Wants(200).Says("Notez d'abord une évaluation")
	b.Get("/beneficiaires/M-0001/mesure").Click("Noter une évaluation").Press("Noter l'évaluation", "on", "2026-11-06", "text", "Le budget tient.").
		Wants(200).Says("Évaluation notée.")
	form := b.Get("/beneficiaires/M-0001/mesure").Click("Préparer un renouvellement").Wants(200).Says("Évaluation du 6 novembre 2026")
	_, value, _ := strings.Cut(form.Body, `name="evaluation" value="`)
	value, _, _ = strings.Cut(value, `"`)
	form.Press("Préparer le contrat", "evaluation", value, "start", "2027-01-01", "end", "2027-12-31").Wants(200).Says("Contrat préparé.", "pas signé par la personne")
}

func TestAPaperThatWasHandedOverIsNoted(t *testing.T) {
	dbtest.Seldom(t, 3)
	h := house(t)
	b := h.As("c.martin")
	page := b.Get("/beneficiaires/M-0001").Click("Tous les papiers").Wants(200).Says("Aucun papier remis n'est noté.")
	page.Click("Noter un papier remis").Press("Noter la remise", "kind", "STATEMENT", "from", "2026-11-01", "to", "2026-11-08",
		"recipient", "PERSON", "means", "BY_HAND").Wants(200).
		Says("Remise notée.", "Relevé de compte du 01/11/2026 au 08/11/2026 : À la personne, En main propre")
}
