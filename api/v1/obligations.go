package v1

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"masp/api"
	"masp/api/auth"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

func (h *House) obligationOperations() []api.Operation {
	return []api.Operation{
		{ID: "listObligations", Action: auth.ReadPersons, Do: h.listObligations},
		{ID: "getObligation", Action: auth.ReadPersons, Do: h.getObligation},
		{ID: "addObligation", Action: auth.WritePersons, Do: h.addObligation},
		{ID: "endObligation", Action: auth.WritePersons, Do: h.endObligation, Of: "getObligation"},
		{ID: "changeObligationAmount", Action: auth.WritePersons, Do: h.changeAmount},
		{ID: "exceptObligationDay", Action: auth.WritePersons, Do: h.exceptDay},
		{ID: "shareObligation", Action: auth.WritePersons, Do: h.shareObligation},
		{ID: "regulariseCharges", Action: auth.WritePersons, Do: h.regulariseCharges},
	}
}

// obligation is an Obligation of the contract: what a measure owes, again and again or once.
type obligation struct {
	Obligation string             `json:"obligation"`
	Mandate    string             `json:"mandate"`
	Class      mandates.Class     `json:"class"`
	Creditor   string             `json:"creditor,omitempty"`
	Amount     money.Amount       `json:"amount"`
	Label      string             `json:"label"`
	Reference  string             `json:"reference,omitempty"`
	Frequency  mandates.Frequency `json:"frequency"`
	DueDay     int                `json:"due_day,omitempty"`
	From       civil.Date         `json:"from"`
	To         civil.Date         `json:"to,omitzero"`
	Debt       string             `json:"debt,omitempty"`
	Block      string             `json:"block,omitempty"`
	Except     []civil.Date       `json:"except"`
	Shared     string             `json:"shared,omitempty"`
	Covers     string             `json:"covers,omitempty"`
}

func obligationOf(o mandates.Obligation) obligation {
	return obligation{
		Obligation: o.ID, Mandate: o.Mandate, Class: o.Class, Creditor: o.Creditor, Amount: o.Amount, Label: o.Label,
		Reference: o.Reference, Frequency: o.Frequency, DueDay: o.DueDay, From: o.From, To: o.To, Debt: o.Debt,
		Block: o.Block, Except: append([]civil.Date{}, o.Except...), Shared: o.Shared, Covers: o.Covers,
	}
}

func (o obligation) domain(mandate string) mandates.Obligation {
	return mandates.Obligation{
		ID: o.Obligation, Mandate: mandate, Class: o.Class, Creditor: o.Creditor, Amount: o.Amount, Label: o.Label,
		Reference: o.Reference, Frequency: o.Frequency, DueDay: o.DueDay, From: o.From, To: o.To, Debt: o.Debt,
	}
}

// listObligations keeps the order of the coordinator; the cursor names the place in it.
func (h *House) listObligations(ctx context.Context, c *api.Call) (api.Answer, error) {
	id := c.Path("mandate")
	if err := h.reached(ctx, c, id); err != nil {
		return api.Answer{}, err
	}
	all, err := h.Mandates.Obligations(ctx, id)
	if err != nil {
		return api.Answer{}, err
	}
	place := make(map[string]string, len(all))
	for i, o := range all {
		place[o.ID] = fmt.Sprintf("%06d", i)
	}
	answer, err := api.Paged(c, each(all, obligationOf), func(o obligation) string { return place[o.Obligation] }, ascending)
	answer.Persons = []string{id}
	return answer, err
}

func (h *House) getObligation(ctx context.Context, c *api.Call) (api.Answer, error) {
	o, err := h.obligation(ctx, c)
	if err != nil {
		return api.Answer{}, err
	}
	return api.Answer{Body: obligationOf(o), Persons: []string{o.Mandate}}, nil
}

// obligation is the one of the path: of that mandate, which who asks reaches.
func (h *House) obligation(ctx context.Context, c *api.Call) (mandates.Obligation, error) {
	id := c.Path("mandate")
	if err := h.reached(ctx, c, id); err != nil {
		return mandates.Obligation{}, err
	}
	all, err := h.Mandates.Obligations(ctx, id)
	if err != nil {
		return mandates.Obligation{}, err
	}
	at := slices.IndexFunc(all, func(o mandates.Obligation) bool { return o.ID == c.Path("obligation") })
	if at < 0 {
		return mandates.Obligation{}, api.NotFound()
	}
	return all[at], nil
}

