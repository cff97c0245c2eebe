package v1

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"masp/api"
	"masp/api/auth"
	"masp/ledger/civil"
	"masp/ledger/money"
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

	place string // in the list of all
}

func (h *House) alertOf(i worklist.Item, state worklist.State) alert {
	w := alert{
		Alert: h.seal.ID("alt", i.ID), On: i.On, Code: i.Code, Severity: i.Kind.Severity, State: state,
		Label: i.Kind.Label, ToDo: withoutCommand(i.Kind.ToDo), Mandate: i.Mandate, Subject: i.Subject, Amount: i.Amount,
		Text: withoutCommand(i.Text), Details: h.detailsOf(i), User: i.User, Before: i.Before,
		SnoozedUntil: i.SnoozedUntil, ClosedAt: i.ClosedAt, ClosedBy: i.ClosedBy, ClosedReason: i.Reason,
	}
	w.place = placeOf(i)
	return w
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

// placeOf is the place of an alert in the list, which never moves while it is open: the urgent first,
// then the oldest.
func placeOf(i worklist.Item) string {
	rank := slices.Index([]worklist.Severity{worklist.Urgent, worklist.Soon, worklist.Note}, i.Kind.Severity)
	closed := 0
	if i.ClosedAt != nil {
		closed = 1
	}
	return fmt.Sprintf("%d%d %s %020d", closed, rank, i.On, i.ID)
}

// hers tells that an alert of no mandate was given to the sender by name.
func hers(c *api.Call, i worklist.Item) bool {
	return i.Mandate == "" && i.User == c.Who.ID && i.User != ""
}

// alertsSeen are the alerts of a filter in the reach of the sender; those that belong to no mandate
// are for who sees the whole organisation, and for whom they were given to.
func (h *House) alertsSeen(ctx context.Context, c *api.Call, f worklist.Filter) (found []alert, err error) {
	states := []worklist.State{f.State}
	if f.State == worklist.All {
		states = []worklist.State{worklist.Open, worklist.Asleep, worklist.Closed}
	}
	for _, state := range states {
		f.State = state
		all, err := h.Worklist.List(ctx, f)
		var seen []worklist.Item
		if err == nil {
			seen, err = within(ctx, h, c, all, func(i worklist.Item) string { return i.Mandate })
		}
		if err != nil {
			return nil, err
		}
		if c.Reach != auth.Whole {
			given := slices.DeleteFunc(slices.Clone(all), func(i worklist.Item) bool { return !hers(c, i) })
			seen = append(seen, given...)
		}
		for _, i := range seen {
			found = append(found, h.alertOf(i, state))
		}
	}
	return found, nil
}

func (h *House) listAlerts(ctx context.Context, c *api.Call) (api.Answer, error) {
	f := worklist.Filter{
		Mandate: c.Query("mandate"), Code: c.Query("code"), User: c.Query("user"), State: worklist.Open,
	}
	if c.Has("state") {
		f.State = worklist.State(c.Query("state"))
	}
	found, err := h.alertsSeen(ctx, c, f)
	if err != nil {
		return api.Answer{}, err
	}
	if c.Has("severity") {
		found = slices.DeleteFunc(found, func(w alert) bool { return string(w.Severity) != c.Query("severity") })
	}
	slices.SortFunc(found, func(a, b alert) int { return strings.Compare(a.place, b.place) })
	return api.Paged(c, found, func(w alert) string { return w.place }, ascending)
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
