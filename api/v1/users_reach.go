package v1

import (
	"context"
	"net/http"
	"slices"

	"masp/api"
	"masp/api/auth"
	"masp/ledger/civil"
)

// caseOf is a Case of the contract: a mandate in a caseload.
type caseOf struct {
	User    string     `json:"user"`
	Mandate string     `json:"mandate"`
	From    civil.Date `json:"from"`
	Until   civil.Date `json:"until,omitzero"`
}

func (h *House) listCaseloads(ctx context.Context, c *api.Call) (api.Answer, error) {
	all, err := h.Auth.Caseload(ctx, c.Query("user"))
	if err != nil {
		return api.Answer{}, err
	}
	list := make([]caseOf, 0, len(all))
	for _, one := range all {
		list = append(list, caseOf(one))
	}
	return api.Paged(c, list, func(o caseOf) string { return o.User + "\x00" + o.Mandate + "\x00" + o.From.String() }, ascending)
}

// caseloadAsk names mandates of a coordinator.
type caseloadAsk struct {
	User     string     `json:"user"`
	Mandates []string   `json:"mandates"`
	From     civil.Date `json:"from"`
	Until    civil.Date `json:"until"`
}

func (h *House) assignCaseload(ctx context.Context, c *api.Call) (api.Answer, error) {
	var ask caseloadAsk
	if err := c.Read(&ask); err != nil {
		return api.Answer{}, err
	}
	n, err := h.Auth.Assign(ctx, c.Who, ask.User, ask.Mandates, ask.From, ask.Until)
	return changed(n), err
}

func (h *House) releaseCaseload(ctx context.Context, c *api.Call) (api.Answer, error) {
	var ask caseloadAsk
	if err := c.Read(&ask); err != nil {
		return api.Answer{}, err
	}
	n, err := h.Auth.Release(ctx, c.Who, ask.User, ask.Mandates)
	return changed(n), err
}

// changed tells how many it was.
func changed(n int) api.Answer {
	return api.Answer{Status: http.StatusCreated, Body: struct {
		Changed int `json:"changed"`
	}{n}}
}

// mission is an AuditMission of the contract.
type mission struct {
	User        string     `json:"user"`
	Departments []string   `json:"departments"`
	From        civil.Date `json:"from,omitzero"`
	Until       civil.Date `json:"until,omitzero"`
}

func missionOf(m auth.Mission) mission {
	return mission{m.User, append([]string{}, m.Departments...), m.From, m.Until}
}

func (h *House) listMissions(ctx context.Context, c *api.Call) (api.Answer, error) {
	all, err := h.Auth.Missions(ctx)
	if err != nil {
		return api.Answer{}, err
	}
	list := make([]mission, 0, len(all))
	for _, m := range all {
		list = append(list, missionOf(m))
	}
	return api.Paged(c, list, func(m mission) string { return m.User }, ascending)
}

// getMission is what an auditor may see: of one without a mission, nothing.
func (h *House) getMission(ctx context.Context, c *api.Call) (api.Answer, error) {
	u, err := h.oneUser(ctx, c)
	if err != nil {
		return api.Answer{}, err
	}
	if !slices.Contains(u.Roles, auth.Auditor) {
		return api.Answer{}, api.NotFound()
	}
	all, err := h.Auth.Missions(ctx)
	if err != nil {
		return api.Answer{}, err
	}
	for _, m := range all {
		if m.User == u.ID {
			return api.Answer{Body: missionOf(m)}, nil
		}
	}
	return api.Answer{Body: missionOf(auth.Mission{User: u.ID})}, nil
}

func (h *House) putMission(ctx context.Context, c *api.Call) (api.Answer, error) {
	var ask mission
	if err := c.Read(&ask); err != nil {
		return api.Answer{}, err
	}
	err := h.Auth.Audits(ctx, c.Who, auth.Mission{
		User: c.Path("user"), Departments: ask.Departments, From: ask.From, Until: ask.Until,
	})
	if err != nil {
		return api.Answer{}, err
	}
	return h.getMission(ctx, c)
}
