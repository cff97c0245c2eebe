package v1

import (
	"context"
	"errors"
	"slices"

	"masp/api"
	"masp/api/auth"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
	"masp/payments/worklist"
)

func (h *House) settingOperations() []api.Operation {
	return []api.Operation{
		{ID: "getSettings", Action: auth.ReadOrganisation, Do: h.getSettings},
		{ID: "getRetentionTimes", Action: auth.ReadOrganisation, Do: h.getRetentionTimes},
		{ID: "putRetentionTimes", Action: auth.WriteSettings, Do: h.putRetentionTimes, Of: "getRetentionTimes"},
		{ID: "getJobs", Action: auth.ReadOrganisation, Do: h.getJobs},
		{ID: "getOrganisation", Action: auth.ReadOrganisation, Do: h.getOrganisation},
		{ID: "getFrontDoor", Do: h.getFrontDoor},
		{ID: "putFrontDoor", Action: auth.WriteSettings, Do: h.putFrontDoor, Of: "getFrontDoor"},
		{ID: "listTolerances", Action: auth.ReadOrganisation, Do: h.listTolerances},
		{ID: "getTolerance", Action: auth.ReadOrganisation, Do: h.getTolerance},
		{ID: "putTolerance", Action: auth.WriteSettings, Do: h.putTolerance, Of: "getTolerance"},
		{ID: "getPayerCalendars", Action: auth.ReadOrganisation, Do: h.getCalendars},
		{ID: "putPayerCalendar", Action: auth.WriteSettings, Do: h.putCalendar, Of: "getPayerCalendars"},
		{ID: "getSuspenseSettings", Action: auth.ReadOrganisation, Do: h.getSuspenseSettings},
		{ID: "putSuspenseSettings", Action: auth.WriteSettings, Do: h.putSuspenseSettings, Of: "getSuspenseSettings"},
		{ID: "getPainVersion", Action: auth.WriteSettings, Do: h.getPainVersion},
		{ID: "putPainVersion", Action: auth.WriteSettings, Do: h.putPainVersion, Of: "getPainVersion"},
		{ID: "getStatementDelay", Action: auth.WriteSettings, Do: h.getStatementDelay},
		{ID: "putStatementDelay", Action: auth.WriteSettings, Do: h.putStatementDelay, Of: "getStatementDelay"},
	}
}

// getOrganisation says whose books these are, and whether they count or are a trial.
func (h *House) getOrganisation(ctx context.Context, _ *api.Call) (api.Answer, error) {
	o, err := h.Mandates.Organisation(ctx)
	return api.Answer{Body: struct {
		Name          string     `json:"name"`
		Siren         string     `json:"siren,omitempty"`
		OpenedOn      civil.Date `json:"opened_on"`
		IBANHoldHours int        `json:"iban_hold_hours"`
		InProduction  bool       `json:"in_production"`
	}{o.Name, o.Siren, o.OpenedOn, o.IBANHoldHours, o.InProduction}}, err
}

// everyOther names in an address what holds for the benefits that have no row of their own.
const everyOther = "others"

// tolerance is a Tolerance of the contract.
type tolerance struct {
	Benefit string       `json:"benefit,omitempty"`
	Amount  money.Amount `json:"amount"`
	Days    int          `json:"days"`
}

func (h *House) listTolerances(ctx context.Context, c *api.Call) (api.Answer, error) {
	all, err := h.Mandates.Tolerances(ctx)
	if err != nil {
		return api.Answer{}, err
	}
	found := make([]tolerance, 0, len(all))
	for _, t := range all {
		found = append(found, toleranceOf(t))
	}
	return api.Paged(c, found, func(t tolerance) string { return t.Benefit }, ascending)
}

func toleranceOf(t mandates.Tolerance) tolerance {
	w := tolerance{Benefit: t.Benefit, Amount: t.Amount, Days: t.Days}
	if w.Benefit == "" {
		w.Benefit = everyOther
	}
	return w
}

// getTolerance is what passes as received of a benefit: without a row, to the cent and to the day.
func (h *House) getTolerance(ctx context.Context, c *api.Call) (api.Answer, error) {
	benefit := c.Path("benefit")
	known, err := h.Mandates.Catalogue(ctx)
	if err != nil {
		return api.Answer{}, err
	}
	if benefit != everyOther && !slices.ContainsFunc(known, func(b mandates.Benefit) bool { return b.Code == benefit }) {
		return api.Answer{}, api.NotFound()
	}
	all, err := h.Mandates.Tolerances(ctx)
	for _, t := range all {
		if w := toleranceOf(t); w.Benefit == benefit {
			return api.Answer{Body: w}, nil
		}
	}
	return api.Answer{Body: tolerance{Benefit: benefit}}, err
}

