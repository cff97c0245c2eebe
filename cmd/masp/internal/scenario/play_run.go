package scenario

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"masp/ledger"
	"masp/payments"
	"masp/payments/mandates"
)

// RefusedError is a story that asks for what cannot be: its event names something that is not
// there.
type RefusedError struct{ Name, Why string }

// Error names it.
func (e *RefusedError) Error() string { return e.Name + ": the story asks for what cannot be" }

// French says what is wrong with the story.
func (e *RefusedError) French() string { return fmt.Sprintf("« %s » : %s", e.Name, e.Why) }

// run proposes and approves a run, or only computes one.
func (p *player) run(ctx context.Context, r Run) error {
	if len(r.Mandates) == 0 { // to the services nobody named is everybody
		nobody := payments.Run{On: r.Date}
		p.result.Runs = append(p.result.Runs, p.names.runResult(r.ID, nobody, !r.Proposed))
		return nil
	}
	ask, due := p.ask(r), []owed{}
	for _, l := range r.Lines {
		parts, err := p.due(r, l)
		if err != nil {
			return err
		}
		if parts, err = p.nameDebts(ctx, parts); err != nil {
			return err
		}
		due = append(due, parts...)
	}
	if r.Proposed {
		return p.whatIf(ctx, r, ask, due)
	}
	lowered := p.lowered(r, due)
	if lowered >= 0 {
		due[lowered].Amount = r.Adjustment.From
	}
	run, err := p.propose(ctx, r, ask, due)
	if err != nil {
		return err
	}
	if lowered >= 0 {
		if run, err = p.adjust(ctx, r, run, due[lowered]); err != nil {
			return err
		}
	}
	return p.decide(ctx, r, run)
}

// propose makes the lines of a run due, and proposes it.
func (p *player) propose(ctx context.Context, r Run, ask payments.Ask, due []owed) (payments.Run, error) {
	if err := p.forget(ctx); err != nil {
		return payments.Run{}, err
	}
	for _, d := range due {
		err := p.owe(ctx, d)
		switch {
		case errors.Is(err, mandates.ErrNotActive):
			continue // the run leaves the mandate out, too
		case err != nil:
			return payments.Run{}, fmt.Errorf("line %s: %w", p.names.lines[d.ID], err)
		}
		ask.Lines = append(ask.Lines, payments.LineAsk{Obligation: d.ID, DueOn: r.Date})
	}
	run, err := p.payments.Propose(ctx, p.preparer, ask)
	if err != nil {
		return payments.Run{}, err
	}
	return p.payments.Show(ctx, run.ID)
}

// ask is what a run asks for, without its lines.
func (p *player) ask(r Run) payments.Ask {
	ask := payments.Ask{
		Month: r.Date.MonthOf(), On: r.Date, Purpose: payments.OffCycle,
		Remit: make(map[string]payments.Remit),
	}
	for _, m := range r.Mandates {
		ref := p.names.mandates.ours[m]
		ask.Mandates = append(ask.Mandates, ref)
		if remit := r.Remittance[m]; len(remit.Dates) > 0 { // without days it is carried forward
			ask.Remit[ref] = payments.Remit{To: p.names.payee(m, remit.Payee), On: remit.Dates}
			p.later = append(p.later, remit.Dates...)
		}
	}
	return ask
}

// owed is a line of a run with the payment that it replaces, if any.
type owed struct {
	mandates.Obligation
	reissueOf string
}

// due is a line of a run as obligations of the day: one, or one for each share.
func (p *player) due(r Run, l Line) ([]owed, error) {
	whole := payments.DueLine{ID: l.ID, Due: l.Due}
	parts := []payments.SharedLine{{Mandate: l.Mandate, DueLine: whole}}
	if len(l.Shares) > 0 {
		var shares []payments.Share
		for _, s := range l.Shares {
			shares = append(shares, payments.Share{Mandate: s.Mandate, Weight: s.Weight})
		}
		var err error
		if parts, err = payments.SplitShares(whole, shares); err != nil {
			return nil, err
		}
	}
	var all []owed
	for _, part := range parts {
		if !slices.Contains(r.Mandates, part.Mandate) {
			continue // what another run pays
		}
		p.obligations++
		id := fmt.Sprintf("L-%d", p.obligations)
		p.names.lines[id] = part.ID
		all = append(all, owed{mandates.Obligation{
			ID: id, Mandate: p.names.mandates.ours[part.Mandate], Class: l.Class,
			Creditor: p.names.payee(part.Mandate, l.Payee), Amount: part.Due, Label: l.Label,
			Frequency: mandates.Once, From: r.Date.AddDays(-1), DueDay: r.Date.Day(), Debt: p.names.debts.ours[l.Debt], Block: l.Block,
		}, l.ReissueOf})
	}
	return all, nil
}

// nameDebts gives each instalment of a debt that the story does not name a debt of its own: it is
// of no debt that the story counts. A measure that is not active gets none, and no run pays the line.
func (p *player) nameDebts(ctx context.Context, due []owed) (named []owed, err error) {
	for _, d := range due {
		if d.Class != mandates.DebtPlan || d.Debt != "" {
			named = append(named, d)
			continue
		}
		err := p.mandates.AddDebt(ctx, p.preparer, mandates.Debt{
			ID: "N-" + d.ID, Mandate: d.Mandate, Creditor: d.Creditor, Kind: "OTHER", Recovery: mandates.Direct,
			Principal: d.Amount, Outstanding: d.Amount,
		})
		switch {
		case errors.Is(err, mandates.ErrNotActive):
		case err != nil:
			return nil, fmt.Errorf("line %s: %w", p.names.lines[d.ID], err)
		default:
			d.Debt = "N-" + d.ID
			named = append(named, d)
		}
	}
	return named, nil
}

