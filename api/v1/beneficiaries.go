package v1

import (
	"context"
	"errors"
	"slices"

	"masp/api"
	"masp/api/auth"
	"masp/ledger/civil"
	"masp/payments/mandates"
)

func (h *House) beneficiaryOperations() []api.Operation {
	return []api.Operation{
		{ID: "listBeneficiaries", Action: auth.ReadPersons, Do: h.listBeneficiaries},
		{ID: "getBeneficiary", Action: auth.ReadPersons, Do: h.getBeneficiary},
		{ID: "postLoad", Action: auth.WritePersons, Do: h.postLoad},
	}
}

// beneficiary is a Beneficiary of the contract.
type beneficiary struct {
	Beneficiary string     `json:"beneficiary"`
	Civility    string     `json:"civility,omitempty"`
	LastName    string     `json:"last_name"`
	FirstName   string     `json:"first_name"`
	BornOn      civil.Date `json:"born_on"`
	Department  string     `json:"department"`
	Mandates    []string   `json:"mandates"`
	// PayerNumbers are said of one person, never in a list.
	PayerNumbers []mandates.PayerNumber `json:"payer_numbers,omitempty"`
}

func beneficiaryOf(p mandates.Person) beneficiary {
	return beneficiary{
		Beneficiary: p.ID, Civility: p.Civility, LastName: p.LastName, FirstName: p.FirstName, BornOn: p.BornOn,
		Department: p.Department, Mandates: append([]string{}, p.Mandates...),
	}
}

func (h *House) listBeneficiaries(ctx context.Context, c *api.Call) (a api.Answer, err error) {
	p := mandates.PersonPart{Like: partOf(c.Query("q")), Most: c.Limit() + 1}
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
	found, err := h.Mandates.PersonsPart(ctx, p)
	if err == nil {
		found, err = h.seen(ctx, c, found...)
	}
	if err != nil {
		return a, err
	}
	page := api.Page[beneficiary]{Data: []beneficiary{}, HasMore: len(found) > c.Limit()}
	for _, one := range found[:min(len(found), c.Limit())] {
		page.Data = append(page.Data, beneficiaryOf(one))
	}
	if page.HasMore {
		page.NextCursor = c.Cursor(page.Data[len(page.Data)-1].Beneficiary)
	}
	if p.Most = c.CountMost(); p.Most > 0 {
		n, err := h.Mandates.CountPersons(ctx, p)
		if err != nil {
			return a, err
		}
		page.Count = &n
	}
	return api.Answer{Body: page, Many: true}, nil
}

func (h *House) getBeneficiary(ctx context.Context, c *api.Call) (api.Answer, error) {
	p, err := h.person(ctx, c, c.Path("beneficiary"))
	if err != nil {
		return api.Answer{}, err
	}
	b := beneficiaryOf(p)
	b.PayerNumbers = p.PayerNumbers
	return api.Answer{Body: b, Persons: p.Mandates}, nil
}

// person is one person, not found by whoever reaches none of the person's measures.
func (h *House) person(ctx context.Context, c *api.Call, id string) (mandates.Person, error) {
	p, err := h.Mandates.Person(ctx, id)
	switch {
	case errors.Is(err, mandates.ErrNoPerson):
		return p, api.NotFound()
	case err != nil:
		return p, err
	}
	seen, err := h.seen(ctx, c, p)
	switch {
	case err != nil:
		return p, err
	case len(seen) == 0:
		return p, api.NotFound()
	}
	return seen[0], nil
}

// seen leaves of persons the measures that who asks reaches, and the persons who have one.
func (h *House) seen(ctx context.Context, c *api.Call, all ...mandates.Person) ([]mandates.Person, error) {
	if c.Reach == auth.Whole {
		closed, err := h.closed(ctx, c)
		return slices.DeleteFunc(slices.Clone(all), func(p mandates.Person) bool {
			return slices.ContainsFunc(p.Mandates, func(id string) bool { return slices.Contains(closed, id) })
		}), err
	}
	mine, err := h.Reach.Reached(ctx, c.Who)
	if err != nil {
		return nil, err
	}
	known := make(map[string]bool, len(mine))
	for _, id := range mine {
		known[id] = true
	}
	var seen []mandates.Person
	for _, p := range all {
		p.Mandates = slices.DeleteFunc(p.Mandates, func(id string) bool { return !known[id] })
		if len(p.Mandates) > 0 {
			seen = append(seen, p)
		}
	}
	return seen, nil
}
