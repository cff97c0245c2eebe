package v1

import (
	"context"
	"net/http"
	"slices"
	"time"

	"masp/api"
	"masp/api/auth"
	"masp/ledger/civil"
)

func (h *House) tokenOperations() []api.Operation {
	return []api.Operation{
		{ID: "listTokens", Action: auth.OwnIdentity, Do: h.listTokens, Alone: true},
		{ID: "createToken", Action: auth.OwnIdentity, Do: h.createToken},
		{ID: "revokeToken", Action: auth.OwnIdentity, Do: h.revokeToken},
	}
}

// token is a Token of the contract, without its secret.
type token struct {
	Token  string        `json:"token"`
	Name   string        `json:"name"`
	Scopes []auth.Action `json:"scopes,omitempty"`
	Since  time.Time     `json:"since"`
	Until  time.Time     `json:"until"`
	Mine   bool          `json:"mine"`
}

func (h *House) listTokens(ctx context.Context, c *api.Call) (api.Answer, error) {
	of, err := ownOr(c, c.Query("user"))
	if err != nil {
		return api.Answer{}, err
	}
	all, err := h.Auth.Tokens(ctx, c.Who, of)
	if err != nil {
		return api.Answer{}, err
	}
	list := make([]token, 0, len(all))
	for _, t := range all {
		list = append(list, token{h.sealKey(tokenKind, t.Key), t.Name, t.Scopes, t.Since, t.Until, t.Mine})
	}
	return api.Paged(c, list, func(t token) string { return inOrder(t.Since) + t.Token }, ascending)
}

// createToken makes a token of one's own; an admin may name a program. The command line of a trial
// gives those of persons; here nobody does.
func (h *House) createToken(ctx context.Context, c *api.Call) (api.Answer, error) {
	var ask struct {
		User   string        `json:"user"`
		Name   string        `json:"name"`
		Scopes []auth.Action `json:"scopes"`
		Until  civil.Date    `json:"until"`
	}
	if err := c.Read(&ask); err != nil {
		return api.Answer{}, err
	}
	of, err := ownOr(c, ask.User)
	if err != nil {
		return api.Answer{}, err
	}
	if of != c.Who.ID {
		if err := h.isProgram(ctx, of); err != nil {
			return api.Answer{}, err
		}
	}
	secret, err := h.Auth.NewToken(ctx, c.Who, auth.TokenAsk{User: of, Name: ask.Name, Scopes: ask.Scopes, Until: ask.Until})
	if err != nil {
		return api.Answer{}, err
	}
	return api.Answer{Status: http.StatusCreated, Body: wayIn{User: of, Token: secret}}, nil
}

// isProgram refuses a user who is a person: auth.ErrOwnToken.
func (h *House) isProgram(ctx context.Context, user string) error {
	all, err := h.Auth.List(ctx)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(u auth.User) bool { return u.ID == user })
	if at < 0 {
		return auth.ErrNoUser
	}
	if !slices.Equal(all[at].Roles, []auth.Role{auth.Machine}) {
		return auth.ErrOwnToken
	}
	return nil
}

func (h *House) revokeToken(ctx context.Context, c *api.Call) (api.Answer, error) {
	key, err := h.openKey(tokenKind, c.Path("token"))
	if err != nil {
		return api.Answer{}, err
	}
	return api.Answer{}, h.Auth.EndToken(ctx, c.Who, key)
}
