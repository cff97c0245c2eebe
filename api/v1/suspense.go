package v1

import (
	"context"
	"strings"
	"time"

	"masp/api"
	"masp/api/auth"
	"masp/imports"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
)

func (h *House) suspenseOperations() []api.Operation {
	return []api.Operation{
		{ID: "listSuspense", Action: auth.ReadSuspense, Do: h.listSuspense},
		{ID: "getSuspense", Action: auth.ReadSuspense, Do: h.getSuspense},
		{ID: "getSuspenseAges", Action: auth.ReadTotals, Do: h.getSuspenseAges},
		{ID: "assignSuspense", Action: auth.MatchBank, Do: h.assignSuspense},
		{ID: "splitSuspense", Action: auth.MatchBank, Do: h.splitSuspense},
		{ID: "actOnSuspense", Action: auth.MatchBank, Do: h.actOnSuspense},
		{ID: "returnSuspense", Action: auth.PrepareRuns, Do: h.returnSuspense},
		{ID: "clearSuspense", Action: auth.MatchBank, Do: h.clearSuspense},
	}
}

// suspenseItem is a SuspenseItem of the contract: a line of which nobody knows yet, in part or in
// whole, what it is.
type suspenseItem struct {
	Line         string               `json:"line"`
	BankAccount  string               `json:"bank_account"`
	BookedOn     civil.Date           `json:"booked_on"`
	Days         int                  `json:"days"`
	Amount       money.Amount         `json:"amount"`
	Open         money.Amount         `json:"open"`
	Reserved     money.Amount         `json:"reserved"`
	Counterparty string               `json:"counterparty"`
	Text         string               `json:"text"`
	Why          string               `json:"why"`
	Suggestion   string               `json:"suggestion,omitempty"`
	Suggestions  []imports.Suggestion `json:"suggestions"`
	Owner        string               `json:"owner,omitempty"`
	Deadline     civil.Date           `json:"deadline"`
	Late         bool                 `json:"late"`
	Return       string               `json:"return,omitempty"`
	Notes        []suspenseNote       `json:"notes"`

	number int64
}

type suspenseNote struct {
	Act   string    `json:"act"`
	Owner string    `json:"owner,omitempty"`
	Note  string    `json:"note"`
	By    string    `json:"by"`
	At    time.Time `json:"at"`
}

func (h *House) suspenseOf(i imports.SuspenseItem, today civil.Date) suspenseItem {
	out := suspenseItem{
		Line: h.seal.ID(lineKind, i.Line), BankAccount: i.BankAccount, BookedOn: i.BookedOn, Days: i.Days, Amount: i.Amount, Open: i.Open,
		Reserved: i.Reserved, Counterparty: i.Counterparty, Text: i.Text, Why: plainly(i.Why), Suggestion: plainly(i.Suggestion),
		Suggestions: append([]imports.Suggestion{}, i.Suggestions...), Owner: i.Owner, Deadline: i.Deadline, Late: i.Late(today),
		Return: i.Return, Notes: []suspenseNote{}, number: i.Line,
	}
	for _, n := range i.Notes {
		out.Notes = append(out.Notes, suspenseNote{n.Act, n.Owner, n.Note, n.By, n.At})
	}
	return out
}

// listSuspense gives what is unidentified, the oldest first. It is nobody's yet: who sees a part of the
// house only sees none of it.
func (h *House) listSuspense(ctx context.Context, c *api.Call) (api.Answer, error) {
	if c.Reach != auth.Whole {
		return nothing(), nil
	}
	look := imports.SuspenseSearch{Account: c.Query("bank_account"), Owner: c.Query("owner"), Most: c.Limit() + 1}
	if c.Has("late") {
		late := c.Query("late") == "true"
		look.Late = &late
	}
	after, err := c.After()
	if err != nil {
		return api.Answer{}, err
	}
	if after != "" {
		if look.After, err = h.suspensePlace(after); err != nil {
			return api.Answer{}, err
		}
	}
	items, err := h.suspenseItems(ctx, c, look)
	if err != nil {
		return api.Answer{}, err
	}
	page := api.Page[suspenseItem]{Data: items[:min(len(items), c.Limit())], HasMore: len(items) > c.Limit()}
	if page.HasMore {
		last := page.Data[len(page.Data)-1]
		page.NextCursor = c.Cursor(last.BookedOn.String() + " " + h.seal.ID(rowKind, last.number))
	}
	if look.Most = c.CountMost(); look.Most > 0 {
		n, err := h.Imports.CountSuspense(ctx, look)
		if err != nil {
			return api.Answer{}, err
		}
		page.Count = &n
	}
	return api.Answer{Body: page, Many: true}, nil
}

// suspensePlace is the place of a cursor, by day and number: lines that come and go do not change the order.
func (h *House) suspensePlace(text string) (p imports.SuspensePlace, err error) {
	day, row, _ := strings.Cut(text, " ")
	if p.Day, err = civil.Parse(day); err != nil {
		return p, wrongParameter("?cursor")
	}
	p.Line, err = h.seal.Number(rowKind, row)
	return p, err
}

// suspenseItems are the lines of a search as who asks reads them.
func (h *House) suspenseItems(ctx context.Context, c *api.Call, look imports.SuspenseSearch) ([]suspenseItem, error) {
	items, err := h.Imports.SuspensePart(ctx, look)
	if err != nil {
		return nil, err
	}
	today, err := ledger.Today(ctx, unit.Reader(ctx, h.DB))
	if err == nil {
		err = h.withoutOthers(ctx, c, items)
	}
	if err != nil {
		return nil, err
	}
	all := make([]suspenseItem, len(items))
	for n, i := range items {
		all[n] = h.suspenseOf(i, today)
	}
	return all, nil
}

// suspenseItem is the item of the path, as it is now.
func (h *House) suspenseItem(ctx context.Context, c *api.Call) (suspenseItem, error) {
	number, err := h.seal.Number(lineKind, c.Path("line"))
	if err != nil || c.Reach != auth.Whole {
		return suspenseItem{}, api.NotFound()
	}
	found, err := h.suspenseItems(ctx, c, imports.SuspenseSearch{Line: number, Most: 1})
	if err != nil {
		return suspenseItem{}, err
	}
	if len(found) == 0 {
		return suspenseItem{}, api.NotFound()
	}
	return found[0], nil
}

func (h *House) getSuspense(ctx context.Context, c *api.Call) (api.Answer, error) {
	i, err := h.suspenseItem(ctx, c)
	if err != nil {
		return api.Answer{}, err
	}
	return api.Answer{Body: i}, nil
}

// suspenseAges is a SuspenseAges of the contract: how old what is unidentified is.
type suspenseAges struct {
	On      civil.Date            `json:"on"`
	Days    int                   `json:"days"`
	Lines   int                   `json:"lines"`
	Total   money.Amount          `json:"total"`
	Balance money.Amount          `json:"balance"`
	Ages    []imports.SuspenseAge `json:"ages"`
}

func (h *House) getSuspenseAges(ctx context.Context, _ *api.Call) (api.Answer, error) {
	r, err := h.Imports.SuspenseSums(ctx)
	return api.Answer{Body: suspenseAges{
		On: r.On, Days: r.Days, Lines: r.Lines, Total: r.Total, Balance: r.Balance, Ages: r.Ages,
	}}, err
}
