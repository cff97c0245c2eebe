package v1

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"masp/api"
	"masp/api/auth"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

func (h *House) contributionOperations() []api.Operation {
	return []api.Operation{
		{ID: "listContributions", Action: auth.ReadPersons, Do: h.listContributions},
		{ID: "setContribution", Action: auth.WritePersons, Do: h.setContribution},
		{ID: "addContributionScale", Action: auth.WriteSettings, Do: h.addContributionScale},
		{ID: "listConventions", Action: auth.ReadPersons, Do: h.listConventions},
		{ID: "addConvention", Action: auth.WriteSettings, Do: h.addConvention},
		{ID: "useConvention", Action: auth.WritePersons, Do: h.useConvention},
	}
}

// contribution is what a measure costs the person from a month on.
type contribution struct {
	From       civil.Month  `json:"from"`
	Amount     money.Amount `json:"amount"`
	Resources  money.Amount `json:"resources"`
	Alone      string       `json:"alone,omitempty"`
	Decision   string       `json:"decision"`
	Obligation string       `json:"obligation,omitempty"`
}

func contributionOf(k mandates.Contribution) contribution { return contribution(k) }

func (h *House) listContributions(ctx context.Context, c *api.Call) (api.Answer, error) {
	id, err := h.mandateRead(ctx, c)
	if err != nil {
		return api.Answer{}, err
	}
	all, err := h.Mandates.Contributions(ctx, id)
	if err != nil {
		return api.Answer{}, err
	}
	answer, err := api.Paged(c, each(all, contributionOf), func(k contribution) string { return k.From.String() }, ascending)
	answer.Persons = []string{id}
	return answer, err
}

func (h *House) setContribution(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		contribution

		Creditor string `json:"creditor"`
		DueDay   int    `json:"due_day"`
	}
	id, err := h.inHand(ctx, c, &body)
	if err != nil {
		return api.Answer{}, err
	}
	set, err := h.Mandates.SetContribution(ctx, c.Who, id, mandates.Contribution(body.contribution), body.Creditor, body.DueDay)
	if err != nil {
		return api.Answer{}, err
	}
	return api.Answer{Status: http.StatusCreated, Location: "/v1/mandates/" + id + "/contributions", Body: contributionOf(set)}, nil
}

// scale is a scale of contributions: rates per 10 000, slices in hundredths of a yearly SMIC.
type scale struct {
	From  civil.Date   `json:"from"`
	AAH   money.Amount `json:"aah"`
	SMIC  money.Amount `json:"smic"`
	Rates [3]int       `json:"rates"`
	Until [2]int       `json:"until"`
}

func (h *House) addContributionScale(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body scale
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	err := h.Mandates.SetScale(ctx, c.Who, mandates.Scale(body))
	return api.Answer{Status: http.StatusCreated, Body: body}, err
}

// convention lets the association carry out measures for a Département.
type convention struct {
	Convention string     `json:"convention"`
	Delegator  string     `json:"delegator"`
	Delegate   string     `json:"delegate"`
	Reference  string     `json:"reference"`
	Department string     `json:"department"`
	Territory  string     `json:"territory"`
	Places     []string   `json:"places"`
	From       civil.Date `json:"from"`
	To         civil.Date `json:"to"`
}

func conventionOf(k mandates.Convention) convention {
	return convention{
		Convention: k.ID, Delegator: k.Delegator, Delegate: k.Delegate, Reference: k.Reference, Department: k.Department,
		Territory: k.Territory, Places: append([]string{}, k.Places...), From: k.From, To: k.To,
	}
}

func (h *House) listConventions(ctx context.Context, c *api.Call) (api.Answer, error) {
	all, err := h.Mandates.Conventions(ctx)
	if err != nil {
		return api.Answer{}, err
	}
	slices.SortFunc(all, func(a, b mandates.Convention) int { return strings.Compare(a.ID, b.ID) })
	return api.Paged(c, each(all, conventionOf), func(k convention) string { return k.Convention }, ascending)
}

func (h *House) addConvention(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body convention
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	k := mandates.Convention{
		ID: body.Convention, Delegator: body.Delegator, Delegate: body.Delegate, Reference: body.Reference,
		Department: body.Department, Territory: body.Territory, Places: body.Places, From: body.From, To: body.To,
	}
	err := h.Mandates.AddConvention(ctx, c.Who, k)
	return api.Answer{Status: http.StatusCreated, Location: "/v1/conventions", Body: conventionOf(k)}, err
}

func (h *House) useConvention(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		Convention string     `json:"convention"`
		Place      string     `json:"place"`
		From       civil.Date `json:"from"`
	}
	id, err := h.inHand(ctx, c, &body)
	if err != nil {
		return api.Answer{}, err
	}
	if err := h.Mandates.UseConvention(ctx, c.Who, id, body.Convention, body.Place, body.From); err != nil {
		return api.Answer{}, err
	}
	return h.changed(ctx, http.StatusCreated, id)
}
