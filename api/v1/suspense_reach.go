package v1

import (
	"context"
	"slices"
	"strings"

	"masp/api"
	"masp/imports"
	"masp/payments/mandates"
)

// What is nobody's yet may be read by every coordinator, for it may be one of his persons'. He books it
// to them alone, and of the others' he reads that there is something, not who.

// acts tells whether who asks may book to a mandate: whoever sees the whole house to any.
func (h *House) acts(ctx context.Context, c *api.Call, mandate string) (bool, error) {
	if mandate == "" || c.Who.SeesAll() {
		return true, nil
	}
	return h.Reach.Reaches(ctx, c.Who, mandate)
}

// bookable refuses a mandate in a body that who asks does not reach, as one that does not exist.
func (h *House) bookable(ctx context.Context, c *api.Call, mandate, pointer string) error {
	yes, err := h.acts(ctx, c, mandate)
	if err == nil && !yes {
		err = unknownAt(pointer)
	}
	return err
}

// assignable refuses what an assignment names and who asks does not reach: a mandate, a payment, or
// a suggestion of the line.
func (h *House) assignable(ctx context.Context, c *api.Call, line int64, a assignment, at string) error {
	if c.Who.SeesAll() {
		return nil
	}
	if err := h.bookable(ctx, c, a.Mandate, at+"/mandate"); err != nil {
		return err
	}
	if a.Payment != "" {
		of, err := h.Payments.FindTransfer(ctx, a.Payment)
		if err != nil {
			return unknownAt(at + "/payment")
		}
		if err := h.bookable(ctx, c, of.Mandate, at+"/payment"); err != nil {
			return err
		}
	}
	if a.Suggestion < 1 {
		return nil
	}
	found, err := h.Imports.SuspensePart(ctx, imports.SuspenseSearch{Line: line, Most: 1})
	if err != nil {
		return err
	}
	if len(found) == 0 || a.Suggestion > len(found[0].Suggestions) {
		return nil // the rule itself says so
	}
	return h.bookable(ctx, c, found[0].Suggestions[a.Suggestion-1].Mandate, at+"/suggestion")
}

// payable refuses the own account of a person whom who asks does not reach.
func (h *House) payable(ctx context.Context, c *api.Call, creditor, pointer string) error {
	named, err := h.Mandates.CreditorsNamed(ctx, creditor)
	if err != nil {
		return err
	}
	seen, err := ownsSeen(ctx, h, c, slices.Clone(named), func(s mandates.CreditorState) string { return s.Beneficiary })
	if err == nil && len(seen) < len(named) {
		err = unknownAt(pointer)
	}
	return err
}

// withoutOthers takes from the lines in suspense who of the others they may be of. A suggestion stays,
// for it is taken by its place.
func (h *House) withoutOthers(ctx context.Context, c *api.Call, items []imports.SuspenseItem) error {
	if c.Who.SeesAll() {
		return nil
	}
	mine, err := h.Reach.Reached(ctx, c.Who)
	if err != nil {
		return err
	}
	for n := range items {
		i := &items[n]
		i.Suggestion = "" // a sentence about whoever it may be
		i.Suggestions = slices.Clone(i.Suggestions)
		for k, s := range i.Suggestions {
			if s.Mandate != "" && !slices.Contains(mine, s.Mandate) {
				if strings.Contains(i.Why, s.Mandate) {
					i.Why = ""
				}
				i.Suggestions[k] = imports.Suggestion{Reasons: []imports.Clue{{Points: s.Score, Text: "Une piste d'un autre suivi."}}, Score: s.Score}
			}
		}
	}
	return nil
}

// undoable answers a match of the others as if it did not exist.
func (h *House) undoable(ctx context.Context, c *api.Call, m imports.Match) error {
	if c.Who.SeesAll() {
		return nil
	}
	u, err := h.Imports.PlanUndo(ctx, m.Ask(""))
	if err != nil {
		return err
	}
	var of []string
	for _, r := range u.Receipts {
		of = append(of, r.Mandate)
	}
	for _, a := range u.Accounts {
		_, mandate, _ := strings.Cut(a.Account, ":")
		of = append(of, mandate)
	}
	for _, t := range u.Transfers {
		at, err := h.Payments.FindTransfer(ctx, t.Transfer)
		if err != nil {
			return unseen(err)
		}
		of = append(of, at.Mandate)
	}
	for _, mandate := range of {
		yes, err := h.acts(ctx, c, mandate)
		if err != nil {
			return err
		}
		if !yes {
			return api.NotFound()
		}
	}
	return nil
}
