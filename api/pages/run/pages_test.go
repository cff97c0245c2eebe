package run_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"masp/api/pages/pagestest"
	"masp/ledger/audit"
	"masp/ledger/civil"
	"masp/payments"
)

func TestTheCascadeIsDrawnAndSaidTheSame(t *testing.T) {
	h := open(t)
	page := proposed(t, h.As("c.martin"))
	list := regexp.MustCompile(`<li>([^<]* : [^<]*€)</li>`).FindAllStringSubmatch(pagestest.Plain(page.Body), -1)
	if len(list) != 8 || strings.Count(page.Body, "<rect") != 8 {
		t.Fatalf("%d steps in words, %d bars", len(list), strings.Count(page.Body, "<rect"))
	}
	for _, step := range list {
		amount := step[1][strings.LastIndex(step[1], " : ")+3:]
		if strings.Count(pagestest.Plain(page.Body), ">"+amount+"</text>") < 1 {
			t.Errorf("%s is not drawn", amount)
		}
	}
	page.Says("+ prestations reçues : 573,49 €", "− loyers et charges", "= reste sur les comptes")
}

func TestADecisionStaysAndMayBeTakenBack(t *testing.T) {
	h := open(t)
	b := h.As("c.nadir")
	page := proposed(t, b).Says("Bloquant", "301,00 € → 118,90 €", "Payer 118,90 €")
	told := page.Press("Reporter").Wants(200).Says("Décidé : reporté, par vous", "Toutes les exceptions bloquantes sont décidées")
	if !strings.Contains(told.Path, "#exceptions.") {
		t.Errorf("the reader is left at %s", told.Path)
	}
	back := b.Get(first).Says("Décidé : reporté").Press("Annuler la décision").Wants(200).Says("Décision annulée").SaysNot("Décidé :")
	back.Says("Encore 1 bloquante à décider").Press("Payer 118,90 €").Wants(200).Says("Décidé : payé en partie, par vous")
}

func TestADraftWithOpenExceptionsIsNotSubmitted(t *testing.T) {
	h := open(t)
	b := h.As("c.nadir")
	page := proposed(t, b)
	b.Get(first + "/verifier").Wants(200).Says("à décider").SaysNot("Soumettre")
	values := url.Values{"cle": {field(t, page.Body, "cle")}, "seal": {field(t, page.Body, "seal")}, "vu": {"oui"}}
	if got := b.Raw(http.MethodPost, first+"/soumettre", values); got.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("submitted with open exceptions: %d", got.StatusCode)
	}
}

func TestPaymentsOfACampaignAreLookedForAndExplained(t *testing.T) {
	h := open(t)
	b := h.As("c.nadir")
	proposed(t, b).Click("Voir et chercher les").Wants(200).Says("Haddad")
	found := b.Get(first+"/paiements?q=haddad&nature=RENT").Wants(200).Says("1 paiement", "Haddad")
	found.Click("Loyer").Wants(200).Says("Pourquoi", "Destinataire").SaysNot("Arrêter ce paiement")
	b.Get(first + "/paiements?q=personne").Wants(200).Says("Aucun paiement ne correspond")
}

func TestWhoseCampaignItIsNotDoesNotSeeIt(t *testing.T) {
	h := open(t)
	submitted(t, h.As("c.nadir"))
	for _, below := range []string{"", "/verifier", "/confirmation", "/paiements", "/fichiers"} {
		h.As("c.martin").Get(first + below).Wants(http.StatusNotFound)
		h.As("e.quentin").Get(first + below).Wants(http.StatusNotFound)
		h.As("i.texier").Get(first + below).Wants(http.StatusForbidden)
		auditor := h.As("e.texel").Get(first + below).Wants(200)
		for _, word := range []string{"Approuver ", "Soumettre", "Annuler", "Reprendre", "Télécharger", "Créer le fichier"} {
			auditor.SaysNot(word)
		}
	}
	h.As("c.martin").Get("/campagnes").Wants(200).Says("Aucune campagne")
	h.As("e.texel").Get("/campagnes").Wants(200).Says("C-2026-11-1").SaysNot("Préparer une campagne")
}

func TestACampaignIsGivenUpBeforeItIsSigned(t *testing.T) {
	h := open(t)
	proposed(t, h.As("c.nadir")).Press("Annuler cette campagne").Wants(200).Says("La campagne est annulée", "Annulée")
	h.As("c.nadir").Get(first + "/verifier").Wants(200).Says("Cette campagne est annulée")
}

// filed is a run of c.nadir whose file has left.
func filed(t *testing.T, h *pagestest.House) payments.Run {
	t.Helper()
	submitted(t, h.As("c.nadir"))
	h.As("v.olivier").Get(first+"/verifier").Press("Approuver", "vu", "oui").Wants(200)
	h.As("k.perrin").Get(first + "/fichiers").Press("Créer le fichier").Wants(200)
	run, err := h.House.Payments.Show(t.Context(), "C-2026-11-1")
	if err != nil {
		t.Fatal(err)
	}
	return run
}

