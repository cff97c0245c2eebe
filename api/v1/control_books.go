package v1

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"masp/api"
	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/chain"
	"masp/ledger/civil"
	"masp/ledger/export"
	"masp/ledger/money"
	"masp/ledger/unit"
)

// accountPeriod is an AccountPeriod of the contract: an account at both ends of some days, in its own direction.
type accountPeriod struct {
	Account string       `json:"account"`
	PCG     string       `json:"pcg"`
	Owner   string       `json:"owner"`
	Opening money.Amount `json:"opening"`
	Debit   money.Amount `json:"debit"`
	Credit  money.Amount `json:"credit"`
	Closing money.Amount `json:"closing"`
}

// daysOfBooks are the days asked for; by default those of the year so far.
func daysOfBooks(ctx context.Context, q unit.Querier, c *api.Call) (from, to civil.Date, err error) {
	from, to, err = daysAsked(c)
	if err == nil && to.IsZero() {
		to, err = ledger.Today(ctx, q)
	}
	if err != nil {
		return from, to, err
	}
	if from.IsZero() {
		from = to.MonthOf().Add(1 - int(to.MonthOf().Number())).First()
	}
	if to.Before(from) {
		err = daysReversed()
	}
	return from, to, err
}

// getBalance is a page of the accounts with what moved them, and what all that the reader sees add up to.
func (h *House) getBalance(ctx context.Context, c *api.Call) (api.Answer, error) {
	q := unit.Reader(ctx, h.DB)
	from, to, err := daysOfBooks(ctx, q, c)
	if err != nil {
		return api.Answer{}, err
	}
	after, err := c.After()
	if err != nil {
		return api.Answer{}, err
	}
	found, err := readBalance(ctx, q, from, to, after, c.Query("pcg"), c.Limit()+1)
	if err != nil {
		return api.Answer{}, err
	}
	out := struct {
		api.Page[accountPeriod]
		From   civil.Date   `json:"from"`
		To     civil.Date   `json:"to"`
		Debit  money.Amount `json:"debit"`
		Credit money.Amount `json:"credit"`
	}{Page: api.Page[accountPeriod]{HasMore: len(found) > c.Limit()}, From: from, To: to}
	if out.Debit, out.Credit, err = readMovements(ctx, q, from, to, c.Query("pcg"), c.Reach == auth.Whole); err != nil {
		return api.Answer{}, err
	}
	out.Data = append([]accountPeriod{}, found[:min(len(found), c.Limit())]...)
	if out.HasMore {
		out.NextCursor = c.Cursor(out.Data[len(out.Data)-1].Account)
	}
	return api.Answer{Body: out, Many: true}, nil
}

// accountLine is an AccountLine of the contract.
type accountLine struct {
	Entry    string         `json:"entry"`
	Number   int64          `json:"number"`
	Journal  ledger.Journal `json:"journal"`
	PostedOn civil.Date     `json:"posted_on"`
	Kind     ledger.Kind    `json:"kind"`
	Label    string         `json:"label"`
	In       money.Amount   `json:"in"`
	Out      money.Amount   `json:"out"`
	Balance  money.Amount   `json:"balance"`

	seq int64
}

// listAccountLines is the ledger of one account, in the order of its lines.
func (h *House) listAccountLines(ctx context.Context, c *api.Call) (api.Answer, error) {
	q, code := unit.Reader(ctx, h.DB), ledger.Code(c.Path("account"))
	known, err := knowsAccount(ctx, q, string(code))
	if err == nil && !known {
		err = api.NotFound()
	}
	if err != nil {
		return api.Answer{}, err
	}
	from, to, err := daysOfBooks(ctx, q, c)
	if err != nil {
		return api.Answer{}, err
	}
	after, err := placeOfLine(c)
	if err != nil {
		return api.Answer{}, err
	}
	s, err := h.Ledger.StatementPart(ctx, q, code, from, to, after, c.Limit()+1)
	if err != nil {
		return api.Answer{}, err
	}
	page := api.Page[accountLine]{Data: []accountLine{}, HasMore: len(s.Lines) > c.Limit()}
	for _, l := range s.Lines[:min(len(s.Lines), c.Limit())] {
		page.Data = append(page.Data, accountLine{h.entryID(l.No), l.No, l.Journal, l.PostedOn, l.Kind, l.Label, l.In, l.Out, l.Balance, l.Seq})
	}
	if page.HasMore {
		page.NextCursor = c.Cursor(fmt.Sprintf("%015d", page.Data[len(page.Data)-1].seq))
	}
	a := api.Answer{Many: true}
	a.Body = struct {
		api.Page[accountLine]
		Account string       `json:"account"`
		From    civil.Date   `json:"from"`
		To      civil.Date   `json:"to"`
		Opening money.Amount `json:"opening"`
		In      money.Amount `json:"in"`
		Out     money.Amount `json:"out"`
		Closing money.Amount `json:"closing"`
	}{page, string(code), from, to, s.Opening, s.In, s.Out, s.Closing}
	if code.PCG() == "467" {
		a.Persons = []string{code.Owner()}
	}
	return a, nil
}

