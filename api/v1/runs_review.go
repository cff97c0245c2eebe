package v1

import (
	"cmp"
	"context"
	"slices"

	"masp/api"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments"
)

// runReview is a RunReview of the contract: a run as whoever signs it reads it.
type runReview struct {
	runHead
	Evidence         string            `json:"evidence,omitempty"`
	Figures          runFigures        `json:"figures"`
	Before           *runFigures       `json:"month_before,omitempty"`
	Entered          []runPerson       `json:"entered"`
	Left             []runPerson       `json:"left"`
	Out              []runOut          `json:"left_out"`
	Signatures       int               `json:"signatures"`
	SignaturesNeeded int               `json:"signatures_needed"`
	Exceptions       []reviewException `json:"exceptions"`
	Cascade          []runStep         `json:"cascade"`
	Natures          []runNature       `json:"natures"`
	Origins          []runNature       `json:"origins"`
	States           []runProgress     `json:"payment_states"`
	Accounts         []runAccount      `json:"bank_accounts"`
	Days             []civil.Date      `json:"execute_on"`
	Files            []paymentFile     `json:"files"`
	Acts             []runAct          `json:"acts"`
	Comments         []runComment      `json:"comments"`
}

type runFigures struct {
	Month     civil.Month  `json:"month"`
	Persons   int          `json:"persons"`
	Transfers int          `json:"transfers"`
	Total     money.Amount `json:"total"`
}

type runPerson struct {
	Mandate string `json:"mandate"`
	Person  string `json:"person"`
}

type runOut struct {
	runPerson
	Why  payments.Refusal `json:"refused"`
	Text string           `json:"text"`
}

type runStep struct {
	Step   payments.Step `json:"step"`
	Amount money.Amount  `json:"amount"`
}

type runNature struct {
	Nature    string       `json:"nature"`
	Transfers int          `json:"transfers"`
	Total     money.Amount `json:"total"`
}

// runProgress is how many payments of a run stand where.
type runProgress struct {
	State     payments.InstructionState `json:"state"`
	Transfers int                       `json:"transfers"`
	Total     money.Amount              `json:"total"`
}

type runAccount struct {
	BankAccount string `json:"bank_account"`
	IBAN        string `json:"iban"`
}

// reviewException is an exception with whom it is about.
type reviewException struct {
	runException
	Person   string       `json:"person,omitempty"`
	Creditor string       `json:"creditor,omitempty"`
	Instead  money.Amount `json:"instead,omitzero"`
}

// reviewRun answers a run as its signer reads it: figures, exceptions, where the money goes.
func (h *House) reviewRun(ctx context.Context, c *api.Call) (api.Answer, error) {
	run, err := h.runSeen(ctx, c, c.Path("run"))
	if err != nil {
		return api.Answer{}, err
	}
	with, err := h.Payments.Compare(ctx, run)
	if err != nil {
		return api.Answer{}, err
	}
	return api.Answer{Body: reviewOf(c, run, with), Tag: run.ContentHash.String(), Always: true}, nil
}

func reviewOf(c *api.Call, r payments.Run, with payments.Comparison) runReview {
	out := runReview{
		runHead: runHeadOf(r), Evidence: r.Evidence, Signatures: r.Signatures(), SignaturesNeeded: r.Needed,
		Figures: runFiguresOf(r), Exceptions: reviewExceptions(r), Cascade: []runStep{}, Natures: []runNature{},
		Origins: originsOf(r), States: statesOf(r), Entered: []runPerson{}, Left: []runPerson{}, Out: outOf(r), Accounts: []runAccount{}, Days: executionDays(r),
		Files: filesOf(r.Files), Acts: make([]runAct, len(r.Acts)),
		Comments: commentsFor(c, r),
	}
	out.compare(r, with)
	at := r.Cascade(with.Received)
	for _, s := range payments.Steps() {
		out.Cascade = append(out.Cascade, runStep{s, at[s]})
	}
	for _, n := range r.ByNature() {
		out.Natures = append(out.Natures, runNature(n))
	}
	for _, a := range with.Accounts {
		out.Accounts = append(out.Accounts, runAccount{a.ID, ibanFor(c, a.IBAN)})
	}
	for i, a := range r.Acts {
		out.Acts[i] = runAct{User: a.User, Act: a.What, ContentHash: a.ContentHash, At: a.At}
	}
	return out
}

