package entry

import (
	"context"
	"net/http"
	"strings"
	"time"

	"masp/api/pages"
	"masp/ledger/civil"
)

type session struct {
	Session, Address, Agent string
	Since, Until            time.Time
	LastSeen                time.Time `json:"last_seen"`
	Mine                    bool
}

// Device is the browser and the machine of a session, as people call them.
func (s session) Device() string {
	return nameOf(s.Agent, "Navigateur", browsers) + nameOf(s.Agent, "", machines)
}

// The names that browsers give themselves, the more telling before the more common.
var (
	browsers = [][2]string{{"Firefox", "Firefox"}, {"Edg", "Edge"}, {"OPR", "Opera"}, {"Chrome", "Chrome"}, {"Safari", "Safari"}}
	machines = [][2]string{
		{"Android", " sur Android"},
		{"iPhone", " sur iPhone"},
		{"iPad", " sur iPad"},
		{"Windows", " sur Windows"},
		{"Mac OS", " sur Mac"},
		{"Linux", " sur Linux"},
	}
)

func nameOf(agent, otherwise string, names [][2]string) string {
	for _, n := range names {
		if strings.Contains(agent, n[0]) {
			return n[1]
		}
	}
	return otherwise
}

type token struct {
	Token, Name  string
	Since, Until time.Time
	Mine         bool
}

// Ends is the last day of a token.
func (t token) Ends() civil.Date { return civil.FromTime(t.Until, civil.Paris) }

// openHere is what is open in the name of a reader.
type openHere struct {
	Sessions []session
	Tokens   []token
}

func showOwn(ctx context.Context, v *pages.Visit) (err error) {
	var open openHere
	if open.Sessions, err = pages.All[session](ctx, v, "/v1/sessions"); err != nil {
		return err
	}
	if open.Tokens, err = pages.All[token](ctx, v, "/v1/tokens"); err != nil {
		return err
	}
	return v.Show("entree_compte.html", pages.Sheet{Title: "Mon compte", Data: open})
}

func endSession(ctx context.Context, v *pages.Visit) error {
	if _, err := v.Act(ctx, http.MethodDelete, "/v1/sessions/"+v.Path("session"), nil, ""); err != nil {
		return err
	}
	return v.Done("/mon-compte", "Cette connexion est fermée.")
}

// endSessions ends all of the reader's sessions, this one at last.
func endSessions(ctx context.Context, v *pages.Visit) error {
	all, err := pages.All[session](ctx, v, "/v1/sessions")
	if err != nil {
		return err
	}
	for _, s := range all {
		if s.Mine {
			continue
		}
		if _, err := v.Act(ctx, http.MethodDelete, "/v1/sessions/"+s.Session, nil, ""); err != nil {
			return err
		}
	}
	if _, err := v.Act(ctx, http.MethodDelete, "/v1/session", nil, ""); err != nil {
		return err
	}
	return v.Done(firstPage, "Toutes vos connexions sont fermées.")
}

func endToken(ctx context.Context, v *pages.Visit) error {
	if _, err := v.Act(ctx, http.MethodDelete, "/v1/tokens/"+v.Path("token"), nil, ""); err != nil {
		return err
	}
	return v.Done("/mon-compte", "Ce jeton ne vaut plus rien.")
}
