package pages_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"masp/api/auth"
	"masp/api/pages"
	"masp/api/pages/entry"
	"masp/api/pages/pagestest"
	"masp/migrations/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// counter is a face of one form: the creditors, and a new one.
var counter = pages.Face{
	Templates: fstest.MapFS{
		"comptoir.html": {Data: []byte(`{{define "main"}}<h1>{{.Title}}</h1>
<ul>{{range .Data}}<li>{{.Creditor}} : {{.Name}}</li>{{end}}</ul>
<form method="post">{{template "cle" .}}
{{template "champ" (champ . "creditor" "Référence")}}{{template "champ" (champ . "name" "Nom" "hint" "Comme sur le RIB")}}
{{template "champ" (champ . "iban" "IBAN")}}<button>Ajouter</button></form>{{end}}`)},
	},
	Pages: []pages.Page{
		{Method: http.MethodGet, Route: "/comptoir", Action: auth.ReadCreditors, Do: showCounter},
		{Method: http.MethodPost, Route: "/comptoir", Action: auth.WriteCreditors, Do: addAtCounter},
		{Method: http.MethodGet, Route: "/moi", Action: auth.ReadOwnAccount, Do: func(_ context.Context, v *pages.Visit) error {
			return v.Show("comptoir.html", pages.Sheet{Title: "Mon argent", Bare: true})
		}},
	},
}

type creditor struct{ Creditor, Name string }

func showCounter(ctx context.Context, v *pages.Visit) error {
	all, err := pages.All[creditor](ctx, v, "/v1/creditors")
	if err != nil {
		return err
	}
	return v.Show("comptoir.html", pages.Sheet{Title: "Comptoir", Data: all})
}

func addAtCounter(ctx context.Context, v *pages.Visit) error {
	_, err := v.Act(ctx, http.MethodPost, "/v1/creditors", map[string]any{
		"creditor": v.Form.Value("creditor"), "name": v.Form.Value("name"), "kind": "WATER",
		"iban": v.Form.Value("iban"), "evidence": "RIB reçu par courrier",
	}, "")
	if err != nil {
		if err = v.Form.Refused(err); err != nil {
			return err
		}
		return showCounter(ctx, v)
	}
	return v.Done("/comptoir", "Destinataire ajouté.")
}

func counterHouse(t *testing.T) *pagestest.House {
	t.Helper()
	t.Parallel()
	return pagestest.New(t, []pages.Face{counter})
}

const validIBAN = "FR7699999002000000000300449"

func TestAFormDoesWhatTheContractDoesAndSaysSoOnce(t *testing.T) {
	h := counterHouse(t)
	b := h.As("c.martin")
	done := b.Get("/comptoir").Wants(200).Press("Ajouter", "creditor", "C-EAU", "name", "Régie des Eaux", "iban", validIBAN)
	done.Wants(200).Says("Destinataire ajouté.", "C-EAU : Régie des Eaux")
	b.Get("/comptoir").SaysNot("Destinataire ajouté.")
}

func TestWhatIsRefusedStandsAtItsFieldAndNothingTypedIsLost(t *testing.T) {
	h := counterHouse(t)
	again := h.As("c.martin").Get("/comptoir").Press("Ajouter", "creditor", "C-EAU", "name", "", "iban", "FR1")
	again.Wants(http.StatusUnprocessableEntity).Says("2 points à corriger")
	if !strings.HasPrefix(again.Title(), "Erreur : ") {
		t.Errorf("the title is %q", again.Title())
	}
	for _, part := range []string{`href="#iban"`, `aria-describedby="iban-faux"`, `value="C-EAU"`, `aria-describedby="name-aide name-faux"`} {
		if !strings.Contains(again.Body, part) {
			t.Errorf("%s is missing in\n%s", part, again.Body)
		}
	}
	again.Press("Ajouter", "name", "Régie des Eaux", "iban", validIBAN).Wants(200).Says("C-EAU : Régie des Eaux")
}

func TestAFormSentTwiceHasOneEffect(t *testing.T) {
	h := counterHouse(t)
	form := h.As("c.martin").Get("/comptoir")
	send := func() *pagestest.Screen {
		return form.Press("Ajouter", "creditor", "C-EAU", "name", "Régie des Eaux", "iban", validIBAN).Wants(200)
	}
	send()
	if n := strings.Count(send().Text(), "C-EAU"); n != 1 {
		t.Errorf("the creditor is there %d times", n)
	}
}

func TestTwoClicksAreOneAnswer(t *testing.T) {
	h := counterHouse(t)
	b := h.As("c.martin")
	form := b.Get("/comptoir")
	second := form.In(b.Twin())
	for _, click := range []*pagestest.Screen{form, second} {
		click.Press("Ajouter", "creditor", "C-EAU", "name", "Régie des Eaux", "iban", validIBAN).Wants(200).Says("Destinataire ajouté.")
	}
	form.Press("Ajouter", "creditor", "C-EAU", "name", "Une autre régie", "iban", validIBAN).
		Wants(http.StatusUnprocessableEntity).Says("Cette page avait déjà servi")
}

