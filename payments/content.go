package payments

import "masp/ledger/chain"

// The versions change when the fields of a hash change.
const (
	contentVersion = 4
	planVersion    = 4
)

// Content is what an approver signs (decisions 2): of each transfer, who pays whom, on
// which IBAN, how much and when. Two runs with the same transfers have different contents:
// the run's own reference is part of it.
func Content(run string, transfers []Instruction) chain.Hash {
	e := newContent(run)
	for _, t := range transfers {
		t.encode(e)
	}
	return e.Bool(false).Sum()
}

// plan covers what Content leaves out: the decision on each line with its reason, what each
// transfer pays, the figures of each mandate. The log of acts keeps it, so a line that is
// changed after it was shown is found.
func (r Run) plan() chain.Hash {
	e := newPlan(r)
	for _, m := range r.Mandates {
		m.encode(e)
	}
	return e.Bool(false).Bytes(r.ContentHash[:]).Sum()
}

// signing computes Content and plan of a run whose parts come one after the other.
type signing struct{ content, plan *chain.Encoder }

// sign begins with the head of the run.
func sign(run Run) signing { return signing{newContent(run.ID), newPlan(run)} }

func (s signing) add(parts []RunMandate) {
	for _, m := range parts {
		for _, t := range m.Transfers {
			t.encode(s.content)
		}
		m.encode(s.plan)
	}
}

func (s signing) sums() (content, plan chain.Hash) {
	content = s.content.Bool(false).Sum()
	return content, s.plan.Bool(false).Bytes(content[:]).Sum()
}

// newContent begins a content. Its transfers follow, each after a true; a false ends them.
func newContent(run string) *chain.Encoder {
	return chain.New(contentVersion, "masp run content").Str(run)
}

// encode adds what is signed of a transfer to a content.
func (i Instruction) encode(e *chain.Encoder) {
	e.Bool(true).Str(i.Mandate).Str(string(i.Kind)).Str(string(i.Account)).Str(i.BankAccount)
	e.Str(i.Creditor).Str(i.Name).Str(i.IBAN).Str(string(i.Means)).Int(i.Amount.Cents())
	e.Str(i.LeaveOn.String()).Str(i.ExecuteOn.String())
	e.Str(i.Reference).Str(i.EndToEndID)
}

// newPlan begins a plan with the head of the run. Its parts follow, each after a true; a false ends them,
// and the content comes last.
func newPlan(r Run) *chain.Encoder {
	e := chain.New(planVersion, "masp run plan")
	e.Str(r.ID).Int(r.Number).Str(string(r.Purpose)).Str(r.Evidence).Str(r.Month.String()).Str(r.On.String())
	return e.Int(r.CreatedAt.UnixMicro())
}

// encode adds a part to a plan.
func (m RunMandate) encode(e *chain.Encoder) {
	e.Bool(true).Str(m.Mandate).Str(string(m.Refused)).Int(m.Available.Cents()).Int(m.FloorLeft.Cents())
	e.Int(m.Reserved.Cents()).Int(m.Remit.Cents()).Int(m.Carried.Cents()).Int(m.Shortfall.Cents())
	m.Plan.encode(e)
	e.Int(int64(len(m.Lines)))
	for _, l := range m.Lines {
		e.Int(int64(l.No)).Str(l.Obligation).Str(l.DueOn.String()).Str(string(l.Class)).Str(l.Creditor)
		e.Str(l.Label).Int(l.Due.Cents()).Int(l.Paid.Cents()).Str(string(l.Status)).Str(string(l.Reason))
		e.Str(l.Explanation).Str(l.ForPerson).Str(l.Debt)
		l.Why.encode(e)
	}
	e.Int(int64(len(m.Exceptions)))
	for _, x := range m.Exceptions {
		x.encode(e)
	}
	e.Int(int64(len(m.Adjustments)))
	for _, a := range m.Adjustments {
		a.encode(e)
	}
	e.Int(int64(len(m.Transfers)))
	for _, t := range m.Transfers {
		e.Str(t.EndToEndID).Int(t.ID).Int(int64(t.IBANVersion)).Int(int64(len(t.Covers)))
		for _, c := range t.Covers {
			e.Int(int64(c.Line)).Str(c.Obligation).Str(c.DueOn.String()).Int(c.Amount.Cents()).Str(c.Debt)
		}
	}
}
