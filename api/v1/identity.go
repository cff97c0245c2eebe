package v1

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"masp/api"
	"masp/api/auth"
	"masp/api/contract"
	"masp/ledger/civil"
)

func (h *House) identityOperations() []api.Operation {
	return []api.Operation{
		{ID: "getMe", Do: h.getMe, Alone: true},
		{ID: "createSession", Do: h.logIn, Alone: true},
		{ID: "listSessions", Action: auth.OwnIdentity, Do: h.listSessions, Alone: true},
		{ID: "endSession", Action: auth.OwnIdentity, Do: h.endSession},
		{ID: "logOut", Do: h.logOut},
		{ID: "showSetup", Do: h.showSetup},
		{ID: "completeSetup", Do: h.completeSetup, Alone: true},
		{ID: "changePassword", Action: auth.OwnIdentity, Do: h.changePassword, Alone: true},
		{ID: "createProof", Action: auth.OwnIdentity, Do: h.prove, Alone: true},
	}
}

// The kinds of sealed numbers of this file and its neighbours.
const (
	sessionKind = "ses"
	tokenKind   = "tok"
)

// me is an Identity of the contract: who has proved himself, and what he may do.
type me struct {
	User     string      `json:"user,omitempty"`
	Person   string      `json:"person,omitempty"`
	Name     string      `json:"name,omitempty"`
	Roles    []auth.Role `json:"roles"`
	Until    civil.Date  `json:"until,omitzero"`
	Means    auth.Means  `json:"means"`
	ProvedAt time.Time   `json:"proved_at,omitzero"`
	Rights   []right     `json:"rights"`
}

// right is one action and how far it goes.
type right struct {
	Action auth.Action `json:"action"`
	Reach  string      `json:"reach"`
}

func meOf(who auth.Principal) me {
	m := me{
		User: who.ID, Person: who.Beneficiary, Name: who.Name, Roles: who.Roles, Until: who.Until, Means: who.Means,
		ProvedAt: who.ProvedAt, Rights: []right{},
	}
	for _, a := range auth.Actions() {
		switch who.Reach(a) {
		case auth.Own:
			m.Rights = append(m.Rights, right{a, "own"})
		case auth.Whole:
			m.Rights = append(m.Rights, right{a, "whole"})
		}
	}
	return m
}

// getMe answers who asks: whoever has proved himself, whatever his token is for.
func (h *House) getMe(_ context.Context, c *api.Call) (api.Answer, error) {
	if c.Who.Means == auth.ByNobody {
		return api.Answer{}, &api.Fault{Status: http.StatusUnauthorized, Code: "unauthenticated"}
	}
	return api.Answer{Body: meOf(c.Who)}, nil
}

// logIn opens a session. A session that the browser had before ends: its secret is never used on.
func (h *House) logIn(ctx context.Context, c *api.Call) (api.Answer, error) {
	var ask struct{ User, Password, Code string }
	if err := c.Read(&ask); err != nil {
		return api.Answer{}, err
	}
	secret, who, err := h.Auth.Login(ctx, auth.LoginAsk{
		User: ask.User, Password: ask.Password, Code: ask.Code, Address: c.Address, Agent: c.Agent,
	})
	if err != nil {
		return api.Answer{}, err
	}
	if err := h.leave(ctx, c.Who); err != nil {
		return api.Answer{}, err
	}
	return h.entered(secret, who), nil
}

// entered gives a browser its new session.
func (h *House) entered(secret string, who auth.Principal) api.Answer {
	a := api.Answer{Status: http.StatusCreated, Body: meOf(who), Cookie: &api.Cookie{Secret: secret}}
	if who.Means == auth.BySession {
		a.Location = "/v1/sessions/" + h.sealKey(sessionKind, who.Key)
	}
	return a
}

// sealKey hides the number of a session or of a token.
func (h *House) sealKey(kind, key string) string {
	n, err := strconv.ParseInt(key, 10, 64)
	if err != nil {
		return ""
	}
	return h.seal.ID(kind, n)
}

func (h *House) openKey(kind, id string) (string, error) {
	n, err := h.seal.Number(kind, id)
	return strconv.FormatInt(n, 10), err
}

// leave ends what a browser was here with. A token is not of a browser: it stays.
func (h *House) leave(ctx context.Context, who auth.Principal) error {
	switch who.Means {
	case auth.BySession:
		return h.Auth.Logout(ctx, who)
	case auth.ByDevice:
		return h.Auth.Leave(ctx, who)
	}
	return nil
}

func (h *House) logOut(ctx context.Context, c *api.Call) (api.Answer, error) {
	return api.Answer{Cookie: &api.Cookie{}}, h.leave(ctx, c.Who)
}

// session is a Session of the contract.
type session struct {
	Session  string    `json:"session"`
	Since    time.Time `json:"since"`
	LastSeen time.Time `json:"last_seen"`
	Until    time.Time `json:"until"`
	Address  string    `json:"address"`
	Agent    string    `json:"agent"`
	Mine     bool      `json:"mine"`
}

func (h *House) listSessions(ctx context.Context, c *api.Call) (api.Answer, error) {
	of, err := ownOr(c, c.Query("user"))
	if err != nil {
		return api.Answer{}, err
	}
	all, err := h.Auth.SessionsOf(ctx, c.Who, of)
	if err != nil {
		return api.Answer{}, err
	}
	list := make([]session, 0, len(all))
	for _, s := range all {
		list = append(list, session{h.sealKey(sessionKind, s.Key), s.Since, s.LastSeen, s.Until, s.Address, s.Agent, s.Mine})
	}
	return api.Paged(c, list, func(s session) string { return inOrder(s.Since) + s.Session }, ascending)
}

// ownOr is the user that an admin names, or who asks. A trial knows no difference of roles in the
// database; here there is always one.
func ownOr(c *api.Call, named string) (string, error) {
	if named == "" || named == c.Who.ID {
		return c.Who.ID, nil
	}
	if !c.Who.Is(auth.Admin) {
		return "", auth.ErrRole
	}
	return named, nil
}

func (h *House) endSession(ctx context.Context, c *api.Call) (api.Answer, error) {
	key, err := h.openKey(sessionKind, c.Path("session"))
	if err != nil {
		return api.Answer{}, err
	}
	a := api.Answer{}
	if c.Who.Means == auth.BySession && c.Who.Key == key {
		a.Cookie = &api.Cookie{}
	}
	return a, h.Auth.EndSession(ctx, c.Who, key)
}

// prove takes a new code of a session's second factor: the session goes on under another secret.
func (h *House) prove(ctx context.Context, c *api.Call) (api.Answer, error) {
	var ask struct{ Code string }
	if err := c.Read(&ask); err != nil {
		return api.Answer{}, err
	}
	if c.Who.Means != auth.BySession {
		return api.Answer{}, noSession()
	}
	secret, who, err := h.Auth.StepUp(ctx, c.Who, ask.Code)
	if err != nil {
		return api.Answer{}, err
	}
	return h.entered(secret, who), nil
}

// noSession refuses what only somebody at his browser does.
func noSession() *api.Fault {
	return &api.Fault{Status: http.StatusConflict, Code: "no_session", Detail: contract.Text{
		French:  "Seule une session redonne sa preuve ; un jeton est une signature.",
		English: "Only a session proves itself again; a token is a signature.",
	}}
}

// inOrder is a moment as a text that sorts as it does.
func inOrder(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000000") }
