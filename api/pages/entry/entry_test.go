package entry_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"masp/api/auth"
	"masp/api/pages"
	"masp/api/pages/entry"
	"masp/api/pages/pagestest"
	"masp/migrations/dbtest"
	"masp/payments/mandates"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

func open(t *testing.T) *pagestest.House {
	t.Helper()
	t.Parallel()
	return pagestest.New(t, []pages.Face{entry.Face()})
}

func TestTheFirstPageAsksWhoOneIsAndSendsWhoIsKnownToHisPages(t *testing.T) {
	h := open(t)
	first := h.Stranger().Get("/").Wants(200).Says("J'ai une carte", "Je travaille ici", "Accessibilité : non conforme")
	first.Click("J'ai une carte").Wants(200).Says("Entrer avec ma carte")
	first.Click("Je travaille ici").Wants(200).Says("Se connecter").SaysNot("avec mon organisation")
	for user, home := range map[string]string{"c.martin": "/accueil", "e.quentin": "/controle", "i.texier": "/utilisateurs", "k.perrin": "/accueil"} {
		if to := h.As(user).Raw(http.MethodGet, "/", nil).Header.Get("Location"); to != home {
			t.Errorf("%s is sent to %s, want %s", user, to, home)
		}
	}
	if to := h.Entered("c.martin", "B-0001").Raw(http.MethodGet, "/", nil).Header.Get("Location"); to != "/moi" {
		t.Errorf("a person is sent to %s", to)
	}
}

func TestALoginLeadsBackToWhereOneCameFrom(t *testing.T) {
	h := open(t)
	h.Settled("v.olivier")
	known := h.Settled("c.martin")
	b := h.Stranger()
	b.Secret = known.Secret
	asked := b.Get("/mon-compte").Wants(200).Says("Se connecter")
	wrong := asked.Press("Se connecter", "user", "c.martin", "password", "faux et archifaux", "code", "000000")
	wrong.Wants(http.StatusUnprocessableEntity).Says("Identifiant, mot de passe ou code faux")
	if strings.Contains(wrong.Body, "archifaux") {
		t.Error("the password is sent back")
	}
	code := b.Code() // a minute later: the pause after a wrong one is over
	in := wrong.Press("Se connecter", "user", "c.martin", "password", pagestest.Password, "code", code)
	in.Wants(200).Says("Mon compte", "Claire Martin", "celle-ci")
	if in.Path != "/mon-compte" {
		t.Errorf("sent to %s", in.Path)
	}
}

func TestNobodyIsSentToAnotherSite(t *testing.T) {
	h := open(t)
	for _, to := range []string{"//ailleurs.example", "https://ailleurs.example/", `/\ailleurs.example`, "/v1/oidc/login", "javascript:alert(1)"} {
		form := h.Stranger().Get("/connexion?vers=" + url.QueryEscape(to)).Wants(200)
		if !strings.Contains(form.Body, `name="vers" value="/"`) {
			t.Errorf("%s stays in the form", to)
		}
	}
}

func TestTheLinkOfAFirstEntryOpensByAClickAndLeavesTheAddress(t *testing.T) {
	h := open(t)
	admin, err := h.House.Auth.Authenticate(t.Context(), h.Tokens["i.texier"])
	if err != nil {
		t.Fatal(err)
	}
	link, err := h.House.Auth.Reset(t.Context(), admin, "v.olivier")
	if err != nil {
		t.Fatal(err)
	}
	b := h.Stranger()
	offered := b.Get("/entrer/"+link).Wants(200).Says("Première connexion", "v.olivier", "Ouvrir l'application")
	if offered.Path != "/premiere-connexion" || strings.Contains(offered.Body, link) {
		t.Errorf("the secret stands on %s", offered.Path)
	}
	_, rest, _ := strings.Cut(offered.Body, "<code>")
	groups, _, _ := strings.Cut(rest, "</code>")
	b.Secret = strings.ReplaceAll(groups, " ", "")
	two := offered.Press("Ouvrir mon accès", "password", pagestest.Password, "again", "autre chose de long", "code", "123456")
	two.Wants(http.StatusUnprocessableEntity).Says("Les deux mots de passe sont différents")
	short := two.Press("Ouvrir mon accès", "password", "court", "again", "court", "code", b.Code())
	short.Wants(http.StatusUnprocessableEntity)
	in := short.Press("Ouvrir mon accès", "password", pagestest.Password, "again", pagestest.Password, "code", b.Code())
	if in.Path != "/accueil" {
		t.Errorf("arrived at %s: %s", in.Path, in.Text())
	}
	b.Get("/mon-compte").Wants(200).Says("celle-ci")
	h.Stranger().Get("/entrer/" + link).Wants(http.StatusUnprocessableEntity).Says("Ce lien n'ouvre rien")
	h.Stranger().Get("/entrer/a%20b").Wants(200).Says("Ce lien n'est pas entier")
}

