package v1

import (
	"cmp"
	"context"
	"net/http"

	"masp/api"
	"masp/api/auth"
	"masp/ledger/civil"
	"masp/payments/mandates"
)

func (h *House) benefitOperations() []api.Operation {
	return []api.Operation{
		{ID: "listBenefits", Action: auth.ReadPersons, Do: h.listBenefits},
		{ID: "getBenefit", Action: auth.ReadPersons, Do: h.getBenefit},
		{ID: "addBenefit", Action: auth.WriteSettings, Do: h.addBenefit},
		{ID: "endBenefit", Action: auth.WriteSettings, Do: h.endBenefit, Of: "getBenefit"},
		{ID: "listAuthorisedBenefits", Action: auth.ReadPersons, Do: h.listAuthorisedBenefits},
		{ID: "noteCourtBenefits", Action: auth.WritePersons, Do: h.noteCourtBenefits},
		{ID: "endCourtBenefit", Action: auth.WritePersons, Do: h.endCourtBenefit},
		{ID: "listExpectedBenefits", Action: auth.ReadPersons, Do: h.listExpectedBenefits},
		{ID: "expectBenefit", Action: auth.WritePersons, Do: h.expectBenefit},
		{ID: "dropExpectedBenefit", Action: auth.WritePersons, Do: h.dropExpectedBenefit},
		{ID: "planExpectedBenefits", Action: auth.WritePersons, Do: h.planExpectedBenefits},
	}
}

// benefit is a row of the catalogue.
type benefit struct {
	Code               string             `json:"code"`
	Label              string             `json:"label"`
	LegalItem          string             `json:"legal_item"`
	Payers             []string           `json:"payers"`
	From               civil.Date         `json:"from"`
	To                 civil.Date         `json:"to,omitzero"`
	Manageable         bool               `json:"manageable"`
	ThirdPartyExcluded bool               `json:"third_party_excluded"`
	Purpose            string             `json:"purpose,omitempty"`
	MonthOfDeath       mandates.DeathRule `json:"month_of_death"`
}

func benefitOf(b mandates.Benefit) benefit {
	shown := benefit(b)
	shown.Payers = append([]string{}, b.Payers...)
	shown.MonthOfDeath = cmp.Or(b.MonthOfDeath, mandates.UndueMonth)
	return shown
}

func (h *House) listBenefits(ctx context.Context, c *api.Call) (api.Answer, error) {
	all, err := h.Mandates.Catalogue(ctx)
	if err != nil {
		return api.Answer{}, err
	}
	var on civil.Date
	if c.Has("on") {
		if on, err = civil.Parse(c.Query("on")); err != nil {
			return api.Answer{}, badParameter("?on")
		}
	}
	var found []benefit
	for _, b := range all {
		if _, holds := mandates.Find([]mandates.Benefit{b}, b.Code, on); !c.Has("on") || holds {
			found = append(found, benefitOf(b))
		}
	}
	return api.Paged(c, found, func(b benefit) string { return b.Code + " " + b.From.String() }, ascending)
}

// benefitRows are the rows of one code, the oldest first.
type benefitRows struct {
	Code string    `json:"code"`
	Rows []benefit `json:"rows"`
}

func (h *House) getBenefit(ctx context.Context, c *api.Call) (api.Answer, error) {
	all, err := h.Mandates.Catalogue(ctx)
	if err != nil {
		return api.Answer{}, err
	}
	found := benefitRows{Code: c.Path("benefit"), Rows: []benefit{}}
	for _, b := range all {
		if b.Code == found.Code {
			found.Rows = append(found.Rows, benefitOf(b))
		}
	}
	if len(found.Rows) == 0 {
		return api.Answer{}, api.NotFound()
	}
	return api.Answer{Body: found}, nil
}

func (h *House) addBenefit(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		benefit
		saidWhy
	}
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	row := mandates.Benefit(body.benefit)
	if err := h.Mandates.AddBenefit(ctx, c.Who, row, body.Reason); err != nil {
		return api.Answer{}, err
	}
	return api.Answer{Status: http.StatusCreated, Location: "/v1/benefits/" + row.Code, Body: benefitOf(row)}, nil
}

func (h *House) endBenefit(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		To civil.Date `json:"to"`
		saidWhy
	}
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	if err := h.Mandates.EndBenefit(ctx, c.Who, c.Path("benefit"), body.To, body.Reason); err != nil {
		return api.Answer{}, inBody(err, mandates.ErrNoBenefit, "/to") // the code is there: no row holds on that day
	}
	return h.getBenefit(ctx, c)
}

func (h *House) listAuthorisedBenefits(ctx context.Context, c *api.Call) (api.Answer, error) {
	id := c.Path("mandate")
	if err := h.reached(ctx, c, id); err != nil {
		return api.Answer{}, err
	}
	d, err := h.Mandates.Dossier(ctx, id)
	if err != nil {
		return api.Answer{}, err
	}
	answer, err := api.Paged(c, each(d.Benefits, func(a mandates.Authorisation) authorisation { return authorisation(a) }),
		func(a authorisation) string { return a.Benefit + " " + a.From.String() }, ascending)
	answer.Persons = []string{id}
	return answer, err
}

func (h *House) noteCourtBenefits(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		Benefits []string   `json:"benefits"`
		Judgment string     `json:"judgment"`
		From     civil.Date `json:"from"`
	}
	id, err := h.inHand(ctx, c, &body)
	if err != nil {
		return api.Answer{}, err
	}
	noted := each(body.Benefits, func(code string) mandates.CourtBenefit {
		return mandates.CourtBenefit{Benefit: code, From: body.From, Judgment: body.Judgment}
	})
	return h.courtAnswer(ctx, id, h.Mandates.NoteCourt(ctx, c.Who, id, noted...))
}

func (h *House) endCourtBenefit(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		Benefit string     `json:"benefit"`
		LastDay civil.Date `json:"last_day"`
	}
	id, err := h.inHand(ctx, c, &body)
	if err != nil {
		return api.Answer{}, err
	}
	err = h.Mandates.EndCourt(ctx, c.Who, id, body.Benefit, body.LastDay)
	return h.courtAnswer(ctx, id, inBody(err, mandates.ErrNoCourt, "/benefit"))
}

// courtAnswer is what a delegate of the family court manages, after an act on it.
func (h *House) courtAnswer(ctx context.Context, id string, err error) (api.Answer, error) {
	if err != nil {
		return api.Answer{}, err
	}
	d, err := h.Mandates.Dossier(ctx, id)
	return api.Answer{Status: http.StatusCreated, Location: dossierPath(id), Body: struct {
		Mandate string         `json:"mandate"`
		Court   []courtBenefit `json:"court_benefits"`
	}{id, each(d.Court, courtOf)}}, err
}
