package v1

import (
	"context"
	"net/http"

	"masp/api"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// addAgreement notes that one mandate may pay the part of another.
func (h *House) addAgreement(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		For      string     `json:"for"`
		SignedOn civil.Date `json:"signed_on"`
		EndsOn   civil.Date `json:"ends_on"`
		Evidence string     `json:"evidence"`
	}
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	id := c.Path("mandate")
	if err := h.mandateSeen(ctx, c, id); err != nil {
		return api.Answer{}, err
	}
	if err := h.mandateSeen(ctx, c, body.For); err != nil {
		return api.Answer{}, unknownWhenMissing(err, "/for")
	}
	err := h.Mandates.Agree(ctx, c.Who, mandates.Agreement{
		Mandate: id, For: body.For, SignedOn: body.SignedOn, EndsOn: body.EndsOn, Evidence: body.Evidence,
	})
	return api.Answer{Status: http.StatusCreated, Body: struct {
		Mandate  string     `json:"mandate"`
		For      string     `json:"for"`
		SignedOn civil.Date `json:"signed_on"`
		EndsOn   civil.Date `json:"ends_on,omitzero"`
		Evidence string     `json:"evidence"`
	}{id, body.For, body.SignedOn, body.EndsOn, body.Evidence}}, err
}

// cover lets a mandate pay what is open of one due day of the part of another.
func (h *House) cover(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		Obligation string     `json:"obligation"`
		Day        civil.Date `json:"day"`
	}
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	id := c.Path("mandate")
	if err := h.mandateSeen(ctx, c, id); err != nil {
		return api.Answer{}, err
	}
	o, err := h.Mandates.Cover(ctx, c.Who, id, body.Obligation, body.Day)
	return api.Answer{Status: http.StatusCreated, Body: struct {
		Mandate    string       `json:"mandate"`
		Obligation string       `json:"obligation"`
		Amount     money.Amount `json:"amount"`
	}{id, o.ID, o.Amount}}, inBody(err, mandates.ErrNoObligation, "/obligation")
}

// petition fills in a petition to the judge, and refuses one that would be void; nothing is written.
func (h *House) petition(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		Mandate      string     `json:"mandate"`
		LastName     string     `json:"last_name"`
		FirstName    string     `json:"first_name"`
		Domicile     string     `json:"domicile"`
		Payers       []string   `json:"payers"`
		Landlord     string     `json:"landlord"`
		Grounds      string     `json:"grounds"`
		On           civil.Date `json:"on"`
		SignedBy     string     `json:"signed_by"`
		UnpaidMonths int        `json:"unpaid_months"`
	}
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	body.Mandate = c.Path("mandate")
	if err := h.mandateSeen(ctx, c, body.Mandate); err != nil {
		return api.Answer{}, err
	}
	p, err := h.Mandates.Petition(ctx, body.Mandate, mandates.Petition{
		Domicile: body.Domicile, Payers: body.Payers, Landlord: body.Landlord, Grounds: body.Grounds, On: body.On,
		SignedBy: body.SignedBy,
	})
	body.LastName, body.FirstName, body.UnpaidMonths = p.LastName, p.FirstName, p.UnpaidMonths
	return api.Answer{Body: body}, err
}
