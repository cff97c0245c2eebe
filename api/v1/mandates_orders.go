package v1

import (
	"context"
	"net/http"

	"masp/api"
	"masp/api/auth"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// orderOperations are what others decide about a measure, and the money that is set aside in it.
func (h *House) orderOperations() []api.Operation {
	return []api.Operation{
		{ID: "listDirectPayments", Action: auth.ReadPersons, Do: h.listDirectPayments},
		{ID: "orderDirectPayment", Action: auth.WritePersons, Do: h.orderDirectPayment},
		{ID: "endDirectPayment", Action: auth.WritePersons, Do: h.endDirectPayment},
		{ID: "releaseReserve", Action: auth.WritePersons, Do: h.releaseReserve},
	}
}

// directPayment is an order of the judge: a benefit goes straight to the landlord.
type directPayment struct {
	Judgment   string     `json:"judgment"`
	Benefit    string     `json:"benefit"`
	Obligation string     `json:"obligation"`
	Start      civil.Date `json:"start"`
	End        civil.Date `json:"end"`
	OrderedTo  civil.Date `json:"ordered_to,omitzero"`
	EndedBy    string     `json:"ended_by,omitempty"`
}

func (h *House) listDirectPayments(ctx context.Context, c *api.Call) (api.Answer, error) {
	id, err := h.mandateRead(ctx, c)
	if err != nil {
		return api.Answer{}, err
	}
	all, err := h.Mandates.DirectPayments(ctx, id)
	if err != nil {
		return api.Answer{}, err
	}
	shown := each(all, func(o mandates.Order) directPayment {
		return directPayment{
			Judgment: o.Judgment, Benefit: o.Benefit, Obligation: o.Obligation, Start: o.Start, End: o.End,
			OrderedTo: o.OrderedTo, EndedBy: o.LiftedBy,
		}
	})
	answer, err := api.Paged(c, shown, func(o directPayment) string { return o.Start.String() }, ascending)
	answer.Persons = []string{id}
	return answer, err
}

func (h *House) orderDirectPayment(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body directPayment
	id, err := h.inHand(ctx, c, &body)
	if err != nil {
		return api.Answer{}, err
	}
	err = h.Mandates.OrderDirectPayment(ctx, c.Who, id, mandates.DirectPayment{
		Judgment: body.Judgment, Benefit: body.Benefit, Obligation: body.Obligation, Start: body.Start, End: body.End,
	})
	return api.Answer{Status: http.StatusCreated, Location: "/v1/mandates/" + id + "/direct_payments", Body: body}, err
}

func (h *House) endDirectPayment(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		LastDay  civil.Date `json:"last_day"`
		Judgment string     `json:"judgment"`
	}
	id, err := h.inHand(ctx, c, &body)
	if err != nil {
		return api.Answer{}, err
	}
	if err := h.Mandates.EndDirectPayment(ctx, c.Who, id, body.LastDay, body.Judgment); err != nil {
		return api.Answer{}, err
	}
	return h.changed(ctx, http.StatusCreated, id)
}

func (h *House) releaseReserve(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		Amount money.Amount `json:"amount"` // left out: all of it
		saidWhy
	}
	id, err := h.inHand(ctx, c, &body)
	if err != nil {
		return api.Answer{}, err
	}
	released, left, err := h.Mandates.ReleaseReserve(ctx, c.Who, id, body.Amount, body.Reason)
	return api.Answer{Status: http.StatusCreated, Location: "/v1/mandates/" + id, Body: struct {
		Mandate  string       `json:"mandate"`
		Released money.Amount `json:"released"`
		Left     money.Amount `json:"left"`
	}{id, released, left}}, err
}
