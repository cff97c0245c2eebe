package entry

import (
	"context"
	"embed"
	"errors"
	"net/http"
	"strings"

	"masp/api"
	"masp/api/auth"
	"masp/api/pages"
)

//go:embed *.html
var templates embed.FS

// Face is the pages of everybody.
func Face() pages.Face {
	get, post := http.MethodGet, http.MethodPost
	return pages.Face{Templates: templates, Pages: []pages.Page{
		{Method: get, Route: "/", Do: choose},
		{Method: get, Route: "/connexion", Do: showLogin},
		{Method: post, Route: "/connexion", Do: logIn},
		{Method: get, Route: "/connexion/ailleurs", Do: elsewhere},
		{Method: get, Route: "/deconnexion", Do: showLogout},
		{Method: post, Route: "/deconnexion", Do: logOut},
		{Method: get, Route: "/entrer/:lien", Do: takeLink},
		{Method: post, Route: "/entrer", Do: typeLink},
		{Method: get, Route: "/premiere-connexion", Do: showSetup},
		{Method: post, Route: "/premiere-connexion", Do: setUp},
		{Method: get, Route: "/carte", Do: showCard},
		{Method: get, Route: "/carte/:code", Do: takeCard},
		{Method: post, Route: "/carte", Do: enterByCard},
		{Method: get, Route: "/code", Action: auth.OwnIdentity, Do: showProof},
		{Method: post, Route: "/code", Action: auth.OwnIdentity, Do: prove},
		{Method: get, Route: "/rester", Action: auth.OwnIdentity, Do: stay},
		{Method: get, Route: "/mon-compte", Action: auth.OwnIdentity, Do: showOwn},
		{Method: post, Route: "/mon-compte/sessions/:session/fin", Action: auth.OwnIdentity, Do: endSession},
		{Method: post, Route: "/mon-compte/sessions/fin", Action: auth.OwnIdentity, Do: endSessions},
		{Method: post, Route: "/mon-compte/jetons/:token/fin", Action: auth.OwnIdentity, Do: endToken},
		{Method: get, Route: "/mon-compte/mot-de-passe", Action: auth.OwnIdentity, Do: showPassword},
		{Method: post, Route: "/mon-compte/mot-de-passe", Action: auth.OwnIdentity, Do: changePassword},
		{Method: get, Route: "/aide", Do: help},
		{Method: get, Route: "/accessibilite", Do: accessibility},
		{Method: get, Route: "/mentions", Do: legal},
		{Method: get, Route: "/reglages/contact", Action: auth.WriteSettings, Do: showContact},
		{Method: post, Route: "/reglages/contact", Action: auth.WriteSettings, Do: putContact},
	}}
}

const (
	lateCookie = "vers"       // where a login at the provider of identities goes on to
	linkCookie = "premiere"   // the secret of a first entry
	cardCookie = "carte"      // the code of a card
	shortLife  = 10 * 60      // seconds
	linkLife   = 60 * 60      // seconds, to install an authenticator
	firstPage  = "/"          // the chooser
	plainQuery = "vers"       // of an address and of a form
	codeWrong  = "code"       // the field of a code
	noLink     = "setup_void" // a link that opens nothing
)

// choose sends who is known to his pages, and asks another who he is.
func choose(_ context.Context, v *pages.Visit) error {
	if v.Who().Means == auth.ByNobody {
		return v.Show("entree_choix.html", pages.Sheet{Title: "Bienvenue", Bare: true})
	}
	if to := v.Kept(lateCookie); to != "" {
		v.Keep(lateCookie, "", 0)
		return v.Go(own(to))
	}
	return v.Go(pages.Home(v.Who()))
}

// own is an address that a reader goes on to: a page of ours, or the chooser.
func own(to string) string {
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.HasPrefix(to, "/v1/") || strings.ContainsAny(to, "\\\r\n\t") {
		return firstPage
	}
	return to
}

// onward is where this reader wanted to go.
func onward(v *pages.Visit) string {
	if v.Method == http.MethodPost {
		return own(v.Form.Value(plainQuery))
	}
	return own(v.Query(plainQuery))
}

// refused takes a refusal onto the form: also that of a secret, at a field.
func refused(v *pages.Visit, err error, field string) error {
	switch pages.Code(err) {
	case "login_refused", "card_refused", "wrong_password", noLink:
		if fault, ok := errors.AsType[*api.Fault](err); ok {
			v.Form.Bad(field, fault.Detail.French)
			return nil
		}
	}
	return v.Form.Refused(err)
}

// asked is what a form of this face shows.
type asked struct {
	Onward    string
	Elsewhere bool
}
