package v1

import (
	"context"
	"net/http"

	"masp/api"
	"masp/api/auth"
	"masp/ledger/civil"
	"masp/payments/worklist"
)

// payerChange is a PayerChange of the contract.
type payerChange struct {
	Mandate     string             `json:"mandate"`
	Payer       string             `json:"payer"`
	Direction   worklist.Direction `json:"direction"`
	RequestedOn civil.Date         `json:"requested_on"`
	RequestedBy string             `json:"requested_by"`
	ConfirmedOn civil.Date         `json:"confirmed_on,omitzero"`
	ConfirmedBy string             `json:"confirmed_by,omitempty"`
}

// listPayerChanges shows what the payers were asked: what is not confirmed first, then the newest.
func (h *House) listPayerChanges(ctx context.Context, c *api.Call) (api.Answer, error) {
	all, err := h.Worklist.PayerChanges(ctx, c.Query("mandate"))
	if err == nil {
		all, err = within(ctx, h, c, all, func(p worklist.PayerChange) string { return p.Mandate })
	}
	if err != nil {
		return api.Answer{}, err
	}
	found := make([]numbered[payerChange], 0, len(all))
	for i, p := range all {
		found = append(found, numbered[payerChange]{i + 1, payerChange(p)})
	}
	return pagedInOrder(c, found)
}

func (h *House) askPayer(ctx context.Context, c *api.Call) (api.Answer, error) {
	return h.payerNews(ctx, c, h.Worklist.AskPayer)
}

func (h *House) confirmPayer(ctx context.Context, c *api.Call) (api.Answer, error) {
	return h.payerNews(ctx, c, h.Worklist.ConfirmPayer)
}

// payerNews notes what a payer was told or has said, and answers the newest of that kind.
func (h *House) payerNews(
	ctx context.Context, c *api.Call, note func(context.Context, auth.Principal, worklist.PayerNews) error,
) (api.Answer, error) {
	var body struct {
		Mandate   string             `json:"mandate"`
		Payer     string             `json:"payer"`
		Direction worklist.Direction `json:"direction"`
		On        civil.Date         `json:"on"`
	}
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	if err := h.mandateSeen(ctx, c, body.Mandate); err != nil {
		return api.Answer{}, unknownWhenMissing(err, "/mandate")
	}
	n := worklist.PayerNews{Mandate: body.Mandate, Payer: body.Payer, Direction: body.Direction, On: body.On}
	if err := note(ctx, c.Who, n); err != nil {
		return api.Answer{}, err
	}
	all, err := h.Worklist.PayerChanges(ctx, body.Mandate)
	for _, p := range all {
		if p.Payer == body.Payer && p.Direction == body.Direction {
			return api.Answer{Status: http.StatusCreated, Body: payerChange(p)}, nil
		}
	}
	return api.Answer{}, err
}
