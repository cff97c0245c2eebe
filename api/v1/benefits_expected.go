package v1

import (
	"context"
	"net/http"

	"masp/api"
	"masp/api/contract"
	"masp/imports"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
	"masp/payments/mandates"
)

// expectation is what should come for a month of right, and what came.
type expectation struct {
	Mandate    string                 `json:"mandate"`
	Benefit    string                 `json:"benefit"`
	Period     civil.Month            `json:"period"`
	Payer      string                 `json:"payer"`
	Amount     money.Amount           `json:"amount"`
	ExpectedOn civil.Date             `json:"expected_on"`
	ThirdParty bool                   `json:"third_party"`
	Received   *money.Amount          `json:"received,omitempty"`
	ReceivedOn civil.Date             `json:"received_on,omitzero"`
	Withheld   *money.Amount          `json:"withheld,omitempty"`
	Status     imports.ExpectedStatus `json:"status,omitempty"`
}

func outcomeOf(e imports.ExpectedOutcome) expectation {
	return expectation{
		Mandate: e.Mandate, Benefit: e.Benefit, Period: e.Period, Payer: e.Payer, Amount: e.Amount, ExpectedOn: e.ExpectedOn,
		Received: &e.Received, ReceivedOn: e.ReceivedOn, Withheld: &e.Withheld, Status: e.Status,
	}
}

func expectedOf(e mandates.ExpectedBenefit) expectation {
	return expectation{
		Mandate: e.Mandate, Benefit: e.Benefit, Period: e.Period, Payer: e.Payer, Amount: e.Amount,
		ExpectedOn: e.ExpectedOn, ThirdParty: e.ThirdParty,
	}
}

func (h *House) listExpectedBenefits(ctx context.Context, c *api.Call) (api.Answer, error) {
	var period civil.Month
	if err := period.UnmarshalText([]byte(c.Query("period"))); err != nil {
		return api.Answer{}, badParameter("?period")
	}
	all, err := h.Imports.Expected(ctx, unit.Reader(ctx, h.DB), period)
	if err != nil {
		return api.Answer{}, err
	}
	found, err := within(ctx, h, c, all, func(e imports.ExpectedOutcome) string { return e.Mandate })
	if err != nil {
		return api.Answer{}, err
	}
	var shown []expectation
	for _, e := range found {
		if !c.Has("mandate") || e.Mandate == c.Query("mandate") {
			shown = append(shown, outcomeOf(e))
		}
	}
	key := func(e expectation) string { return e.Mandate + " " + e.ExpectedOn.String() + " " + e.Benefit }
	return api.Paged(c, shown, key, ascending)
}

func (h *House) expectBenefit(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		Benefit         string       `json:"benefit"`
		Period          civil.Month  `json:"period"`
		Payer           string       `json:"payer"`
		Amount          money.Amount `json:"amount"`
		ExpectedOn      civil.Date   `json:"expected_on"`
		ThirdParty      bool         `json:"third_party"`
		ThirdPartyEnded bool         `json:"third_party_ended"`
	}
	id, err := h.inHand(ctx, c, &body)
	if err != nil {
		return api.Answer{}, err
	}
	e := mandates.ExpectedBenefit{
		Mandate: id, Benefit: body.Benefit, Period: body.Period, Payer: body.Payer, Amount: body.Amount,
		ExpectedOn: body.ExpectedOn, ThirdParty: body.ThirdParty,
	}
	if e.ExpectedOn, err = h.Mandates.Expect(ctx, c.Who, e, body.ThirdPartyEnded); err != nil {
		return api.Answer{}, err
	}
	where := "/v1/expected_benefits?period=" + e.Period.String() + "&mandate=" + id
	return api.Answer{Status: http.StatusCreated, Location: where, Body: expectedOf(e)}, nil
}

func (h *House) dropExpectedBenefit(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		Benefit string      `json:"benefit"`
		Period  civil.Month `json:"period"`
		saidWhy
	}
	id, err := h.inHand(ctx, c, &body)
	if err != nil {
		return api.Answer{}, err
	}
	err = h.Mandates.DropExpected(ctx, c.Who, id, body.Benefit, body.Period, body.Reason)
	return api.Answer{}, inBody(err, mandates.ErrNoExpected, "/benefit")
}

func (h *House) planExpectedBenefits(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		Months int `json:"months"`
	}
	id, err := h.inHand(ctx, c, &body)
	if err != nil {
		return api.Answer{}, err
	}
	if _, err := h.Mandates.Summary(ctx, id); err != nil {
		return api.Answer{}, err
	}
	added, err := h.Mandates.PlanExpected(ctx, c.Who, id, body.Months)
	return api.Answer{Body: struct {
		Added []expectation `json:"added"`
	}{each(added, expectedOf)}}, err
}

// badParameter is a parameter of the query that has the form of a value and is none: 31 February.
func badParameter(pointer string) *api.Fault {
	text := contract.Text{French: "Cette valeur n'existe pas.", English: "There is no such value."}
	return &api.Fault{Status: http.StatusBadRequest, Code: "invalid_request", Detail: text, Problems: []contract.Problem{{
		Pointer: pointer, Code: "malformed", Text: text,
	}}}
}
