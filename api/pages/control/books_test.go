package control_test

import (
	"strings"
	"testing"

	"masp/api/pages/pagestest"
)

func TestTheBalanceLeadsToTheAccountAndTheAccountToTheTrace(t *testing.T) {
	h := house(t)
	b := h.As("e.quentin")
	all := b.Get("/controle").Click("Balance").Wants(200).Says("467:M-0001", "512:BK-0001").SaysNot("M-0002", "BK-POOL")
	account := all.Click("467:M-0001").Wants(200).Says("Grand livre, compte 467:M-0001", "573,49 €", "Crédit")
	account.Click("Écriture ").Wants(200).Says("Piste d'audit", "Pour la personne :", "Empreinte")
	h.As("k.perrin").Get("/controle/balance").Wants(200).Says("✔ Débit et crédit sont égaux", "512:BK-POOL", "2 264,08 €")
	b.Get("/controle/balance?classe=512").Wants(200).SaysNot("467:M-0001")
	b.Get("/controle/balance?du=2026-11-05&au=2026-11-01").Wants(422).Says("Le dernier jour précède le premier")
}

func TestAnAccountOfAnotherDepartementIsNotThere(t *testing.T) {
	h := house(t)
	b := h.As("e.quentin")
	b.Get("/controle/grand-livre?compte=m-0001").Wants(200).Says("Solde", "573,49 €")
	for _, code := range []string{"M-0002", "467:M-0002", "512:BK-POOL", "467:M-9999", "n'importe quoi"} {
		got := b.Get("/controle/grand-livre").Press("Voir le compte", "compte", code).SaysNot("1 043,59 €", "Solde")
		if got.Status != 404 && got.Status != 422 {
			t.Errorf("%s: got %d", code, got.Status)
		}
	}
	b.Get("/controle/grand-livre").Wants(200).Says("Écrivez un mandat")
	h.As("c.martin").Get("/controle/balance").Wants(403)
}

// ux 6.G 75
func TestFromABankLineToTheSentenceForThePersonAndBackInThreeClicks(t *testing.T) {
	h := house(t)
	b := h.As("e.quentin")
	list := b.Get("/banque/lignes").Wants(200)
	line := firstLine(t, list)
	b.Get("/banque/lignes/" + line).Click("Suivre cet argent").Wants(200).Says("Pour la personne :")
	seen := b.Get("/controle/trace/"+line).Wants(200).Says("1. Ligne de la banque", "Pour la personne :", "Mène à", "Vient de")
	back := seen.Click("Partir d'ici : Écriture").Wants(200)
	if !strings.Contains(back.Body, "/banque/lignes/"+line) || !strings.Contains(back.Body, "<code>"+line+"</code>") {
		t.Error("the trace of the entry does not lead back to the line")
	}
	back.Click("Voir en entier : Ligne de la banque").Wants(200)
	for _, path := range []string{line, "C-2026-11-1"} {
		h.As("e.texel").Get("/controle/trace/" + path).Wants(404)
	}
}

func TestWhatWasPaidIsTracedFromItsRunToItsFileAndBothSignatures(t *testing.T) {
	h := house(t)
	b := h.As("k.perrin")
	page := b.Get("/controle/trace").Wants(200).Press("Suivre", "id", "C-2026-11-1").Wants(200)
	page.Says("Ligne de campagne", "Virement", "Fichier de virements", "v.olivier", "c.martin")
	page.Click("Voir en entier : Compte de la personne").Wants(200).Says("Grand livre, compte 467:M-0001")
	b.Get("/controle/trace/C-2031-01-1").Wants(404)
	b.Get("/controle/trace?id=" + "%2F%2Fevil.example").Wants(422).Says("Ce n'est l'identifiant de rien")
}

// firstLine is the id of the first line of the bank on a page.
func firstLine(t *testing.T, s *pagestest.Screen) string {
	t.Helper()
	for _, to := range s.Links() {
		if id, ok := strings.CutPrefix(to, "/banque/lignes/"); ok {
			return id
		}
	}
	t.Fatal("there is no line")
	return ""
}
