package v1

import (
	"context"
	"errors"
	"slices"
	"strings"

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

func (h *House) listBeneficiaries(ctx context.Context, c *api.Call) (api.Answer, error) {
	all, err := h.Mandates.Persons(ctx)
	if err != nil {
		return api.Answer{}, err
	}
	if all, err = h.seen(ctx, c, all...); err != nil {
		return api.Answer{}, err
	}
	var found []beneficiary
	words := strings.ToLower(c.Query("q"))
	for _, p := range all {
		if strings.Contains(strings.ToLower(p.ID+" "+p.Name()), words) {
			found = append(found, beneficiaryOf(p))
		}
	}
	return api.Paged(c, found, func(b beneficiary) string { return b.Beneficiary }, ascending)
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
