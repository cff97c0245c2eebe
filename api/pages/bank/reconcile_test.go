package bank_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestTheStateOfReconciliationHasTwoColumnsAndSaysWhatIsNormal(t *testing.T) {
	h := house(t)
	says(t, h, "REL-1", "BK-0001", "2026-11-04", said{"573.49", caf, rsa}, said{"12.00", "Inconnu", "VERSEMENT"}).Wants(200)
	h.As("c.martin").Get("/banque").Click("État de rapprochement").Wants(200).
		Says("tous les comptes", "628,66 €", "BK-POOL", "Pas encore de relevé").SaysNot("BK-0001 FR76")
	page := h.As("c.martin").Get("/banque/rapprochement?compte=BK-0001").Wants(200)
	page.Says("État de rapprochement au 05/11/2026, compte BK-0001 FR76…0189, relevé REL-1", "Compte banque (512) 628,66 € 628,66 €", "0,00 € ✔",
		"= argent des personnes 616,66 €", "La banque, le grand livre et les personnes disent la même chose.", "12,00 € n'ont pas encore d'explication.",
		"Premier jour d'écart : aucun", "Sans explication : 12,00 €")
	page.SaysNot("Verrouiller")
	before := h.As("k.perrin").Get("/banque/rapprochement?compte=BK-0001&jour=2026-11-03").Wants(200)
	before.Says("au 03/11/2026")
	day := h.As("k.perrin").Get("/banque/rapprochement?compte=BK-0001&jour=2026-11-04").Wants(200).Says("Ce qui a bougé ce jour", "Argent entré", "REL-1, ligne 1")
	day.Click("REL-1, ligne 1").Wants(200).Says("Ligne n° 1 du relevé REL-1")
	for wrong, why := range map[string]string{"compte=BK-NULLE": "Aucun de nos comptes", "jour=2026-11-04": "Dites de quel compte", "compte=BK-0001&jour=2026-12-01": "Ce jour n'est pas encore fini", "jour=hier": "Écrivez une date"} {
		h.As("k.perrin").Get("/banque/rapprochement?" + wrong).Wants(http.StatusUnprocessableEntity).Says(why)
	}
	h.As("e.quentin").Get("/banque/rapprochement").Wants(403)
	h.As("e.quentin").Get("/banque/rapprochement/jours").Wants(200)
}

func TestWhoHasACaseloadIsToldHowManyEntriesHeDoesNotRead(t *testing.T) {
	h := house(t)
	says(t, h, "REL-1", "BK-POOL", "2026-11-03", said{"60.00", "Inconnu", "VERSEMENT"}).Wants(200)
	const day = "/banque/rapprochement?compte=BK-POOL&jour=2026-11-03"
	h.As("c.martin").Get(day).Wants(200).Says("1 écriture reste sans détail ici : la comptabilité le lit.").SaysNot("Ce qui a bougé ce jour")
	h.As("k.perrin").Get(day).Wants(200).Says("Ce qui a bougé ce jour").SaysNot("sans détail ici")
}

func TestAGapOfACentComesFirstAndSaysWhatItStops(t *testing.T) {
	h := house(t)
	says(t, h, "REL-1", "BK-0001", "2026-11-04").Wants(200)
	_, err := h.DB.Super.Exec(t.Context(), `
		BEGIN; SET LOCAL session_replication_role = replica;
		UPDATE masp.account_balances SET debit_cents = debit_cents + 1 WHERE account_id = (SELECT account_id FROM masp.accounts WHERE code = '512:BK-0001');
		COMMIT`)
	if err != nil {
		t.Fatal(err)
	}
	h.As("k.perrin").Get("/banque/rapprochement").Wants(200).Says("! Écart", "BK-0001").SaysNot("disent la même chose.")
	page := h.As("k.perrin").Get("/banque/rapprochement?compte=BK-0001").Wants(200)
	page.Says("compte BK-0001", "! Écart", "La banque a 0,01 € de moins que nos comptes", "Aucune campagne ne peut être approuvée", "−0,01 € !")
	h.As("k.perrin").Get("/banque").Wants(200).Says("! Écart", "ne disent pas la même chose")
}

func TestDaysAreLockedAndReopenedByAnother(t *testing.T) {
	h := house(t)
	says(t, h, "REL-1", "BK-0001", "2026-11-04", said{"573.49", caf, rsa}).Wants(200)
	b := h.As("k.perrin")
	page := b.Get("/banque/rapprochement?compte=BK-0001").Wants(200)
	page = page.Press("Verrouiller ces jours").Wants(http.StatusUnprocessableEntity).Says("Écrivez le dernier jour à verrouiller.")
	page = page.Press("Rapprocher les jours finis").Wants(200)
	page.Says("Chaque jour fini est rapproché.", "Rapproché jusqu'au 4 novembre 2026")
	days := b.Get("/banque/rapprochement/jours?compte=BK-0001").Wants(200).Says("04/11/2026", "Sans écart", "616,66 €")
	if first := days.Click("04/11/2026").Wants(200); !strings.Contains(first.Path, "jour=2026-11-04") {
		t.Errorf("the day leads to %s", first.Path)
	}
	locked := page.Press("Verrouiller ces jours", "through", "2026-11-04").Wants(200)
	locked.Says("Les jours sont verrouillés jusqu'au 4 novembre 2026.", "verrouillé jusqu'au 4 novembre 2026")
	locked.Press("Rouvrir ces jours", "from", "2026-11-04", "reason", "une ligne à corriger").Wants(http.StatusUnprocessableEntity).
		Says("Qui a verrouillé ces jours ne les rouvre pas.")
	b.Get("/banque/rapprochement").Says("Aucun mois n'est clos.").Press("Clore octobre 2026").Wants(200).
		Says("Les comptes d'octobre 2026 sont clos.", "Clos jusqu'à octobre 2026.").SaysNot("Clore octobre")
	h.As("k.sauvage").Get(locked.Path).Press("Rouvrir ces jours", "from", "2026-11-04", "reason", "une ligne à corriger").Wants(200).
		Says("Les jours sont rouverts à partir du 4 novembre 2026.")
}

func TestThePersonsMonthIsHeldAgainstTheBank(t *testing.T) {
	h := house(t)
	says(t, h, "REL-1", "BK-0001", "2026-11-04", said{"573.49", caf, rsa}).Wants(200)
	b := h.As("c.martin")
	form := b.Get("/banque/rapprochement/personne").Wants(200)
	page := form.Press("Voir le mois", "dossier", "Roux", "mois", "11/2026").Wants(200)
	page.Says("Mme Roux Éva (M-0001)", "573,49 € attendues, 573,49 € reçues", "Argent entré", "REL-1, ligne 1")
	if strings.Contains(page.Title(), "Roux") {
		t.Errorf("the title names her: %s", page.Title())
	}
	form.Press("Voir le mois", "dossier", "M-0002", "mois", "11/2026").Wants(http.StatusUnprocessableEntity).Says("Aucun dossier que vous suivez")
	form.Press("Voir le mois", "dossier", "M-0001").Wants(http.StatusUnprocessableEntity).Says("Écrivez un mois comme 10/2026.")
	form.Press("Voir le mois", "dossier", "M-0001", "mois", "12/2031").Wants(http.StatusUnprocessableEntity)
}