// compare says who is paid now and was not in the month before, and the other way round.
func (v *runReview) compare(r payments.Run, with payments.Comparison) {
	if r.Purpose != payments.MonthlyRun {
		return
	}
	before := runFigures{Month: r.Month.Add(-1), Persons: len(with.Before)}
	paid := make(map[string]bool, len(with.Before))
	for _, p := range with.Before {
		before.Transfers += p.Transfers
		before.Total = before.Total.Add(p.Total)
		paid[p.Mandate] = true
	}
	now := make(map[string]bool, len(r.Mandates))
	for _, m := range r.Mandates {
		if len(m.Transfers) == 0 {
			continue
		}
		if now[m.Mandate] = true; !paid[m.Mandate] {
			v.Entered = append(v.Entered, runPerson{m.Mandate, m.Person})
		}
	}
	for _, p := range with.Before {
		if !now[p.Mandate] {
			v.Left = append(v.Left, runPerson{p.Mandate, p.Person})
		}
	}
	v.Before = &before
}

func runFiguresOf(r payments.Run) runFigures {
	f := runFigures{Month: r.Month, Transfers: len(r.Instructions()), Total: r.Total()}
	for _, m := range r.Mandates {
		if len(m.Transfers) > 0 {
			f.Persons++
		}
	}
	return f
}

// outOf are the persons for whom nothing was computed.
func outOf(r payments.Run) []runOut {
	out := []runOut{}
	for _, m := range r.Mandates {
		if m.Refused != "" {
			out = append(out, runOut{runPerson{m.Mandate, m.Person}, m.Refused, withoutCommand(m.Refused.French())})
		}
	}
	return out
}

func executionDays(r payments.Run) []civil.Date {
	days := []civil.Date{}
	for _, t := range r.Instructions() {
		if !slices.Contains(days, t.ExecuteOn) {
			days = append(days, t.ExecuteOn)
		}
	}
	slices.SortFunc(days, civil.Date.Compare)
	return days
}

// originsOf counts the transfers by where they come from.
func originsOf(r payments.Run) []runNature {
	all := []runNature{}
	for _, from := range []payments.Provenance{
		payments.FromLastMonth, payments.FromDecision, payments.FromException, payments.FromRest,
	} {
		one := runNature{Nature: string(from)}
		for _, m := range r.Mandates {
			for _, t := range m.Transfers {
				if m.Provenance(t) == from {
					one.Transfers++
					one.Total = one.Total.Add(t.Amount)
				}
			}
		}
		all = append(all, one)
	}
	return all
}

// statesOf counts the transfers by where they stand, in the order in which a state is first met.
func statesOf(r payments.Run) []runProgress {
	all := []runProgress{}
	for _, t := range r.Instructions() {
		i := slices.IndexFunc(all, func(p runProgress) bool { return p.State == t.State })
		if i < 0 {
			i, all = len(all), append(all, runProgress{State: t.State})
		}
		all[i].Transfers++
		all[i].Total = all[i].Total.Add(t.Amount)
	}
	return all
}

// reviewExceptions are the exceptions, the blocking ones first, with whom they are about.
func reviewExceptions(r payments.Run) []reviewException {
	of := make(map[string]payments.RunMandate, len(r.Mandates))
	for _, m := range r.Mandates {
		of[m.Mandate] = m
	}
	all := []reviewException{}
	for _, e := range r.Exceptions() {
		m := of[e.Mandate]
		one := reviewException{runException: exceptionOf(e), Person: m.Person, Instead: e.Instead}
		one.Text = withoutCommand(one.Text)
		for _, l := range m.Lines {
			if slices.Contains(e.Lines, l.Key()) {
				one.Creditor = cmp.Or(one.Creditor, l.Creditor)
			}
		}
		all = append(all, one)
	}
	return all
}
