package scenario

import (
	"cmp"
	"slices"
	"strings"

	"masp/ledger"
	"masp/payments"
	"masp/payments/mandates"
)

// scribe writes a result from what the database holds, under the names of the story. It
// decides nothing.
type scribe struct {
	story                   Story
	names                   *names
	facts                   facts
	posted, settled, failed map[int64]transferRow // by entry
}

func newScribe(story Story, n *names, f facts) *scribe {
	s := &scribe{story, n, f, map[int64]transferRow{}, map[int64]transferRow{}, map[int64]transferRow{}}
	for _, t := range f.transfers {
		s.posted[t.Posted], s.settled[t.Settled], s.failed[t.Failed] = t, t, t
	}
	return s
}

// write is the whole result but its runs.
func (s *scribe) write(r *Result) {
	s.transfers(r)
	s.journal(r)
	s.persons(r)
	s.benefits(r)
	s.alerts(r)
}

var paymentStates = map[string]string{
	string(payments.InTransit): "EMITTED", string(payments.InstructionSettled): "SETTLED",
	string(payments.Rejected): "REJECTED", string(payments.Returned): "RETURNED",
}

// transfers writes what left, by day, and what never did.
func (s *scribe) transfers(r *Result) {
	r.Payments, r.RemittancesCancelled = []Payment{}, []Cancelled{}
	r.ByExecutionDate = make(map[string]Sum)
	for _, t := range s.facts.transfers {
		switch {
		case t.Posted != 0:
			r.Payments = append(r.Payments, s.payment(t))
			day := t.LeftOn.String()
			sum := r.ByExecutionDate[day]
			r.ByExecutionDate[day] = Sum{sum.Count + 1, sum.Total + Cents(t.Cents)}
		case t.State == string(payments.InstructionCancelled) && t.Kind == string(ledger.Remittance):
			r.RemittancesCancelled = append(r.RemittancesCancelled,
				Cancelled{s.names.transfers[t.EndToEnd], t.LeaveOn, Cents(t.Cents)})
		}
	}
	slices.SortFunc(r.Payments, func(a, b Payment) int {
		return cmp.Or(a.ExecutedOn.Compare(b.ExecutedOn), cmp.Compare(a.ID, b.ID))
	})
}

func (s *scribe) payment(t transferRow) Payment {
	p := Payment{
		ID: s.names.transfers[t.EndToEnd], Mandate: s.names.mandates.theirs[t.Mandate],
		Payee: s.names.payees.theirs[t.Creditor], Amount: Cents(t.Cents), ExecutedOn: t.LeftOn,
		Account: s.names.account(t.Account), State: paymentStates[t.State], SettledOn: nullable(t.SettledOn),
		Covers: []Cover{}, Kind: t.Kind, Reason: t.Reason,
	}
	if line, again := s.facts.reissued[t.EndToEnd]; again {
		p.Reissued = s.names.lines[line]
	}
	for _, c := range s.facts.covers[t.ID] {
		p.Covers = append(p.Covers, Cover{
			s.names.lines[c.Obligation], Cents(c.Cents), nullable(s.names.debts.theirs[c.Debt]),
		})
	}
	return p
}

// journal writes the entries and the balances.
func (s *scribe) journal(r *Result) {
	r.Journal, r.Balances = []Entry{}, make(map[string]Cents)
	for _, l := range s.facts.lines {
		if len(r.Journal) < int(l.Entry) {
			r.Journal = append(r.Journal,
				Entry{N: int(l.Entry), Date: l.On, Kind: l.Kind, Label: s.label(l.Entry, l.Kind)})
		}
		e := &r.Journal[len(r.Journal)-1]
		e.Lines = append(e.Lines,
			EntryLine{s.names.account(l.Account), Cents(max(l.Cents, 0)), Cents(max(-l.Cents, 0))})
		if id := s.names.mandateOf(l.Account); id != "" && e.Label == "" {
			e.Label = ofPerson[l.Kind] + id
		}
	}
	for _, m := range s.story.Mandates {
		r.Balances["467:"+m.ID] = 0 // also of a person who never had any
	}
	for code, cents := range s.facts.balances {
		r.Balances[s.names.account(code)] = Cents(cents)
	}
}

