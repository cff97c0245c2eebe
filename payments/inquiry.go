package payments

import "masp/payments/mandates"

// inquiry is what the facts of a run are asked for. It needs no part of the run to be computed.
type inquiry struct {
	run      Run // its head
	parts    []scope
	preparer string                    // the user who proposes it
	known    map[string]mandates.Payee // creditors that were read already
}

// scope is what the facts of one mandate are asked for.
type scope struct {
	mandate   string
	refused   Refusal
	dues      []mandates.DueOn // of its lines
	creditors []string         // whom it pays, or would
}

// scope is that of a part that was computed.
func (m RunMandate) scope() scope {
	s := scope{mandate: m.Mandate, refused: m.Refused}
	for _, l := range m.Lines {
		s.dues, s.creditors = append(s.dues, mandates.DueOn{Obligation: l.Obligation, On: l.DueOn}), append(s.creditors, l.Creditor)
	}
	for _, t := range m.Transfers {
		s.creditors = append(s.creditors, t.Creditor)
	}
	return s
}

// scope is what the facts of the part are asked for, before it is computed.
func (p proposal) scope() scope {
	s := scope{mandate: p.situation.Mandate, refused: p.refusal()}
	if s.refused != "" {
		return s
	}
	s.dues, s.creditors = make([]mandates.DueOn, len(p.dues)), make([]string, len(p.dues), len(p.dues)+1)
	for i, d := range p.dues {
		s.dues[i], s.creditors[i] = mandates.DueOn{Obligation: d.Obligation.ID, On: d.On}, d.Obligation.Creditor
	}
	if p.payees[p.remit.To].Payable() {
		s.creditors = append(s.creditors, p.remit.To)
	}
	return s
}
