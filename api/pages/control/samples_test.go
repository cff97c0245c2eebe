package control_test

import (
	"net/http"
	"net/url"
	"testing"
)

func TestASampleIsDrawnByItsSeedAndLeadsToTraces(t *testing.T) {
	h := house(t)
	b := h.As("e.quentin")
	form := b.Get("/controle/echantillon").Wants(200).Says("Graine")
	form.Press("Tirer", "graine", "").Wants(422).Says("Écrivez une graine")
	form.Press("Tirer", "graine", "x", "taille", "0").Wants(422)
	form.Press("Tirer", "graine", "x", "mandat", "M-0002").Wants(404)
	seen := form.Press("Tirer", "graine", "2026", "taille", "2").Wants(200).Says("2 écritures tirées", "Leurs empreintes y sont")
	if again := b.Get(seen.Path).Wants(200); again.Text() != seen.Text() {
		t.Error("the same seed gives another list")
	}
	seen.Click("Écriture ").Wants(200).Says("Piste d'audit")
	if zip := seen.Click("Télécharger la liste").Wants(200); zip.Header.Get("Content-Type") != "application/zip" {
		t.Errorf("the pieces come as %s", zip.Header)
	}
	form.Press("Tirer", "methode", "STRATUM", "strate", "KIND", "graine", "2026").Wants(200).Says("sur")
	form.Press("Tirer", "methode", "VALUE", "graine", "2026", "taille", "2").Wants(200).Says("Intervalle")
}

func TestWhoSignedIsShownBesideWhoPrepared(t *testing.T) {
	h := house(t)
	page := h.As("e.quentin").Get("/controle/approbations").Wants(200)
	page.Says("C-2026-11-1", "c.martin", "v.olivier", "✔ Signé = payé", "personne n'a signé ce qu'il a préparé").SaysNot("C-2026-11-2")
	page.Click("C-2026-11-1") // the run is another face
	h.As("k.perrin").Get("/controle/approbations").Wants(200).Says("C-2026-11-1", "C-2026-11-2", "Pas encore")
}

func TestIBANsThatChangedAreShownWithBothPersons(t *testing.T) {
	h := house(t)
	h.As("e.quentin").Get("/controle/iban").Wants(200).Says("Avant → après", "k.perrin", "k.sauvage", "Peut être payé")
}

func TestReportsShowTheirFiguresAndLeadToTheirSheets(t *testing.T) {
	h := house(t)
	b := h.As("e.quentin")
	form := b.Get("/controle/rapports").Wants(200)
	seen := form.Press("Voir les chiffres", "rapport", "priority").Wants(200).Says("Priorités non respectées", "Du 01/01/2026 au 09/11/2026")
	seen.Click("PDF").Wants(200)
	seen.Click("Tableur").Wants(200)
	for _, name := range []string{"late_rents", "arrears", "activity", "masp"} {
		form.Press("Voir les chiffres", "rapport", name).Wants(200).Says("Indicateur")
	}
	form.Press("Voir les chiffres", "rapport", "priority", "du", "2026-02-01", "au", "2026-01-01").Wants(422).Says("Le dernier jour précède le premier")
}

func TestNothingIsWrittenHere(t *testing.T) {
	h := house(t)
	b := h.As("e.quentin")
	for _, path := range []string{"", "/exports", "/integrite", "/balance", "/grand-livre", "/trace", "/echantillon", "/approbations", "/iban", "/rapports"} {
		b.Get("/controle" + path).Wants(200)
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
			if got := b.Raw(method, "/controle"+path, url.Values{}); got.StatusCode < 400 || got.StatusCode > 405 {
				t.Errorf("%s %s: got %d", method, path, got.StatusCode)
			}
		}
	}
}