func TestACardOpensByTheAddressOfItsPictureAndByTyping(t *testing.T) {
	h := open(t)
	card := func() string {
		t.Helper()
		who, err := h.House.Auth.Authenticate(t.Context(), h.Tokens["c.martin"])
		if err != nil {
			t.Fatal(err)
		}
		made, err := h.House.Auth.PrintCard(t.Context(), who, "M-0001")
		if err != nil {
			t.Fatal(err)
		}
		return made.Code
	}
	b, code := h.Stranger(), card()
	shown := b.Get("/carte/" + code).Wants(200)
	if shown.Path != "/carte" || !strings.Contains(shown.Body, `value="`+code+`"`) {
		t.Errorf("%s does not hold the code", shown.Path)
	}
	if in := shown.Press("Entrer"); in.Path != "/moi" {
		t.Errorf("arrived at %s", in.Path)
	}
	b.Get("/mon-compte").Wants(http.StatusForbidden)
	typed := h.Stranger().Get("/carte")
	typed.Press("Entrer", "code", "ABCD").Wants(http.StatusUnprocessableEntity).Says("Relisez votre carte")
	typed.Press("Entrer", "code", code).Wants(http.StatusUnprocessableEntity).Says("Ce code ne marche pas")
	out := b.Get("/deconnexion").Press("Oui, quitter").Wants(200).Says("Vous êtes sorti")
	if out.Path != "/" {
		t.Errorf("arrived at %s", out.Path)
	}
}

func TestOnesOwnSessionsAndTokensEndByAButton(t *testing.T) {
	h := open(t)
	h.As("c.martin").Get("/mon-compte").Wants(200).Press("Révoquer ce jeton") // his browser had no other way in
	h.As("c.martin").Get("/mon-compte").Wants(200).Says("Se connecter")
	b := h.Settled("c.nadir")
	b.Get("/mon-compte").Wants(200).Says("Firefox", "Vous n'avez aucun jeton")
	b.Get("/mon-compte").Press("Me déconnecter partout").Wants(200).Says("Toutes vos connexions sont fermées")
	b.Get("/mon-compte").Wants(200).Says("Se connecter")
}

func TestACodeIsAskedAgainAndLeadsBack(t *testing.T) {
	h := open(t)
	b := h.Settled("v.olivier")
	asked := b.Get("/code?vers=/mon-compte").Wants(200).Says("Rien n'a encore été fait")
	wrong := asked.Press("Continuer", "code", "000000").Wants(http.StatusUnprocessableEntity)
	back := wrong.Press("Continuer", "code", b.Code()).Wants(200).Says("Code reconnu", "Mon compte")
	if back.Path != "/mon-compte" {
		t.Errorf("arrived at %s", back.Path)
	}
}

