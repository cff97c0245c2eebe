package admin

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"masp/api"
	"masp/api/auth"
	"masp/api/pages"
	"masp/ledger/civil"
)

const usersAsked = "/v1/users"

// user is a user, as the pages show him.
type user struct {
	User, Name, Email string
	Roles             []auth.Role
	Until             civil.Date
	Disabled          bool
}

// Path is his page.
func (u user) Path() string { return "/utilisateurs/" + url.PathEscape(u.User) }

func (u user) asked() string { return usersAsked + "/" + url.PathEscape(u.User) }

// Is tells whether he has a role.
func (u user) Is(role string) bool { return slices.Contains(u.Roles, auth.Role(role)) }

// RoleNames are his roles in a line.
func (u user) RoleNames() string {
	names := make([]string, len(u.Roles))
	for i, r := range u.Roles {
		names[i] = r.French()
	}
	return strings.Join(names, ", ")
}

// rights says in a sentence what he may do, and until when.
func (u user) rights() string {
	text := pages.Capital(u.RoleNames())
	if !u.Until.IsZero() {
		text += ", jusqu'au " + u.Until.French()
	}
	if u.Disabled {
		text += ", compte fermé"
	}
	return text
}

// usersPage is all users: those who enter, and those of the past.
type usersPage struct {
	Now, Past []user
	Write     bool
	Roles     []pages.Choice
}

func showUsers(ctx context.Context, v *pages.Visit) error {
	target := usersAsked
	role := auth.Role(v.Query("role"))
	if slices.Contains(auth.Roles(), role) {
		target += "?" + url.Values{"role": {string(role)}}.Encode()
	}
	all, err := pages.All[user](ctx, v, target)
	if err != nil {
		return err
	}
	data := usersPage{Write: v.May(auth.WriteUsers), Roles: []pages.Choice{{Name: "Tous les rôles"}}}
	for _, r := range auth.Roles() {
		data.Roles = append(data.Roles, pages.Choice{Value: string(r), Name: pages.Capital(r.French()), Chosen: r == role})
	}
	for _, u := range all {
		if u.Disabled {
			data.Past = append(data.Past, u)
		} else {
			data.Now = append(data.Now, u)
		}
	}
	return v.Show("admin_utilisateurs.html", pages.Sheet{Title: "Utilisateurs", Data: data})
}

// formPage is a form on a user: a new one, his rights, his end.
type formPage struct {
	user
	Roles    []pages.Choice
	Code     bool
	Tag, Was string
}

const firstPath = "/utilisateurs"

// duties say what each role does.
var duties = map[auth.Role]string{
	auth.Coordinator: "suit des bénéficiaires et prépare les campagnes",
	auth.Approver:    "approuve les campagnes",
	auth.Accountant:  "tient la banque et les comptes",
	auth.Auditor:     "lit ce que dit sa mission, jusqu'à un dernier jour",
	auth.Admin:       "crée les comptes, règle le service ; seul rôle de la personne",
	auth.Machine:     "un logiciel, avec un jeton ; seul rôle",
}

// roleChoices are the roles to tick: as typed, or as they are.
func roleChoices(v *pages.Visit, now []auth.Role) (all []pages.Choice) {
	for _, r := range auth.Roles() {
		chosen := slices.Contains(now, r)
		if v.Method == http.MethodPost {
			chosen = v.Form.Has("roles", string(r))
		}
		all = append(all, pages.Choice{Value: string(r), Name: pages.Capital(r.French()) + " : " + duties[r], Chosen: chosen})
	}
	return all
}

// roles are the ticked roles, of those that there are.
func roles(v *pages.Visit) (ticked []auth.Role) {
	for _, r := range auth.Roles() {
		if v.Form.Has("roles", string(r)) {
			ticked = append(ticked, r)
		}
	}
	if len(ticked) == 0 {
		v.Form.Bad("roles", "Cochez au moins un rôle.")
	}
	return ticked
}

func showNew(_ context.Context, v *pages.Visit) error {
	return v.Show("admin_nouveau.html", pages.Sheet{
		Title: "Nouvel utilisateur", Back: firstPath, Data: formPage{Roles: roleChoices(v, nil), Code: askCode(v)},
	})
}

// invitation is what makes a user.
type invitation struct {
	User  string      `json:"user"`
	Name  string      `json:"name"`
	Roles []auth.Role `json:"roles"`
	Email string      `json:"email,omitempty"`
	Until civil.Date  `json:"until,omitzero"`
}

func invite(ctx context.Context, v *pages.Visit) error {
	ask := invitation{
		User:  strings.ToLower(v.Form.Need("user", "Écrivez un identifiant, par exemple a.morel.")),
		Name:  v.Form.Need("name", "Écrivez le nom."),
		Email: v.Form.Value("email"), Until: v.Form.Date("until"), Roles: roles(v),
	}
	if slices.Contains(ask.Roles, auth.Auditor) && ask.Until.IsZero() && v.Form.Wrong("until") == "" {
		v.Form.Bad("until", "Un contrôle a une fin : écrivez le dernier jour.")
	}
	reply, err := act(ctx, v, deed{Method: http.MethodPost, Target: usersAsked, Body: ask})
	return showWay(ctx, v, reply, err, showNew)
}

// wayIn is a secret, shown once.
type wayIn struct {
	User      string
	SetupLink string `json:"setup_link"`
	Token     string
}

// Path is the page of who enters by it.
func (w wayIn) Path() string { return user{User: w.User}.Path() }

// showWay shows the secret that a form has made: here, and on no page that can be read again.
func showWay(ctx context.Context, v *pages.Visit, reply *api.Reply, err error, again pageDo) error {
	if errors.Is(err, errAgain) {
		return again(ctx, v)
	}
	if err != nil {
		return err
	}
	var way wayIn
	if err := json.Unmarshal(reply.Body, &way); err != nil {
		return err
	}
	if strings.HasPrefix(way.SetupLink, "/") { // the service was not told where browsers reach it: there
		way.SetupLink = here(v) + way.SetupLink
	}
	title := "Le lien d'entrée est prêt"
	if way.Token != "" {
		title = "Le jeton est prêt"
	}
	return v.Show("admin_lien.html", pages.Sheet{Title: title, Data: way})
}

// here is where the reader's own browser reaches the service.
func here(v *pages.Visit) string {
	if v.Plain() {
		return "http://" + v.Host
	}
	return "https://" + v.Host
}
