package v1

import (
	"context"
	"fmt"
	"net/http"

	"masp/api"
	"masp/api/auth"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

func (h *House) housingOperations() []api.Operation {
	return []api.Operation{
		{ID: "listHousing", Action: auth.ReadPersons, Do: h.listHousing},
		{ID: "setHousing", Action: auth.WritePersons, Do: h.setHousing},
	}
}

// housing is what a landlord asks from a month on, and what of it is left to pay here.
type housing struct {
	From            civil.Month  `json:"from"`
	Landlord        string       `json:"landlord"`
	Rent            money.Amount `json:"rent"`
	Charges         money.Amount `json:"charges"`
	RLS             money.Amount `json:"rls"`
	APL             money.Amount `json:"apl"`
	NewTenancy      bool         `json:"new_tenancy"`
	ResidualRent    money.Amount `json:"residual_rent"`
	ResidualCharges money.Amount `json:"residual_charges"`
	Credit          money.Amount `json:"credit"`

	number int
}

func housingOf(r mandates.HousingRecord) housing {
	left := mandates.Residual(r.Housing)
	return housing{
		From: r.From, Landlord: r.Landlord, Rent: r.Rent, Charges: r.Charges, RLS: r.RLS, APL: r.APL, NewTenancy: r.NewTenancy,
		ResidualRent: left.Rent, ResidualCharges: left.Charges, Credit: left.Credit,
	}
}

func (h *House) listHousing(ctx context.Context, c *api.Call) (api.Answer, error) {
	id, err := h.mandateRead(ctx, c)
	if err != nil {
		return api.Answer{}, err
	}
	all, err := h.Mandates.HousingOf(ctx, id)
	if err != nil {
		return api.Answer{}, err
	}
	shown := each(all, housingOf)
	for i := range shown {
		shown[i].number = i
	}
	answer, err := api.Paged(c, shown, func(r housing) string { return fmt.Sprintf("%06d", r.number) }, ascending)
	answer.Persons = []string{id}
	return answer, err
}

// mandateRead is the mandate of the path, for a list that would be empty if it did not exist.
func (h *House) mandateRead(ctx context.Context, c *api.Call) (string, error) {
	id := c.Path("mandate")
	return id, h.mandateSeen(ctx, c, id)
}

func (h *House) setHousing(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		From       civil.Month  `json:"from"`
		Landlord   string       `json:"landlord"`
		Rent       money.Amount `json:"rent"`
		Charges    money.Amount `json:"charges"`
		RLS        money.Amount `json:"rls"`
		APL        money.Amount `json:"apl"`
		NewTenancy bool         `json:"new_tenancy"`
		DueDay     int          `json:"due_day"`
		Reference  string       `json:"reference"`
	}
	id, err := h.inHand(ctx, c, &body)
	if err != nil {
		return api.Answer{}, err
	}
	if body.DueDay == 0 {
		body.DueDay = usualRentDay
	}
	changed, err := h.Mandates.SetHousing(ctx, c.Who, mandates.HousingRecord{
		Mandate: id, From: body.From, Landlord: body.Landlord,
		Housing:    mandates.Housing{Rent: body.Rent, Charges: body.Charges, RLS: body.RLS, APL: body.APL},
		NewTenancy: body.NewTenancy, DueDay: body.DueDay, Reference: body.Reference,
	})
	if err != nil {
		return api.Answer{}, inBody(err, mandates.ErrNoCreditor, "/landlord")
	}
	return api.Answer{Status: http.StatusCreated, Location: "/v1/mandates/" + id + "/housing", Body: struct {
		Changed []changedLines `json:"changed"`
	}{each(changed, changedOf)}}, nil
}

// usualRentDay is the day of the rent when a new line does not say it.
const usualRentDay = 5
