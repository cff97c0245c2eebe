package v1

import (
	"context"
	"encoding/hex"
	"io"
	"net/http"

	"masp/api"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
	"masp/payments/mandates"
	"masp/payments/papers"
)

// myMonthSums is a PersonMonth of the contract: where the money of a month went.
type myMonthSums struct {
	Month civil.Month  `json:"month"`
	In    money.Amount `json:"in"` // what came, without what came back
	Out   money.Amount `json:"out"`
	Spent []mySpent    `json:"spent"`
	First civil.Month  `json:"first"` // month of the books
	Last  civil.Month  `json:"last"`
}

type mySpent struct {
	What   string       `json:"what"`
	Amount money.Amount `json:"amount"`
}

// ofMonth is her mandate and a month of its path, which is none before it began and none to come.
func (h *House) ofMonth(ctx context.Context, c *api.Call) (m mandates.Summary, month, last civil.Month, err error) {
	if m, err = h.mine(ctx, c, c.Query("mandate")); err != nil {
		return m, month, last, err
	}
	today, err := ledger.Today(ctx, unit.Reader(ctx, h.DB))
	if err != nil {
		return m, month, last, err
	}
	month, err = civil.ParseMonth(c.Path("month"))
	if err != nil || month.Before(m.From.MonthOf()) || month.After(today.MonthOf()) {
		return m, month, last, api.NotFound()
	}
	return m, month, today.MonthOf(), nil
}

func (h *House) myMonth(ctx context.Context, c *api.Call) (api.Answer, error) {
	m, month, last, err := h.ofMonth(ctx, c)
	if err != nil {
		return api.Answer{}, err
	}
	q := unit.Reader(ctx, h.DB)
	s, err := h.Ledger.AccountStatement(ctx, q, ledger.Mandate(m.ID), month.First(), month.Last())
	if err != nil {
		return api.Answer{}, err
	}
	all, err := readSpent(ctx, q, m.ID, month.First(), month.Last())
	if err != nil {
		return api.Answer{}, err
	}
	back, err := readBack(ctx, q, m.ID, month.First(), month.Last())
	if err != nil {
		return api.Answer{}, err
	}
	out := myMonthSums{Month: month, In: s.In.Sub(back), Out: s.Out, Spent: []mySpent{}, First: m.From.MonthOf(), Last: last}
	for _, one := range all {
		out.Spent = append(out.Spent, mySpent(one))
	}
	return api.Answer{Body: out, Persons: []string{m.ID}}, nil
}

// myPage is a PersonStatement of the contract: a month of her account in the form of a bank's.
type myPage struct {
	Number       string       `json:"number"`
	Organisation string       `json:"organisation"`
	Person       string       `json:"person"`
	Mandate      string       `json:"mandate"`
	Month        civil.Month  `json:"month"`
	From         civil.Date   `json:"from"`
	To           civil.Date   `json:"to"`
	ClosingOn    civil.Date   `json:"closing_on"`
	Provisional  bool         `json:"provisional"` // the month is not over
	Opening      money.Amount `json:"opening"`
	In           money.Amount `json:"in"`
	Out          money.Amount `json:"out"`
	Closing      money.Amount `json:"closing"`
	Lines        []myPageLine `json:"lines"`
	Content      string       `json:"content"` // fingerprint of the paper
}

type myPageLine struct {
	On      civil.Date   `json:"on"`
	ValueOn civil.Date   `json:"value_on,omitzero"`
	Label   string       `json:"label"`
	In      money.Amount `json:"in"`
	Out     money.Amount `json:"out"`
	Balance money.Amount `json:"balance"`
}

// paperOf is the paper of her month.
func (h *House) paperOf(ctx context.Context, c *api.Call) (papers.Statement, civil.Month, error) {
	m, month, last, err := h.ofMonth(ctx, c)
	if err != nil {
		return papers.Statement{}, month, err
	}
	to := month.Last()
	if month == last { // the month so far
		to = civil.Date{}
	}
	s, err := h.papers().Statement(ctx, m.ID, month.First(), to)
	return s, month, err
}

