package v1

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"masp/api"
	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
	"masp/payments/worklist"
)

func (h *House) alertOperations() []api.Operation {
	return []api.Operation{
		{ID: "listAlerts", Action: auth.ReadAlerts, Do: h.listAlerts},
		{ID: "getAlert", Action: auth.ReadAlerts, Do: h.getAlert},
		{ID: "listAlertKinds", Action: auth.ReadAlerts, Do: h.listAlertKinds},
		{ID: "assignAlert", Action: auth.WriteAlerts, Do: h.assignAlert, Of: "getAlert"},
		{ID: "snoozeAlert", Action: auth.WriteAlerts, Do: h.snoozeAlert, Of: "getAlert"},
		{ID: "closeAlert", Action: auth.WriteAlerts, Do: h.closeAlert, Of: "getAlert"},
		{ID: "listPayerChanges", Action: auth.ReadPersons, Do: h.listPayerChanges},
		{ID: "askPayer", Action: auth.WriteAlerts, Do: h.askPayer},
		{ID: "confirmPayer", Action: auth.WriteAlerts, Do: h.confirmPayer},
	}
}

// alert is an Alert of the contract.
type alert struct {
	Alert        string            `json:"alert"`
	On           civil.Date        `json:"on"`
	Code         string            `json:"code"`
	Severity     worklist.Severity `json:"severity"`
	State        worklist.State    `json:"state"`
	Label        string            `json:"label"`
	ToDo         string            `json:"to_do"`
	Mandate      string            `json:"mandate,omitempty"`
	Subject      string            `json:"subject"`
	Amount       money.Amount      `json:"amount"`
	Text         string            `json:"text"`
	Details      map[string]string `json:"details"`
	User         string            `json:"user,omitempty"`
	Before       int               `json:"before"`
	SnoozedUntil civil.Date        `json:"snoozed_until,omitzero"`
	ClosedAt     *time.Time        `json:"closed_at,omitempty"`
	ClosedBy     string            `json:"closed_by,omitempty"`
	ClosedReason string            `json:"closed_reason,omitempty"`
}

func (h *House) alertOf(i worklist.Item, state worklist.State) alert {
	return alert{
		Alert: h.seal.ID("alt", i.ID), On: i.On, Code: i.Code, Severity: i.Kind.Severity, State: state,
		Label: i.Kind.Label, ToDo: withoutCommand(i.Kind.ToDo), Mandate: i.Mandate, Subject: i.Subject, Amount: i.Amount,
		Text: withoutCommand(i.Text), Details: h.detailsOf(i), User: i.User, Before: i.Before,
		SnoozedUntil: i.SnoozedUntil, ClosedAt: i.ClosedAt, ClosedBy: i.ClosedBy, ClosedReason: i.Reason,
	}
}

// detailsOf are the details of an alert; a bank line goes by its sealed number.
func (h *House) detailsOf(i worklist.Item) map[string]string {
	all := make(map[string]string, len(i.Details))
	for key, value := range i.Details {
		if number, err := strconv.ParseInt(value, 10, 64); err == nil && key == "line" {
			value = h.seal.ID("lin", number)
		}
		all[key] = value
	}
	return all
}

// placeText is the place of an alert as a cursor keeps it.
func placeText(p worklist.Place) string {
	return fmt.Sprintf("%t %d %s %d", p.Closed, p.Rank, p.On, p.ID)
}

// placeAfter is the place that the sender's page begins after, zero for the first page.
func placeAfter(c *api.Call) (p worklist.Place, err error) {
	after, err := c.After()
	if after == "" || err != nil {
		return p, err
	}
	var day string
	if _, err = fmt.Sscanf(after, "%t %d %s %d", &p.Closed, &p.Rank, &day, &p.ID); err == nil {
		p.On, err = civil.Parse(day)
	}
	if err != nil {
		return p, wrongParameter("?cursor")
	}
	return p, nil
}

// hers tells that an alert of no mandate was given to the sender by name.
func hers(c *api.Call, i worklist.Item) bool {
	return i.Mandate == "" && i.User == c.Who.ID && i.User != ""
}

// inReach narrows a filter to the reach of the sender: what belongs to no mandate is for who sees the whole
// organisation, and for whom it was given to.
func (h *House) inReach(ctx context.Context, c *api.Call, f worklist.Filter) (worklist.Filter, error) {
	if c.Reach == auth.Whole {
		closed, err := h.closed(ctx, c)
		f.Without = closed
		return f, err
	}
	reached, err := h.Reach.Reached(ctx, c.Who)
	f.Only = &worklist.Sight{Mandates: reached, User: c.Who.ID}
	return f, err
}

