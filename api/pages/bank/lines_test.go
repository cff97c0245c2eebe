package bank_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"masp/api/pages/pagestest"
	"masp/ledger/money"
)

func TestALineIsFoundByItsAmountItsWordsAndWhatItIs(t *testing.T) {
	h := house(t)
	says(t, h, "REL-1", "BK-0001", "2026-11-04", said{"573.49", caf, rsa}, said{"-3.00", "La banque", "FRAIS"}, said{"3.00", "La banque", "FRAIS RENDUS"}).Wants(200)
	b := h.As("k.perrin")
	b.Get("/banque/lignes").Wants(200).Says("La banque", "573,49 €", "Pour une personne", "Sans explication")
	found := b.Get("/banque/lignes").Press("Chercher dans les lignes", "montant", "3")
	found.Wants(200).Says("FRAIS", "FRAIS RENDUS").SaysNot("573,49 €")
	b.Get("/banque/lignes?texte=rendus&etat=suspense").Wants(200).Says("FRAIS RENDUS").SaysNot("573,49 €")
	b.Get("/banque/lignes?du=05/11/2026").Wants(200).Says("Aucune ligne ne correspond")
	wrong := b.Get("/banque/lignes?montant=1.234,50&au=demain").Wants(http.StatusUnprocessableEntity)
	wrong.Says("2 points à corriger", "Écrivez 1234,50")
	b.Get("/banque/lignes?texte=a").Wants(http.StatusUnprocessableEntity)
	b.Get("/banque/lignes?compte=n'existe&x=1").Wants(http.StatusUnprocessableEntity)
}

func TestALineSaysWhoseItIsWhyAndWhereTheBankSaysIt(t *testing.T) {
	h := house(t)
	says(t, h, "REL-1", "BK-0001", "2026-11-04", said{"573.49", caf, rsa}).Wants(200)
	page := h.As("k.perrin").Get("/banque/lignes").Click(caf).Wants(200)
	page.Says("Ligne n° 1 du relevé REL-1", "573,49 €", "Entré le 4 novembre 2026, de "+caf, "Roux Éva (M-0001)", "octobre 2026", "Reconnu à l'arrivée du relevé : 573,49 €")
	seen := h.As("c.martin").Get("/banque/lignes").Click(caf).Wants(200)
	seen.Says("Roux Éva (M-0001)")
	h.As("c.nadir").Get(page.Path).Wants(404)
	h.As("c.nadir").Get("/banque/lignes").Wants(200).SaysNot(caf)
}

func TestAMatchIsUndoneOnceItsReaderHasSeenWhatThatChanges(t *testing.T) {
	h := house(t)
	says(t, h, "REL-1", "BK-0001", "2026-11-04", said{"573.49", caf, rsa}).Wants(200)
	line := h.As("k.perrin").Get("/banque/lignes").Click(caf)
	check := line.Press("Annuler").Wants(200)
	check.Says("Vérifier avant d'annuler", "Roux Éva (M-0001) ne reçoit plus 573,49 €", "rien n'est effacé")
	if strings.Contains(h.As("k.perrin").Get(line.Path).Text(), "Annulé par") {
		t.Error("to look at an undo undoes")
	}
	check.Press("Annuler ce rapprochement").Wants(http.StatusUnprocessableEntity).Says("Dites pourquoi ce n'est pas cela.", "ne reçoit plus").
		Press("Annuler ce rapprochement", "reason", "d'une autre personne").Wants(200).Says("L'argent est de nouveau sans explication", "Annulé par k.perrin", "d'une autre personne")
	check.Press("Annuler ce rapprochement", "reason", "encore").Wants(http.StatusConflict).Says("il est déjà annulé")
}

// The bank books what it debits of one file as a single line.
func TestABatchIsOneBlockWithItsTotal(t *testing.T) {
	h := house(t)
	h.Benefits(t)
	h.Runs(t)
	b := h.As("v.olivier")
	page := b.Get("/banque/rapprochement?compte=BK-0001").Wants(200)
	page.Says("sont en route : la banque n'a pas encore débité ce que nous avons envoyé. C'est normal.", "C-2026-11-1")
	file := b.Get("/v1/payment_files/" + fileOf(t, h) + "/content").Wants(200).Body
	sum := regexp.MustCompile(`<CtrlSum>([0-9.]+)<`).FindStringSubmatch(file)[1]
	batch := regexp.MustCompile(`<PmtInfId>([^<]+)<`).FindStringSubmatch(file)[1]
	count := strings.Count(file, "<CdtTrfTxInf>")
	text := string(paper("REL-L", ibanRoux, "616.66", holds(t, h, "BK-0001").Sub(amount(sum)).String(), "2026-11-09", said{"-" + sum, "", "VIREMENTS"}))
	details := regexp.MustCompile(`<NtryDtls>(?s:.*?)</NtryDtls>`)
	text = details.ReplaceAllString(text, fmt.Sprintf("<NtryDtls><Btch><PmtInfId>%s</PmtInfId><NbOfTxs>%d</NbOfTxs></Btch></NtryDtls>", batch, count))
	h.At(t, "2026-11-10", 9)
	hand(h, "lot", []byte(text)).Wants(200).Says("1 paiement à nous")
	line := h.As("k.perrin").Get("/banque/lignes?etat=matched").Click("Sans nom").Wants(200)
	line.Says(fmt.Sprintf("Lot de %d paiements, %s en tout", count, amount(sum).French()), "débité", "Mme Roux Éva (M-0001)")
	line.Press("Annuler").Wants(200).Says("est de nouveau en route")
}

func fileOf(t *testing.T, h *pagestest.House) (name string) {
	t.Helper()
	if err := h.DB.Owner.QueryRow(t.Context(), `SELECT name FROM masp.payment_files WHERE released_at IS NOT NULL LIMIT 1`).Scan(&name); err != nil {
		t.Fatal(err)
	}
	return name
}

func amount(text string) money.Amount { return money.MustParse(text) }
