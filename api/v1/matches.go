package v1

import (
	"context"
	"net/http"

	"masp/api"
	"masp/api/auth"
	"masp/imports"
	"masp/ledger/money"
	"masp/payments"
)

func (h *House) matchOperations() []api.Operation {
	return []api.Operation{
		{ID: "listMatches", Action: auth.ReadBank, Do: h.listMatches},
		{ID: "getMatch", Action: auth.ReadBank, Do: h.getMatch},
		{ID: "undoMatch", Action: auth.MatchBank, Do: h.undoMatch},
	}
}

// bankMatch is a Match of the contract: what a line, or a part of it, was said to be. It bears the number
// of its entry.
type bankMatch struct {
	Match     string       `json:"match"`
	Line      string       `json:"line"`
	Entry     string       `json:"entry"`
	By        string       `json:"by"`
	What      string       `json:"what"`
	Amount    money.Amount `json:"amount"`
	Undone    bool         `json:"undone"`
	UndoneBy  string       `json:"undone_by,omitempty"`
	UndoneFor string       `json:"undone_because,omitempty"`
}

func (h *House) matchOf(m imports.Match) bankMatch {
	return bankMatch{
		Match: h.seal.ID(matchKind, m.Entry), Line: h.seal.ID(lineKind, m.Line), Entry: h.entryID(m.Entry), By: m.By, What: plainly(m.What),
		Amount: m.Amount, Undone: m.UndoneBy != "", UndoneBy: m.UndoneBy, UndoneFor: m.UndoneFor,
	}
}

// listMatches gives matches, the newest first. Who sees a part of the house reads what persons have said of
// his mandates; what the import recognised of a line may be about several, and stands on the line.
func (h *House) listMatches(ctx context.Context, c *api.Call) (api.Answer, error) {
	look := imports.MatchSearch{Account: c.Query("bank_account"), Said: c.Reach != auth.Whole, Most: c.Limit() + 1}
	if c.Has("undone") {
		undone := c.Query("undone") == "true"
		look.Undone = &undone
	}
	var err error
	if c.Has("line") {
		if look.Line, err = h.seal.Number(lineKind, c.Query("line")); err != nil {
			look.Line = nowhere
		}
	}
	if look.Before, err = h.before(c); err != nil {
		return api.Answer{}, err
	}
	found, err := h.Imports.Matches(ctx, look)
	if err != nil {
		return api.Answer{}, err
	}
	return newest(h, c, found, func(m imports.Match) int64 { return m.Entry }, h.matchOf, nil)
}

func (h *House) matchAsked(ctx context.Context, c *api.Call) (m imports.Match, err error) {
	entry, err := h.seal.Number(matchKind, c.Path("match"))
	switch {
	case err != nil:
		return m, api.NotFound()
	case c.Reach != auth.Whole:
		m, err = h.Imports.MatchSaid(ctx, entry)
	default:
		m, err = h.Imports.Match(ctx, entry)
	}
	return m, absent(err)
}

func (h *House) getMatch(ctx context.Context, c *api.Call) (api.Answer, error) {
	m, err := h.matchAsked(ctx, c)
	if err != nil {
		return api.Answer{}, err
	}
	return api.Answer{Body: h.matchOf(m)}, nil
}

// matchUndone is a MatchUndo of the contract: what the undo of a match changes, and what stands in its way.
type matchUndone struct {
	Match     string         `json:"match"`
	Line      string         `json:"line"`
	Done      bool           `json:"done"`
	What      string         `json:"what"`
	Amount    money.Amount   `json:"amount"`
	Entry     string         `json:"entry"`
	Reversal  string         `json:"reversal,omitempty"`
	Accounts  []undoAccount  `json:"accounts"`
	Receipts  []lineReceipt  `json:"receipts"`
	Transfers []undoTransfer `json:"transfers"`
	Obstacles []string       `json:"obstacles"`
}

type undoAccount struct {
	Account string       `json:"account"`
	Amount  money.Amount `json:"amount"`
	Holds   money.Amount `json:"holds"`
}

type undoTransfer struct {
	Payment string                    `json:"payment"`
	State   payments.InstructionState `json:"state"` // that it has again
}

func (h *House) undoneOf(entry int64, u imports.Undo) matchUndone {
	out := matchUndone{
		Match: h.seal.ID(matchKind, entry), Line: h.seal.ID(lineKind, u.Line), Done: u.ID != 0, What: plainly(u.What), Amount: u.Amount,
		Entry: h.entryID(u.Entry), Accounts: []undoAccount{}, Receipts: []lineReceipt{}, Transfers: []undoTransfer{}, Obstacles: []string{},
	}
	if u.Reversal != 0 {
		out.Reversal = h.entryID(u.Reversal)
	}
	for _, a := range u.Accounts {
		out.Accounts = append(out.Accounts, undoAccount(a))
	}
	for _, r := range u.Receipts {
		out.Receipts = append(out.Receipts, lineReceipt(r))
	}
	for _, t := range u.Transfers {
		out.Transfers = append(out.Transfers, undoTransfer{t.Transfer, t.To})
	}
	for _, o := range u.Obstacles {
		out.Obstacles = append(out.Obstacles, plainly(o))
	}
	return out
}

// undoMatch takes a match back by a reversal, or with dry_run tells what that would change.
func (h *House) undoMatch(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		Reason string `json:"reason"`
	}
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	m, err := h.matchAsked(ctx, c)
	if err != nil {
		return api.Answer{}, err
	}
	if err := h.undoable(ctx, c, m); err != nil {
		return api.Answer{}, err
	}
	if c.Query("dry_run") == "true" {
		u, err := h.Imports.PlanUndo(ctx, m.Ask(body.Reason))
		if err != nil {
			return api.Answer{}, err
		}
		return api.Answer{Body: h.undoneOf(m.Entry, u)}, nil
	}
	u, err := h.Imports.UndoMatch(ctx, c.Who, m.Ask(body.Reason))
	if err != nil {
		return api.Answer{}, err
	}
	return api.Answer{Status: http.StatusCreated, Body: h.undoneOf(m.Entry, u), Location: "/v1/matches/" + c.Path("match")}, nil
}
