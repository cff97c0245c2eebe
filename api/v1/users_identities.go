package v1

import (
	"context"
	"net/http"
	"time"

	"masp/api"
	"masp/api/auth/oidc"
)

// linked is a LinkedIdentity of the contract.
type linked struct {
	Issuer  string     `json:"issuer"`
	Subject string     `json:"subject,omitempty"`
	By      string     `json:"by,omitempty"`
	At      *time.Time `json:"at,omitempty"`
}

// provider is the one that is set, or any, whose issuer must be named.
func (h *House) provider() *oidc.Provider {
	if h.OIDC == nil {
		return &oidc.Provider{DB: h.DB}
	}
	return h.OIDC
}

func (h *House) listUserIdentities(ctx context.Context, c *api.Call) (api.Answer, error) {
	u, err := h.oneUser(ctx, c)
	if err != nil {
		return api.Answer{}, err
	}
	all, err := h.provider().Links(ctx, u.ID)
	if err != nil {
		return api.Answer{}, err
	}
	list := make([]linked, len(all))
	for i, l := range all {
		list[i] = linked{l.Issuer, l.Subject, l.By, &l.At}
	}
	return api.Paged(c, list, func(l linked) string { return l.Issuer }, ascending)
}

// linkIdentity makes an identity that of a user, who enters by it from now on.
func (h *House) linkIdentity(ctx context.Context, c *api.Call) (api.Answer, error) {
	return h.changeIdentity(ctx, c, func(p *oidc.Provider, user string, ask linked) error {
		return p.Link(ctx, c.Who, user, oidc.Identity{Issuer: ask.Issuer, Subject: ask.Subject})
	})
}

// unlinkIdentity takes the identity of an issuer from a user; his sessions stay until they are revoked.
func (h *House) unlinkIdentity(ctx context.Context, c *api.Call) (api.Answer, error) {
	return h.changeIdentity(ctx, c, func(p *oidc.Provider, user string, ask linked) error {
		return p.Unlink(ctx, c.Who, user, ask.Issuer)
	})
}

func (h *House) changeIdentity(ctx context.Context, c *api.Call, change func(*oidc.Provider, string, linked) error) (api.Answer, error) {
	var ask linked
	if err := c.Read(&ask); err != nil {
		return api.Answer{}, err
	}
	u, err := h.oneUser(ctx, c)
	if err != nil {
		return api.Answer{}, err
	}
	p := h.provider()
	if ask.Issuer == "" {
		ask.Issuer = p.Settings.Issuer
	}
	if err := change(p, u.ID, ask); err != nil {
		return api.Answer{}, err
	}
	return api.Answer{Status: http.StatusCreated, Body: ask}, nil
}
