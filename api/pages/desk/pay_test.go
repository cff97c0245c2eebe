package desk_test

import (
	"net/http"
	"strings"
	"testing"

	"masp/migrations/dbtest"
)

func TestAPaymentIsAddedOneThingAPage(t *testing.T) {
	dbtest.Seldom(t, 3)
	h := house(t)
	page := h.As("c.martin").Get("/beneficiaires/M-0001").Wants(200).Click("Ajouter un paiement").Wants(200).Says("Étape 1 sur 4", "À qui payer ?")
	page = page.Press("Continuer", "creditor", "C-LUMEN").Wants(200).Says("Étape 2 sur 4", "Combien ?")
	page = page.Press("Continuer", "amount", "1.234,50").Wants(http.StatusUnprocessableEntity).Says("Écrivez 1234,50")
	if !strings.HasPrefix(page.Title(), "Erreur : ") {
		t.Errorf("the title is %q", page.Title())
	}
	page = page.Press("Continuer", "amount", "25,5").Wants(200).Says("Quand ?")
	page = page.Press("Continuer", "frequency", "MONTHLY", "from", "2026-12-03").Wants(200).Says("Pourquoi ?")
	page = page.Press("Continuer", "class", "OTHER_BILL", "label", "Téléphone", "reference", "Ligne 42").Wants(200)
	page.Says("Vérifier le paiement avant de l'ajouter", "Lumen Énergie", "25,50 €", "chaque mois", "3 décembre 2026", "Rien n'est enregistré")
	done := page.Press("Ajouter ce paiement").Wants(200).Says("Paiement ajouté.", "Téléphone Lumen Énergie, chaque mois")
	page.Press("Ajouter ce paiement").Wants(200) // once more, by a second tap
	if n := strings.Count(done.Text(), "Téléphone Lumen"); n != 1 {
		t.Errorf("the payment is there %d times", n)
	}
	h.As("c.martin").Get("/beneficiaires/M-0001").Wants(200).Says("Jeudi 3 décembre : Téléphone, 25,50 €")
}

func TestOneThingIsChangedFromThePageThatChecks(t *testing.T) {
	dbtest.Seldom(t, 3)
	h := house(t)
	page := h.As("c.martin").Get("/beneficiaires/M-0001/paiement").Press("Continuer", "creditor", "C-LUMEN").
		Press("Continuer", "amount", "25").Press("Continuer", "frequency", "ONCE", "from", "03/12/2026").
		Press("Continuer", "class", "OTHER_BILL", "label", "Téléphone").Wants(200).Says("25,00 €", "Modifier : Combien ?")
	page = page.Press("Modifier : Combien ?").Wants(200).Says("Combien ?")
	page.Press("Continuer", "amount", "26").Wants(200).Says("Vérifier le paiement", "26,00 €", "Téléphone")
}

func TestAPayeeIsSearchedWithoutLosingWhatWasChosen(t *testing.T) {
	dbtest.Seldom(t, 3)
	h := house(t)
	page := h.As("c.martin").Get("/beneficiaires/M-0001/paiement")
	found := page.Press("Continuer", "chercher", "oui", "cherche", "abri").Wants(200).Says("Mutuelle de l'Abri (FR76…0352)", "Lumen Énergie")
	found.Press("Continuer", "creditor", "C-ABRI").Wants(200).Says("Combien ?")
	page.Press("Continuer").Wants(http.StatusUnprocessableEntity).Says("Choisissez à qui payer.")
	page.Press("Continuer", "creditor", "C-SELF-0002").Wants(http.StatusUnprocessableEntity).Says("Choisissez dans la liste.")
}

func TestWhatARuleRefusesGoesBackToItsStep(t *testing.T) {
	h := house(t)
	page := h.As("c.martin").Get("/beneficiaires/M-0001/paiement").Press("Continuer", "creditor", "C-LUMEN").
		Press("Continuer", "amount", "25").Press("Continuer", "frequency", "MONTHLY", "from", "2026-12-03", "to", "2026-11-03").
		Press("Continuer", "class", "OTHER_BILL", "label", "Téléphone").Wants(200)
	page.Press("Ajouter ce paiement").Wants(http.StatusUnprocessableEntity).Says("à corriger")
}

func TestNobodyAddsAPaymentForAnothersPerson(t *testing.T) {
	h := house(t)
	h.As("c.nadir").Get("/beneficiaires/M-0001/paiement").Wants(http.StatusNotFound)
	h.As("k.perrin").Get("/beneficiaires/M-0001/paiement").Wants(http.StatusForbidden)
}