func (h *House) myStatement(ctx context.Context, c *api.Call) (api.Answer, error) {
	s, month, err := h.paperOf(ctx, c)
	if err != nil {
		return api.Answer{}, err
	}
	sum, a := s.Paper().Fingerprint(), s.Account
	out := myPage{
		Number: s.Number(papers.KindStatement), Organisation: s.Organisation, Person: s.Mandate.Person, Mandate: s.Mandate.ID,
		Month: month, From: s.From, To: s.To, ClosingOn: s.ClosingDay(), Provisional: s.Provisional(), Opening: a.Opening, In: a.In, Out: a.Out,
		Closing: a.Closing, Lines: make([]myPageLine, 0, len(a.Lines)), Content: hex.EncodeToString(sum[:]),
	}
	for _, l := range a.Lines {
		out.Lines = append(out.Lines, myPageLine{papers.PrintedDay(l), l.ValueOn, l.Label, l.In, l.Out, l.Balance})
	}
	return api.Answer{Body: out, Persons: []string{s.Mandate.ID}}, nil
}

// myPaper is the same as a paper.
func (h *House) myPaper(ctx context.Context, c *api.Call) (api.Answer, error) {
	s, _, err := h.paperOf(ctx, c)
	if err != nil {
		return api.Answer{}, err
	}
	paper, form := s.Paper(), "html"
	if c.Has("format") {
		form = c.Query("format")
	}
	sum := paper.Fingerprint()
	return api.Answer{Persons: []string{s.Mandate.ID}, File: &api.File{
		Type: paperForms[form].kind, Name: paper.Number + "." + form, Head: http.Header{"Masp-Content": {hex.EncodeToString(sum[:])}},
		Write: func(w io.Writer) error { return paperForms[form].print(paper, w) }, Whole: true,
	}}, nil
}

// myDebt is a PersonDebt of the contract.
type myDebt struct {
	To         string       `json:"to"`
	Start      money.Amount `json:"start"`
	Left       money.Amount `json:"left"`
	Instalment money.Amount `json:"instalment"`  // zero without a plan
	Months     int          `json:"months_left"` // zero without a plan
	LastOn     civil.Date   `json:"last_on,omitzero"`
	LastPaid   money.Amount `json:"last_paid"`
	Stopped    bool         `json:"stopped"` // contested, or the law forbids to pay it now
}

func (h *House) myDebts(ctx context.Context, c *api.Call) (api.Answer, error) {
	m, err := h.mine(ctx, c, c.Query("mandate"))
	if err != nil {
		return api.Answer{}, err
	}
	all, err := h.Mandates.DebtsOf(ctx, m.ID)
	if err != nil {
		return api.Answer{}, err
	}
	out := struct {
		Debts []myDebt `json:"debts"`
	}{[]myDebt{}}
	for _, d := range all {
		one := myDebt{Start: d.Principal, Left: d.Outstanding, Instalment: d.Instalment, Stopped: !d.ContestedOn.IsZero() && d.ContestEndedOn.IsZero()}
		if d.Instalment.IsPositive() {
			one.Months = int((d.Outstanding.Cents() + d.Instalment.Cents() - 1) / d.Instalment.Cents())
		}
		moves, err := h.Mandates.Movements(ctx, d.ID)
		if err != nil {
			return api.Answer{}, err
		}
		for _, move := range moves {
			if move.Kind == "PAYMENT" {
				one.LastOn, one.LastPaid = move.On, move.Amount.Neg()
			}
		}
		if one.To, err = readCreditorName(ctx, unit.Reader(ctx, h.DB), d.Creditor); err != nil {
			return api.Answer{}, err
		}
		out.Debts = append(out.Debts, one)
	}
	return api.Answer{Body: out, Persons: []string{m.ID}}, nil
}
