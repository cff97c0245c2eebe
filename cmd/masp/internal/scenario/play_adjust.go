package scenario

import (
	"cmp"
	"context"
	"slices"

	"masp/payments"
	"masp/payments/mandates"
)

// adjusted is the line of a run that a coordinator has lowered before the approval, when her change
// can be made again: what she left aside of it moves nothing else. Otherwise it is -1, and the
// adjustment is the note that it is in the story, whose lines carry it already.
func (p *player) adjusted(ctx context.Context, r Run, ask payments.Ask, due []owed) (int, error) {
	a := r.Adjustment
	if a == nil || !a.To.IsPositive() || a.From.Cmp(a.To) <= 0 {
		return -1, nil
	}
	at := slices.IndexFunc(due, func(d owed) bool { return p.names.lines[d.ID] == a.Line })
	if at < 0 || due[at].Amount != a.To || due[at].Debt != "" || due[at].reissueOf != "" {
		return -1, nil
	}
	run, err := p.suppose(ctx, r, ask, due)
	if err != nil {
		return -1, err
	}
	for _, m := range run.Mandates {
		if m.Mandate == due[at].Mandate && alone(m, due[at].ID) {
			return at, nil
		}
	}
	return -1, nil
}

// alone tells whether a line may be larger, and yet be paid what it is, without moving anything:
// it is paid whole and no rent, and the person gets no more than while some line waits.
func alone(m payments.RunMandate, obligation string) bool {
	paid := slices.ContainsFunc(m.Lines, func(l payments.RunLine) bool {
		return l.Obligation == obligation && l.Status == payments.Paid && !mandates.Policy{}.IsSenior(l.Class)
	})
	return paid && m.Remit.Cmp(m.FloorLeft) <= 0
}

// adjust lowers the line as the coordinator of the story did.
func (p *player) adjust(ctx context.Context, r Run, run payments.Run, d owed) (payments.Run, error) {
	return p.payments.Adjust(ctx, p.preparer, run.ID, run.ContentHash, payments.Adjustment{
		Mandate: d.Mandate, Line: payments.LineAsk{Obligation: d.ID, DueOn: r.Date}, Kind: payments.SetAmount,
		Amount: r.Adjustment.To, Reason: cmp.Or(r.Adjustment.Reason, "histoire jouée"),
	})
}
