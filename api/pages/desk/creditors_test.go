package desk_test

import (
	"net/http"
	"testing"
)

const (
	newIBAN = "FR7699999002000000000300546"
	called  = "Mme Blanc, 04 99 00 00 00, le 9 novembre"
)

func TestAnIBANIsChangedByTwoPersons(t *testing.T) {
	h := house(t)
	first := h.As("c.martin")
	form := first.Get("/destinataires/C-LUMEN").Wants(200).Says("Lumen Énergie", "Peut être payé").Click("Changer l'IBAN").Wants(200)
	form.Says("IBAN d'aujourd'hui", "FR76 9999 9002 0000 0000 0300 255", "72 heures après la confirmation").Press("Proposer cet IBAN", "iban", "FR1").
		Wants(http.StatusUnprocessableEntity).Says("Dites d'où vient ce RIB.", "Notez le rappel")
	done := form.Press("Proposer cet IBAN", "iban", newIBAN, "papier", "RIB reçu par courrier.", "rappel", called).Wants(200)
	done.Says("IBAN proposé.", "FR76…0255 → FR76…0546", "RIB reçu par courrier. Rappel : Mme Blanc", "Attend une seconde personne").SaysNot("Comparer et confirmer")
	first.Get("/destinataires/C-LUMEN/iban/2").Wants(200).Says("n'attend pas votre confirmation").SaysNot("Confirmer cet IBAN")

	second := h.As("k.perrin")
	second.Get("/accueil").Wants(200).Says("1 changement attend une seconde personne").Click("IBAN à confirmer").Wants(200).Says("Lumen Énergie")
	check := second.Get("/destinataires/C-LUMEN").Wants(200).Click("Comparer et confirmer").Wants(200)
	check.Says("FR76 9999 9002 0000 0000 0300 255", "FR76 9999 9002 0000 0000 0300 546", "c.martin").Press("Confirmer cet IBAN").
		Wants(http.StatusUnprocessableEntity).Says("Cochez après avoir comparé.")
	check.Press("Confirmer cet IBAN", "lu", "oui").Wants(200).Says("IBAN confirmé.", "Confirmé, en attente du délai", "à partir du 12/11/2026")
}

func TestWhatChangedSinceIsNotConfirmed(t *testing.T) {
	h := house(t)
	propose := func(iban string) {
		h.As("c.martin").Get("/destinataires/C-LUMEN/iban").Press("Proposer cet IBAN", "iban", iban, "papier", "RIB", "rappel", called).Wants(200)
	}
	propose(newIBAN)
	seen := h.As("k.perrin").Get("/destinataires/C-LUMEN/iban/2").Wants(200)
	propose("FR7699999002000000000300449")
	seen.Press("Confirmer cet IBAN", "lu", "oui").Wants(http.StatusPreconditionFailed).Says("Cela a changé depuis votre lecture")
}

func TestANewPayeeIsAddedAndFiltered(t *testing.T) {
	h := house(t)
	b := h.As("c.nadir")
	b.Get("/destinataires").Wants(200).Click("Nouveau destinataire").Wants(200).
		Press("Ajouter le destinataire", "name", "Régie des Eaux", "kind", "WATER", "iban", newIBAN, "papier", "RIB", "rappel", called).
		Wants(200).Says("Destinataire ajouté.", "Régie des Eaux")
	list := b.Get("/destinataires?genre=WATER").Wants(200).Says("1 destinataire", "Régie des Eaux", "Attend une seconde personne")
	list.SaysNot("Lumen", "Éva Roux")
	b.Get("/destinataires/C-SELF-0001").Wants(http.StatusNotFound)
}
