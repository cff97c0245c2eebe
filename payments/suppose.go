package payments

import (
	"fmt"
	"slices"
	"strings"

	"masp/payments/mandates"
)

// supposition is a Suppose at work: its obligations stand under aliases while the run is computed.
type supposition struct {
	Suppose
	aliases map[string]string // by the ID of the obligation
}

// atWork puts the suppositions where the run of a complete request finds them.
func (s Suppose) atWork(ask Ask) *supposition {
	s.Obligations = slices.Clone(s.Obligations)
	for i, d := range s.Debts {
		s.Obligations = append(s.Obligations, d.line(i, ask))
	}
	w := &supposition{Suppose: s, aliases: make(map[string]string)}
	for i, o := range s.Obligations {
		w.aliases[o.ID] = fmt.Sprintf("SUPPOSED-%d", i+1)
	}
	return w
}

// name is what a supposed debt and its line are called.
func (d SupposedDebt) name(i int) string { return fmt.Sprintf("HYPOTHESE-%d", i+1) }

// line is the instalment, due once in the month of the run.
func (d SupposedDebt) line(i int, ask Ask) mandates.Obligation {
	on := ask.Month.First()
	if ask.On.MonthOf() == ask.Month {
		on = ask.On
	}
	return mandates.Obligation{
		ID: d.name(i), Mandate: d.Mandate, Class: mandates.DebtPlan, Creditor: d.Creditor, Amount: d.Amount,
		Label: "Nouvelle dette (hypothèse)", Frequency: mandates.Once, From: on, Debt: d.name(i),
	}
}

// debts are what the lines of the supposed debts pay.
func (s *supposition) debts() []mandates.Debt {
	all := make([]mandates.Debt, len(s.Debts))
	for i, d := range s.Debts {
		all[i] = mandates.Debt{
			ID: d.name(i), Mandate: d.Mandate, Creditor: d.Creditor, Kind: "OTHER",
			Principal: d.Amount, Outstanding: d.Amount, Recovery: mandates.Direct,
		}
	}
	return all
}

// names are the mandates and creditors of the suppositions.
func (s *supposition) names() string {
	var all []string
	for _, o := range s.Obligations {
		all = append(all, strings.TrimSpace(o.Mandate+" "+o.Creditor))
	}
	return strings.Join(all, ", ")
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
