package v1

import (
	"context"
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
	}
}

// desk is a Desk of the contract: what waits for who asks, in numbers.
type desk struct {
	Day        civil.Date     `json:"day"`
	Statements deskStatements `json:"statements"`
	Alerts     []deskAlerts   `json:"alerts"`
	Runs       []deskRun      `json:"runs"`
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
	for _, k := range worklist.Kinds() { // in the order of the list
		if a, ok := found[k.Code]; ok {
			a.Code, a.Severity, a.Label = k.Code, k.Severity, k.Label
			out.Alerts = append(out.Alerts, a)
		}
	}
	if c.Who.Reach(auth.ReadRuns) != auth.Nowhere {
		out.Runs, err = readOpenRuns(ctx, q, c.Who.ID)
	}
	return api.Answer{Body: out, Many: true}, err
}
