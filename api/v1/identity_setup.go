package v1

import (
	"context"
	"strings"

	"masp/api"
	"masp/api/auth"
)

// setupOffer is a SetupOffer of the contract: a secret of the person, never kept.
type setupOffer struct {
	User   string `json:"user"`
	Name   string `json:"name"`
	Secret string `json:"secret"`
	URI    string `json:"uri"`
}

// showSetup answers what a setup link asks for; it uses nothing up. The link is in the body: an
// address stands in logs.
func (h *House) showSetup(ctx context.Context, c *api.Call) (api.Answer, error) {
	var ask struct{ Link string }
	if err := c.Read(&ask); err != nil {
		return api.Answer{}, err
	}
	o, err := h.Auth.Setup(ctx, secretOf(ask.Link))
	if err != nil {
		return api.Answer{}, err
	}
	return api.Answer{Body: setupOffer{o.User.ID, o.User.Name, o.Secret, o.URI}}, nil
}

// secretOf is the secret of a setup link, with or without the address before it.
func secretOf(link string) string { return link[strings.LastIndexByte(link, '/')+1:] }

// completeSetup uses a setup link up and opens the first session.
func (h *House) completeSetup(ctx context.Context, c *api.Call) (api.Answer, error) {
	var ask struct{ Link, Password, Code string }
	if err := c.Read(&ask); err != nil {
		return api.Answer{}, err
	}
	secret, who, err := h.Auth.Complete(ctx, auth.SetupAsk{
		Link: secretOf(ask.Link), Password: ask.Password, Code: ask.Code, Address: c.Address, Agent: c.Agent,
	})
	if err != nil {
		return api.Answer{}, err
	}
	if err := h.leave(ctx, c.Who); err != nil {
		return api.Answer{}, err
	}
	return h.entered(secret, who), nil
}

// changePassword gives who is here another password, for the current one. Other browsers of his are out.
func (h *House) changePassword(ctx context.Context, c *api.Call) (api.Answer, error) {
	var ask struct{ Current, Password string }
	if err := c.Read(&ask); err != nil {
		return api.Answer{}, err
	}
	if c.Who.Means != auth.BySession {
		return api.Answer{}, noSession()
	}
	secret, who, err := h.Auth.ChangePassword(ctx, c.Who, auth.PasswordAsk{Current: ask.Current, New: ask.Password})
	if err != nil {
		return api.Answer{}, err
	}
	return h.entered(secret, who), nil
}
