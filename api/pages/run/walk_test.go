package run_test

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"masp/api/auth"
	"masp/api/pages/pagestest"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
)

const first = "/campagnes/C-2026-11-1"

// decided decides each exception that waits, by the first button, and answers the page of the run.
func decided(t *testing.T, b *pagestest.Browser) *pagestest.Screen {
	t.Helper()
	for range 20 {
		s := b.Get(first).Wants(200)
		form := regexp.MustCompile(`(?s)>Bloquant<.*?</li>`).FindAllString(s.Body, -1)
		open := ""
		for _, card := range form {
			if !strings.Contains(card, "Décidé") {
				open = card
				break
			}
		}
		if open == "" {
			return s
		}
		action := regexp.MustCompile(`action="([^"]+)"`).FindStringSubmatch(open)[1]
		choice := regexp.MustCompile(`name="decision" value="([^"]+)"`).FindStringSubmatch(open)[1]
		values := url.Values{"decision": {choice}, "cle": {field(t, open, "cle")}, "seal": {field(t, open, "seal")}}
		if reason := regexp.MustCompile(`name="(raison-\d+)"`).FindStringSubmatch(open); reason != nil {
			values.Set(reason[1], "vu avec la personne")
		}
		if got := b.Raw(http.MethodPost, action, values); got.StatusCode != http.StatusSeeOther {
			t.Fatalf("%s by %s: %d", action, choice, got.StatusCode)
		}
	}
	t.Fatal("the decisions do not end")
	return nil
}

// field is the value of a hidden field.
func field(t *testing.T, body, name string) string {
	t.Helper()
	found := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(body)
	if found == nil {
		t.Fatalf("no field %s in %s", name, body)
	}
	return strings.NewReplacer("&#34;", `"`, "&#43;", "+").Replace(found[1])
}

// submitted is the draft of a coordinator, sent to its signer.
func submitted(t *testing.T, b *pagestest.Browser) *pagestest.Screen {
	t.Helper()
	proposed(t, b)
	check := decided(t, b).Click("Vérifier avant de soumettre").Wants(200)
	return check.Press("Soumettre", "vu", "oui").Wants(200)
}

// ux 3.5: the whole walk, from who prepares to the bank.
func TestACampaignGoesFromItsPreparerToItsSignerToTheBank(t *testing.T) {
	h := open(t)
	sent := submitted(t, h.As("c.nadir"))
	sent.Says("C-2026-11-1 soumise", "Une autre personne doit approuver cette campagne", "SHA-256", "C-2026-11-1")
	signer := h.Settled("v.olivier")
	check := signer.Get(first).Wants(200).Says("À vérifier").Click("Vérifier avant d'approuver").Wants(200)
	check.Says("Rien n'est envoyé tant que vous n'avez pas confirmé", "J'ai vu les", "Préparée par c.nadir", "Empreinte du contenu")
	done := check.Press("Approuver", "vu", "oui", "code", signer.Code()).Wants(200)
	done.Says("C-2026-11-1 approuvée", "Créez le fichier de virements", "v.olivier", "au plus tard le lundi 9 novembre")
	if done.Path != first+"/confirmation" {
		t.Errorf("arrived at %s", done.Path)
	}
	clerk := h.As("k.perrin")
	made := clerk.Get(first + "/fichiers").Wants(200).Says("Prêt, pas encore créé").Press("Créer le fichier de virements").Wants(200)
	made.Says("Le fichier est créé", "À remettre à la banque")
	bytes := made.Click("Télécharger").Wants(200)
	sum := sha256.Sum256([]byte(bytes.Body))
	again := clerk.Get(first+"/fichiers").Says(hex.EncodeToString(sum[:]), "Déjà téléchargé", "par k.perrin")
	again.Press("Télécharger encore", "reason", "le portail l'a perdu").Wants(200)
	again.Press("Remis à la banque").Wants(200).Says("La campagne est remise à la banque", "La banque a le fichier")
	clerk.Get(first + "/fichiers").SaysNot("ne doit pas partir")
}

