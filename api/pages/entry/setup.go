package entry

import (
	"context"
	"encoding/json"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"masp/api/pages"
)

// takeLink takes the secret out of the address of a first entry.
func takeLink(_ context.Context, v *pages.Visit) error { return keepLink(v, v.Path("lien")) }

// typeLink takes a link that was pasted.
func typeLink(ctx context.Context, v *pages.Visit) error {
	link := v.Form.Need("link", "Collez le lien que l'administrateur vous a donné.")
	if link == "" {
		return showSetup(ctx, v)
	}
	return keepLink(v, link[strings.LastIndexByte(link, '/')+1:])
}

func keepLink(v *pages.Visit, secret string) error {
	if !plainSecret(secret) {
		return v.Done("/premiere-connexion", "Ce lien n'est pas entier. Copiez-le en entier, puis collez-le ici.")
	}
	v.Keep(linkCookie, secret, linkLife)
	return v.Go("/premiere-connexion")
}

const longestSecret = 80

// plainSecret tells that a text may be a secret of ours: it goes into a cookie.
func plainSecret(s string) bool {
	return s != "" && len(s) <= longestSecret && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r != '_' && r != '-'
	})
}

// offer is what a first entry shows: the second factor to put into an authenticator.
type offer struct {
	User, Name, Secret, URI string
}

// Groups are the letters of the second factor as one types them.
func (o offer) Groups() string {
	var parts []string
	for part := range slices.Chunk([]byte(o.Secret), 4) {
		parts = append(parts, string(part))
	}
	return strings.Join(parts, " ")
}

// Link opens the authenticator of a telephone. The address is made by ourselves.
func (o offer) Link() template.URL { return template.URL(o.URI) } //nolint:gosec // G203: otpauth, of our own service

func showSetup(ctx context.Context, v *pages.Visit) error {
	for _, field := range []string{"password", "again"} {
		v.Form.Values.Del(field) // never sent back
	}
	sheet := pages.Sheet{Title: "Première connexion", Bare: true}
	secret := v.Kept(linkCookie)
	if secret == "" {
		return v.Show("entree_lien.html", sheet)
	}
	reply, err := v.Act(ctx, http.MethodPost, "/v1/setup_offers", map[string]string{"link": secret}, "")
	if err != nil {
		return withoutLink(v, err)
	}
	var made offer
	if err := json.Unmarshal(reply.Body, &made); err != nil {
		return err
	}
	sheet.Data = made
	return v.Show("entree_premiere.html", sheet)
}

// withoutLink asks for another link when this one opens nothing.
func withoutLink(v *pages.Visit, err error) error {
	if err = refused(v, err, "link"); err != nil {
		return err
	}
	v.Keep(linkCookie, "", 0)
	return v.Show("entree_lien.html", pages.Sheet{Title: "Première connexion", Bare: true})
}

func setUp(ctx context.Context, v *pages.Visit) error {
	password := v.Form.Values.Get("password")
	switch {
	case password == "":
		v.Form.Bad("password", "Choisissez un mot de passe.")
	case password != v.Form.Values.Get("again"):
		v.Form.Bad("again", "Les deux mots de passe sont différents : écrivez le même deux fois.")
	}
	code := v.Form.Need(codeWrong, "Écrivez le code que montre votre application.")
	if len(v.Form.Problems) > 0 {
		return showSetup(ctx, v)
	}
	_, err := v.Act(ctx, http.MethodPost, "/v1/setups", map[string]string{
		"link": v.Kept(linkCookie), "password": password, codeWrong: code,
	}, "")
	switch {
	case pages.Code(err) == noLink:
		return withoutLink(v, err)
	case pages.Code(err) == "login_refused":
		v.Form.Bad(codeWrong, "Ce code est faux ou a déjà servi : écrivez le suivant.")
		return showSetup(ctx, v)
	case err != nil:
		if err = v.Form.Refused(err); err != nil {
			return err
		}
		return showSetup(ctx, v)
	}
	v.Keep(linkCookie, "", 0)
	return v.Done(firstPage, "Votre accès est prêt. La prochaine fois, connectez-vous avec votre mot de passe et votre code.")
}