func TestWhatWantsAFreshCodeAsksForItAndComesBackToItsForm(t *testing.T) {
	t.Parallel()
	desk := pages.Face{
		Templates: fstest.MapFS{"essai.html": {Data: []byte(
			`{{define "main"}}<h1>{{.Title}}</h1><form method="post" action="/essai">{{template "cle" .}}<button>Faire un jeton</button></form>{{end}}`)}},
		Pages: []pages.Page{
			{Method: http.MethodGet, Route: "/essai", Action: auth.OwnIdentity, Do: func(_ context.Context, v *pages.Visit) error {
				return v.Show("essai.html", pages.Sheet{Title: "Essai"})
			}},
			{Method: http.MethodPost, Route: "/essai", Action: auth.OwnIdentity, Do: func(ctx context.Context, v *pages.Visit) error {
				if _, err := v.Act(ctx, http.MethodPost, "/v1/tokens", map[string]string{"name": "essai"}, ""); err != nil {
					return err
				}
				return v.Done("/essai", "Fait.")
			}},
		},
	}
	h := pagestest.New(t, []pages.Face{entry.Face(), desk})
	b := h.Settled("v.olivier")
	form := b.Get("/essai?mois=2026-11").Wants(200)
	h.DB.SetClock(t, h.Now().Add(6*time.Minute))
	asked := form.Press("Faire un jeton").Wants(200).Says("Redonner votre code", "Rien n'a encore été fait")
	back := asked.Press("Continuer", "code", b.Code()).Wants(200)
	if back.Path != "/essai?mois=2026-11" {
		t.Errorf("came back to %s", back.Path)
	}
	back.Press("Faire un jeton").Wants(200).Says("Fait.")
}

func TestEverybodyReadsHelpAndTheHonestStatement(t *testing.T) {
	h := open(t)
	door := mandates.FrontDoor{Phone: "04 00 00 00 00", Email: "contact@association.example", Address: "12 rue des Exemples"}
	admin, err := h.House.Auth.Authenticate(t.Context(), h.Tokens["i.texier"])
	if err != nil {
		t.Fatal(err)
	}
	if err := h.House.Mandates.SetFrontDoor(t.Context(), admin, door); err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string]*pagestest.Browser{
		"a stranger": h.Stranger(), "staff": h.As("c.martin"), "a person": h.Entered("c.martin", "B-0001"),
	} {
		t.Log(name)
		b.Get("/aide").Wants(200)
		b.Get("/accessibilite").Wants(200).Says("non conforme", "RGAA", "Défenseur des droits")
		b.Get("/mentions").Wants(200).Says("CNIL", "04 00 00 00 00", "12 rue des Exemples")
	}
	h.As("c.martin").Get("/aide").Says("Remis à la banque")
	if !strings.Contains(h.Stranger().Get("/aide").Body, `href="tel:0400000000"`) {
		t.Error("the number does not dial")
	}
	h.Stranger().Get("/aide").Says("Où est mon argent").SaysNot("campagne")
}

func TestHowToReachTheOrganisationIsSaidByWhoSetsThings(t *testing.T) {
	h := open(t)
	b := h.As("i.texier")
	form := b.Get("/mentions").Click("Changer le téléphone").Wants(200)
	wrong := form.Press("Enregistrer", "phone", "le matin").Wants(http.StatusUnprocessableEntity)
	wrong.Press("Enregistrer", "phone", "04 00 00 00 00", "address", "12 rue des Exemples").Wants(200).Says("C'est changé.", "04 00 00 00 00")
	form.Press("Enregistrer", "phone", "04 22 22 22 22").Wants(http.StatusPreconditionFailed).Says("Cela a changé depuis votre lecture")
	h.As("c.martin").Get("/mentions").Wants(200).SaysNot("Changer le téléphone")
	h.As("c.martin").Get("/reglages/contact").Wants(http.StatusForbidden)
}

func TestWhoIsHereChangesHisOwnPassword(t *testing.T) {
	const anew = "cinq autres mots de mon choix"
	h := open(t)
	b := h.Settled("c.martin")
	form := b.Get("/mon-compte").Wants(200).Click("Changer mon mot de passe").Wants(200)
	two := form.Press("Changer mon mot de passe", "current", pagestest.Password, "password", anew, "again", "un autre")
	two.Wants(http.StatusUnprocessableEntity).Says("Les deux mots de passe sont différents")
	wrong := two.Press("Changer mon mot de passe", "current", "un mot de passe faux", "password", anew, "again", anew)
	wrong.Wants(http.StatusUnprocessableEntity).Says("Le mot de passe actuel n'est pas celui-là")
	if strings.Contains(wrong.Body, anew) || !strings.Contains(wrong.Body, `href="#current"`) {
		t.Errorf("the form that comes back:\n%s", wrong.Body)
	}
	b.Code() // a minute later: the pause after a wrong one is over
	done := wrong.Press("Changer mon mot de passe", "current", pagestest.Password, "password", anew, "again", anew)
	done.Wants(200).Says("Votre mot de passe est changé", "celle-ci")
}
