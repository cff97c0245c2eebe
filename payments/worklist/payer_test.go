package worklist_test

import (
	"errors"
	"testing"

	"masp/ledger/civil"
	"masp/payments/worklist"
)

func TestAPayerIsAskedOnceAndConfirmsOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx, caf := t.Context(), worklist.PayerNews{Mandate: "M-1", Payer: "CAF", Direction: worklist.Start}
	with := func(change func(*worklist.PayerNews)) worklist.PayerNews { n := caf; change(&n); return n }
	h.must(h.AskPayer(ctx, h.anne, caf))
	for _, c := range []struct {
		name      string
		err, want error
	}{
		{"asked twice", h.AskPayer(ctx, h.anne, caf), worklist.ErrAsked},
		{"an auditor", h.AskPayer(ctx, h.eve, with(func(n *worklist.PayerNews) { n.Payer = "MSA" })), worklist.ErrRole},
		{"no mandate", h.AskPayer(ctx, h.anne, with(func(n *worklist.PayerNews) { n.Mandate = "M-9" })), worklist.ErrNoMandate},
		{"no payer that is known", h.AskPayer(ctx, h.anne, with(func(n *worklist.PayerNews) { n.Payer = "LOTO" })), worklist.ErrPayer},
		{"no payer", h.AskPayer(ctx, h.anne, with(func(n *worklist.PayerNews) { n.Payer = "caf" })), worklist.ErrPayer},
		{"tomorrow", h.AskPayer(ctx, h.anne, with(func(n *worklist.PayerNews) { n.Payer, n.On = "MSA", civil.MustParse("2026-11-10") })), worklist.ErrFuture},
		{"the end was not asked", h.ConfirmPayer(ctx, h.anne, with(func(n *worklist.PayerNews) { n.Direction = worklist.End })), worklist.ErrNotAsked},
		{"before it was asked", h.ConfirmPayer(ctx, h.anne, with(func(n *worklist.PayerNews) { n.On = civil.MustParse("2026-11-08") })), worklist.ErrBeforeAsked},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, c.err, c.want)
		}
	}
	h.must(h.ConfirmPayer(ctx, h.bruno, caf))
	if err := h.ConfirmPayer(ctx, h.bruno, caf); !errors.Is(err, worklist.ErrNotAsked) {
		t.Errorf("got %v, want one confirmation only", err)
	}
	h.must(h.AskPayer(ctx, h.anne, caf))
	got, err := h.PayerChanges(ctx, "M-1")
	h.must(err)
	if len(got) != 2 || !got[0].ConfirmedOn.IsZero() || got[1].ConfirmedBy != "bruno" || got[1].RequestedBy != "anne" {
		t.Errorf("got %+v, want the second request waiting and the first confirmed by bruno", got)
	}
	if _, err := h.db.App.Exec(ctx, `UPDATE masp.payer_changes SET confirmed_on = '2026-11-20' WHERE confirmed_on IS NOT NULL`); err == nil {
		t.Error("a confirmation was changed")
	}
}