func (h *House) listAlerts(ctx context.Context, c *api.Call) (api.Answer, error) {
	f := worklist.Filter{
		Mandate: c.Query("mandate"), Code: c.Query("code"), User: c.Query("user"), State: worklist.Open,
		Severity: worklist.Severity(c.Query("severity")), Most: c.Limit() + 1,
	}
	if c.Has("state") {
		f.State = worklist.State(c.Query("state"))
	}
	f, err := h.inReach(ctx, c, f)
	if err != nil {
		return api.Answer{}, err
	}
	if f.After, err = placeAfter(c); err != nil {
		return api.Answer{}, err
	}
	today, err := ledger.Today(ctx, unit.Reader(ctx, h.DB))
	if err != nil {
		return api.Answer{}, err
	}
	found, err := h.Worklist.List(ctx, f)
	if err != nil {
		return api.Answer{}, err
	}
	page := api.Page[alert]{Data: []alert{}, HasMore: len(found) > c.Limit()}
	found = found[:min(len(found), c.Limit())]
	for _, i := range found {
		page.Data = append(page.Data, h.alertOf(i, i.StateOn(today)))
	}
	if page.HasMore {
		page.NextCursor = c.Cursor(placeText(found[len(found)-1].Place()))
	}
	if most := c.CountMost(); most > 0 {
		n, err := h.Worklist.Count(ctx, f)
		if err != nil {
			return api.Answer{}, err
		}
		n = min(n, most)
		page.Count = &n
	}
	return api.Answer{Body: page, Many: true}, nil
}

// alertSeen is one alert in the reach of the sender, with its number.
func (h *House) alertSeen(ctx context.Context, c *api.Call) (int64, alert, error) {
	number, err := h.seal.Number("alt", c.Path("alert"))
	if err != nil {
		return 0, alert{}, err
	}
	i, err := h.Worklist.Find(ctx, number)
	if errors.Is(err, worklist.ErrNoAlert) {
		return 0, alert{}, api.NotFound()
	}
	if err != nil {
		return 0, alert{}, err
	}
	if c.Reach != auth.Whole && i.Mandate == "" && !hers(c, i.Item) {
		return 0, alert{}, api.NotFound()
	}
	if i.Mandate != "" {
		err = h.reached(ctx, c, i.Mandate)
	}
	return number, h.alertOf(i.Item, i.State), err
}

func (h *House) getAlert(ctx context.Context, c *api.Call) (api.Answer, error) {
	_, w, err := h.alertSeen(ctx, c)
	a := api.Answer{Body: w}
	if w.Mandate != "" {
		a.Persons = []string{w.Mandate}
	}
	return a, err
}

func (h *House) listAlertKinds(_ context.Context, c *api.Call) (api.Answer, error) {
	all := worklist.Kinds()
	found := make([]numbered[worklist.Kind], 0, len(all))
	for i, k := range all {
		k.ToDo = withoutCommand(k.ToDo)
		found = append(found, numbered[worklist.Kind]{i + 1, k})
	}
	return pagedInOrder(c, found)
}

// onAlert does an act on an alert that the sender reaches, and answers it as it is now.
func (h *House) onAlert(ctx context.Context, c *api.Call, body any, act func(number int64) error) (api.Answer, error) {
	if err := c.Read(body); err != nil {
		return api.Answer{}, err
	}
	number, before, err := h.alertSeen(ctx, c)
	if err == nil {
		err = act(number)
	}
	if err != nil {
		return api.Answer{}, err
	}
	now, err := h.Worklist.Find(ctx, number) // who gives it away may see it no more
	return api.Answer{
		Status: http.StatusCreated, Location: "/v1/alerts/" + before.Alert, Body: h.alertOf(now.Item, now.State),
	}, err
}

func (h *House) assignAlert(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		User string `json:"user"`
	}
	return h.onAlert(ctx, c, &body, func(number int64) error {
		return inBody(h.Worklist.Assign(ctx, c.Who, number, body.User), worklist.ErrNoUser, "/user")
	})
}

func (h *House) snoozeAlert(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		Until  civil.Date `json:"until"`
		Reason string     `json:"reason"`
	}
	return h.onAlert(ctx, c, &body, func(number int64) error {
		return h.Worklist.Snooze(ctx, c.Who, number, body.Until, body.Reason)
	})
}

func (h *House) closeAlert(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		Reason string `json:"reason"`
	}
	return h.onAlert(ctx, c, &body, func(number int64) error { return h.Worklist.Close(ctx, c.Who, number, body.Reason) })
}
