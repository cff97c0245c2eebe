package v1

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"masp/api"
	"masp/api/auth"
	"masp/api/contract"
	"masp/imports"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments"
)

// assignment is a SuspenseAssignment of the contract: what a line, or a part of it, is.
type assignment struct {
	Mandate    string       `json:"mandate"`
	Benefit    string       `json:"benefit"`
	Period     civil.Month  `json:"period"`
	Amount     money.Amount `json:"amount"`
	Payment    string       `json:"payment"`
	Suggestion int          `json:"suggestion"`
	Reason     string       `json:"reason"`
}

func (a assignment) asked() imports.Assignment {
	return imports.Assignment{
		Mandate: a.Mandate, Benefit: a.Benefit, Period: a.Period, Amount: a.Amount, Transfer: a.Payment, Suggestion: a.Suggestion,
		Reason: a.Reason,
	}
}

// assigned is a SuspenseAssigned of the contract.
type assigned struct {
	Match   string       `json:"match"`
	Entry   string       `json:"entry"`
	Account string       `json:"account"`
	Amount  money.Amount `json:"amount"`
	Open    money.Amount `json:"open"`
	Alert   string       `json:"alert,omitempty"`
}

func (h *House) assignedOf(a imports.Assigned) assigned {
	return assigned{
		Match: h.seal.ID(matchKind, a.Entry), Entry: h.entryID(a.Entry), Account: a.Account, Amount: a.Amount, Open: a.Open, Alert: a.Alert,
	}
}

// onLine reads the body of an act on the line of the path.
func (h *House) onLine(c *api.Call, body any) (int64, error) {
	if err := c.Read(body); err != nil {
		return 0, err
	}
	return h.seal.Number(lineKind, c.Path("line"))
}

// assignSuspense says what a line is. Two who say it at once: the second sees what the first has left.
func (h *House) assignSuspense(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body assignment
	line, err := h.onLine(c, &body)
	if err != nil {
		return api.Answer{}, err
	}
	if err := h.assignable(ctx, c, line, body, ""); err != nil {
		return api.Answer{}, err
	}
	done, err := h.Imports.AssignSuspense(ctx, c.Who, line, body.asked())
	if err != nil {
		return api.Answer{}, err
	}
	out := h.assignedOf(done)
	return api.Answer{Status: http.StatusCreated, Body: out, Location: "/v1/matches/" + out.Match}, nil
}

// splitSuspense says in one act what the parts of a line are.
func (h *House) splitSuspense(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		Parts  []assignment `json:"parts"`
		Reason string       `json:"reason"`
	}
	line, err := h.onLine(c, &body)
	if err != nil {
		return api.Answer{}, err
	}
	parts := make([]imports.Assignment, len(body.Parts))
	for i, p := range body.Parts {
		if err := h.assignable(ctx, c, line, p, fmt.Sprintf("/parts/%d", i)); err != nil {
			return api.Answer{}, err
		}
		parts[i] = p.asked()
	}
	done, err := h.Imports.SplitSuspense(ctx, c.Who, line, parts, body.Reason)
	if err != nil {
		return api.Answer{}, err
	}
	out := struct {
		Line  string     `json:"line"`
		Parts []assigned `json:"parts"`
	}{c.Path("line"), make([]assigned, len(done))}
	for i, a := range done {
		out.Parts[i] = h.assignedOf(a)
	}
	return api.Answer{Status: http.StatusCreated, Body: out, Location: "/v1/bank_lines/" + c.Path("line")}, nil
}