func (h *House) addObligation(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body obligation
	id, err := h.inHand(ctx, c, &body)
	if err != nil {
		return api.Answer{}, err
	}
	o := body.domain(id)
	if err := h.Mandates.AddObligation(ctx, c.Who, o); err != nil {
		return api.Answer{}, err
	}
	return api.Answer{Status: http.StatusCreated, Location: obligationPath(o), Body: obligationOf(o)}, nil
}

func obligationPath(o mandates.Obligation) string {
	return "/v1/mandates/" + o.Mandate + "/obligations/" + o.ID
}

func (h *House) endObligation(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		To civil.Date `json:"to"`
	}
	o, err := h.obligation(ctx, c)
	if err != nil {
		return api.Answer{}, err
	}
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	if err := h.Mandates.EndObligation(ctx, c.Who, o.ID, body.To); err != nil {
		return api.Answer{}, err
	}
	return h.getObligation(ctx, c)
}

// changedLines is what a change of amount makes of the lines of a measure.
type changedLines struct {
	Ended   string       `json:"ended,omitempty"`
	EndedOn civil.Date   `json:"ended_on,omitzero"`
	Added   []obligation `json:"added"`
	Credit  money.Amount `json:"credit"`
}

func changedOf(k mandates.Changed) changedLines {
	lines := changedLines{Ended: k.Old.ID, EndedOn: k.Old.To, Added: []obligation{}, Credit: k.Credit}
	for _, o := range append([]mandates.Obligation{k.New}, k.Late...) {
		if o.ID != "" {
			lines.Added = append(lines.Added, obligationOf(o))
		}
	}
	return lines
}

func (h *House) changeAmount(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		Obligation string       `json:"obligation"` // the reference of the line that follows
		Amount     money.Amount `json:"amount"`
		From       civil.Date   `json:"from"`
	}
	o, err := h.obligation(ctx, c)
	if err != nil {
		return api.Answer{}, err
	}
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	changed, err := h.Mandates.ChangeAmount(ctx, c.Who, mandates.AmountChange{
		Obligation: o.ID, ID: body.Obligation, Amount: body.Amount, From: body.From,
	})
	return api.Answer{Status: http.StatusCreated, Location: obligationPath(o), Body: changedOf(changed)}, err
}

func (h *House) exceptDay(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		Day    civil.Date `json:"day"`
		Counts bool       `json:"counts"`
	}
	o, err := h.obligation(ctx, c)
	if err != nil {
		return api.Answer{}, err
	}
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	if err := h.Mandates.ExceptDay(ctx, c.Who, o.ID, body.Day, body.Counts); err != nil {
		return api.Answer{}, err
	}
	return h.getObligation(ctx, c)
}

// shareObligation adds a line of a household; whoever shares it must be in reach.
func (h *House) shareObligation(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		obligation

		Shares []mandates.Share `json:"shares"`
	}
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	for i, s := range body.Shares {
		if err := h.shares(ctx, c, s.Mandate); err != nil {
			return api.Answer{}, inBody(err, mandates.ErrNoMandate, fmt.Sprintf("/shares/%d/mandate", i))
		}
	}
	parts, err := h.Mandates.AddShared(ctx, c.Who, body.domain(""), body.Shares)
	return api.Answer{Status: http.StatusCreated, Body: addedLines{each(parts, obligationOf)}}, err
}

type addedLines struct {
	Added []obligation `json:"added"`
}

// shares answers ErrNoMandate for a mandate of a body that does not exist or is not in reach.
func (h *House) shares(ctx context.Context, c *api.Call, id string) error {
	if err := h.reached(ctx, c, id); err != nil {
		return mandates.ErrNoMandate
	}
	_, err := h.Mandates.Summary(ctx, id)
	return err
}

func (h *House) regulariseCharges(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		Obligation string       `json:"obligation"`
		Creditor   string       `json:"creditor"`
		Amount     money.Amount `json:"amount"`
		Months     int          `json:"months"`
		From       civil.Date   `json:"from"`
		Label      string       `json:"label"`
		Reference  string       `json:"reference"`
	}
	id, err := h.inHand(ctx, c, &body)
	if err != nil {
		return api.Answer{}, err
	}
	lines, err := h.Mandates.Regularise(ctx, c.Who, mandates.Regularisation{
		ID: body.Obligation, Mandate: id, Creditor: body.Creditor, Amount: body.Amount, Months: body.Months, From: body.From,
		Label: body.Label, Reference: body.Reference,
	})
	where := "/v1/mandates/" + id + "/obligations"
	return api.Answer{Status: http.StatusCreated, Location: where, Body: addedLines{each(lines, obligationOf)}}, err
}
