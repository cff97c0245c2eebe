package v1

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"masp/api"
	"masp/api/auth"
	"masp/imports"
	"masp/ledger/civil"
	"masp/ledger/money"
)

func (h *House) adviceOperations() []api.Operation {
	return []api.Operation{
		{ID: "listAdvices", Action: auth.ReadBank, Do: h.listAdvices},
		{ID: "getAdvice", Action: auth.ReadBank, Do: h.getAdvice},
		{ID: "announceAdvice", Action: auth.MatchBank, Do: h.announceAdvice},
	}
}

// advice is an Advice of the contract: a payer's list of what one of its credits brings.
type advice struct {
	Advice string `json:"advice"`
	adviceSays
	By   string `json:"by"`
	Line string `json:"line,omitempty"` // that it has split
}

type adviceSays struct {
	BankAccount string       `json:"bank_account"`
	Payer       string       `json:"payer"`
	Reference   string       `json:"reference"`
	Amount      money.Amount `json:"amount"`
	On          civil.Date   `json:"on"`
	Parts       []advicePart `json:"parts"`
}

type advicePart struct {
	Mandate string       `json:"mandate,omitempty"`
	Number  string       `json:"number,omitempty"`
	Benefit string       `json:"benefit,omitempty"`
	Period  civil.Month  `json:"period,omitzero"`
	Amount  money.Amount `json:"amount"`
}

func (h *House) adviceOf(a imports.AdviceState) advice {
	out := advice{Advice: h.seal.ID(adviceKind, a.ID), By: a.By, adviceSays: adviceSays{
		BankAccount: a.BankAccount, Payer: a.Payer, Reference: a.Reference, Amount: a.Amount, On: a.On, Parts: make([]advicePart, len(a.Parts)),
	}}
	for i, p := range a.Parts {
		out.Parts[i] = advicePart(p)
	}
	if a.Line != nil {
		out.Line = h.seal.ID(lineKind, *a.Line)
	}
	return out
}

// advices are the payers' lists; none for who sees a part of the house only.
func (h *House) advices(ctx context.Context, c *api.Call) ([]advice, error) {
	if c.Reach != auth.Whole {
		return nil, nil
	}
	all, err := h.Imports.Advices(ctx)
	out := make([]advice, len(all))
	for i, a := range all {
		out[i] = h.adviceOf(a)
	}
	return out, err
}

func (h *House) listAdvices(ctx context.Context, c *api.Call) (api.Answer, error) {
	all, err := h.advices(ctx, c)
	if err != nil {
		return api.Answer{}, err
	}
	return placed(c, all, func(a advice) string { return a.Advice })
}

func (h *House) adviceNamed(ctx context.Context, c *api.Call, id string) (advice, error) {
	all, err := h.advices(ctx, c)
	if err != nil {
		return advice{}, err
	}
	i := slices.IndexFunc(all, func(a advice) bool { return a.Advice == id })
	if i < 0 {
		return advice{}, api.NotFound()
	}
	return all[i], nil
}

func (h *House) getAdvice(ctx context.Context, c *api.Call) (api.Answer, error) {
	a, err := h.adviceNamed(ctx, c, c.Path("advice"))
	if err != nil {
		return api.Answer{}, err
	}
	return api.Answer{Body: a}, nil
}

// announceAdvice keeps a list. The amount is that of its parts when none is given.
func (h *House) announceAdvice(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body adviceSays
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	ask := imports.Advice{BankAccount: body.BankAccount, Payer: body.Payer, Reference: body.Reference, Amount: body.Amount, On: body.On}
	var sum money.Amount
	for i, p := range body.Parts {
		if err := h.bookable(ctx, c, p.Mandate, fmt.Sprintf("/parts/%d/mandate", i)); err != nil {
			return api.Answer{}, err
		}
		ask.Parts = append(ask.Parts, imports.AdvicePart(p))
		sum = sum.Add(p.Amount)
	}
	if ask.Amount.IsZero() {
		ask.Amount = sum
	}
	id, err := h.Imports.Announce(ctx, c.Who, ask)
	if err != nil {
		return api.Answer{}, err
	}
	a, err := h.adviceNamed(ctx, c, h.seal.ID(adviceKind, id))
	if err != nil {
		return api.Answer{}, err
	}
	return api.Answer{Status: http.StatusCreated, Body: a, Location: "/v1/advices/" + a.Advice}, nil
}