// ofPerson is what the story calls the entries that a mandate alone names.
var ofPerson = map[string]string{
	string(ledger.Opening): "opening ", string(ledger.DeathFreeze): "freeze ",
}

// label is what the story calls an entry; empty where the account alone names it.
func (s *scribe) label(entry int64, kind string) string {
	switch ledger.Kind(kind) {
	case ledger.Opening, ledger.DeathFreeze:
		return ""
	case ledger.BankCredit:
		return s.names.text(s.facts.texts[entry].Party + " " + s.facts.texts[entry].Text)
	case ledger.Identification:
		return "identify " + s.names.text(s.facts.texts[entry].Text)
	case ledger.BankDebit:
		return "statement debit " + s.names.transfers[s.settled[entry].EndToEnd]
	case ledger.Reject, ledger.Return:
		t := s.failed[entry]
		return strings.ToLower(kind) + " " + s.names.transfers[t.EndToEnd] + " " + t.Reason
	}
	t := s.posted[entry]
	return s.names.transfers[t.EndToEnd] + " " + s.names.payees.theirs[t.Creditor]
}

// persons writes what each mandate and each debt has come to.
func (s *scribe) persons(r *Result) {
	r.MandateStatus, r.Reserves = make(map[string]string), make(map[string]Cents)
	r.Statements, r.Debts = make(map[string][]Movement), []DebtResult{}
	labels := make(map[int64]string, len(r.Journal))
	for _, e := range r.Journal {
		labels[int64(e.N)] = e.Label
	}
	for _, m := range s.story.Mandates {
		ref := s.names.mandates.ours[m.ID]
		r.MandateStatus[m.ID] = s.facts.status[ref]
		if s.story.AsOf.After(m.End) && mandates.Status(s.facts.status[ref]) == mandates.Active {
			r.MandateStatus[m.ID] = string(mandates.Ended) // the contract ran out
		}
		r.Reserves[m.ID] = Cents(s.facts.reserves[ref])
		moves := []Movement{}
		for _, l := range s.facts.moves[ref] {
			moves = append(moves, Movement{l.PostedOn, labels[l.No], cents(l.In), cents(l.Out), cents(l.Balance)})
		}
		r.Statements[m.ID] = moves
	}
	for _, d := range s.story.Debts {
		r.Debts = append(r.Debts, DebtResult{d.ID, Cents(s.facts.debts[s.names.debts.ours[d.ID]])})
	}
}

// benefits writes what came of each expected benefit, in the order of the story.
func (s *scribe) benefits(r *Result) {
	r.Benefits = []BenefitResult{}
	for _, b := range s.story.Expected {
		for _, e := range s.facts.expected {
			if e.Mandate != s.names.mandates.ours[b.Mandate] || e.Benefit != b.Benefit || e.Period != b.Period {
				continue
			}
			status := e.Status
			if e.Received.IsZero() {
				status = "MISSING" // the story ends before its day
			}
			r.Benefits = append(r.Benefits, BenefitResult{
				Mandate: b.Mandate, Benefit: b.Benefit, Period: b.Period, Amount: cents(e.Amount), ExpectedOn: e.ExpectedOn,
				Received: cents(e.Received), ReceivedOn: nullable(e.ReceivedOn), Difference: cents(e.Difference),
				Withheld: cents(e.Withheld), Status: string(status),
			})
		}
	}
}

// alerts writes those that a story knows.
func (s *scribe) alerts(r *Result) {
	r.Alerts = []AlertResult{}
	for _, a := range s.facts.alerts {
		if keys, known := alertKeys[a.Code]; known {
			r.Alerts = append(r.Alerts, s.alert(a, strings.Fields(keys)))
		}
	}
}

