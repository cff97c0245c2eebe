package v1

import (
	"context"

	"masp/api"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
)

// myMovement is a PersonMovement of the contract.
type myMovement struct {
	ID      string       `json:"movement"`
	On      civil.Date   `json:"on"`
	What    string       `json:"what"`
	Kind    rowKindOf    `json:"kind"`
	Name    string       `json:"name,omitempty"` // who was paid, or which benefit came
	In      money.Amount `json:"in"`
	Out     money.Amount `json:"out"`
	Balance money.Amount `json:"balance"`
}

const movementKind = "mov"

// myMovements are the lines of her account, the newest first.
func (h *House) myMovements(ctx context.Context, c *api.Call) (api.Answer, error) {
	m, err := h.mine(ctx, c, c.Query("mandate"))
	if err != nil {
		return api.Answer{}, err
	}
	older := int64(0)
	after, err := c.After()
	if err == nil && after != "" {
		older, err = h.seal.Number(movementKind, after)
	}
	if err != nil {
		return api.Answer{}, err
	}
	q := unit.Reader(ctx, h.DB)
	lines, err := h.Ledger.Page(ctx, q, ledger.Mandate(m.ID), older, c.Limit())
	if err != nil {
		return api.Answer{}, err
	}
	page := api.Page[myMovement]{Data: make([]myMovement, 0, len(lines.Lines)), HasMore: lines.Older > 0}
	if n := len(lines.Lines); n > 0 {
		parts, err := readParts(ctx, q, m.ID, lines.Lines[n-1].PostedOn, lines.Lines[0].PostedOn)
		if err != nil {
			return api.Answer{}, err
		}
		for _, l := range lines.Lines {
			one, _ := h.movementOf(l, parts)
			page.Data = append(page.Data, one)
		}
	}
	if page.HasMore {
		page.NextCursor = c.Cursor(h.seal.ID(movementKind, lines.Older))
	}
	return api.Answer{Body: page, Many: true, Persons: []string{m.ID}}, nil
}

// movementOf is a line in the words of a person, and the payment or benefit that it is, when it is one.
func (h *House) movementOf(l ledger.StatementLine, parts map[int64][]entryPart) (myMovement, entryPart) {
	one := myMovement{
		ID: h.seal.ID(movementKind, l.Seq), On: l.BookedOn, What: l.Label, Kind: ofOther, In: l.In, Out: l.Out, Balance: l.Balance,
	}
	if one.On.IsZero() {
		one.On = l.PostedOn
	}
	found := explained(parts[l.No], l.In.Sub(l.Out))
	if len(found) == 0 {
		return one, entryPart{}
	}
	one.Kind, one.Name = found[0].Kind, found[0].Name
	return one, found[0]
}

// oneMovement is a PersonMovementStory of the contract: what a movement was, who decided it, what the bank said.
type oneMovement struct {
	myMovement
	For       []string    `json:"for,omitempty"` // what was paid
	Rent      bool        `json:"rent"`
	Month     civil.Month `json:"month,omitzero"` // of what was paid
	SignedBy  []string    `json:"signed_by,omitempty"`
	Confirmed civil.Date  `json:"confirmed_on,omitzero"` // seen at the bank
	CameBack  bool        `json:"came_back"`
	Reason    string      `json:"reason,omitempty"`
	Payer     string      `json:"payer,omitempty"`
}

func (h *House) myOneMovement(ctx context.Context, c *api.Call) (api.Answer, error) {
	seq, err := h.seal.Number(movementKind, c.Path("movement"))
	if err != nil {
		return api.Answer{}, err
	}
	m, err := h.mine(ctx, c, c.Query("mandate"))
	if err != nil {
		return api.Answer{}, err
	}
	q := unit.Reader(ctx, h.DB)
	lines, err := h.Ledger.Page(ctx, q, ledger.Mandate(m.ID), seq+1, 1)
	if err != nil {
		return api.Answer{}, err
	}
	if len(lines.Lines) != 1 || lines.Lines[0].Seq != seq {
		return api.Answer{}, api.NotFound()
	}
	l := lines.Lines[0]
	parts, err := readParts(ctx, q, m.ID, l.PostedOn, l.PostedOn)
	if err != nil {
		return api.Answer{}, err
	}
	one, part := h.movementOf(l, parts)
	story := oneMovement{myMovement: one}
	switch {
	case part.Payment != "":
		err = story.tellPayment(ctx, q, part.Payment)
	case part.Kind == ofBenefit:
		story.Payer, err = readPayer(ctx, q, m.ID, l.No)
		story.Confirmed = l.BookedOn
	}
	return api.Answer{Body: story, Persons: []string{m.ID}}, err
}

func (s *oneMovement) tellPayment(ctx context.Context, q unit.Querier, payment string) error {
	p, err := readPaidFor(ctx, q, payment)
	if err != nil {
		return err
	}
	s.For, s.Rent, s.Month, s.SignedBy, s.Confirmed = p.What, p.Rent, p.DueOn.MonthOf(), p.Signers, p.On
	s.CameBack, s.Reason = s.In.IsPositive() || p.State == "returned" || p.State == "rejected", p.Reason
	return nil
}

// aboutMovement names a movement for who reads a question about it.
func (h *House) aboutMovement(ctx context.Context, mandate, id string) (string, error) {
	seq, err := h.seal.Number(movementKind, id)
	if err != nil {
		return "", unknownAt("/movement")
	}
	lines, err := h.Ledger.Page(ctx, unit.Reader(ctx, h.DB), ledger.Mandate(mandate), seq+1, 1)
	if err != nil {
		return "", err
	}
	if len(lines.Lines) != 1 || lines.Lines[0].Seq != seq {
		return "", unknownAt("/movement")
	}
	l := lines.Lines[0]
	return l.PostedOn.FrenchShort() + ", " + l.Label + ", " + l.In.Add(l.Out).French(), nil
}
