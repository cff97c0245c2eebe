package bank_test

import (
	"net/http"
	"strings"
	"testing"
)

// A benefit without the payer's number of the person is told, and booked to nobody.
var nearly = said{"573.49", caf, "RSA ROUX 102026"}

func TestASuggestionIsSaidInWordsAcceptedForItsReasonsAndTakenBack(t *testing.T) {
	h := house(t)
	says(t, h, "REL-1", "BK-0001", "2026-11-04", nearly).Wants(200)
	b := h.As("c.martin")
	page := b.Get("/banque/rapprochement/lignes").Wants(200)
	page.Says("1 ligne sans explication", "573,49 € entrés le 04/11/2026", "De "+caf, "robable", "Mme Roux Éva (M-0001)", "ompte au nom de la personne")
	page.SaysNot("points", "score")
	done := page.Press("Accepter").Wants(200)
	done.Says("Rapproché : 573,49 €.", "Chaque ligne a son explication. Rien à faire.", "Annuler ce que je viens de dire")
	check := done.Press("Annuler ce que je viens de dire").Wants(200)
	check.Says("ne reçoit plus 573,49 €").Press("Annuler ce rapprochement", "reason", "trop vite").Wants(200).Says("1 ligne sans explication", "de nouveau sans explication")
	again := page.Press("Accepter").Wants(200) // the form of before: it was done once
	again.Says("Rapproché : 573,49 €.", "1 ligne sans explication")
}

func TestWhoAcceptsWhatSomebodyHasExplainedMeanwhileIsToldSo(t *testing.T) {
	h := house(t)
	says(t, h, "REL-1", "BK-0001", "2026-11-04", nearly).Wants(200)
	mine, hers := h.As("c.martin").Get("/banque/rapprochement/lignes"), h.As("k.perrin").Get("/banque/rapprochement/lignes")
	mine.Press("Accepter").Wants(200)
	hers.Press("Accepter").Wants(200).Says("Cette ligne a déjà son explication.")
}

func TestALineIsSharedBetweenPersonsByTheirNamesAndTheSumIsJudged(t *testing.T) {
	h := house(t)
	says(t, h, "REL-P", "BK-POOL", "2026-11-04", said{"60.00", "Inconnu", "VERSEMENT"}).Wants(200)
	b := h.As("c.nadir")
	page := b.Get("/banque/rapprochement/lignes").Click("Autre chose").Wants(200)
	page.Press("Enregistrer ce que c'est").Wants(http.StatusUnprocessableEntity).Says("Dites à qui est cet argent", "Dites pourquoi vous en êtes sûr")
	two := page.Press("ajouter une part", "parts.0.mandate", "M-0002").Wants(200)
	two.Says("Part 1", "Part 2")
	wrong := two.Press("Enregistrer ce que c'est", "parts.0.benefit", "ASPA", "parts.0.amount", "50", "parts.1.mandate", "haddad", "parts.1.benefit", "AAH",
		"parts.1.amount", "15", "reason", "bordereau")
	wrong.Wants(http.StatusUnprocessableEntity).Says("60,00 €")
	done := wrong.Press("Enregistrer ce que c'est", "parts.0.amount", "40").Wants(200)
	done.Says("Rapproché : 55,00 €. Il reste 5,00 € à expliquer.", "5,00 € entrés")
	b.Get("/banque/lignes?etat=suspense").Click("Inconnu").Wants(200).Says("M-0003", "15,00 €", "Une part n'a pas encore d'explication.")
	unknown := page.Press("Enregistrer ce que c'est", "parts.0.mandate", "personne", "parts.0.benefit", "RSA", "parts.0.period", "demain", "reason", "x")
	unknown.Wants(http.StatusUnprocessableEntity).Says("Aucun dossier que vous suivez ne porte ce nom.", "Écrivez un mois comme 10/2026.")
	page.Press("Enregistrer ce que c'est", "parts.0.mandate", "Roux", "parts.0.benefit", "RSA", "reason", "à elle").
		Wants(http.StatusUnprocessableEntity).Says("Aucun dossier que vous suivez ne porte ce nom.")
}

