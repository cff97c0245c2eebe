package person_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"masp/api/pages"
	"masp/api/pages/entry"
	"masp/api/pages/pagestest"
	"masp/api/pages/person"
	"masp/api/v1/v1test"
	"masp/ledger/money"
	"masp/migrations/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

var faces = []pages.Face{entry.Face(), person.Face()}

// lived is an office in a month with benefits and runs.
var lived struct {
	dbtest.Model
	tokens map[string]string
}

func living(t *testing.T) *pagestest.House {
	t.Helper()
	t.Parallel()
	like := dbtest.Like(&lived.Model, func(db *dbtest.DB) {
		lived.tokens = v1test.Furnish(t, db)
		o := v1test.On(t, db, nil)
		o.Tokens = lived.tokens
		o.Benefits(t)
		o.Runs(t)
	})
	h := pagestest.On(t, dbtest.New(t, like), lived.tokens, faces...)
	h.At(t, "2026-11-09", 9)
	return h
}

// own are the pages of a person.
var own = []string{"/moi", "/moi/detail", "/moi/detail?mois=2026-11", "/moi/prochain", "/moi/mouvements", "/moi/releves", "/moi/dette", "/moi/question"}

func TestThreeAnswersStandOnTheFirstPage(t *testing.T) {
	h := living(t)
	page := h.Entered("c.martin", "M-0001").Get("/moi").Wants(200)
	page.Says("Bonjour Éva Roux", "Mon argent", "Il vous reste", "Nous avons regardé votre compte", "Votre loyer", "Prochain argent pour vous",
		"La personne qui vous aide : Claire", "Poser une question")
	if n := strings.Count(page.Body, "data-q="); n != 3 {
		t.Errorf("there are %d answers", n)
	}
	var view struct{ Available string }
	if err := json.Unmarshal(ask(t, h, "/v1/me/view"), &view); err != nil || view.Available == "" {
		t.Fatal(err)
	}
	page.Says(money.MustParse(view.Available).French())
}

// ask reads an operation as the person of M-0001.
func ask(t *testing.T, h *pagestest.House, path string) []byte {
	t.Helper()
	got := h.Entered("c.martin", "M-0001").Raw(http.MethodGet, path, nil)
	body, err := io.ReadAll(got.Body)
	if err != nil || got.StatusCode != 200 {
		t.Fatalf("%s: %d %v", path, got.StatusCode, err)
	}
	return body
}

func TestAllPagesOfAPersonAreInEasyWordsAndTellNothingInTheirAddressOrTitle(t *testing.T) {
	h := living(t)
	b := h.Entered("c.martin", "M-0001")
	for _, path := range append(own, "/aide", "/carte", "/deconnexion") {
		page := b.Get(path).Wants(200).Easy()
		for _, secret := range []string{"MASP", "Roux", "Éva", "€", "M-0001"} {
			if strings.Contains(page.Title(), secret) {
				t.Errorf("the title of %s says %s", path, secret)
			}
		}
		for _, to := range page.Links() {
			if strings.Contains(to, "Roux") || strings.Contains(to, "M-0001") || strings.Contains(strings.ToLower(to), "masp") {
				t.Errorf("%s leads to %s", path, to)
			}
		}
	}
}

func TestEachMovementIsASentenceAndAQuestionAboutItReachesWhoHelps(t *testing.T) {
	h := living(t)
	b := h.Entered("c.martin", "M-0001")
	list := b.Get("/moi/mouvements").Wants(200).Says("payé", "reçu")
	told := 0
	for _, to := range list.Links() {
		if strings.HasPrefix(to, "/moi/mouvements/") {
			b.Get(to).Wants(200).Easy()
			told++
		}
	}
	if told < 3 {
		t.Errorf("%d movements are told", told)
	}
	rent := list.Click("Office des Trois Collines").Wants(200).Easy().
		Says("Le 9 novembre, nous avons payé 220,50 €.", "C'est votre loyer de novembre.", "Valérie l'a validé.", "La banque ne l'a pas encore confirmé.")
	done := rent.Click("Ce n'est pas normal").Easy().Press("Je ne comprends pas ce paiement", "text", "C'est qui ?").Wants(200)
	done.Says("Nous avons votre question. Réponse avant jeudi 12 novembre.")
	alerts := h.As("c.martin").Raw(http.MethodGet, "/v1/alerts?code=PERSON_ASKS", nil)
	body, err := io.ReadAll(alerts.Body)
	if err != nil || !strings.Contains(string(body), "C'est qui ?") || !strings.Contains(string(body), "220,50") {
		t.Errorf("her coordinator reads %s", body)
	}
	b.Get("/moi/question").Press("J'ai besoin d'argent plus tôt").Wants(200).Says("Nous avons votre question.")
	b.Get("/moi/question?mouvement=mov_1").Press("Autre question").Wants(http.StatusUnprocessableEntity).Easy().
		Says("Ce mouvement n'existe plus.")
	nothing := b.Get("/moi/question")
	nothing.Press("Autre question", "question", "").Wants(http.StatusUnprocessableEntity).Says("Choisissez une question.")
}