func TestABrowserThatGoesBackSignsNothingTwice(t *testing.T) {
	h := open(t)
	submitted(t, h.As("c.nadir"))
	signer := h.Settled("v.olivier")
	check := signer.Get(first + "/verifier").Wants(200)
	code := signer.Code()
	click := check.In(signer.Twin()) // on its way before the first answer comes, with the secret before the code
	check.Press("Approuver", "vu", "oui", "code", code).Wants(200).Says("C-2026-11-1 approuvée")
	if second := click.Press("Approuver", "vu", "oui", "code", code).Wants(200).Says("C-2026-11-1 approuvée"); second.Path != first+"/confirmation" {
		t.Errorf("the second click arrives at %s", second.Path)
	}
	check.Press("Approuver", "vu", "oui", "code", signer.Code()).Wants(http.StatusConflict).Says("Cette campagne est déjà approuvée", "v.olivier")
	signer.Get(first + "/verifier").Wants(200).Says("Cette campagne est déjà approuvée")
	var n int
	if err := h.DB.App.QueryRow(t.Context(), `SELECT count(*) FROM masp.run_acts WHERE act = 'approve'`).Scan(&n); err != nil || n != 1 {
		t.Errorf("%d signatures, %v", n, err)
	}
}

func TestASignatureWantsTheBoxAndAFreshCode(t *testing.T) {
	h := open(t)
	submitted(t, h.As("c.nadir"))
	signer := h.Settled("v.olivier")
	signer.Code() // time passes
	for range 6 {
		signer.Code()
	}
	check := signer.Get(first + "/verifier").Wants(200)
	check.Press("Approuver").Wants(http.StatusUnprocessableEntity).Says("Cochez la case quand vous avez vu les exceptions")
	again := check.Press("Approuver", "vu", "oui").Wants(http.StatusUnprocessableEntity).Says("Écrivez le code de votre application")
	wrong := again.Press("Approuver", "vu", "oui", "code", "000000").Wants(http.StatusUnprocessableEntity)
	if !strings.HasPrefix(wrong.Title(), "Erreur : ") || strings.Contains(wrong.Body, "000000") {
		t.Errorf("title %q\n%s", wrong.Title(), wrong.Body)
	}
	wrong.Press("Approuver", "vu", "oui", "code", signer.Code()).Wants(200).Says("C-2026-11-1 approuvée")
}

func TestWhoHasPreparedDoesNotSign(t *testing.T) {
	h := open(t)
	submitted(t, h.As("c.nadir"))
	h.As("c.nadir").Get(first + "/verifier").Wants(200).Says("Une autre personne doit approuver").SaysNot("Approuver 5")
	forced := h.As("c.nadir").Get(first)
	values := url.Values{"cle": {field(t, forced.Body, "cle")}, "seal": {field(t, forced.Body, "seal")}, "vu": {"oui"}}
	if got := h.As("c.nadir").Raw(http.MethodPost, first+"/approuver", values); got.StatusCode != http.StatusForbidden {
		t.Errorf("a forced signature: %d", got.StatusCode)
	}
}

func TestASignerIsToldWhatHasChangedSinceHeRead(t *testing.T) {
	h := open(t)
	preparer, signer := h.As("c.nadir"), h.As("v.olivier")
	submitted(t, preparer)
	check := signer.Get(first + "/verifier").Wants(200)
	preparer.Get(first).Press("Reprendre en brouillon").Wants(200).Says("de nouveau un brouillon")
	d, ctx := h.House.Payments, t.Context()
	run, err := d.Show(ctx, "C-2026-11-1")
	if err != nil {
		t.Fatal(err)
	}
	line := run.Mandates[0].Lines[len(run.Mandates[0].Lines)-1]
	if _, err := d.Adjust(ctx, h.Who(t, "c.nadir"), run.ID, run.ContentHash, adjustment(run.Mandates[0].Mandate, line)); err != nil {
		t.Fatal(err)
	}
	decided(t, preparer).Click("Vérifier avant de soumettre").Press("Soumettre", "vu", "oui").Wants(200)
	changed := check.Press("Approuver", "vu", "oui").Wants(http.StatusPreconditionFailed)
	changed.Says("La campagne a changé depuis votre lecture", "Rien n'a été fait", "c.nadir").Click("Relire").Wants(200)
	signer.Get(first+"/verifier").Press("Approuver", "vu", "oui").Wants(200).Says("C-2026-11-1 approuvée")
}

