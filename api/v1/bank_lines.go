package v1

import (
	"context"

	"masp/api"
	"masp/api/auth"
	"masp/imports"
	"masp/ledger/civil"
	"masp/ledger/money"
)

func (h *House) lineOperations() []api.Operation {
	return []api.Operation{
		{ID: "listBankLines", Action: auth.ReadBank, Do: h.listLines},
		{ID: "getBankLine", Action: auth.ReadBank, Do: h.getLine},
	}
}

// bankLine is a BankLine of the contract.
type bankLine struct {
	Line         string            `json:"line"`
	Statement    string            `json:"statement"`
	BankAccount  string            `json:"bank_account"`
	Rank         int               `json:"rank"`
	BookedOn     civil.Date        `json:"booked_on"`
	ValueOn      civil.Date        `json:"value_on"`
	Amount       money.Amount      `json:"amount"`
	Counterparty string            `json:"counterparty"`
	Text         string            `json:"text"`
	Reference    string            `json:"bank_reference,omitempty"`
	EndToEndID   string            `json:"end_to_end_id,omitempty"`
	Code         string            `json:"code,omitempty"`
	ReturnReason string            `json:"return_reason,omitempty"`
	State        imports.LineState `json:"state"`
	Why          string            `json:"why,omitempty"`
	Entry        string            `json:"entry,omitempty"`
}

func (h *House) lineOf(l imports.StoredLine) bankLine {
	out := bankLine{
		Line: h.seal.ID(lineKind, l.ID), Statement: h.seal.ID(statementKind, l.Statement), BankAccount: l.BankAccount, Rank: l.Rank,
		BookedOn: l.BookedOn, ValueOn: l.ValueOn, Amount: l.Amount, Counterparty: l.Counterparty, Text: l.Text, Reference: l.Reference,
		EndToEndID: l.EndToEnd, Code: l.Code, ReturnReason: l.ReturnCode, State: l.State, Why: plainly(l.Why),
	}
	if l.Entry != 0 {
		out.Entry = h.entryID(l.Entry)
	}
	return out
}

// listLines gives lines, the newest first; of a restricted reader the database shows his.
func (h *House) listLines(ctx context.Context, c *api.Call) (api.Answer, error) {
	look, err := h.linesAsked(c)
	if err != nil {
		return api.Answer{}, err
	}
	found, err := h.Imports.Lines(ctx, look)
	if err != nil {
		return api.Answer{}, err
	}
	return newest(h, c, found, func(l imports.StoredLine) int64 { return l.ID }, h.lineOf,
		func() (int, error) { return h.Imports.CountLines(ctx, look) })
}

func (h *House) linesAsked(c *api.Call) (imports.LineSearch, error) {
	look := imports.LineSearch{
		Account: c.Query("bank_account"), State: c.Query("state"), Text: c.Query("q"), Most: c.Limit() + 1,
	}
	var err error
	if look.From, look.To, err = daysAsked(c); err != nil {
		return look, err
	}
	for name, at := range map[string]**money.Amount{"amount": &look.Amount, "either_way": &look.EitherWay} {
		if c.Has(name) {
			amount, err := money.Parse(c.Query(name))
			if err != nil {
				return look, wrongParameter("?" + name)
			}
			*at = &amount
		}
	}
	if c.Has("statement") {
		if look.Statement, err = h.seal.Number(statementKind, c.Query("statement")); err != nil {
			look.Statement = nowhere
		}
	}
	look.Before, err = h.before(c)
	return look, err
}

// nowhere is the number of no row: what is asked of an address that leads nowhere is nothing.
const nowhere = -1

// bankLineDetail is a BankLineDetail of the contract: a line down to its transactions.
type bankLineDetail struct {
	bankLine
	Source       lineSource           `json:"source"`
	Open         money.Amount         `json:"open"`
	Transactions []bankTransaction    `json:"transactions"`
	Receipts     []lineReceipt        `json:"receipts"`
	Transfers    []lineTransfer       `json:"transfers"`
	Matches      []bankMatch          `json:"matches"`
	Suggestions  []imports.Suggestion `json:"suggestions"`
}

// lineSource is where the bank says it.
type lineSource struct {
	File   string `json:"file"`
	SHA256 string `json:"sha256"`
	Ref    string `json:"ref"`
}

// bankTransaction is one of those that the bank has booked as a line.
type bankTransaction struct {
	Amount     *money.Amount `json:"amount,omitempty"`
	Party      string        `json:"party,omitempty"`
	Ultimate   string        `json:"ultimate,omitempty"`
	Text       string        `json:"text,omitempty"`
	EndToEndID string        `json:"end_to_end_id,omitempty"`
	Batch      string        `json:"batch,omitempty"`
	Purpose    string        `json:"purpose,omitempty"`
	ReturnCode string        `json:"return_code,omitempty"`
}

// lineReceipt is what a person received by a line.
type lineReceipt struct {
	Mandate string       `json:"mandate"`
	Benefit string       `json:"benefit"`
	Period  civil.Month  `json:"period,omitzero"`
	Amount  money.Amount `json:"amount"`
}

// lineTransfer is one of our transfers that a line executes or gives back.
type lineTransfer struct {
	Payment string       `json:"payment"`
	Mandate string       `json:"mandate,omitempty"`
	Meaning string       `json:"meaning"`
	Amount  money.Amount `json:"amount"`
}

func (h *House) getLine(ctx context.Context, c *api.Call) (api.Answer, error) {
	id, err := h.seal.Number(lineKind, c.Path("line"))
	if err != nil {
		return api.Answer{}, err
	}
	d, err := h.Imports.Line(ctx, id)
	if err != nil {
		return api.Answer{}, absent(err)
	}
	out := bankLineDetail{
		bankLine: h.lineOf(d.StoredLine), Source: lineSource{File: d.File, SHA256: d.SHA256, Ref: d.Ref}, Open: d.Open,
		Transactions: []bankTransaction{}, Receipts: []lineReceipt{}, Transfers: []lineTransfer{}, Matches: []bankMatch{},
		Suggestions: append([]imports.Suggestion{}, d.Suggestions...),
	}
	a := api.Answer{}
	for _, r := range d.Receipts {
		out.Receipts = append(out.Receipts, lineReceipt(r))
		a.Persons = append(a.Persons, r.Mandate)
	}
	for _, t := range d.Transfers {
		out.Transfers = append(out.Transfers, lineTransfer{t.EndToEndID, t.Mandate, t.Meaning, t.Amount})
	}
	if c.Reach == auth.Whole { // else what others received by it would be read
		if err := h.addWhole(ctx, id, &out); err != nil {
			return api.Answer{}, err
		}
	}
	a.Body = out
	return a, nil
}

// addWhole adds the transactions of a line and its matches.
func (h *House) addWhole(ctx context.Context, id int64, out *bankLineDetail) error {
	details, err := h.Imports.Transactions(ctx, id)
	if err != nil {
		return err
	}
	for _, d := range details {
		t := bankTransaction{
			Party: d.Party, Ultimate: d.Ultimate, Text: d.Text, EndToEndID: d.EndToEndID, Batch: d.PaymentInfoID,
			Purpose: d.Purpose, ReturnCode: d.ReturnCode,
		}
		if !d.Amount.IsZero() {
			t.Amount = &d.Amount
		}
		out.Transactions = append(out.Transactions, t)
	}
	const mostOfLine = 500
	matches, err := h.Imports.Matches(ctx, imports.MatchSearch{Line: id, Most: mostOfLine})
	for _, m := range matches {
		out.Matches = append(out.Matches, h.matchOf(m))
	}
	return err
}
