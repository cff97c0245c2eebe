package entry

import (
	"context"
	"net/http"

	"masp/api/pages"
)

func showLogin(ctx context.Context, v *pages.Visit) error {
	v.Form.Values.Del("password") // never sent back
	door, err := doorOf(ctx, v)
	if err != nil {
		return err
	}
	return v.Show("entree_connexion.html", pages.Sheet{
		Title: "Se connecter", Back: firstPage, Bare: true, Data: asked{onward(v), door.Provider},
	})
}

func logIn(ctx context.Context, v *pages.Visit) error {
	user := v.Form.Need("user", "Écrivez votre identifiant.")
	password := v.Form.Values.Get("password") // its blanks count
	if password == "" {
		v.Form.Bad("password", "Écrivez votre mot de passe.")
	}
	code := v.Form.Need(codeWrong, "Écrivez le code de votre application.")
	if len(v.Form.Problems) > 0 {
		return showLogin(ctx, v)
	}
	_, err := v.Act(ctx, http.MethodPost, "/v1/sessions", map[string]string{"user": user, "password": password, codeWrong: code}, "")
	if err != nil {
		if err = refused(v, err, "user"); err != nil {
			return err
		}
		return showLogin(ctx, v)
	}
	return v.Go(onward(v))
}

// elsewhere goes to the provider of identities, and keeps where to go on to after it.
func elsewhere(_ context.Context, v *pages.Visit) error {
	if to := onward(v); to != firstPage {
		v.Keep(lateCookie, to, shortLife)
	}
	to := "/v1/oidc/login"
	if v.Query("encore") != "" {
		to += "?again=true"
	}
	return v.Go(to)
}

func showLogout(_ context.Context, v *pages.Visit) error {
	return v.Show("entree_sortie.html", pages.Sheet{Title: "Quitter", Bare: true, Data: pages.Home(v.Who())})
}

func logOut(ctx context.Context, v *pages.Visit) error {
	if _, err := v.Act(ctx, http.MethodDelete, "/v1/session", nil, ""); err != nil {
		return err
	}
	return v.Done(firstPage, "Vous êtes sorti. À bientôt.")
}

func showProof(ctx context.Context, v *pages.Visit) error {
	door, err := doorOf(ctx, v)
	if err != nil {
		return err
	}
	return v.Show("entree_code.html", pages.Sheet{Title: "Redonner votre code", Data: asked{onward(v), door.Provider}})
}

func prove(ctx context.Context, v *pages.Visit) error {
	code := v.Form.Need(codeWrong, "Écrivez le code de votre application.")
	if code == "" {
		return showProof(ctx, v)
	}
	if _, err := v.Act(ctx, http.MethodPost, "/v1/proofs", map[string]string{codeWrong: code}, ""); err != nil {
		if err = refused(v, err, codeWrong); err != nil {
			return err
		}
		return showProof(ctx, v)
	}
	return v.Done(onward(v), "Code reconnu. Vous pouvez continuer.")
}

// stay is what the notice before the end of a session opens, in another tab: reading it is the use that keeps
// the session, and the page with what was being typed stays as it is.
func stay(_ context.Context, v *pages.Visit) error {
	return v.Show("entree_rester.html", pages.Sheet{Title: "Vous restez connecté"})
}
