package v1

import (
	"context"

	"masp/api"
	"masp/api/contract"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
)

// statement is an AccountStatement of the contract: what happened on the account of a person.
type statement struct {
	Mandate string          `json:"mandate"`
	Person  string          `json:"person"`
	Account string          `json:"account"`
	From    civil.Date      `json:"from"`
	To      civil.Date      `json:"to"`
	Opening money.Amount    `json:"opening"`
	In      money.Amount    `json:"in"`
	Out     money.Amount    `json:"out"`
	Closing money.Amount    `json:"closing"`
	Lines   []statementLine `json:"lines"`
}

type statementLine struct {
	Entry    string       `json:"entry"`
	PostedOn civil.Date   `json:"posted_on"`
	BookedOn civil.Date   `json:"booked_on,omitzero"`
	ValueOn  civil.Date   `json:"value_on,omitzero"`
	Kind     ledger.Kind  `json:"kind"`
	Label    string       `json:"label"`
	In       money.Amount `json:"in"`
	Out      money.Amount `json:"out"`
	Balance  money.Amount `json:"balance"`
}

// accountStatement is of any days: by default the month so far.
func (h *House) accountStatement(ctx context.Context, c *api.Call) (api.Answer, error) {
	id := c.Path("mandate")
	if err := h.reached(ctx, c, id); err != nil {
		return api.Answer{}, err
	}
	m, err := h.Mandates.Summary(ctx, id)
	if err != nil {
		return api.Answer{}, err
	}
	q := unit.Reader(ctx, h.DB)
	from, to, err := daysAsked(c)
	if err == nil && to.IsZero() {
		to, err = ledger.Today(ctx, q)
	}
	if err != nil {
		return api.Answer{}, err
	}
	if from.IsZero() {
		from = to.MonthOf().First()
	}
	if to.Before(from) {
		return api.Answer{}, daysReversed()
	}
	code := ledger.Mandate(id)
	if c.Has("sub") {
		code = ledger.Sub(id, ledger.SubAccount(c.Query("sub")))
	}
	s, err := h.Ledger.AccountStatement(ctx, q, code, from, to)
	if err != nil {
		return api.Answer{}, err
	}
	out := statement{
		Mandate: id, Person: m.Person, Account: string(code), From: from, To: to, Opening: s.Opening, In: s.In, Out: s.Out,
		Closing: s.Closing, Lines: make([]statementLine, 0, len(s.Lines)),
	}
	for _, l := range s.Lines {
		out.Lines = append(out.Lines, statementLine{
			h.entryID(l.No), l.PostedOn, l.BookedOn, l.ValueOn, l.Kind, l.Label, l.In, l.Out, l.Balance,
		})
	}
	return api.Answer{Body: out, Persons: []string{id}}, nil
}

func daysReversed() *api.Fault {
	text := contract.Text{French: "Le dernier jour précède le premier.", English: "The last day is before the first."}
	return &api.Fault{Status: 400, Code: "invalid_request", Detail: text, Problems: []contract.Problem{{Pointer: "?to", Code: "days_reversed", Text: text}}}
}
