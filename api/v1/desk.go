package v1

import (
	"context"
	"maps"
	"slices"
	"time"

	"masp/api"
	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
	"masp/payments"
	"masp/payments/worklist"
)

func (h *House) deskOperations() []api.Operation {
	return []api.Operation{
		{ID: "getDesk", Action: auth.ReadAlerts, Do: h.getDesk},
		{ID: "search", Action: auth.ReadPersons, Do: h.search},
		{ID: "getOverview", Action: auth.ReadPersons, Do: h.getOverview},
		{ID: "getBenefitDays", Action: auth.ReadPersons, Do: h.getBenefitDays},
	}
}

// desk is a Desk of the contract: what waits for who asks, in numbers.
type desk struct {
	Day        civil.Date     `json:"day"`
	Statements deskStatements `json:"statements"`
	Alerts     []deskAlerts   `json:"alerts"`
	Runs       []deskRun      `json:"runs"`
	ToSign     int            `json:"ibans_to_sign"` // that loads have brought, and you have not signed
}

// deskStatements are the last statements of the accounts in reach.
type deskStatements struct {
	Through civil.Date `json:"through,omitzero"` // the last day of which the bank has told
	Lines   int        `json:"lines"`            // of that day
	Held    int        `json:"held"`
}

// deskAlerts are the open alerts of one kind.
type deskAlerts struct {
	Code     string            `json:"code"`
	Severity worklist.Severity `json:"severity"`
	Label    string            `json:"label"`
	Count    int               `json:"count"`
	Oldest   civil.Date        `json:"oldest"`
}

// deskRun is a run that somebody must still do something for.
type deskRun struct {
	Run        string            `json:"run"`
	Month      civil.Month       `json:"month"`
	On         civil.Date        `json:"on"`
	State      payments.RunState `json:"state"`
	Purpose    payments.Purpose  `json:"purpose"`
	Payments   int               `json:"payments"`
	Total      money.Amount      `json:"total"`
	Open       int               `json:"open_exceptions"`
	Blocking   int               `json:"blocking_exceptions"`
	Signatures int               `json:"signatures"`
	Yours      bool              `json:"yours"`  // you have prepared it, so that you do not sign it
	Signed     bool              `json:"signed"` // you have signed what stands in it now
	Since      time.Time         `json:"since"`
}

// getDesk counts: who sees a part of the house counts his part.
func (h *House) getDesk(ctx context.Context, c *api.Call) (api.Answer, error) {
	q := unit.Reader(ctx, h.DB)
	today, err := ledger.Today(ctx, q)
	if err != nil {
		return api.Answer{}, err
	}
	out := desk{Day: today, Alerts: []deskAlerts{}, Runs: []deskRun{}}
	if out.Statements, err = readLastStatements(ctx, q); err != nil {
		return api.Answer{}, err
	}
	found, err := readOpenAlerts(ctx, q, c.Who.ID, c.Reach == auth.Whole)
	if err != nil {
		return api.Answer{}, err
	}
	out.Alerts = alertsInOrder(found)
	if c.Who.Reach(auth.ReadRuns) != auth.Nowhere {
		if out.Runs, err = readOpenRuns(ctx, q, c.Who.ID); err != nil {
			return api.Answer{}, err
		}
	}
	if c.Who.Reach(auth.ConfirmIBANs) != auth.Nowhere {
		out.ToSign, err = readIBANsToSign(ctx, q, c.Who.ID, c.Reach == auth.Whole)
	}
	return api.Answer{Body: out, Many: true}, err
}

// alertsInOrder gives the counts of alerts in the order of their list, those without a place there last.
func alertsInOrder(found map[string]deskAlerts) []deskAlerts {
	all := []deskAlerts{}
	add := func(k worklist.Kind) {
		if a, ok := found[k.Code]; ok {
			a.Severity, a.Label = k.Severity, k.Label
			all = append(all, a)
			delete(found, k.Code)
		}
	}
	for _, k := range worklist.Kinds() {
		add(k)
	}
	for _, code := range slices.Sorted(maps.Keys(found)) {
		add(worklist.KindOf(code))
	}
	return all
}
