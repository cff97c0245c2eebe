package desk_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"masp/migrations/dbtest"
)

func TestThePersonsOfACoordinatorAreListedAndSearched(t *testing.T) {
	dbtest.Seldom(t, 3)
	h := house(t)
	b := h.As("c.nadir")
	list := b.Get("/beneficiaires").Wants(200).Says("2 mesures", "M. Garnier Paul", "Mme Haddad Lina").SaysNot("Roux")
	list.Press("Filtrer", "nom", "garn").Wants(200).Says("1 mesure", "Garnier").SaysNot("Haddad")
	b.Get("/beneficiaires?etat=CLOSED").Wants(200).Says("Personne ne correspond.")
	b.Get("/beneficiaires?nom=g").Wants(200).Says("Écrivez au moins deux lettres.")
}

func TestAPersonIsFoundByNameFileAccountAmountAndReference(t *testing.T) {
	h := house(t)
	b := h.As("c.martin")
	for word, want := range map[string]string{
		"eva rou": "Personnes Mme Roux Éva", "M-0001": "Personnes Mme Roux Éva", "46,00": "Paiements 46,00 € à Lumen Énergie",
		"0255": "Destinataires Lumen Énergie", "v000001-000002": "46,00 € à Lumen Énergie", "bail 4711": "Paiements prévus Charges locatives",
		"573,49": "Lignes de banque 573,49 €", "55120": "Électricité",
	} {
		b.Get("/accueil").Press("Chercher", "q", word).Wants(200).Says(want)
	}
	b.Get("/recherche?q=zzz").Wants(200).Says("Rien ne correspond dans ce que vous suivez.")
	b.Get("/recherche").Wants(200).Says("Écrivez au moins deux signes.")
}

func TestASearchTellsNothingOfOtherPersons(t *testing.T) {
	h := house(t)
	b := h.As("c.martin")
	for _, word := range []string{"Garnier", "M-0002", "1043,59", "1041,59", "0217", "301,00", "60,00", "bail 4802"} {
		b.Get("/recherche?q="+url.QueryEscape(word)).Wants(200).Says("Rien ne correspond").SaysNot("Garnier", "Haddad")
	}
	h.As("e.texel").Get("/recherche?q=roux").Wants(200).Says("Rien ne correspond")
	h.As("i.texier").Get("/recherche?q=roux").Wants(http.StatusForbidden)
}

func TestAPaymentIsProvedInThreeClicks(t *testing.T) {
	h := house(t)
	found := h.As("c.martin").Get("/recherche?q=46,00").Wants(200)
	found.Click("46,00 € à Lumen").Wants(200).Says("46,00 €", "Lumen Énergie", "Mme Roux Éva", "Envoyé, pas encore vu à la banque",
		"La banque ne l'a pas encore débité", "Contrat 55120", "C-2026-11-1")
	h.As("c.nadir").Get("/paiements/V000001-000002").Wants(http.StatusNotFound)
}

func TestAPersonsPageShowsHerMoneyAndAddsUp(t *testing.T) {
	h := house(t)
	page := h.As("c.martin").Get("/beneficiaires/M-0001").Wants(200)
	page.Says("Mme Roux Éva · dossier M-0001", "Disponible", "Revenu de solidarité active – – 573,49 €", "Office des Trois Collines", "−220,50 €",
		"Au début du mois 0,00 € 0,00 € 0,00 €", "À la fin du mois", "Loyers en retard à Office des Trois Collines : il reste 610,00 €, 30,00 € par mois, soit 21 mois", "Loyer restant dû", "chaque mois")
	if strings.Contains(page.Title(), "Roux") {
		t.Errorf("the title names the person: %s", page.Title())
	}
	page.Click("Fiche de visite").Wants(200).Says("Fiche de visite M-0001", "Ce qui restait en fin de mois", "novembre 2026 :")
	page.Click("Historique du dossier").Wants(200).Says("Qui a lu le dossier", "c.martin")
	page.Click("Trois mois avant").Wants(200).Says("Pas de mouvement sur ces trois mois", "Trois mois après")
}

func TestAnothersPersonDoesNotExist(t *testing.T) {
	h := house(t)
	b := h.As("c.nadir")
	for _, page := range []string{"", "/visite", "/historique"} {
		b.Get("/beneficiaires/M-0001" + page).Wants(http.StatusNotFound).SaysNot("Roux")
		b.Get("/beneficiaires/M-9999" + page).Wants(http.StatusNotFound)
	}
}
