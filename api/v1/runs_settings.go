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
	From money.Amount `json:"from,omitzero"`
}

func (h *House) getSecondApproval(ctx context.Context, _ *api.Call) (api.Answer, error) {
	from, err := h.Payments.SecondApproval(ctx)
	return api.Answer{Body: secondApproval{From: from}}, err
}

// putSecondApproval says from which total on two persons sign; without one, one is always enough.
func (h *House) putSecondApproval(ctx context.Context, c *api.Call) (api.Answer, error) {
	var to secondApproval
	if err := c.Read(&to); err != nil {
		return api.Answer{}, err
	}
	if err := h.Payments.SetSecondApproval(ctx, c.Who, to.From); err != nil {
		return api.Answer{}, err
	}
	return h.getSecondApproval(ctx, c)
}
