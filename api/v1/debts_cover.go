package v1

import (
	"context"
	"net/http"

	"masp/api"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// agreement is a CoverAgreement of the contract.
type agreement struct {
	Mandate  string     `json:"mandate"`
	For      string     `json:"for"`
	SignedOn civil.Date `json:"signed_on"`
	EndsOn   civil.Date `json:"ends_on,omitzero"`
	Evidence string     `json:"evidence"`
}

func agreementOf(g mandates.Agreement) agreement { return agreement(g) }

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
	signed := mandates.Agreement{
		Mandate: id, For: body.For, SignedOn: body.SignedOn, EndsOn: body.EndsOn, Evidence: body.Evidence,
	}
	err := h.Mandates.Agree(ctx, c.Who, signed)
	return api.Answer{Status: http.StatusCreated, Body: agreementOf(signed)}, err
}

// listAgreements shows for whom a mandate may pay, and by which paper.
func (h *House) listAgreements(ctx context.Context, c *api.Call) (api.Answer, error) {
	id, err := h.mandateRead(ctx, c)
	if err != nil {
		return api.Answer{}, err
	}
	all, err := h.Mandates.Agreements(ctx, id)
	if err != nil {
		return api.Answer{}, err
	}
	answer, err := api.Paged(c, each(all, agreementOf), func(g agreement) string { return g.SignedOn.String() + " " + g.For }, ascending)
	answer.Persons = []string{id}
	return answer, err
}

// seizureFloor is a SeizureFloor of the contract.
type seizureFloor struct {
	From   civil.Date   `json:"from"`
	Amount money.Amount `json:"amount"`
}

// listFloors shows what no seizure takes, from which day on.
func (h *House) listFloors(ctx context.Context, c *api.Call) (api.Answer, error) {
	all, err := h.Mandates.SeizureFloors(ctx)
	if err != nil {
		return api.Answer{}, err
	}
	shown := each(all, func(f mandates.SeizureFloor) seizureFloor { return seizureFloor(f) })
	return api.Paged(c, shown, func(f seizureFloor) string { return f.From.String() }, ascending)
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
