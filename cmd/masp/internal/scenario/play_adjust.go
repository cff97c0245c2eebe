package scenario

import (
	"cmp"
	"context"
	"slices"

	"masp/payments"
	"masp/payments/mandates"
)

// lowered is the line of a run that a coordinator has lowered before the approval, when she may do so
// again: a bill, which is then all that its run owes. Otherwise it is -1, and the adjustment is the
// note that it is in the story, whose lines carry it already.
func (p *player) lowered(r Run, due []owed) int {
	a := r.Adjustment
	if a == nil || !a.To.IsPositive() || a.From.Cmp(a.To) <= 0 {
		return -1
	}
	return slices.IndexFunc(due, func(d owed) bool {
		return p.names.lines[d.ID] == a.Line && d.Amount == a.To && d.Debt == "" && d.reissueOf == "" &&
			d.Class != mandates.Reserve && !mandates.Policy{}.IsSenior(d.Class)
	})
}

// adjust lowers the line as the coordinator of the story did, unless the run leaves its mandate out.
func (p *player) adjust(ctx context.Context, r Run, run payments.Run, d owed) (payments.Run, error) {
	if slices.ContainsFunc(run.Mandates, func(m payments.RunMandate) bool { return m.Mandate == d.Mandate && m.Refused != "" }) {
		return run, nil
	}
	return p.payments.Adjust(ctx, p.preparer, run.ID, run.ContentHash, payments.Adjustment{
		Mandate: d.Mandate, Line: payments.LineAsk{Obligation: d.ID, DueOn: r.Date}, Kind: payments.SetAmount,
		Amount: r.Adjustment.To, Reason: cmp.Or(r.Adjustment.Reason, "histoire jouée"),
	})
}