func TestALineIsFollowedGivenAwayAndNoted(t *testing.T) {
	h := house(t)
	says(t, h, "REL-1", "BK-0001", "2026-11-04", said{"50.00", "Inconnu", "VERSEMENT"}).Wants(200)
	b := h.As("k.perrin")
	page := b.Get("/banque/attente").Wants(200).Says("1 ligne sans explication, 50,00 € en tout", "Personne", "04/12/2026").Click("Inconnu")
	page.Press("Garder la note").Wants(http.StatusUnprocessableEntity).Says("Écrivez ce que vous avez essayé.")
	page.Press("Garder la note", "note", "CAF appelée").Wants(200).Says("k.perrin : note « CAF appelée »")
	page.Press("Je m'en occupe").Wants(200).Says("Suivie par k.perrin.")
	hers := h.As("k.sauvage").Get(page.Path)
	hers.Press("Reprendre à k.perrin").Wants(200).Says("Suivie par k.sauvage.")
	h.As("k.perrin").Get(page.Path).Press("Confier la ligne", "owner", "c.martin").Wants(200).Says("Ligne confiée à c.martin.")
	h.As("c.martin").Get("/banque/attente?suivi=moi").Wants(200).Says("Inconnu")
	b.Get("/banque/attente?suivi=moi").Wants(200).Says("Aucune ligne ne correspond.")
	b.Get("/banque/attente?retard=oui").Wants(200).Says("Aucune ligne ne correspond.")
	h.At(t, "2026-12-10", 9)
	b.Get("/banque/attente?retard=oui").Wants(200).Says("! En retard")
	b.Get("/banque").Wants(200).Says("1 ligne au-delà du délai")
	h.As("v.olivier").Get(page.Path).Wants(200).SaysNot("Enregistrer ce que c'est", "Rendre à l'expéditeur")
}

func TestALineGoesBackToItsSenderOrClearsWithAnother(t *testing.T) {
	h := house(t)
	says(t, h, "REL-1", "BK-0001", "2026-11-04", said{"50.00", "Inconnu", "VERSEMENT"}, said{"-3.00", "La banque", "FRAIS"}, said{"3.00", "La banque", "FRAIS RENDUS"}).Wants(200)
	b := h.As("c.martin")
	page := b.Get("/banque/attente").Click("Inconnu")
	page.Press("Préparer le retour").Wants(http.StatusUnprocessableEntity).Says("2 points à corriger")
	page.Press("Préparer le retour", "to", "c-lumen", "rendu", "20", "evidence", "son courrier du 4 novembre")
	b.Get(page.Path).Wants(200).Says("Cet argent repart vers son expéditeur : 20,00 €")
	fee := b.Get("/banque/attente").Click("La banque").Wants(200).Says("Avec quelle ligne du même montant ?")
	fee.Press("Compenser ces deux lignes", "pourquoi", "la banque rend ses frais").Wants(http.StatusUnprocessableEntity).Says("Choisissez la ligne")
	body := fee.Body[strings.Index(fee.Body, `name="paire" value="`)+len(`name="paire" value="`):]
	other := body[:strings.Index(body, `"`)]
	fee.Press("Compenser ces deux lignes", "pourquoi", "la banque rend ses frais", "paire", other).Wants(200).Says("Les deux lignes se compensent.").SaysNot("3,00 €")
}

func TestOfAnothersPersonACoordinatorReadsThatThereIsASuggestionNotWhose(t *testing.T) {
	h := house(t)
	says(t, h, "REL-1", "BK-0001", "2026-11-04", nearly).Wants(200)
	page := h.As("c.nadir").Get("/banque/rapprochement/lignes").Wants(200)
	page.Says("573,49 €", "Une piste d'un autre suivi.").SaysNot("Roux Éva", "M-0001", "Accepter")
	h.As("e.quentin").Get("/banque/attente").Wants(200).SaysNot("573,49")
	h.As("e.quentin").Get("/banque/rapprochement/lignes").Wants(200).Says("Rien à faire")
}
