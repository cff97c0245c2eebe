package payments

import "masp/ledger/chain"

// The versions change when the fields of a hash change.
const (
	contentVersion = 3
	planVersion    = 3
)

// Content is what an approver signs (decisions 2): of each transfer, who pays whom, on
// which IBAN, how much and when. Two runs with the same transfers have different contents:
// the run's own reference is part of it.
func Content(run string, transfers []Instruction) chain.Hash {
	e := chain.New(contentVersion, "masp run content")
	e.Str(run).Int(int64(len(transfers)))
	for _, t := range transfers {
		e.Str(t.Mandate).Str(string(t.Kind)).Str(string(t.Account)).Str(t.BankAccount)
		e.Str(t.Creditor).Str(t.Name).Str(t.IBAN).Str(string(t.Means)).Int(t.Amount.Cents())
		e.Str(t.LeaveOn.String()).Str(t.ExecuteOn.String())
		e.Str(t.Reference).Str(t.EndToEndID)
	}
	return e.Sum()
}

// plan covers what Content leaves out: the decision on each line with its reason, what each
// transfer pays, the figures of each mandate. The log of acts keeps it, so a line that is
// changed after it was shown is found.
func (r Run) plan() chain.Hash {
	e := chain.New(planVersion, "masp run plan")
	e.Str(r.ID).Int(r.Number).Str(string(r.Purpose)).Str(r.Evidence).Str(r.Month.String()).Str(r.On.String()).Int(r.CreatedAt.UnixMicro())
	e.Bytes(r.ContentHash[:])
	e.Int(int64(len(r.Mandates)))
	for _, m := range r.Mandates {
		m.encode(e)
	}
	return e.Sum()
}

func (m RunMandate) encode(e *chain.Encoder) {
	e.Str(m.Mandate).Str(string(m.Refused)).Int(m.Available.Cents()).Int(m.FloorLeft.Cents())
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