func TestTheStatementIsABanksAndTheSumsAgree(t *testing.T) {
	h := living(t)
	b := h.Entered("c.martin", "M-0001")
	page := b.Get("/moi/releves").Wants(200).Click("Novembre 2026").Wants(200)
	page.Says("Solde précédent au 31/10/2026", "Nouveau solde au", "Débit : c'est quoi ?", "Ce mois n'est pas fini.")
	pdf := b.Raw(http.MethodGet, "/moi/releves/2026-11/pdf", nil)
	head := make([]byte, 4)
	if _, err := io.ReadFull(pdf.Body, head); err != nil || string(head) != "%PDF" || pdf.Header.Get("Content-Type") != "application/pdf" {
		t.Errorf("got %s %q %v", pdf.Header.Get("Content-Type"), head, err)
	}
	for _, path := range []string{"/moi/releves/2031-01", "/moi/releves/novembre", "/moi/releves/2026-99", "/moi/detail?mois=demain", "/moi/mouvements/mov_1"} {
		if got := b.Get(path); got.Status != http.StatusNotFound && got.Status != http.StatusBadRequest {
			t.Errorf("%s: %d", path, got.Status)
		}
	}
}

func TestAmountsAreHiddenOnThisDeviceUntilTheyAreShown(t *testing.T) {
	h := living(t)
	b := h.Entered("c.martin", "M-0001")
	b.Get("/moi").Press("Cacher les montants").Wants(200).Says("••• €", "C'est caché")
	for _, path := range append(own, "/moi/releves/2026-11") {
		if text := b.Get(path).Text(); strings.Contains(strings.ReplaceAll(text, "••• €", ""), "€") {
			t.Errorf("%s shows an amount: %s", path, text)
		}
	}
	h.Entered("c.martin", "M-0001").Get("/moi").SaysNot("•••")
	b.Get("/moi/releves/2026-11").Press("Montrer les montants").Wants(200).SaysNot("•••")
}

func TestThePageOfAPersonIsLightAndNeedsNothingElse(t *testing.T) {
	h := living(t)
	b := h.Entered("c.martin", "M-0001")
	page := b.Get("/moi").Wants(200)
	_, rest, _ := strings.Cut(page.Body, `<link rel="stylesheet" href="`)
	style, _, _ := strings.Cut(rest, `"`)
	if n := zipped(t, page.Body) + zipped(t, b.Get(style).Body); n > 15<<10 {
		t.Errorf("the page and its style are %d bytes", n)
	} else {
		t.Logf("%d bytes in 2 requests", n)
	}
	for _, more := range []string{"<img", "<script", "@import", "url(", "http://", "https://"} {
		if strings.Contains(page.Body, more) {
			t.Errorf("the page asks for more: %s", more)
		}
	}
}

func zipped(t *testing.T, text string) int {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}

func TestWhoHelpsAPersonSeesHerPageAndTheReadingIsNoted(t *testing.T) {
	h := living(t)
	hers := h.Entered("c.martin", "M-0001").Get("/moi").Wants(200)
	seen := h.As("c.martin").Get("/beneficiaires/M-0001/vue-personne").Wants(200).
		Says("Vous voyez la page de Éva Roux", "Cette lecture est notée.", "Il vous reste").SaysNot("Poser une question", "Cacher")
	for _, says := range []string{"Il vous reste", "Votre loyer", "Prochain argent"} {
		_, mine, _ := strings.Cut(hers.Text(), says)
		_, theirs, _ := strings.Cut(seen.Text(), says)
		if len(mine) < 30 || len(theirs) < 30 || mine[:30] != theirs[:30] {
			t.Errorf("%s: she reads %.30q, they read %.30q", says, mine, theirs)
		}
	}
	reads := h.As("c.martin").Raw(http.MethodGet, "/v1/mandates/M-0001/file_reads", nil)
	body, err := io.ReadAll(reads.Body)
	if err != nil || !strings.Contains(string(body), "get_person_view") {
		t.Errorf("noted: %s", body)
	}
	h.As("c.nadir").Get("/beneficiaires/M-0001/vue-personne").Wants(http.StatusNotFound)
	h.As("i.texier").Get("/beneficiaires/M-0001/vue-personne").Wants(http.StatusForbidden)
}

func TestAnothersPagesDoNotExistAndAStrangerIsAskedForHisCard(t *testing.T) {
	h := living(t)
	b := h.Entered("c.martin", "M-0001")
	for _, to := range b.Get("/moi/mouvements").Links() {
		if strings.HasPrefix(to, "/moi/mouvements/") {
			other := h.Entered("c.nadir", "M-0002").Get(to)
			if other.Status == 200 && strings.Contains(other.Text(), "Trois Collines") {
				t.Errorf("another person reads %s", other.Text())
			}
			break
		}
	}
	h.As("c.martin").Get("/moi").Wants(http.StatusForbidden).Says("pas pour votre rôle", "Retour à l'accueil").SaysNot("Votre argent")
	lost := b.Get("/moi/nulle-part").Wants(http.StatusNotFound).Easy().Says("Cette page n'existe pas", "Votre argent est en sécurité.")
	lost.Click("Retour à Mon argent").Wants(200)
	if to := h.Stranger().Raw(http.MethodGet, "/moi", url.Values{}).Header.Get("Location"); to != "/carte?vers=%2Fmoi" {
		t.Errorf("a stranger is sent to %s", to)
	}
}

func TestAQuestionSentTwiceIsOne(t *testing.T) {
	h := living(t)
	form := h.Entered("c.martin", "M-0001").Get("/moi/question").Wants(200)
	for range 2 {
		form.Press("Je n'ai pas reçu mon argent").Wants(200).Says("Nous avons votre question.")
	}
	body, err := io.ReadAll(h.As("c.martin").Raw(http.MethodGet, "/v1/alerts?code=PERSON_ASKS", nil).Body)
	if err != nil || strings.Count(string(body), `"PERSON_ASKS"`) != 1 {
		t.Errorf("got %s", body)
	}
}
