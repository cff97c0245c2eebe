package admin

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"masp/api/pages"
	"masp/ledger/civil"
)

type session struct {
	Session, Address, Agent string
	Since                   time.Time
	LastSeen                time.Time `json:"last_seen"`
	Mine                    bool
}

// Device is the browser and the machine, as people call them.
func (s session) Device() string { return pages.Device(s.Agent) }

type token struct {
	Token, Name  string
	Since, Until time.Time
	Mine         bool
}

// Ends is the last day of a token.
func (t token) Ends() civil.Date { return civil.FromTime(t.Until, civil.Paris) }

// openPage is what is open in the name of a user.
type openPage struct {
	user
	Sessions []session
	Tokens   []token
}

func showOpen(ctx context.Context, v *pages.Visit) error {
	u, _, err := readUser(ctx, v)
	if err != nil {
		return err
	}
	data := openPage{user: u}
	if data.Sessions, err = pages.All[session](ctx, v, "/v1/sessions"+of(u.User)); err != nil {
		return err
	}
	if data.Tokens, err = pages.All[token](ctx, v, "/v1/tokens"+of(u.User)); err != nil {
		return err
	}
	return v.Show("admin_acces.html", pages.Sheet{Title: "Accès ouverts, " + u.Name, Data: data, Back: u.Path()})
}

// closed ends one thing, and goes back to what is still open. What has ended meanwhile is ended.
func closed(ctx context.Context, v *pages.Visit, target, say string) error {
	_, err := v.Act(ctx, http.MethodDelete, target, nil, "")
	if err != nil && pages.Code(err) != "not_found" {
		return err
	}
	return v.Done(user{User: v.Path("user")}.Path()+"/acces", say)
}

func endSession(ctx context.Context, v *pages.Visit) error {
	return closed(ctx, v, "/v1/sessions/"+url.PathEscape(v.Path("session")), "Cette connexion est fermée.")
}

func endToken(ctx context.Context, v *pages.Visit) error {
	return closed(ctx, v, "/v1/tokens/"+url.PathEscape(v.Path("token")), "Ce jeton ne vaut plus rien.")
}

// endAll ends every way in that is open: the password and the second factor stay.
func endAll(ctx context.Context, v *pages.Visit) error {
	u := user{User: v.Path("user")}
	if _, err := v.Act(ctx, http.MethodPost, u.asked()+"/revocations", nil, ""); err != nil {
		return err
	}
	return v.Done(u.Path()+"/acces", "Tous les accès ouverts sont fermés.")
}
