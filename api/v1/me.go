package v1

import (
	"context"
	"net/http"
	"slices"

	"masp/api"
	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
	"masp/payments"
	"masp/payments/mandates"
)

// The person's own view: what she has, what was paid, what comes. Everything here is of the mandates of
// the person whose device asks; no address names one, so that nobody can ask for another's.
func (h *House) meOperations() []api.Operation {
	return []api.Operation{
		{ID: "getMyAccount", Action: auth.ReadOwnAccount, Do: h.myAccount},
		{ID: "getMyPayments", Action: auth.ReadOwnAccount, Do: h.myPayments},
		{ID: "listMyMovements", Action: auth.ReadOwnAccount, Do: h.myMovements},
		{ID: "commentMyRun", Action: auth.WriteOwnAccount, Do: h.myComment},
		{ID: "getMyView", Action: auth.ReadOwnAccount, Do: h.myView},
		{ID: "getPersonView", Action: auth.ReadPersons, Do: h.personView},
		{ID: "getMyMonth", Action: auth.ReadOwnAccount, Do: h.myMonth},
		{ID: "getMyMovement", Action: auth.ReadOwnAccount, Do: h.myOneMovement},
		{ID: "getMyStatement", Action: auth.ReadOwnAccount, Do: h.myStatement},
		{ID: "getMyPaper", Action: auth.ReadOwnAccount, Do: h.myPaper},
		{ID: "getMyDebts", Action: auth.ReadOwnAccount, Do: h.myDebts},
		{ID: "askQuestion", Action: auth.WriteOwnAccount, Do: h.myQuestion},
	}
}

// mine is the mandate that a person means: the one that she names, else her newest one.
func (h *House) mine(ctx context.Context, c *api.Call, named string) (mandates.Summary, error) {
	all, err := h.Reach.Reached(ctx, c.Who)
	if err != nil {
		return mandates.Summary{}, err
	}
	var newest mandates.Summary
	for _, id := range all {
		if named != "" && id != named {
			continue
		}
		m, err := h.Mandates.Summary(ctx, id)
		if err != nil {
			return mandates.Summary{}, err
		}
		if newest.ID == "" || m.From.After(newest.From) {
			newest = m
		}
	}
	if newest.ID == "" {
		return newest, api.NotFound()
	}
	return newest, nil
}

// myMoney is a PersonAccount of the contract.
type myMoney struct {
	Mandate    string          `json:"mandate"`
	Person     string          `json:"person"`
	Status     mandates.Status `json:"status"`
	Available  money.Amount    `json:"available"`
	Missing    money.Amount    `json:"missing"`
	Balance    money.Amount    `json:"balance"`
	Reserved   money.Amount    `json:"reserved"`
	Planned    money.Amount    `json:"planned"`
	AsOf       civil.Date      `json:"as_of"`
	BankSeenOn civil.Date      `json:"bank_known_through,omitzero"`
	To         civil.Date      `json:"contract_to"`
	EndedOn    civil.Date      `json:"ended_on,omitzero"`
}

// myAccount tells what is left: what is held, without what is set aside and what goes to others before her
// next benefit. It is never below zero; what is missing is said apart.
func (h *House) myAccount(ctx context.Context, c *api.Call) (api.Answer, error) {
	m, err := h.mine(ctx, c, c.Query("mandate"))
	if err != nil {
		return api.Answer{}, err
	}
	q := unit.Reader(ctx, h.DB)
	today, err := ledger.Today(ctx, q)
	if err != nil {
		return api.Answer{}, err
	}
	known, err := readKnown(ctx, q, m.ID)
	if err != nil {
		return api.Answer{}, err
	}
	k, err := h.heldBy(ctx, q, m, today)
	return api.Answer{Persons: []string{m.ID}, Body: myMoney{
		Mandate: m.ID, Person: m.Person, Status: m.Status, Balance: m.Balance, Reserved: m.Reserve, Planned: k.Planned,
		Available: k.Available, Missing: k.Missing, AsOf: today, BankSeenOn: known, To: m.To, EndedOn: m.EndedOn,
	}}, err
}

// myPaid is a PersonPayments of the contract.
type myPaid struct {
	Mandate string      `json:"mandate"`
	Rent    *myRent     `json:"rent,omitempty"`
	Next    []myPayment `json:"next"`
	Last    []myPayment `json:"last"`
	Coming  []myRun     `json:"coming"`
}

