package v1

import (
	"context"
	"strings"

	"masp/api"
	"masp/api/auth"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

func (h *House) mandateOperations() []api.Operation {
	return []api.Operation{
		{ID: "listMandateNames", Action: auth.ReadPersons, Do: h.listMandateNames},
		{ID: "listMandates", Action: auth.ReadPersons, Do: h.listMandates},
		{ID: "getMandate", Action: auth.ReadPersons, Do: h.getMandate},
		{ID: "getDossier", Action: auth.ReadPersons, Do: h.getDossier},
	}
}

// mandate is a Mandate of the contract.
type mandate struct {
	Mandate     string             `json:"mandate"`
	Person      string             `json:"person"`
	Status      mandates.Status    `json:"status"`
	Level       mandates.Level     `json:"level"`
	Department  string             `json:"department"`
	BankAccount string             `json:"bank_account,omitempty"`
	Coordinator string             `json:"coordinator,omitempty"`
	From        civil.Date         `json:"from"`
	To          civil.Date         `json:"to"`
	EndedOn     civil.Date         `json:"ended_on,omitzero"`
	EndReason   mandates.EndReason `json:"end_reason,omitempty"`
	Balance     money.Amount       `json:"balance"`
	Reserve     money.Amount       `json:"reserve"`
}

func mandateOf(s mandates.Summary) mandate {
	return mandate{
		Mandate: s.ID, Person: s.Person, Status: s.Status, Level: s.Level, Department: s.Department,
		BankAccount: s.BankAccount, Coordinator: s.Coordinator, From: s.From, To: s.To, EndedOn: s.EndedOn,
		EndReason: s.EndReason, Balance: s.Balance, Reserve: s.Reserve,
	}
}

// listMandates is a page of the mandates in the reach of the sender.
func (h *House) listMandates(ctx context.Context, c *api.Call) (a api.Answer, err error) {
	p := mandates.Part{Status: mandates.Status(c.Query("status")), Like: partOf(c.Query("q")), Most: c.Limit() + 1}
	if c.Reach == auth.Whole {
		p.Without, err = h.closed(ctx, c)
	} else {
		p.Only, err = h.Reach.Reached(ctx, c.Who)
		p.Only = append([]string{}, p.Only...) // nobody is not everybody
	}
	if err != nil {
		return a, err
	}
	if p.After, err = c.After(); err != nil {
		return a, err
	}
	found, err := h.Mandates.ListPart(ctx, p)
	if err != nil {
		return a, err
	}
	page := api.Page[mandate]{Data: []mandate{}, HasMore: len(found) > c.Limit()}
	for _, s := range found[:min(len(found), c.Limit())] {
		page.Data = append(page.Data, mandateOf(s))
	}
	if page.HasMore {
		page.NextCursor = c.Cursor(page.Data[len(page.Data)-1].Mandate)
	}
	if p.Most = c.CountMost(); p.Most > 0 {
		n, err := h.Mandates.CountPart(ctx, p)
		if err != nil {
			return a, err
		}
		page.Count = &n
	}
	return api.Answer{Body: page, Many: true}, nil
}

// mandateName is a MandateName of the contract.
type mandateName struct {
	Mandate string `json:"mandate"`
	Person  string `json:"person"`
}

func (h *House) listMandateNames(ctx context.Context, c *api.Call) (api.Answer, error) {
	named, err := h.Mandates.Names(ctx, strings.Split(c.Query("mandates"), ","))
	if err != nil {
		return api.Answer{}, err
	}
	if named, err = within(ctx, h, c, named, func(n mandates.Name) string { return n.ID }); err != nil {
		return api.Answer{}, err
	}
	out := make([]mandateName, len(named))
	for i, n := range named {
		out[i] = mandateName{n.ID, n.Person}
	}
	return api.Paged(c, out, func(n mandateName) string { return n.Mandate }, ascending)
}

func (h *House) getMandate(ctx context.Context, c *api.Call) (api.Answer, error) {
	id := c.Path("mandate")
	if err := h.reached(ctx, c, id); err != nil {
		return api.Answer{}, err
	}
	d, err := h.Mandates.Dossier(ctx, id)
	if err != nil {
		return api.Answer{}, err
	}
	return api.Answer{Body: mandateOf(d.Summary), Persons: []string{id}}, nil
}
