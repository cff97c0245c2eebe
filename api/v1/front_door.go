package v1

import (
	"context"

	"masp/api"
	"masp/payments/mandates"
)

// frontDoor is a FrontDoor of the contract.
type frontDoor struct {
	Name     string `json:"name"`
	Phone    string `json:"phone,omitempty"`
	Email    string `json:"email,omitempty"`
	Address  string `json:"address,omitempty"`
	Provider bool   `json:"provider"`
}

func (h *House) getFrontDoor(ctx context.Context, _ *api.Call) (api.Answer, error) {
	d, err := h.Mandates.FrontDoor(ctx)
	return api.Answer{Body: frontDoor{d.Name, d.Phone, d.Email, d.Address, h.OIDC != nil}}, err
}

func (h *House) putFrontDoor(ctx context.Context, c *api.Call) (api.Answer, error) {
	var to mandates.FrontDoor
	if err := c.Read(&to); err != nil {
		return api.Answer{}, err
	}
	if err := h.Mandates.SetFrontDoor(ctx, c.Who, to); err != nil {
		return api.Answer{}, err
	}
	return h.getFrontDoor(ctx, c)
}