// placeOfLine is the number of the line of an account after which the page begins; 0 for the first page.
func placeOfLine(c *api.Call) (int64, error) {
	text, err := c.After()
	if err != nil || text == "" {
		return 0, err
	}
	after, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, wrongParameter("?cursor")
	}
	return after, nil
}

// previewExport is what an export would hold, before it goes out.
func (h *House) previewExport(ctx context.Context, c *api.Call) (api.Answer, error) {
	from, to, err := daysAsked(c)
	if err != nil {
		return api.Answer{}, err
	}
	ask := export.Ask{Format: export.Format(c.Query("format")), From: from, To: to, Mandate: c.Query("mandate"), Department: c.Query("department")}
	if ask.Mandate != "" {
		if err := h.reached(ctx, c, ask.Mandate); err != nil {
			return api.Answer{}, err
		}
	}
	s, err := export.Preview(ctx, h.DB, ask)
	if err != nil {
		return api.Answer{}, err
	}
	a := api.Answer{Many: true, Body: struct {
		File    string       `json:"file"`
		Entries int64        `json:"entries"`
		Lines   int64        `json:"lines"`
		Debit   money.Amount `json:"debit"`
		Credit  money.Amount `json:"credit"`
		AsOf    time.Time    `json:"as_of"`
	}{s.FileName(), s.Entries, s.Lines, s.Debit, s.Credit, s.AsOf}}
	if ask.Mandate != "" {
		a.Persons = []string{ask.Mandate}
	}
	return a, nil
}

// runApproval is a RunApproval of the contract: who made a run, who signed it, and whether all of it is
// the same content.
type runApproval struct {
	Run         string         `json:"run"`
	Month       civil.Month    `json:"month"`
	State       string         `json:"state"`
	ContentHash chain.Hash     `json:"content_hash"`
	Prepared    []string       `json:"prepared_by"`
	Approvals   []signature    `json:"approvals"`
	Files       []approvedFile `json:"files"`

	number int64
}

type signature struct {
	By          string     `json:"by"`
	At          time.Time  `json:"at"`
	ContentHash chain.Hash `json:"content_hash"`
	SamePerson  bool       `json:"same_person"`
}

type approvedFile struct {
	Name        string     `json:"name"`
	ContentHash chain.Hash `json:"content_hash"`
	SHA256      chain.Hash `json:"sha256"`
	Void        bool       `json:"void"`
}

// listRunApprovals gives the runs with their signatures, the newest first.
func (h *House) listRunApprovals(ctx context.Context, c *api.Call) (api.Answer, error) {
	after, err := c.After()
	if err != nil {
		return api.Answer{}, err
	}
	found, err := readApprovals(ctx, unit.Reader(ctx, h.DB), after, c.Limit()+1)
	if err != nil {
		return api.Answer{}, err
	}
	page := api.Page[runApproval]{Data: []runApproval{}, HasMore: len(found) > c.Limit()}
	page.Data = append(page.Data, found[:min(len(found), c.Limit())]...)
	if page.HasMore {
		page.NextCursor = c.Cursor(fmt.Sprint(page.Data[len(page.Data)-1].number))
	}
	return api.Answer{Body: page, Many: true}, nil
}
