package bank_test

import (
	"net/http"
	"testing"
)

func TestARuleIsTriedThenWrittenWithAWarningAndEnded(t *testing.T) {
	h := house(t)
	says(t, h, "REL-1", "BK-0001", "2026-11-04", said{"50.00", "Inconnu", "VERSEMENT"}).Wants(200)
	b := h.As("k.perrin")
	form := b.Get("/banque/regles").Wants(200).Says("Aucune règle n'est écrite.").Click("Écrire une règle").Wants(200)
	form.Press("Essayer la règle", "payer", "CAF", "min", "1.000").Wants(http.StatusUnprocessableEntity).Says("2 points à corriger")
	tried := form.Press("Essayer la règle", "payer_words", "INCONNU", "payer", "caf").Wants(200)
	tried.Says("1 ligne des trois derniers mois", "50,00 € le 04/11/2026", "sans explication")
	tried.Press("Écrire cette règle").Wants(http.StatusUnprocessableEntity).Says("Dites pourquoi cette règle est juste.", "50,00 €").
		Press("Écrire cette règle", "reason", "la banque l'écrit ainsi").Wants(200).Says("Règle écrite.", "k.perrin")
	second := h.As("k.sauvage").Get("/banque/regles/nouvelle").Press("Essayer la règle", "payer_words", "INCONNU", "payer", "CAF").Wants(200)
	warned := second.Press("Écrire cette règle", "reason", "encore").Wants(http.StatusUnprocessableEntity)
	warned.Says("Une règle de k.perrin", "Pourquoi les deux règles sont justes")
	warned.Press("Écrire cette règle", "anyway", "deux agences").Wants(200).Says("Règle écrite.", "deux agences")
	rules := b.Get("/banque/regles")
	rules.Press("Finir la règle").Wants(http.StatusUnprocessableEntity).Says("Dites pourquoi.").
		Press("Finir la règle", "reason", "vu avec la banque").Wants(200).Says("Règle finie.")
	b.Get("/banque/regles").Click("Voir aussi celles").Wants(200).Says("Finie par k.perrin", "vu avec la banque")
	h.As("c.martin").Get("/banque/regles").Wants(200).Says("sont lues par les comptables").SaysNot("INCONNU")
	h.As("v.olivier").Get("/banque/regles").Wants(200).SaysNot("Écrire une règle")
	h.As("v.olivier").Get("/banque/regles/nouvelle").Wants(403)
}

func TestEqualChoicesOfferARuleThatIsTakenOrRefused(t *testing.T) {
	for _, way := range []string{"En faire une règle", "Refuser"} {
		t.Run(way, func(t *testing.T) {
			h := house(t)
			gift := said{"10.00", "Grand-mère Roux", "CADEAU DU MOIS"}
			says(t, h, "REL-1", "BK-0001", "2026-11-04", gift, gift, gift).Wants(200)
			b := h.As("k.perrin")
			for range 3 {
				b.Get("/banque/rapprochement/lignes").Click("Autre chose").
					Press("Enregistrer ce que c'est", "parts.0.mandate", "M-0001", "parts.0.benefit", "RSA", "reason", "toujours elle").Wants(200)
			}
			offered := b.Get("/banque/regles").Wants(200).Says("Proposées", "3 lignes semblables")
			offered.Press(way).Wants(http.StatusUnprocessableEntity).Says("Dites pourquoi.").
				Press(way, "reason", "vu ensemble").Wants(200).SaysNot("Proposées")
		})
	}
}
