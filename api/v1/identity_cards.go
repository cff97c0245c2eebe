package v1

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"masp/api"
	"masp/api/auth"
)

func (h *House) cardOperations() []api.Operation {
	return []api.Operation{
		{ID: "printCard", Action: auth.GiveCards, Do: h.printCard},
		{ID: "enterByCard", Do: h.enterByCard, Alone: true},
		{ID: "listDevices", Action: auth.GiveCards, Do: h.listDevices, Alone: true},
		{ID: "endDevices", Action: auth.GiveCards, Do: h.endDevices},
		{ID: "listMyDevices", Action: auth.ReadOwnAccount, Do: h.listMyDevices, Alone: true},
		{ID: "endMyDevices", Action: auth.WriteOwnAccount, Do: h.endMyDevices},
	}
}

// card is a Card of the contract: what is printed for a person, once.
type card struct {
	Person string    `json:"person"`
	Code   string    `json:"code"`
	Until  time.Time `json:"until"`
}

func (h *House) printCard(ctx context.Context, c *api.Call) (api.Answer, error) {
	if err := h.reached(ctx, c, c.Path("mandate")); err != nil {
		return api.Answer{}, err
	}
	made, err := h.Auth.PrintCard(ctx, c.Who, c.Path("mandate"))
	if err != nil {
		return api.Answer{}, err
	}
	return api.Answer{Status: http.StatusCreated, Body: card{made.Beneficiary, made.Code, made.Until}}, nil
}

// enterByCard opens a device of a person.
func (h *House) enterByCard(ctx context.Context, c *api.Call) (api.Answer, error) {
	var ask struct{ Code string }
	if err := c.Read(&ask); err != nil {
		return api.Answer{}, err
	}
	secret, who, err := h.Auth.Enter(ctx, ask.Code, c.Address)
	if err != nil {
		return api.Answer{}, err
	}
	if err := h.leave(ctx, c.Who); err != nil {
		return api.Answer{}, err
	}
	return h.entered(secret, who), nil
}

// device is a Device of the contract.
type device struct {
	Device string    `json:"device"`
	Since  time.Time `json:"since"`
	Seen   time.Time `json:"last_seen"`
	Until  time.Time `json:"until"`
	Mine   bool      `json:"mine"`
}

func (h *House) listDevices(ctx context.Context, c *api.Call) (api.Answer, error) {
	if err := h.reached(ctx, c, c.Path("mandate")); err != nil {
		return api.Answer{}, err
	}
	return h.devicesOf(ctx, c, c.Path("mandate"))
}

func (h *House) listMyDevices(ctx context.Context, c *api.Call) (api.Answer, error) {
	return h.devicesOf(ctx, c, c.Who.Beneficiary)
}

func (h *House) devicesOf(ctx context.Context, c *api.Call, person string) (api.Answer, error) {
	all, err := h.Auth.Devices(ctx, c.Who, person)
	if err != nil {
		return api.Answer{}, err
	}
	list := make([]device, 0, len(all))
	for _, d := range all {
		n, err := strconv.ParseInt(strings.TrimPrefix(d.Key, "D"), 10, 64)
		if err != nil {
			return api.Answer{}, err
		}
		list = append(list, device{h.seal.ID("dev", n), d.Opened, d.Seen, d.Expires, c.Who.Means == auth.ByDevice && c.Who.Key == d.Key})
	}
	return api.Paged(c, list, func(d device) string { return inOrder(d.Since) + d.Device }, descending)
}

func descending(a, b string) bool { return a > b }

func (h *House) endDevices(ctx context.Context, c *api.Call) (api.Answer, error) {
	if err := h.reached(ctx, c, c.Path("mandate")); err != nil {
		return api.Answer{}, err
	}
	n, err := h.Auth.EndDevices(ctx, c.Who, c.Path("mandate"))
	return ended(n), err
}

// endMyDevices ends all of a person's devices, this one too.
func (h *House) endMyDevices(ctx context.Context, c *api.Call) (api.Answer, error) {
	n, err := h.Auth.EndDevices(ctx, c.Who, c.Who.Beneficiary)
	a := ended(n)
	a.Cookie = &api.Cookie{}
	return a, err
}

// ended tells how many it was.
func ended(n int) api.Answer {
	return api.Answer{Body: struct {
		Ended int `json:"ended"`
	}{n}}
}
