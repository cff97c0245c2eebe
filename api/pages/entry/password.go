package entry

import (
	"context"
	"net/http"

	"masp/api/pages"
)

func showPassword(_ context.Context, v *pages.Visit) error {
	for _, field := range []string{"current", "password", "again"} {
		v.Form.Values.Del(field) // never sent back
	}
	return v.Show("entree_motdepasse.html", pages.Sheet{Title: "Changer mon mot de passe", Back: "/mon-compte"})
}

// changePassword gives who is here another password, for the one that he has.
func changePassword(ctx context.Context, v *pages.Visit) error {
	current, anew := v.Form.Values.Get("current"), v.Form.Values.Get("password") // their blanks count
	if current == "" {
		v.Form.Bad("current", "Écrivez votre mot de passe actuel.")
	}
	switch {
	case anew == "":
		v.Form.Bad("password", "Choisissez un nouveau mot de passe.")
	case anew != v.Form.Values.Get("again"):
		v.Form.Bad("again", "Les deux mots de passe sont différents : écrivez le même deux fois.")
	}
	if len(v.Form.Problems) > 0 {
		return showPassword(ctx, v)
	}
	_, err := v.Act(ctx, http.MethodPost, "/v1/password_changes", map[string]string{"current": current, "password": anew}, "")
	if err != nil {
		if err = refused(v, err, "current"); err != nil {
			return err
		}
		return showPassword(ctx, v)
	}
	return v.Done("/mon-compte", "Votre mot de passe est changé. Vos autres connexions sont fermées.")
}
