package v1

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"masp/api"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// aidRequest is an AidRequest of the contract.
type aidRequest struct {
	Request   int              `json:"request"`
	AskedOn   civil.Date       `json:"asked_on"`
	AskedOf   string           `json:"asked_of"`
	Purpose   string           `json:"purpose"`
	Amount    money.Amount     `json:"amount,omitzero"`
	DecidedOn civil.Date       `json:"decided_on,omitzero"`
	Outcome   mandates.Outcome `json:"outcome,omitempty"`
}

func (h *House) requestsSeen(ctx context.Context, c *api.Call) ([]aidRequest, error) {
	id := c.Path("mandate")
	if err := h.mandateSeen(ctx, c, id); err != nil {
		return nil, err
	}
	all, err := h.Mandates.Requests(ctx, id)
	found := make([]aidRequest, 0, len(all))
	for _, r := range all {
		found = append(found, aidRequest{r.No, r.AskedOn, r.AskedOf, r.Purpose, r.Amount, r.DecidedOn, r.Outcome})
	}
	return found, err
}

func (h *House) listRequests(ctx context.Context, c *api.Call) (api.Answer, error) {
	all, err := h.requestsSeen(ctx, c)
	if err != nil {
		return api.Answer{}, err
	}
	found := make([]numbered[aidRequest], 0, len(all))
	for _, r := range all {
		found = append(found, numbered[aidRequest]{r.Request, r})
	}
	a, err := pagedInOrder(c, found)
	a.Persons = []string{c.Path("mandate")}
	return a, err
}

// newRequest answers a request as it stands now.
func (h *House) newRequest(ctx context.Context, c *api.Call, number int) (api.Answer, error) {
	all, err := h.requestsSeen(ctx, c)
	at := slices.IndexFunc(all, func(r aidRequest) bool { return r.Request == number })
	if err != nil || at < 0 {
		return api.Answer{}, err
	}
	return api.Answer{Status: http.StatusCreated, Body: all[at]}, nil
}

func (h *House) askAid(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body aidRequest
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	id := c.Path("mandate")
	if err := h.mandateSeen(ctx, c, id); err != nil {
		return api.Answer{}, err
	}
	number, err := h.Mandates.AskAid(ctx, c.Who, id, mandates.AidRequest{
		AskedOn: body.AskedOn, AskedOf: body.AskedOf, Purpose: body.Purpose, Amount: body.Amount,
	})
	if err != nil {
		return api.Answer{}, err
	}
	return h.newRequest(ctx, c, number)
}

// decideAid notes what became of a request, once: a second decision finds it decided.
func (h *House) decideAid(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		On      civil.Date       `json:"on"`
		Outcome mandates.Outcome `json:"outcome"`
	}
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	all, err := h.requestsSeen(ctx, c)
	if err != nil {
		return api.Answer{}, err
	}
	number, err := strconv.Atoi(c.Path("request"))
	if err != nil || !slices.ContainsFunc(all, func(r aidRequest) bool { return r.Request == number }) {
		return api.Answer{}, api.NotFound()
	}
	if err := h.Mandates.DecideAid(ctx, c.Who, c.Path("mandate"), number, body.Outcome, body.On); err != nil {
		return api.Answer{}, err
	}
	return h.newRequest(ctx, c, number)
}
