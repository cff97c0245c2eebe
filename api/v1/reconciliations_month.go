package v1

import (
	"context"

	"masp/api"
	"masp/imports"
	"masp/imports/reconcile"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// mandateMonth is a MandateMonth of the contract: what a person had in a month, opened down to the
// lines of the bank.
type mandateMonth struct {
	Mandate     string      `json:"mandate"`
	Month       civil.Month `json:"month"`
	BankAccount string      `json:"bank_account"`
	Model       string      `json:"model"`
	reconcile.Amounts
	Own       *reconciledDay  `json:"own_account,omitempty"`
	Stored    int             `json:"stored"`
	Same      bool            `json:"as_stored"`
	Moves     []monthMove     `json:"moves"`
	Transfers []monthTransfer `json:"transfers_in_transit"`
	Benefits  []monthBenefit  `json:"benefits"`
	Receipts  []monthReceipt  `json:"receipts"`
}

type monthMove struct {
	Entry   string       `json:"entry"`
	Day     civil.Date   `json:"day"`
	Kind    string       `json:"kind"`
	In      money.Amount `json:"in"`
	Out     money.Amount `json:"out"`
	Balance money.Amount `json:"balance"`
	Line    *proofLine   `json:"bank_line,omitempty"`
}

type monthTransfer struct {
	Payment string       `json:"payment"`
	Payee   string       `json:"payee"`
	Entry   string       `json:"entry"`
	SentOn  civil.Date   `json:"sent_on"`
	Amount  money.Amount `json:"amount"`
}

type monthReceipt struct {
	Benefit string       `json:"benefit"`
	Period  civil.Month  `json:"period,omitzero"`
	On      civil.Date   `json:"received_on"`
	Entry   string       `json:"entry"`
	Amount  money.Amount `json:"amount"`
}

// monthBenefit is what came of a benefit that was expected within the month.
type monthBenefit struct {
	Benefit    string                 `json:"benefit"`
	Period     civil.Month            `json:"period"`
	Payer      string                 `json:"payer"`
	Amount     money.Amount           `json:"amount"`
	ExpectedOn civil.Date             `json:"expected_on"`
	Received   money.Amount           `json:"received"`
	ReceivedOn civil.Date             `json:"received_on,omitzero"`
	Difference money.Amount           `json:"difference"`
	Status     imports.ExpectedStatus `json:"status"`
	Withheld   money.Amount           `json:"explained_by_withholding"`
}

func (h *House) getMandateMonth(ctx context.Context, c *api.Call) (api.Answer, error) {
	id := c.Path("mandate")
	if err := h.reached(ctx, c, id); err != nil {
		return api.Answer{}, err
	}
	month, err := civil.ParseMonth(c.Path("month"))
	if err != nil {
		return api.Answer{}, api.NotFound()
	}
	if err := h.begun(ctx, month.First()); err != nil {
		return api.Answer{}, err
	}
	s, err := h.Reconcile.Beneficiary(ctx, id, month)
	if err != nil {
		return api.Answer{}, err
	}
	return api.Answer{Body: h.monthOf(s), Persons: []string{id}}, nil
}

func (h *House) monthOf(s reconcile.Sheet) mandateMonth {
	out := mandateMonth{
		Mandate: s.Mandate, Month: s.Month, BankAccount: s.Account, Model: s.Model, Amounts: s.Amounts, Stored: s.Stored, Same: s.Same,
		Moves: make([]monthMove, len(s.Moves)), Transfers: make([]monthTransfer, len(s.Transfers)),
		Benefits: make([]monthBenefit, len(s.Benefits)), Receipts: make([]monthReceipt, len(s.Receipts)),
	}
	if s.Own != nil {
		own := dayOf(*s.Own)
		out.Own = &own
	}
	for i, m := range s.Moves {
		out.Moves[i] = monthMove{h.entryID(m.Entry), m.Day, m.Kind, m.In, m.Out, m.Balance, h.proofOf(m.Line)}
	}
	for i, t := range s.Transfers {
		out.Transfers[i] = monthTransfer{t.Reference, t.Payee, h.entryID(t.Entry), t.SentOn, t.Amount}
	}
	for i, r := range s.Receipts {
		out.Receipts[i] = monthReceipt{r.Benefit, r.Period, r.On, h.entryID(r.Entry), r.Amount}
	}
	for i, b := range s.Benefits {
		out.Benefits[i] = monthBenefit{
			Benefit: b.Benefit, Period: b.Period, Payer: b.Payer, Amount: b.Amount, ExpectedOn: b.ExpectedOn, Received: b.Received,
			ReceivedOn: b.ReceivedOn, Difference: b.Difference, Status: b.Status, Withheld: b.Withheld,
		}
	}
	return out
}
