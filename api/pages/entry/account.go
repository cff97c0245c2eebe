package entry

import (
	"context"
	"net/http"
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
func (s session) Device() string { return pages.Device(s.Agent) }

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