// owe makes a line due.
func (p *player) owe(ctx context.Context, d owed) error {
	if d.reissueOf == "" {
		return p.mandates.AddObligation(ctx, p.preparer, d.Obligation)
	}
	id, known := p.names.endToEnd[d.reissueOf]
	if !known {
		return &RefusedError{d.reissueOf, "Ce virement n'est pas parti : rien ne peut le remplacer."}
	}
	return p.payments.Reissue(ctx, p.preparer, id, d.Obligation)
}

// whatIf computes a run that nobody approves: nothing of it is kept.
func (p *player) whatIf(ctx context.Context, r Run, ask payments.Ask, due []owed) error {
	var suppose payments.Suppose
	for _, d := range due {
		suppose.Obligations = append(suppose.Obligations, d.Obligation)
		ask.Lines = append(ask.Lines, payments.LineAsk{Obligation: d.ID, DueOn: r.Date})
	}
	run, err := p.payments.WhatIf(ctx, ask, suppose)
	if err != nil {
		return err
	}
	p.result.Runs = append(p.result.Runs, p.names.runResult(r.ID, run, false))
	return nil
}

// decide submits a run and has a second person approve what she sees.
func (p *player) decide(ctx context.Context, r Run, run payments.Run) error {
	for _, m := range run.Mandates {
		rank := 0
		for _, t := range m.Transfers {
			id := r.ID + "-" + p.names.mandates.theirs[m.Mandate] + "-"
			if t.Kind == ledger.Remittance {
				rank++
				id += fmt.Sprintf("REM%d", rank)
			} else {
				id += p.names.payees.theirs[t.Creditor]
			}
			p.names.transfer(t, id)
		}
	}
	if err := p.approve(ctx, run); err != nil {
		return err
	}
	p.result.Runs = append(p.result.Runs, p.names.runResult(r.ID, run, true))
	return nil
}

func (p *player) approve(ctx context.Context, run payments.Run) error {
	if err := p.payments.DecideAll(ctx, p.preparer, run.ID, "histoire jouée : rien n'est changé"); err != nil {
		return err
	}
	run, err := p.payments.Submit(ctx, p.preparer, run.ID)
	if err != nil {
		return err
	}
	if run, err = p.payments.Approve(ctx, p.approver, run.ID, run.ContentHash); err == nil {
		run, err = p.payments.Show(ctx, run.ID)
	}
	if err != nil {
		return err
	}
	p.toFile = append(p.toFile, run.ID)
	for _, m := range run.Mandates {
		for _, l := range m.Lines {
			if (mandates.Policy{}).IsSenior(l.Class) {
				p.asked = append(p.asked, mandates.DueOn{Obligation: l.Obligation, On: l.DueOn})
			}
		}
	}
	return nil
}

// forget ends the rents and charges that earlier runs have asked for, the day before they were due:
// each run of a story says all that is due, also what another has left.
func (p *player) forget(ctx context.Context) error {
	for _, d := range p.asked {
		if err := p.mandates.EndObligation(ctx, p.preparer, d.Obligation, d.On.AddDays(-1)); err != nil {
			return fmt.Errorf("end line %s: %w", p.names.lines[d.Obligation], err)
		}
	}
	p.asked = nil
	return nil
}

// release lets the remittances of today leave.
func (p *player) release(ctx context.Context) error {
	files, err := p.payments.ReleaseDue(ctx)
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := p.give(ctx, f); err != nil {
			return err
		}
	}
	return nil
}

// file takes the files of what was approved today to the bank.
func (p *player) file(ctx context.Context) error {
	for _, id := range p.toFile {
		files, err := p.payments.File(ctx, p.approver, id)
		if err != nil {
			return err
		}
		for _, f := range files {
			if err := p.give(ctx, f); err != nil {
				return err
			}
		}
	}
	p.toFile = nil
	return nil
}

func (p *player) give(ctx context.Context, f payments.PaymentFile) error {
	if err := p.take(f.Content, f.Name); err != nil {
		return err
	}
	return p.payments.HandOver(ctx, p.preparer, f.Run)
}

// payout moves money that no run shares out.
func (p *player) payout(ctx context.Context, o Payout) error {
	purpose := map[string]payments.Purpose{
		TypePassThrough: payments.PassThrough, TypeRestitute: payments.Restitution,
		TypeRefundPayer: payments.RefundPayer, TypeEstatePayout: payments.EstatePayout,
	}[o.Kind]
	if err := p.endBefore(ctx, o); err != nil {
		return err
	}
	run, err := p.payments.ProposePayout(ctx, p.preparer, payments.Payout{
		Purpose: purpose, Mandate: p.names.mandates.ours[o.Mandate], Sub: ledger.SubAccount(o.Sub),
		To: p.names.payee(o.Mandate, o.Payee), Amount: o.Amount, On: o.Date, Evidence: evidence(o),
	})
	if asked, ok := errors.AsType[*payments.AskError](err); ok && asked.Code == "NOTHING_THERE" && o.Amount.IsZero() {
		return nil // the whole of nothing leaves: no entry is written of zero
	}
	if err != nil {
		return err
	}
	for _, t := range run.Instructions() {
		p.names.transfer(t, o.ID)
	}
	return p.approve(ctx, run)
}

// evidence is what the story says with what the law wants to see at least.
func evidence(o Payout) string {
	return strings.TrimSpace("pièce jointe à la demande " + o.ID + " " + o.Reason)
}
