package payments

import (
	"fmt"
	"slices"

	"masp/payments/mandates"
)

// supposition is a Suppose at work: its obligations stand under aliases while the run is computed.
type supposition struct {
	Suppose
	aliases map[string]string // by the ID of the obligation
}

func (s Suppose) atWork() *supposition {
	w := &supposition{Suppose: s, aliases: make(map[string]string)}
	for i, o := range s.Obligations {
		w.aliases[o.ID] = fmt.Sprintf("SUPPOSED-%d", i+1)
	}
	return w
}

// asked lets the lines that are asked for name the aliases.
func (s *supposition) asked(ask Ask) Ask {
	ask.Lines = slices.Clone(ask.Lines)
	for i, l := range ask.Lines {
		if alias, known := s.aliases[l.Obligation]; known {
			ask.Lines[i].Obligation = alias
		}
	}
	return ask
}

// replaced leaves out the obligations in whose place others are supposed.
func (s *supposition) replaced(situations []mandates.Situation) {
	if s == nil {
		return
	}
	for i := range situations {
		situations[i].Obligations = slices.DeleteFunc(situations[i].Obligations, func(o mandates.Obligation) bool {
			_, gone := s.aliases[o.ID]
			return gone
		})
	}
}

// credit adds what is supposed to have come, and takes what is supposed to stay away.
func (s *supposition) credit(purses map[string]purse) {
	if s == nil {
		return
	}
	for _, c := range s.Credits {
		p := purses[c.Mandate]
		p.Balance = p.Balance.Add(c.Amount)
		purses[c.Mandate] = p
	}
}

// named gives the obligations their own names again.
func (s *supposition) named(run Run) Run {
	names := make(map[string]string, len(s.aliases))
	for id, alias := range s.aliases {
		names[alias] = id
	}
	name := func(id *string) {
		if own, known := names[*id]; known {
			*id = own
		}
	}
	for _, m := range run.Mandates {
		for i := range m.Lines {
			name(&m.Lines[i].Obligation)
		}
		for _, t := range m.Transfers {
			for i := range t.Covers {
				name(&t.Covers[i].Obligation)
			}
		}
	}
	return run
}
