package v1

import (
	"context"

	"masp/api"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments"
)

// adjustRun changes the part of one mandate in a draft.
func (h *House) adjustRun(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		Kind    payments.AdjustmentKind `json:"kind"`
		Mandate string                  `json:"mandate"`
		Line    string                  `json:"line"`
		Amount  money.Amount            `json:"amount"`
		RemitTo string                  `json:"remit_to"`
		RemitOn []civil.Date            `json:"remit_on"`
		Reason  string                  `json:"reason"`
	}
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	if err := h.known(ctx, c, body.Mandate, "/mandate"); err != nil {
		return api.Answer{}, err
	}
	a := payments.Adjustment{
		Mandate: body.Mandate, Kind: body.Kind, Amount: body.Amount, Reason: body.Reason,
		Remit: payments.Remit{To: body.RemitTo, On: body.RemitOn},
	}
	if err := readLine(body.Line, &a.Line); err != nil {
		return api.Answer{}, err
	}
	seen, err := seenHash(c)
	if err != nil {
		return api.Answer{}, err
	}
	return h.actOn(ctx, c, func(id string) error {
		_, err := h.Payments.Adjust(ctx, c.Who, id, seen, a)
		return h.told(ctx, c, id, seen, err)
	})
}

// readLine reads the line that a body names, if it names one.
func readLine(text string, into *payments.LineAsk) error {
	if text == "" {
		return nil
	}
	line, ok := lineAsked(text)
	if !ok {
		return unknownAt("/line")
	}
	*into = line
	return nil
}

// commentRun keeps what the person says of a run: whoever helps her may write it down.
func (h *House) commentRun(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		Mandate string `json:"mandate"`
		Line    string `json:"line"`
		Text    string `json:"text"`
		Refuses bool   `json:"refuses"`
	}
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	if err := h.known(ctx, c, body.Mandate, "/mandate"); err != nil {
		return api.Answer{}, err
	}
	said := payments.Comment{Mandate: body.Mandate, Text: body.Text, Refuses: body.Refuses}
	if err := readLine(body.Line, &said.Line); err != nil {
		return api.Answer{}, err
	}
	if body.Refuses { // it changes the run
		return h.actOn(ctx, c, func(id string) error {
			_, err := h.Payments.Comment(ctx, c.Who, id, said)
			return err
		})
	}
	run, err := h.runSeen(ctx, c, c.Path("run"))
	if err != nil {
		return api.Answer{}, err
	}
	if _, err = h.Payments.Comment(ctx, c.Who, run.ID, said); err != nil {
		return api.Answer{}, err
	}
	return h.newRun(ctx, c, run.ID)
}

func (h *House) submitRun(ctx context.Context, c *api.Call) (api.Answer, error) {
	return h.actOn(ctx, c, func(id string) error {
		_, err := h.Payments.Submit(ctx, c.Who, id)
		return err
	})
}

func (h *House) reopenRun(ctx context.Context, c *api.Call) (api.Answer, error) {
	seen, err := seenHash(c)
	if err != nil {
		return api.Answer{}, err
	}
	return h.actOn(ctx, c, func(id string) error {
		_, err := h.Payments.Reopen(ctx, c.Who, id, seen)
		return h.told(ctx, c, id, seen, err)
	})
}

func (h *House) cancelRun(ctx context.Context, c *api.Call) (api.Answer, error) {
	return h.actOn(ctx, c, func(id string) error { return h.Payments.Cancel(ctx, c.Who, id) })
}

// approveRun is the signature of the content that was read. A session proves a fresh second factor
// (masp.act_on_run).
func (h *House) approveRun(ctx context.Context, c *api.Call) (api.Answer, error) {
	seen, err := seenHash(c)
	if err != nil {
		return api.Answer{}, err
	}
	id := c.Path("run")
	if _, err := h.Payments.Approve(ctx, c.Who, id, seen); err != nil {
		return api.Answer{}, h.told(ctx, c, id, seen, unseen(err))
	}
	return h.newRun(ctx, c, id)
}

func (h *House) handOverRun(ctx context.Context, c *api.Call) (api.Answer, error) {
	return h.actOn(ctx, c, func(id string) error { return h.Payments.HandOver(ctx, c.Who, id) })
}
