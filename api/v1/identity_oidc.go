package v1

import (
	"context"
	"net/http"
	"net/url"

	"masp/api"
	"masp/api/auth"
	"masp/api/auth/oidc"
)

func (h *House) oidcOperations() []api.Operation {
	return []api.Operation{
		{ID: "beginOidcLogin", Do: h.beginElsewhere, Alone: true},
		{ID: "finishOidcLogin", Do: h.finishElsewhere, Alone: true},
	}
}

// elsewhere is the provider of identities. HEAD begins and finishes nothing.
func (h *House) elsewhere(c *api.Call) (*oidc.Provider, error) {
	switch {
	case c.HeadOnly:
		return nil, &api.Fault{Status: http.StatusMethodNotAllowed, Code: "method_not_allowed", Allow: http.MethodGet}
	case h.OIDC == nil:
		return nil, oidc.ErrOff
	}
	return h.OIDC, nil
}

// beginElsewhere sends a browser to the provider of identities; with `again` its session is proved anew.
func (h *House) beginElsewhere(ctx context.Context, c *api.Call) (api.Answer, error) {
	p, err := h.elsewhere(c)
	if err != nil {
		return api.Answer{}, err
	}
	begin := p.Begin
	if c.Query("again") == "true" {
		if c.Who.Means != auth.BySession {
			return api.Answer{}, auth.ErrUnknown
		}
		begin = func(ctx context.Context) (string, string, error) { return p.BeginAgain(ctx, c.Who) }
	}
	to, binding, err := begin(ctx)
	if err != nil {
		return api.Answer{}, err
	}
	return api.Answer{Status: http.StatusSeeOther, Location: to, Binding: &api.Cookie{Secret: binding}}, nil
}

// sentBack are the parameters with which providers send a browser back.
var sentBack = []string{"state", "code", "iss", "error", "error_description"}

// finishElsewhere opens the session of whom the provider has proved, and sends the browser home. Its
// session of before ends: replaced when it was the same user's.
func (h *House) finishElsewhere(ctx context.Context, c *api.Call) (api.Answer, error) {
	p, err := h.elsewhere(c)
	if err != nil {
		return api.Answer{}, err
	}
	said := url.Values{}
	for _, name := range sentBack {
		if c.Has(name) {
			said.Set(name, c.Query(name))
		}
	}
	id, err := p.Finish(ctx, said, c.Binding)
	if err != nil {
		return api.Answer{}, err
	}
	e := auth.Elsewhere{Issuer: id.Issuer, Subject: id.Subject, ProvedAt: id.ProvedAt, Address: c.Address, Agent: c.Agent}
	same := c.Who.Means == auth.BySession && c.Who.ID == id.User
	if same {
		e.Instead = c.Who
	}
	secret, err := h.Auth.OpenSession(ctx, e)
	if err != nil {
		return api.Answer{}, err
	}
	if !same {
		if err := h.leave(ctx, c.Who); err != nil {
			return api.Answer{}, err
		}
	}
	return api.Answer{
		Status: http.StatusSeeOther, Location: "/", Cookie: &api.Cookie{Secret: secret}, Binding: &api.Cookie{},
	}, nil
}