// actOnSuspense gives a line to somebody, takes its owner away, or keeps a note.
func (h *House) actOnSuspense(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		Act   string `json:"act"`
		Owner string `json:"owner"`
		From  string `json:"from"`
		Note  string `json:"note"`
	}
	line, err := h.onLine(c, &body)
	if err != nil {
		return api.Answer{}, err
	}
	err = h.Imports.ActOnSuspense(ctx, c.Who, line, imports.SuspenseNote{Act: body.Act, Owner: body.Owner, From: body.From, Note: body.Note})
	if err != nil {
		return api.Answer{}, err
	}
	i, err := h.suspenseItem(ctx, c)
	if err != nil {
		return api.Answer{}, err
	}
	return api.Answer{Status: http.StatusCreated, Body: i, Location: "/v1/suspense/" + i.Line}, nil
}

// returnSuspense prepares the transfer that gives money back to its sender: a draft like any other.
func (h *House) returnSuspense(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		To       string       `json:"to"`
		Amount   money.Amount `json:"amount"`
		Evidence string       `json:"evidence"`
	}
	line, err := h.onLine(c, &body)
	if err != nil {
		return api.Answer{}, err
	}
	if err := h.payable(ctx, c, body.To, "/to"); err != nil {
		return api.Answer{}, err
	}
	run, err := h.Imports.ReturnToSender(ctx, c.Who, line, imports.Return{To: body.To, Amount: body.Amount, Evidence: body.Evidence})
	if errors.Is(err, imports.ErrNotInSuspense) && c.Reach != auth.Whole {
		return api.Answer{}, api.NotFound() // it may be another's
	}
	if err != nil {
		return api.Answer{}, err
	}
	out := struct {
		Line  string            `json:"line"`
		Run   string            `json:"run"`
		State payments.RunState `json:"state"`
		Total money.Amount      `json:"total"`
	}{c.Path("line"), run.ID, run.State, run.Total()}
	return api.Answer{Status: http.StatusCreated, Body: out, Location: "/v1/payment_runs/" + run.ID}, nil
}

// clearSuspense lets two lines clear each other, or takes that back.
func (h *House) clearSuspense(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		Debit  string `json:"debit_line"`
		Credit string `json:"credit_line"`
		Undo   bool   `json:"undo"`
		Reason string `json:"reason"`
	}
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	ask := imports.Clearing{Undo: body.Undo, Reason: body.Reason}
	var err error
	if ask.Debit, err = h.seal.Number(lineKind, body.Debit); err != nil {
		return api.Answer{}, unknownAt("/debit_line")
	}
	if ask.Credit, err = h.seal.Number(lineKind, body.Credit); err != nil {
		return api.Answer{}, unknownAt("/credit_line")
	}
	done, err := h.Imports.ClearSuspense(ctx, c.Who, ask)
	if err != nil {
		return api.Answer{}, err
	}
	out := struct {
		Debit  string       `json:"debit_line"`
		Credit string       `json:"credit_line"`
		Amount money.Amount `json:"amount"`
		Undone bool         `json:"undone"`
	}{body.Debit, body.Credit, done.Amount, done.Undone}
	return api.Answer{Status: http.StatusCreated, Body: out, Location: "/v1/bank_lines/" + body.Debit}, nil
}

// wrongParameter is a value of the query that is no value.
func wrongParameter(pointer string) *api.Fault {
	return &api.Fault{Status: http.StatusBadRequest, Code: "invalid_request", Problems: []contract.Problem{{
		Pointer: pointer, Code: "invalid", Text: contract.Text{French: "Cette valeur n'existe pas.", English: "There is no such value."},
	}}}
}

// daysAsked are the days from and to of the query.
func daysAsked(c *api.Call) (from, to civil.Date, err error) {
	for name, day := range map[string]*civil.Date{"from": &from, "to": &to} {
		if !c.Has(name) {
			continue
		}
		if *day, err = civil.Parse(c.Query(name)); err != nil {
			f := wrongParameter("?" + name) // it has the form of a day
			f.Problems[0].Text = contract.Text{French: "Ce jour n'existe pas.", English: "There is no such day."}
			return from, to, f
		}
	}
	if !from.IsZero() && !to.IsZero() && to.Before(from) {
		return from, to, daysReversed()
	}
	return from, to, nil
}