// Whoever was away too long loses nothing of what he had typed (WCAG 2.2.1).
func TestWhatWasTypedWhenTheSessionWasOverComesBackAfterTheLogin(t *testing.T) {
	t.Parallel()
	h := pagestest.New(t, []pages.Face{counter, entry.Face()})
	b := h.Settled("c.martin")
	form := b.Get("/comptoir").Wants(200).Says("Sans activité, votre session se ferme à", "Oui, rester")
	for range 31 {
		b.Code() // minutes
	}
	asked := form.Press("Ajouter", "creditor", "C-EAU", "name", "Régie des Eaux", "iban", "FR1").Wants(200).Says("Se connecter")
	wrong := asked.Press("Se connecter", "user", "c.martin", "password", "faux et archifaux", "code", "000000")
	back := wrong.Press("Se connecter", "user", "c.martin", "password", pagestest.Password, "code", b.Code()).Wants(200)
	if back.Path != "/comptoir" {
		t.Errorf("back at %s", back.Path)
	}
	back.Says("Ce que vous aviez écrit est revenu")
	for _, typed := range []string{`value="C-EAU"`, `value="Régie des Eaux"`, `value="FR1"`} {
		if !strings.Contains(back.Body, typed) {
			t.Errorf("%s is lost in\n%s", typed, back.Body)
		}
	}
	back.Press("Ajouter", "iban", validIBAN).Wants(200).Says("Destinataire ajouté.")
	b.Get("/comptoir").SaysNot("est revenu")
}

func TestWhatOneHasTypedIsNotShownToAnotherAtTheSameBrowser(t *testing.T) {
	t.Parallel()
	h := pagestest.New(t, []pages.Face{counter, entry.Face()})
	other := h.Settled("v.olivier")
	b := h.Settled("c.martin")
	form := b.Get("/comptoir").Wants(200)
	for range 31 {
		b.Code()
	}
	asked := form.Press("Ajouter", "creditor", "C-EAU", "name", "Régie des Eaux", "iban", "FR1").Wants(200)
	b.Secret = other.Secret
	in := asked.Press("Se connecter", "user", "v.olivier", "password", pagestest.Password, "code", b.Code()).Wants(200)
	in.SaysNot("est revenu")
	if strings.Contains(in.Body, "C-EAU") {
		t.Errorf("another reads what was typed:\n%s", in.Body)
	}
}

func TestAFormThatWeDidNotMakeForThisBrowserIsRefused(t *testing.T) {
	h := counterHouse(t)
	b := h.As("c.martin")
	body := url.Values{"creditor": {"C-EAU"}, "name": {"Régie"}, "iban": {validIBAN}}
	if got := b.Raw(http.MethodPost, "/comptoir", body); got.StatusCode != http.StatusForbidden {
		t.Errorf("without a key: %d", got.StatusCode)
	}
	other := h.As("c.nadir").Get("/comptoir")
	b.Get("/comptoir")
	_, key, _ := strings.Cut(other.Body, `name="cle" value="`)
	body.Set("cle", key[:strings.Index(key, `"`)])
	if got := b.Raw(http.MethodPost, "/comptoir", body); got.StatusCode != http.StatusForbidden {
		t.Errorf("with the key of another browser: %d", got.StatusCode)
	}
}

func TestWhoeverHasNotSaidWhoHeIsIsAskedAndComesBack(t *testing.T) {
	h := counterHouse(t)
	for path, entry := range map[string]string{"/comptoir?x=1": "/connexion?vers=%2Fcomptoir%3Fx%3D1", "/moi": "/carte?vers=%2Fmoi"} {
		got := h.Stranger().Raw(http.MethodGet, path, nil)
		if got.StatusCode != http.StatusSeeOther || got.Header.Get("Location") != entry {
			t.Errorf("%s: %d to %s", path, got.StatusCode, got.Header.Get("Location"))
		}
	}
}

func TestErrorsArePagesForBrowsersAndStayProblemsForPrograms(t *testing.T) {
	h := counterHouse(t)
	h.As("i.texier").Get("/comptoir").Wants(http.StatusForbidden).Says("Cette page n'est pas pour votre rôle")
	h.As("c.martin").Get("/nulle-part").Wants(http.StatusNotFound).Says("Cette page n'existe pas", "Retour à l'accueil")
	lost := h.As("c.martin").Get("/v1/nulle-part").Wants(http.StatusNotFound)
	if kind := lost.Header.Get("Content-Type"); kind != "application/problem+json" {
		t.Errorf("a program gets %s", kind)
	}
}

func TestTheStyleIsSmallAndKept(t *testing.T) {
	h := counterHouse(t)
	page := h.As("c.martin").Get("/comptoir")
	_, rest, _ := strings.Cut(page.Body, `<link rel="stylesheet" href="`)
	path, _, _ := strings.Cut(rest, `"`)
	style := h.Stranger().Get(path).Wants(200)
	if kept := style.Header.Get("Cache-Control"); !strings.Contains(kept, "immutable") {
		t.Errorf("kept %q", kept)
	}
	if n := zipped(t, style.Body); n > 5<<10 {
		t.Errorf("the style is %d bytes compressed", n)
	}
}
