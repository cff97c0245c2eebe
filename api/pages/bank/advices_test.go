package bank_test

import (
	"net/http"
	"testing"
)

func TestAPayersListSharesTheLineThatItAnnounces(t *testing.T) {
	h := house(t)
	b := h.As("k.perrin")
	form := b.Get("/banque/rapprochement/lignes").Click("Bordereaux des organismes").Wants(200).Says("Aucun bordereau n'est gardé.")
	form.Press("Garder le bordereau", "parts", "M-0003 ; AAH").Wants(http.StatusUnprocessableEntity).
		Says("5 points à corriger", "« M-0003 ; AAH » : écrivez dossier ; prestation ; mois ; montant.")
	form.Press("Garder le bordereau", "parts", "M-0003 ; AAH ; demain ; 1").Wants(http.StatusUnprocessableEntity).Says("le mois s'écrit 10/2026")
	list := form.Press("Garder le bordereau", "payer", "CAF", "reference", "BORDEREAU 77", "on", "2026-11-04", "bank_account", "bk-pool",
		"parts", "M-0003 ; aah ; 10/2026 ; 1041,59\r\n ; ; ; 12").Wants(200)
	list.Says("Bordereau gardé.", "CAF, BORDEREAU 77 : 1 053,59 € le 04/11/2026 sur BK-POOL, 2 parts", "La ligne n'est pas encore venue.")
	says(t, h, "REL-P", "BK-POOL", "2026-11-04", said{"1053.59", caf, "BORDEREAU 77"}).Wants(200)
	b.Get("/banque/bordereaux").Click("Ligne partagée").Wants(200).Says("1 041,59 €", "M-0003", "12,00 € restent sans explication")
	h.As("c.martin").Get("/banque/bordereaux").Wants(200).SaysNot("1 053,59 €")
}