// alert writes an alert with the keys of its code.
func (s *scribe) alert(a alertRow, keys []string) AlertResult {
	amount := Cents(a.Cents)
	line, _, _ := strings.Cut(a.Details["line"], "@")
	out := AlertResult{Date: a.On, Code: a.Code}
	for _, key := range keys {
		switch key {
		case "mandate":
			out.Mandate = s.names.mandates.theirs[a.Mandate]
		case "payment":
			out.Payment = s.names.transfers[a.Details["payment"]]
		case "line":
			out.Line = s.names.lines[line]
		case "benefit":
			out.Benefit = a.Details["benefit"]
		case "period":
			out.Period = a.Details["period"]
		case "reference":
			out.Reference = s.names.text(a.Details["reference"])
		case "date_of_death":
			out.DateOfDeath = a.Details["date_of_death"]
		case "reason":
			out.Reason = a.Details["reason"]
		case "amount":
			out.Amount = &amount
		case "shortfall":
			out.Shortfall = &amount
		case "unpaid":
			out.Unpaid = &amount
		case "due":
			out.Due = &amount
		}
	}
	return out
}

// alertKeys are the alerts that a story knows, and what it tells of each.
var alertKeys = map[string]string{
	"LIVING_FLOOR_NOT_MET":  "mandate shortfall",
	"RENT_UNPAID":           "mandate line unpaid",
	"DEBT_PLAN_MISSED":      "mandate line due",
	"RUN_REFUSED":           "mandate reason",
	"PAYMENT_REJECTED":      "payment reason amount",
	"PAYMENT_RETURNED":      "payment reason amount",
	"MEASURE_ENDED":         "mandate reason",
	"BENEFICIARY_DECEASED":  "mandate date_of_death",
	"CREDIT_UNIDENTIFIED":   "reference amount",
	"RESOURCE_NOT_ELIGIBLE": "mandate benefit amount",
	"CREDIT_AFTER_END":      "mandate benefit amount",
	"BENEFIT_AFTER_DEATH":   "mandate benefit amount",
	"BENEFIT_MISSING":       "mandate benefit period amount",
}

// runResult writes a run as it was computed. Only an approved one has payments.
func (n *names) runResult(id string, run payments.Run, approved bool) RunResult {
	r := RunResult{Run: id, Date: run.On, Status: "PROPOSED", Mandates: []RunMandateResult{}}
	if approved {
		r.Status = "APPROVED"
	}
	for _, m := range run.Mandates {
		if m.Refused != "" {
			continue
		}
		out := RunMandateResult{
			Mandate: n.mandates.theirs[m.Mandate], Available: cents(m.Available), FloorLeft: cents(m.FloorLeft),
			Lines: []LineResult{}, Reserved: cents(m.Reserved), Remit: cents(m.Remit), Remittances: []Dated{},
			Carried: cents(m.Carried), Shortfall: cents(m.Shortfall),
		}
		for _, l := range m.Lines {
			out.Lines = append(out.Lines, n.line(l))
		}
		n.parts(&out, m, approved)
		r.Mandates = append(r.Mandates, out)
	}
	return r
}

// line writes a line as the run has decided it.
func (n *names) line(l payments.RunLine) LineResult {
	return LineResult{
		Line: n.lines[l.Obligation], Class: string(l.Class), Payee: nullable(n.payees.theirs[l.Creditor]),
		Label: l.Label, Due: cents(l.Due), Paid: cents(l.Paid), Status: string(l.Status),
		Reason: nullable(string(l.Reason)), Debt: nullable(n.debts.theirs[l.Debt]),
	}
}

// parts writes where the money of one mandate goes.
func (n *names) parts(out *RunMandateResult, m payments.RunMandate, approved bool) {
	if approved {
		out.Payments = []RunPayment{}
	}
	for _, t := range m.Transfers {
		switch {
		case t.Kind == ledger.Remittance:
			out.Remittances = append(out.Remittances, Dated{t.LeaveOn, cents(t.Amount)})
		case approved:
			covers := []string{}
			for _, c := range t.Covers {
				covers = append(covers, n.lines[c.Obligation])
			}
			out.Payments = append(out.Payments,
				RunPayment{n.transfers[t.EndToEndID], n.payees.theirs[t.Creditor], cents(t.Amount), covers})
		}
	}
}
