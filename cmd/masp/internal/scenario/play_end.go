package scenario

import (
	"context"

	"masp/payments/mandates"
)

// end ends a measure, once: the restitution of a day has it ended before.
func (p *player) end(ctx context.Context, e EndOfMeasure) error {
	if p.over[e] {
		return nil
	}
	if err := p.mayEnd(ctx, e); err != nil {
		return err
	}
	mandate := p.names.mandates.ours[e.Mandate]
	_, err := p.payments.EndMandate(ctx, p.preparer, mandate, e.Date, mandates.EndReason(e.Reason))
	if err == nil {
		p.over[e] = true
	}
	return err
}

// mayEnd writes the evaluation that the law wants before a report to the prosecutor, and stories leave
// out.
func (p *player) mayEnd(ctx context.Context, e EndOfMeasure) error {
	if mandates.EndReason(e.Reason) != mandates.Prosecutor {
		return nil
	}
	_, err := p.mandates.Evaluate(ctx, p.preparer, p.names.mandates.ours[e.Mandate], e.Date, "bilan avant le signalement")
	return err
}

// endBefore ends the measure whose balance is given back on its last day: who ends it does so first.
func (p *player) endBefore(ctx context.Context, o Payout) error {
	for _, event := range p.story.Events {
		e, ok := event.(EndOfMeasure)
		if ok && o.Kind == TypeRestitute && e.Mandate == o.Mandate && e.Date == o.Date {
			return p.end(ctx, e)
		}
	}
	return nil
}