// decisions 4, A-31: a large run wants two signers, and neither of them prepared it.
func TestALargeCampaignIsSignedByTwo(t *testing.T) {
	h := open(t)
	from, err := h.House.Payments.TwoSignatures(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	from.Run = money.MustParse("100.00")
	if err := h.House.Payments.SetTwoSignatures(t.Context(), h.Who(t, "k.perrin"), from); err != nil {
		t.Fatal(err)
	}
	submitted(t, h.As("c.nadir")).Says("Deux personnes doivent approuver cette campagne", "0 sur 2")
	olivier, royer := h.As("v.olivier"), h.As("v.royer")
	one := olivier.Get(first+"/verifier").Says("Une deuxième personne devra approuver aussi").Press("Approuver", "vu", "oui").Wants(200)
	one.Says("Première signature enregistrée", "Une deuxième personne doit approuver aussi", "1 sur 2", "v.olivier")
	olivier.Get(first + "/verifier").Wants(200).Says("Vous avez signé").SaysNot("Approuver 5")
	royer.Get(first+"/verifier").Press("Approuver", "vu", "oui").Wants(200).Says("C-2026-11-1 approuvée", "2 sur 2", "v.olivier, v.royer")
}

func TestWhoCoordinatesAndApprovesStillDoesNotSignHerOwn(t *testing.T) {
	h := open(t)
	ctx, admin := t.Context(), h.Who(t, "i.texier")
	token, err := h.House.Auth.Add(ctx, auth.Principal{}, auth.User{ID: "x.both", Name: "Xavière Both", Roles: []auth.Role{auth.Coordinator, auth.Approver}})
	if err == nil {
		_, err = h.House.Auth.Assign(ctx, admin, "x.both", []string{"M-0003"}, civil.Date{}, civil.Date{})
	}
	if err != nil {
		t.Fatal(err)
	}
	b := h.With(token)
	submitted(t, b)
	page := b.Get(first + "/verifier").Wants(200).Says("Une autre personne doit approuver").SaysNot("Approuver 4")
	values := url.Values{"cle": {field(t, page.Body, "cle")}, "vu": {"oui"}, "seal": {field(t, b.Get(first).Body, "seal")}}
	if got := b.Raw(http.MethodPost, first+"/approuver", values); got.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a forced signature: %d", got.StatusCode)
	}
	h.As("v.royer").Get(first+"/verifier").Press("Approuver", "vu", "oui").Wants(200).Says("C-2026-11-1 approuvée")
}

// ux 3, R-046: a cent between the bank and the books, and nobody signs.
func TestNobodySignsWhileTheBooksDifferFromTheBank(t *testing.T) {
	h := open(t)
	submitted(t, h.As("c.nadir"))
	signer := h.As("v.olivier")
	before := signer.Get(first + "/verifier").Says("Approuver ")
	_, err := h.House.Ledger.Post(t.Context(), ledger.Entry{
		Journal: ledger.BankJournal, Kind: ledger.BankCredit, Source: "a cent", Label: "Un centime", Actor: "test",
		Postings: []ledger.Posting{{Debit: ledger.Bank("BK-POOL"), Credit: ledger.Mandate("M-0002"), Amount: money.MustParse("0.01")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	said := "La banque et nos comptes ne sont pas d'accord"
	signer.Get(first+"/verifier").Wants(200).Says(said, "0,01 €").SaysNot("Approuver 4")
	before.Press("Approuver", "vu", "oui").Wants(http.StatusUnprocessableEntity).Says(said)
}
