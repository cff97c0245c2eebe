package v1

import (
	"context"
	"strings"

	"masp/api"
	"masp/api/contract"
	"masp/ledger/money"
	"masp/payments/mandates"
)

type closingStep struct {
	Step   string       `json:"step"`
	Done   bool         `json:"done"`
	Advice bool         `json:"advice"`
	Amount money.Amount `json:"amount"`
	Count  int          `json:"count"`
	Text   string       `json:"text"`
}

type closing struct {
	Mandate string          `json:"mandate"`
	Status  mandates.Status `json:"status"`
	Ready   bool            `json:"ready"`
	Steps   []closingStep   `json:"steps"`
}

func closingOf(k mandates.Closing) closing {
	return closing{
		Mandate: k.Mandate, Status: k.Status, Ready: k.Ready(), Steps: each(k.Steps, func(s mandates.ClosingStep) closingStep {
			return closingStep{
				Step: s.Code, Done: s.Done(), Advice: s.Advice, Amount: s.Amount, Count: s.Count, Text: withoutCommand(s.French),
			}
		}),
	}
}

func stepProblem(s mandates.ClosingStep) contract.Problem {
	return contract.Problem{Pointer: "/steps/" + s.Code, Code: strings.ToLower(s.Code), Text: contract.Text{
		French: withoutCommand(s.French), English: plainWords(s.Code),
	}}
}

type flow struct {
	Nature string       `json:"nature"`
	In     money.Amount `json:"in"`
	Out    money.Amount `json:"out"`
}

// finalAccount is what a measure has received, spent and given back, and what the person takes over.
type finalAccount struct {
	mandate

	Flows    []flow         `json:"flows"`
	Received []flow         `json:"received"`
	Paid     []flow         `json:"paid"`
	Held     money.Amount   `json:"held"`
	Proved   bool           `json:"proved"`
	Debts    []debtLine     `json:"open_debts"`
	Requests []requestedAid `json:"open_requests"`
}

func (h *House) getFinalAccount(ctx context.Context, c *api.Call) (api.Answer, error) {
	k, err := h.closing(ctx, c)
	if err != nil {
		return api.Answer{}, err
	}
	d, err := h.Mandates.Dossier(ctx, k.Mandate)
	if err != nil {
		return api.Answer{}, err
	}
	flows := func(all []mandates.Flow) []flow { return each(all, func(f mandates.Flow) flow { return flow(f) }) }
	a := finalAccount{
		mandate: mandateOf(d.Summary), Flows: flows(k.Account.Flows), Received: flows(k.Account.Received),
		Paid: flows(k.Account.Paid), Held: k.Account.Held, Proved: k.Account.Proved(), Debts: []debtLine{}, Requests: []requestedAid{},
	}
	for _, debt := range d.Debts {
		if debt.Outstanding.IsPositive() {
			a.Debts = append(a.Debts, debtLineOf(debt))
		}
	}
	for _, r := range d.Requests {
		if r.Open() {
			a.Requests = append(a.Requests, requestOf(r))
		}
	}
	return api.Answer{Body: a, Persons: []string{k.Mandate}}, nil
}
