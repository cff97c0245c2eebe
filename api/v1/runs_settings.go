package v1

import (
	"context"

	"masp/api"
	"masp/ledger/money"
	"masp/payments"
)

// runSettings is a RunSettings of the contract: what is told of a run.
type runSettings struct {
	Amount  money.Amount `json:"amount"`
	Percent int64        `json:"percent"`
	Days    int          `json:"days"`
}

func (h *House) getRunSettings(ctx context.Context, _ *api.Call) (api.Answer, error) {
	now, err := h.Payments.Settings(ctx)
	return api.Answer{Body: runSettings{Amount: now.ChangeCents, Percent: now.ChangePercent, Days: now.EndingDays}}, err
}

func (h *House) putRunSettings(ctx context.Context, c *api.Call) (api.Answer, error) {
	var to runSettings
	if err := c.Read(&to); err != nil {
		return api.Answer{}, err
	}
	err := h.Payments.SetSettings(ctx, c.Who, payments.ExceptionSettings{
		ChangeCents: to.Amount, ChangePercent: to.Percent, EndingDays: to.Days,
	})
	if err != nil {
		return api.Answer{}, err
	}
	return h.getRunSettings(ctx, c)
}

// secondApproval is a SecondApproval of the contract.
type secondApproval struct {
	From     money.Amount `json:"from,omitzero"`
	Transfer money.Amount `json:"transfer,omitzero"`
	Payee    money.Amount `json:"payee,omitzero"`
	Day      money.Amount `json:"day,omitzero"`
}

func (h *House) secondApproval(ctx context.Context) (secondApproval, error) {
	s, err := h.Payments.TwoSignatures(ctx)
	return secondApproval{From: s.Run, Transfer: s.Transfer, Payee: s.Payee, Day: s.Day}, err
}

func (h *House) getSecondApproval(ctx context.Context, _ *api.Call) (api.Answer, error) {
	now, err := h.secondApproval(ctx)
	return api.Answer{Body: now}, err
}

// putSecondApproval says from which amounts on two persons sign; without any, one is always enough.
func (h *House) putSecondApproval(ctx context.Context, c *api.Call) (api.Answer, error) {
	var to secondApproval
	if err := c.Read(&to); err != nil {
		return api.Answer{}, err
	}
	from := payments.TwoSignatures{Run: to.From, Transfer: to.Transfer, Payee: to.Payee, Day: to.Day}
	if err := h.Payments.SetTwoSignatures(ctx, c.Who, from); err != nil {
		return api.Answer{}, err
	}
	return h.getSecondApproval(ctx, c)
}
