package v1

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"masp/api"
	"masp/api/auth"
	"masp/ledger/civil"
)

func (h *House) userOperations() []api.Operation {
	return []api.Operation{
		{ID: "listUsers", Action: auth.ReadUsers, Do: h.listUsers},
		{ID: "inviteUser", Action: auth.WriteUsers, Do: h.inviteUser},
		{ID: "getUser", Action: auth.ReadUsers, Do: h.getUser},
		{ID: "changeUser", Action: auth.WriteUsers, Do: h.changeUser, Of: "getUser"},
		{ID: "disableUser", Action: auth.WriteUsers, Do: h.disableUser, Of: "getUser"},
		{ID: "resetUser", Action: auth.WriteUsers, Do: h.resetUser},
		{ID: "revokeUser", Action: auth.WriteUsers, Do: h.revokeUser},
		{ID: "listUserIdentities", Action: auth.ReadUsers, Do: h.listUserIdentities},
		{ID: "linkIdentity", Action: auth.WriteUsers, Do: h.linkIdentity},
		{ID: "unlinkIdentity", Action: auth.WriteUsers, Do: h.unlinkIdentity},
		{ID: "listCaseloads", Action: auth.ReadUsers, Do: h.listCaseloads},
		{ID: "assignCaseload", Action: auth.WriteUsers, Do: h.assignCaseload},
		{ID: "releaseCaseload", Action: auth.WriteUsers, Do: h.releaseCaseload},
		{ID: "listAuditMissions", Action: auth.ReadUsers, Do: h.listMissions},
		{ID: "getAuditMission", Action: auth.ReadUsers, Do: h.getMission},
		{ID: "putAuditMission", Action: auth.WriteUsers, Do: h.putMission, Of: "getAuditMission"},
	}
}

// user is a User of the contract.
type user struct {
	User     string      `json:"user"`
	Name     string      `json:"name"`
	Roles    []auth.Role `json:"roles"`
	Email    string      `json:"email,omitempty"`
	Until    civil.Date  `json:"until,omitzero"`
	Disabled bool        `json:"disabled"`
}

func userOf(u auth.User) user { return user{u.ID, u.Name, u.Roles, u.Email, u.Until, u.Disabled} }

func (h *House) listUsers(ctx context.Context, c *api.Call) (api.Answer, error) {
	all, err := h.Auth.List(ctx)
	if err != nil {
		return api.Answer{}, err
	}
	list := make([]user, 0, len(all))
	for _, u := range all {
		if !c.Has("role") || slices.Contains(u.Roles, auth.Role(c.Query("role"))) {
			list = append(list, userOf(u))
		}
	}
	return api.Paged(c, list, func(u user) string { return u.User }, ascending)
}

// oneUser finds a user by the path.
func (h *House) oneUser(ctx context.Context, c *api.Call) (auth.User, error) {
	all, err := h.Auth.List(ctx)
	if err != nil {
		return auth.User{}, err
	}
	at := slices.IndexFunc(all, func(u auth.User) bool { return u.ID == c.Path("user") })
	if at < 0 {
		return auth.User{}, api.NotFound()
	}
	return all[at], nil
}

func (h *House) getUser(ctx context.Context, c *api.Call) (api.Answer, error) {
	u, err := h.oneUser(ctx, c)
	return api.Answer{Body: userOf(u)}, err
}

// wayIn is a WayIn of the contract: shown once, kept nowhere.
type wayIn struct {
	User      string `json:"user"`
	SetupLink string `json:"setup_link,omitempty"`
	Token     string `json:"token,omitempty"`
}

// setupLink is the address that a person opens.
func (h *House) setupLink(secret string) string {
	return strings.TrimSuffix(h.BaseURL, "/") + "/entrer/" + secret
}

// inviteUser makes a user and his way in: a setup link, of a program a token.
func (h *House) inviteUser(ctx context.Context, c *api.Call) (api.Answer, error) {
	var ask user
	if err := c.Read(&ask); err != nil {
		return api.Answer{}, err
	}
	u := auth.User{ID: ask.User, Name: ask.Name, Roles: ask.Roles, Email: strings.ToLower(ask.Email), Until: ask.Until}
	way := wayIn{User: u.ID}
	if slices.Contains(u.Roles, auth.Machine) {
		token, err := h.Auth.Add(ctx, c.Who, u)
		if err != nil {
			return api.Answer{}, err
		}
		way.Token = token
	} else {
		secret, err := h.Auth.Invite(ctx, c.Who, u)
		if err != nil {
			return api.Answer{}, err
		}
		way.SetupLink = h.setupLink(secret)
	}
	return api.Answer{Status: http.StatusCreated, Body: way, Location: "/v1/users/" + u.ID}, nil
}

// changeUser gives a user other roles and another last day; his sessions end.
func (h *House) changeUser(ctx context.Context, c *api.Call) (api.Answer, error) {
	var ask struct {
		Roles []auth.Role `json:"roles"`
		Until civil.Date  `json:"until"`
	}
	if err := c.Read(&ask); err != nil {
		return api.Answer{}, err
	}
	if err := h.Auth.SetRoles(ctx, c.Who, c.Path("user"), ask.Roles, ask.Until); err != nil {
		return api.Answer{}, err
	}
	return h.getUser(ctx, c)
}

func (h *House) disableUser(ctx context.Context, c *api.Call) (api.Answer, error) {
	return api.Answer{}, h.Auth.Disable(ctx, c.Who, c.Path("user"))
}

func (h *House) resetUser(ctx context.Context, c *api.Call) (api.Answer, error) {
	secret, err := h.Auth.Reset(ctx, c.Who, c.Path("user"))
	if err != nil {
		return api.Answer{}, err
	}
	return api.Answer{Status: http.StatusCreated, Body: wayIn{User: c.Path("user"), SetupLink: h.setupLink(secret)}}, nil
}

func (h *House) revokeUser(ctx context.Context, c *api.Call) (api.Answer, error) {
	if _, err := h.oneUser(ctx, c); err != nil {
		return api.Answer{}, err
	}
	n, err := h.Auth.Revoke(ctx, c.Who, c.Path("user"))
	if err != nil {
		return api.Answer{}, err
	}
	return api.Answer{Status: http.StatusCreated, Body: struct {
		User    string `json:"user"`
		Revoked int    `json:"revoked"`
	}{c.Path("user"), n}}, nil
}
