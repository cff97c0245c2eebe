package run_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestAPaymentOfADraftIsLoweredWithAReason(t *testing.T) {
	h := open(t)
	b := h.As("c.nadir")
	proposed(t, b)
	form := b.Get(first + "/paiements?q=haddad&nature=RENT").Click("Loyer").Click("Changer ce paiement").Wants(200)
	empty := form.Press("Changer ce paiement").Wants(http.StatusUnprocessableEntity)
	empty.Says("2 points à corriger", "Choisissez ce qui change.", "Dites pourquoi.")
	less := empty.Press("Changer ce paiement", "kind", "SET_AMOUNT", "reason", "accord avec l'office").Wants(http.StatusUnprocessableEntity)
	more := less.Says("Écrivez combien payer").Press("Changer ce paiement", "amount", "400,00").Wants(http.StatusUnprocessableEntity)
	done := more.Press("Changer ce paiement", "amount", "200,00").Wants(200)
	done.Says("La part de cette personne est recalculée", "Loyer 200,00 €").SaysNot("355,00 €")
	stale := form.Press("Changer ce paiement", "kind", "DEFER", "reason", "trop tard").Wants(http.StatusNotFound)
	stale.Says("Cette page n'existe pas")
}

func TestWhatGoesToThePersonGetsOtherDays(t *testing.T) {
	h := open(t)
	b := h.As("c.nadir")
	proposed(t, b)
	form := b.Get(first + "/paiements?q=haddad").Click("Versé à la personne").Click("Changer ce paiement").Wants(200)
	form.Press("Changer ce paiement", "remit_on", "demain", "reason", "x").Wants(http.StatusUnprocessableEntity).Says("Écrivez un jour par ligne")
	done := form.Press("Changer ce paiement", "remit_on", "16/11/2026\n2026-11-23", "reason", "elle préfère deux fois").Wants(200)
	if n := strings.Count(done.Says("C'est changé").Body, "Versé à la personne</a>"); n != 2 {
		t.Errorf("%d payments to the person, want 2\n%s", n, done.Text())
	}
}

func TestWhoDoesNotPrepareChangesNoPayment(t *testing.T) {
	h := open(t)
	b := h.As("c.nadir")
	submitted(t, b)
	page := b.Get(first + "/paiements?q=haddad&nature=RENT").Click("Loyer").Wants(200).SaysNot("Changer ce paiement")
	if gone := b.Get(page.Path + "/changer"); gone.Path != first+"/paiements" {
		t.Errorf("a payment that was submitted is changed at %s", gone.Path)
	}
	h.As("e.texel").Get(page.Path + "/changer").Wants(http.StatusForbidden)
}
