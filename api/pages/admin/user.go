package admin

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"masp/api/pages"
)

// userPage is one user.
type userPage struct {
	user
	Self bool // the reader himself: another one changes his account
}

// readUser reads the user of the address, with the tag that a change names.
func readUser(ctx context.Context, v *pages.Visit) (u user, tag string, err error) {
	tag, err = v.ReadTagged(ctx, user{User: v.Path("user")}.asked(), &u)
	return u, tag, err
}

func showUser(ctx context.Context, v *pages.Visit) error {
	u, _, err := readUser(ctx, v)
	if err != nil {
		return err
	}
	return v.Show("admin_utilisateur.html", pages.Sheet{
		Title: u.Name, Back: firstPath, Data: userPage{user: u, Self: u.User == v.Who().ID},
	})
}

// showForm shows a form on the user of the address.
func showForm(ctx context.Context, v *pages.Visit, template, title string) error {
	u, tag, err := readUser(ctx, v)
	if err != nil {
		return err
	}
	data := formPage{user: u, Roles: roleChoices(v, u.Roles), Code: askCode(v)}
	data.Tag, data.Was = firstRead(v, tag, u.rights())
	return v.Show(template, pages.Sheet{Title: title + ", " + u.Name, Back: u.Path(), Data: data})
}

func showRights(ctx context.Context, v *pages.Visit) error {
	return showForm(ctx, v, "admin_droits.html", "Changer les droits")
}

// changeRights gives a user other roles and another last day.
func changeRights(ctx context.Context, v *pages.Visit) error {
	path := user{User: v.Path("user")}
	ask := invitation{Roles: roles(v), Until: v.Form.Date("until")}
	body := map[string]any{"roles": ask.Roles}
	if !ask.Until.IsZero() {
		body["until"] = ask.Until
	}
	_, err := act(ctx, v, deed{http.MethodPatch, path.asked(), body, v.Form.Value(tagField)})
	switch {
	case errors.Is(err, errAgain):
		return showRights(ctx, v)
	case changed(err):
		now, _, err := readUser(ctx, v)
		if err != nil {
			return err
		}
		slices.Sort(now.Roles)
		slices.Sort(ask.Roles)
		if !slices.Equal(now.Roles, ask.Roles) || now.Until != ask.Until {
			return showChanged(v, now.rights(), now.Path()+"/droits")
		}
	case err != nil:
		return err
	}
	return v.Done(path.Path(), "Droits changés. Cette personne se connecte de nouveau.")
}

func showReset(ctx context.Context, v *pages.Visit) error {
	return showForm(ctx, v, "admin_remise.html", "Nouveau lien d'entrée")
}

// reset takes every way in from a user, and makes a new link.
func reset(ctx context.Context, v *pages.Visit) error {
	target := user{User: v.Path("user")}.asked() + "/resets"
	reply, err := act(ctx, v, deed{Method: http.MethodPost, Target: target})
	return showWay(ctx, v, reply, err, showReset)
}

func showEnd(ctx context.Context, v *pages.Visit) error {
	return showForm(ctx, v, "admin_fin.html", "Fermer le compte")
}

// end disables a user for ever. Twice is once.
func end(ctx context.Context, v *pages.Visit) error {
	path := user{User: v.Path("user")}
	if !v.Form.Has("sure", "oui") {
		v.Form.Bad("sure", "Cochez la case pour confirmer.")
	}
	_, err := act(ctx, v, deed{http.MethodDelete, path.asked(), nil, v.Form.Value(tagField)})
	if errors.Is(err, errAgain) {
		return showEnd(ctx, v)
	}
	if err != nil {
		now, _, read := readUser(ctx, v)
		switch {
		case read != nil:
			return read
		case changed(err) && !now.Disabled:
			return showChanged(v, now.rights(), now.Path()+"/fin")
		case !now.Disabled:
			return err
		}
	}
	return v.Done(path.Path(), "Compte fermé. Ce que cette personne a fait reste dans les registres.")
}

func showToken(ctx context.Context, v *pages.Visit) error {
	return showForm(ctx, v, "admin_jeton.html", "Nouveau jeton")
}

// makeToken makes a token of a program.
func makeToken(ctx context.Context, v *pages.Visit) error {
	body := map[string]any{"user": v.Path("user"), "name": v.Form.Need("name", "Dites à quoi il sert.")}
	if until := v.Form.Date("until"); !until.IsZero() {
		body["until"] = until
	}
	reply, err := act(ctx, v, deed{Method: http.MethodPost, Target: "/v1/tokens", Body: body})
	return showWay(ctx, v, reply, err, showToken)
}

// of names a user in the address of a list.
func of(u string) string { return "?" + url.Values{"user": {u}}.Encode() }