// myRun is her part of a run that is not approved yet: she may say what she thinks of it.
type myRun struct {
	Run   string            `json:"run"`
	State payments.RunState `json:"state"`
	On    civil.Date        `json:"on"`
	Lines []myLine          `json:"lines"`
}

type myLine struct {
	Line        string       `json:"line"`
	What        string       `json:"what"`
	DueOn       civil.Date   `json:"due_on"`
	Due         money.Amount `json:"due"`
	Paid        money.Amount `json:"paid"`
	Explanation string       `json:"explanation"`
}

func (h *House) myPayments(ctx context.Context, c *api.Call) (api.Answer, error) {
	m, err := h.mine(ctx, c, c.Query("mandate"))
	if err != nil {
		return api.Answer{}, err
	}
	q := unit.Reader(ctx, h.DB)
	all, err := readMyPayments(ctx, q, m.ID)
	if err != nil {
		return api.Answer{}, err
	}
	out := myPaid{Mandate: m.ID, Next: []myPayment{}, Last: []myPayment{}}
	for _, p := range all {
		if p.State == "planned" || p.State == "prepared" {
			out.Next = append(out.Next, p)
		} else {
			out.Last = append(out.Last, p)
		}
	}
	slices.Reverse(out.Next) // the nearest first
	today, err := ledger.Today(ctx, q)
	if err != nil {
		return api.Answer{}, err
	}
	k, err := h.heldBy(ctx, q, m, today)
	if err != nil {
		return api.Answer{}, err
	}
	out.Rent = rentOf(k.Bills, today)
	out.Coming, err = h.myRuns(ctx, m.ID)
	return api.Answer{Body: out, Persons: []string{m.ID}}, err
}

// myRuns are her parts of the runs that are being prepared.
func (h *House) myRuns(ctx context.Context, mandate string) ([]myRun, error) {
	ids, err := h.Payments.RunsOf(ctx, []string{mandate})
	if err != nil {
		return nil, err
	}
	slices.Sort(ids)
	coming := []myRun{}
	for _, id := range ids {
		r, err := h.Payments.Show(ctx, id)
		if err != nil {
			return nil, err
		}
		if r.State != payments.Draft && r.State != payments.InReview {
			continue
		}
		for _, m := range r.Mandates {
			if m.Mandate == mandate {
				coming = append(coming, myRunOf(r, m))
			}
		}
	}
	return coming, nil
}

func myRunOf(r payments.Run, m payments.RunMandate) myRun {
	one := myRun{Run: r.ID, State: r.State, On: r.On, Lines: []myLine{}}
	for _, l := range m.Lines {
		one.Lines = append(one.Lines, myLine{
			Line: l.Key(), What: l.Label, DueOn: l.DueOn, Due: l.Due, Paid: l.Paid, Explanation: l.ForPerson,
		})
	}
	return one
}

// myComment keeps what a person says of a run.
func (h *House) myComment(ctx context.Context, c *api.Call) (api.Answer, error) {
	var ask struct {
		Run     string `json:"run"`
		Line    string `json:"line"`
		Text    string `json:"text"`
		Refuses bool   `json:"refuses"`
	}
	if err := c.Read(&ask); err != nil {
		return api.Answer{}, err
	}
	m, err := h.mineIn(ctx, c, ask.Run)
	if err != nil {
		return api.Answer{}, err
	}
	said := payments.Comment{Mandate: m, Text: ask.Text, Refuses: ask.Refuses}
	if err := readLine(ask.Line, &said.Line); err != nil {
		return api.Answer{}, err
	}
	if said, err = h.Payments.Say(ctx, c.Who, ask.Run, said); err != nil {
		return api.Answer{}, err
	}
	return api.Answer{Status: http.StatusCreated, Body: runComment{
		Mandate: m, Line: ask.Line, Text: said.Text, Refuses: said.Refuses, By: said.By, At: said.At,
	}}, nil
}

// mineIn is her mandate in a run; a run without her does not exist for her.
func (h *House) mineIn(ctx context.Context, c *api.Call, run string) (string, error) {
	all, err := h.Reach.Reached(ctx, c.Who)
	if err != nil {
		return "", err
	}
	for _, id := range all {
		in, err := h.Payments.RunsOf(ctx, []string{id})
		if err != nil || slices.Contains(in, run) {
			return id, err
		}
	}
	return "", unknownAt("/run")
}