func (h *House) putTolerance(ctx context.Context, c *api.Call) (api.Answer, error) {
	var to tolerance
	if err := c.Read(&to); err != nil {
		return api.Answer{}, err
	}
	benefit := c.Path("benefit")
	if benefit == everyOther {
		benefit = ""
	}
	if err := h.Mandates.SetTolerance(ctx, c.Who, benefit, to.Amount, to.Days); err != nil {
		return api.Answer{}, err
	}
	return h.getTolerance(ctx, c)
}

// calendar is a PayerCalendar of the contract.
type calendar struct {
	Benefit     string         `json:"benefit,omitempty"`
	ThirdParty  bool           `json:"third_party"`
	Day         int            `json:"day"`
	MonthsAfter int            `json:"months_after"`
	Shift       mandates.Shift `json:"shift"`
}

// payerCalendars are PayerCalendars of the contract.
type payerCalendars struct {
	Payer     string     `json:"payer"`
	Calendars []calendar `json:"calendars"`
}

func (h *House) getCalendars(ctx context.Context, c *api.Call) (api.Answer, error) {
	payer := c.Path("payer")
	if !slices.Contains(mandates.Payers(), payer) {
		return api.Answer{}, api.NotFound()
	}
	all, err := h.Mandates.Calendars(ctx)
	return api.Answer{Body: calendarsOf(payer, all)}, err
}

// calendarsOf are the calendars of one payer.
func calendarsOf(payer string, all []mandates.PayerCalendar) payerCalendars {
	w := payerCalendars{Payer: payer, Calendars: []calendar{}}
	for _, row := range all {
		if row.Payer == payer {
			w.Calendars = append(w.Calendars, calendar{row.Benefit, row.ThirdParty, row.Day, row.MonthsAfter, row.Shift})
		}
	}
	return w
}

func (h *House) putCalendar(ctx context.Context, c *api.Call) (api.Answer, error) {
	var to struct {
		calendar
		Reason string `json:"reason"`
	}
	if err := c.Read(&to); err != nil {
		return api.Answer{}, err
	}
	_, err := h.Mandates.SetCalendar(ctx, c.Who, mandates.CalendarChange{
		Payer: c.Path("payer"), Benefit: to.Benefit, ThirdParty: to.ThirdParty, Day: to.Day, MonthsAfter: &to.MonthsAfter,
		Shift: to.Shift,
	}, to.Reason)
	if err != nil {
		return api.Answer{}, inBody(err, mandates.ErrNoBenefit, "/benefit")
	}
	return h.getCalendars(ctx, c)
}

// daysSetting is a number of days that the organisation has chosen.
type daysSetting struct {
	Days int `json:"days"`
}

func (h *House) getSuspenseSettings(ctx context.Context, _ *api.Call) (api.Answer, error) {
	days, err := h.Imports.SuspenseDays(ctx)
	return api.Answer{Body: daysSetting{days}}, err
}

func (h *House) putSuspenseSettings(ctx context.Context, c *api.Call) (api.Answer, error) {
	var to daysSetting
	if err := c.Read(&to); err != nil {
		return api.Answer{}, err
	}
	if err := h.Imports.SetSuspenseDays(ctx, c.Who, to.Days); err != nil {
		return api.Answer{}, err
	}
	return h.getSuspenseSettings(ctx, c)
}

type painVersion struct {
	PainVersion string `json:"pain_version"`
}

func (h *House) getPainVersion(ctx context.Context, c *api.Call) (api.Answer, error) {
	version, err := h.Mandates.PainVersion(ctx, c.Path("bank_account"))
	if errors.Is(err, mandates.ErrNoAccount) {
		err = api.NotFound()
	}
	return api.Answer{Body: painVersion{version}}, err
}

func (h *House) putPainVersion(ctx context.Context, c *api.Call) (api.Answer, error) {
	var to painVersion
	if err := c.Read(&to); err != nil {
		return api.Answer{}, err
	}
	if err := h.Mandates.SetPainVersion(ctx, c.Who, c.Path("bank_account"), to.PainVersion); err != nil {
		return api.Answer{}, err
	}
	return h.getPainVersion(ctx, c)
}

// getStatementDelay says within how many banking days the next statement of an account is here.
func (h *House) getStatementDelay(ctx context.Context, c *api.Call) (api.Answer, error) {
	all, err := h.Worklist.Statements(ctx)
	if err != nil {
		return api.Answer{}, err
	}
	at := slices.IndexFunc(all, func(d worklist.Due) bool { return d.Account == c.Path("bank_account") })
	if at < 0 {
		return api.Answer{}, api.NotFound()
	}
	return api.Answer{Body: daysSetting{all[at].Days}}, nil
}

func (h *House) putStatementDelay(ctx context.Context, c *api.Call) (api.Answer, error) {
	var to struct {
		Days   int    `json:"days"`
		Reason string `json:"reason"`
	}
	if err := c.Read(&to); err != nil {
		return api.Answer{}, err
	}
	if err := h.Worklist.ExpectStatements(ctx, c.Who, c.Path("bank_account"), to.Days, to.Reason); err != nil {
		return api.Answer{}, err
	}
	return h.getStatementDelay(ctx, c)
}