func TestOnePaymentIsStoppedAndItsFileIsReplaced(t *testing.T) {
	h := open(t)
	run := filed(t, h)
	clerk := h.As("k.perrin")
	at := first + "/paiements/" + run.Mandates[1].Transfers[0].EndToEndID
	clerk.Get(at).Press("Arrêter ce paiement").Wants(http.StatusUnprocessableEntity).Says("Dites pourquoi")
	clerk.Get(at).Press("Arrêter ce paiement", "reason", "le bailleur a changé").Wants(200).Says("Ce paiement est arrêté", "Arrêté")
	clerk.Get(first+"/fichiers").Wants(200).Says("Sans valeur", "Ne remettez jamais ce fichier")
}

func TestAFileIsMadeWorthlessWithAReason(t *testing.T) {
	h := open(t)
	filed(t, h)
	files := h.As("k.perrin").Get(first + "/fichiers")
	files.Press("Mettre sans valeur").Wants(http.StatusUnprocessableEntity).Says("Dites pourquoi ce fichier ne vaut plus rien")
	name := regexp.MustCompile(`name="(raison-virements[^"]+)"`).FindStringSubmatch(files.Body)[1]
	files.Press("Mettre sans valeur", name, "refusé par le portail").Wants(200).Says("Un autre le remplace", "Sans valeur")
}

// ux 33
func TestWhatCameBackSaysWhatToDoAndIsPaidAgainByAPersonOnly(t *testing.T) {
	h := open(t)
	run := filed(t, h)
	rejects(t, h, run.Mandates[1].Transfers[0], "MS03")
	rejects(t, h, run.Mandates[1].Transfers[1], "ZZ99")
	b := h.As("c.nadir")
	page := b.Get("/rejets").Wants(200)
	page.Says("Refus sans raison. Appelez le destinataire.", "Code ZZ99 : voir la banque", "La prochaine campagne verse ce qui reste à la personne")
	if n := strings.Count(page.Body, ">Payer de nouveau"); n != 1 {
		t.Errorf("%d payments may be paid again, want 1", n)
	}
	page.Press("Payer de nouveau").Wants(200).Says("La prochaine campagne le montrera avant qu'il parte").SaysNot("Payer de nouveau 3")
	b.Get("/rejets?tous=oui").Wants(200).Says("Remis à payer")
	b.Get(first).Says("Refusé par la banque : 2 paiements", "En route : ").Click("voir les rejets").Wants(200)
	rejects(t, h, run.Mandates[0].Transfers[0], "AC04")
	b.Get(first + "/paiements/" + run.Mandates[0].Transfers[0].EndToEndID).Wants(200).Says("(AC04), voir pourquoi et que faire")
	closed := b.Get("/rejets").Wants(200).Says("Compte fermé. Demandez un nouveau RIB.", "Corriger l'IBAN de").SaysNot("Payer de nouveau 1")
	if !slices.Contains(closed.Links(), "/destinataires/"+run.Mandates[0].Transfers[0].Creditor) {
		t.Errorf("no way to the payee: %v", closed.Links())
	}
	h.As("c.martin").Get("/rejets").Wants(200).Says("Aucun rejet à traiter")
	h.As("e.texel").Get("/rejets").Wants(200).Says("Compte fermé").SaysNot("Payer de nouveau 1")
}

// rejects is the bank's answer that it does not carry a transfer out.
func rejects(t *testing.T, h *pagestest.House, i payments.Instruction, reason string) {
	t.Helper()
	ctx := t.Context()
	err := pgx.BeginFunc(ctx, h.DB.App, func(tx pgx.Tx) error {
		_, err := h.House.Payments.RejectTx(ctx, tx, payments.Rejection{
			Instruction: i.ID, Reason: reason, Source: "pain.002 " + i.EndToEndID, On: civil.MustParse("2026-11-06"), Actor: "test",
		})
		if err != nil {
			return err
		}
		_, err = audit.Record(ctx, tx, audit.Act{Actor: "test", Action: "test.change", ObjectType: "test", ObjectID: "desk"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhatAnOpenCampaignHoldsIsNotPaidBesideIt(t *testing.T) {
	h := open(t)
	run := filed(t, h)
	rejects(t, h, run.Mandates[1].Transfers[0], "MS03")
	b := h.As("c.nadir")
	b.Get("/campagnes").Press("Voir ce qu'elle contient", "on", "2026-11-10").Press("Préparer cette campagne").Wants(200).Says("C-2026-11-2")
	b.Get("/rejets").Wants(200).SaysNot("Payer de nouveau 3").Says("La campagne C-2026-11-2 le propose déjà")
}

func TestWhatAPersonSaysIsReadWhereHerPartIsPrepared(t *testing.T) {
	h := open(t)
	b := h.As("c.nadir")
	proposed(t, b)
	_, err := h.House.Payments.Comment(t.Context(), h.Who(t, "c.nadir"), "C-2026-11-1", payments.Comment{
		Mandate: "M-0003", Text: "Je préfère le 12",
	})
	if err != nil {
		t.Fatal(err)
	}
	b.Get(first).Says("Ce que disent les personnes", "« Je préfère le 12 »")
	h.As("k.perrin").Get(first).SaysNot("Je préfère le 12")
}
