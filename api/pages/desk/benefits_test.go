package desk_test

import (
	"net/http"
	"testing"

	"masp/migrations/dbtest"
)

func TestLateBenefitsComeFirstAndEachDayIsShown(t *testing.T) {
	dbtest.Seldom(t, 3)
	h := house(t)
	b := h.As("c.nadir")
	page := b.Get("/prestations").Wants(200)
	page.Says("M. Garnier Paul", "Mme Haddad Lina AAH, CAF", "le 5", "novembre 2026").SaysNot("Roux", "APL")
	h.At(t, "2026-11-20", 9)
	b.Get("/prestations").Wants(200).Says("En retard M. Garnier Paul ASPA d'octobre 2026, attendue de CARSAT le 9 novembre 2026", "Non reçue", "1 043,59 €")
	h.As("c.martin").Get("/prestations").Wants(200).Says("Rien n'est en retard", "Mme Roux Éva")
}

func TestAnExpectedBenefitIsNoted(t *testing.T) {
	dbtest.Seldom(t, 3)
	h := house(t)
	form := h.As("c.martin").Get("/beneficiaires/M-0001").Click("Noter une prestation attendue").Wants(200)
	form.Press("Noter la prestation", "benefit", "RSA", "payer", "CAF", "period", "2026-11", "amount", "573,49").Wants(200).
		Says("Prestation attendue notée.", "arrive 573,49 €")
	form.Press("Noter la prestation", "benefit", "RSA", "payer", "CAF", "period", "novembre", "amount", "573,49").Wants(http.StatusUnprocessableEntity)
}

func TestAnAlertIsReadPutOffAndClosed(t *testing.T) {
	dbtest.Seldom(t, 3)
	h := house(t)
	b := h.As("v.olivier")
	list := b.Get("/accueil").Click("Alertes").Wants(200).Says("2 alertes", "Argent non identifié")
	one := list.Click("Argent non identifié").Wants(200).Says("Que faire", "Clore l'alerte")
	one.Click("Mettre en sommeil").Wants(200).Press("Mettre en sommeil", "until", "2026-11-12", "reason", "le payeur répond").Wants(200).Says("Alerte en sommeil.", "1 alerte")
	b.Get("/alertes?etat=asleep").Wants(200).Says("1 alerte")
	next := b.Get("/alertes").Click("Argent non identifié").Click("Clore l'alerte").Wants(200)
	next.Press("Clore l'alerte").Wants(http.StatusUnprocessableEntity).Says("Dites pourquoi.")
	next.Press("Clore l'alerte", "reason", "identifié autrement").Wants(200).Says("Alerte close.", "Rien à voir ici.")
	h.As("c.martin").Get(one.Path).Wants(http.StatusNotFound)
}
