package desk_test

import (
	"net/http"
	"testing"
)

func TestTheFirstPageListsWhatIsToDoAndProvesTheDay(t *testing.T) {
	h := house(t)
	page := h.As("c.martin").Get("/accueil").Wants(200)
	page.Says("Accueil : lundi 9 novembre", "Relevés de banque Reçus jusqu'au jeudi 5 novembre", "Rapprocher 2 lignes sans explication 2 à faire",
		"C-2026-11-1", "Preuve du jour", "Écart 0,00 € sur chacun des 2 comptes de banque")
	page.SaysNot("C-2026-11-2") // of others
}

func TestEveryRoleFindsItsOwnWork(t *testing.T) {
	h := house(t)
	h.As("v.olivier").Get("/accueil").Wants(200).Says("C-2026-11-2 : ", "À approuver", "À remettre à la banque")
	h.As("k.perrin").Get("/accueil").Wants(200).Says("Attend une signature", "IBAN à confirmer", "Rapprocher")
	h.As("e.quentin").Get("/accueil").Wants(200).Says("Contrôle", "Balance, grand livre", "Où en est-on").SaysNot("Rapprocher", "Preuve du jour")
	h.As("i.texier").Get("/accueil").Wants(200).Says("Utilisateurs", "Réglages").SaysNot("Alertes")
	robot := h.Stranger().Raw(http.MethodGet, "/accueil", nil)
	if robot.StatusCode != http.StatusSeeOther {
		t.Errorf("a stranger got %d", robot.StatusCode)
	}
}

func TestADifferenceComesFirst(t *testing.T) {
	h := house(t)
	_, err := h.DB.Owner.Exec(t.Context(), `ALTER TABLE masp.account_balances DISABLE TRIGGER USER;
		UPDATE masp.account_balances SET debit_cents = debit_cents + 1 WHERE account_id =
		(SELECT account_id FROM masp.accounts WHERE code = '512:BK-POOL')`)
	if err != nil {
		t.Fatal(err)
	}
	h.As("v.olivier").Get("/accueil").Wants(200).Says("À faire Écart à expliquer La banque et le grand livre", "−0,01 € ✘")
}

func TestNothingToDoIsSaid(t *testing.T) {
	h := fresh(t)
	h.As("c.martin").Get("/accueil").Wants(200).Says("Aucune campagne en cours.", "Rien en attente.")
}
