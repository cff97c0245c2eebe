package scenario_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// The oracle works out a month from the rules of scenarios/README.md alone: with its own
// reading, its own calendar and plain cents, and without a line of the services. Whatever
// it and the services agree on was thought twice.

// obj is an object of the expected file.
type obj = map[string]any

// oracle says what must come out of a story: the JSON of an expected file.
func oracle(input []byte) []byte {
	var s oStory
	if err := json.Unmarshal(input, &s); err != nil {
		panic(err)
	}
	o := newOracle(s)
	for o.day = s.Opening; o.day <= s.AsOf; o.day = addDays(o.day, 1) {
		for phase := range phases {
			o.begin(phase)
			for _, e := range s.Events {
				if playedOn(e) == o.day && phaseOf(e.Type) == phase {
					o.apply(e)
				}
			}
		}
	}
	out, err := json.Marshal(o.result())
	if err != nil {
		panic(err)
	}
	return out
}

// phases are the parts of one day, in their order; each begins with what happens by itself.
var phases = [][]string{
	{}, // settlements
	{"CREDIT"},
	{"RETURN"},
	{"IDENTIFY", "WITHHOLDING"},
	{"DEATH"},
	{}, // benefit checks
	{"RUN"},
	{}, // scheduled remittances
	{"PASS_THROUGH", "RESTITUTE", "REFUND_PAYER", "ESTATE_PAYOUT"},
	{"END_OF_MEASURE"},
	{"REJECT"},
}

func phaseOf(kind string) int {
	return slices.IndexFunc(
		phases,
		func(kinds []string) bool { return slices.Contains(kinds, kind) },
	)
}

func playedOn(e oEvent) string {
	if e.Type == "DEATH" {
		return e.KnownOn
	}
	return e.Date
}

// oracleBooks is the state of a story on a day.
type oracleBooks struct {
	story     oStory
	day       string
	balances  map[string]int64 // debit positive
	status    map[string]string
	diedIn    map[string]string // month of death
	reserves  map[string]int64
	owed      map[string]int64
	paid      []*oPayment
	scheduled []*oScheduled
	unknown   map[string]int64 // credit reference -> not identified yet
	received  map[[3]string]*oReceipt
	withheld  map[[2]string]int64 // mandate, day
	pages     map[string][]obj
	runs      []obj
	journal   []obj
	alerts    []obj
}

type (
	oReceipt struct {
		cents int64
		on    string
	}
	oPayment struct {
		id, mandate, payee, account, kind, on, settlesOn string
		cents                                            int64
		state, settledOn, reason, reissued               string
		covers                                           []oCover
	}
	oCover struct {
		line, class string
		debt        *string
		cents       int64
	}
	oScheduled struct {
		id, mandate, payee, date string
		cents                    int64
		state                    string // PLANNED, DONE, CANCELLED
	}
)

func newOracle(s oStory) *oracleBooks {
	o := &oracleBooks{
		story:    s,
		day:      s.Opening,
		balances: map[string]int64{},
		status:   map[string]string{},
		diedIn:   map[string]string{},
		reserves: map[string]int64{},
		owed:     map[string]int64{},
		unknown:  map[string]int64{},
		received: map[[3]string]*oReceipt{},
		withheld: map[[2]string]int64{},
		pages:    map[string][]obj{},
		runs:     []obj{},
		journal:  []obj{},
		alerts:   []obj{},
	}
	for _, d := range s.Debts {
		o.owed[d.ID] = d.Outstanding
	}
	for _, m := range s.Mandates {
		o.status[m.ID], o.reserves[m.ID], o.pages[m.ID] = "ACTIVE", m.Reserve, []obj{}
		o.balances[own(m.ID)] = 0
		o.post(
			"OPENING",
			"opening "+m.ID,
			leg{"512:" + m.Bank, m.Opening},
			leg{own(m.ID), -m.Opening},
		)
	}
	return o
}

// leg is one line of an entry, debit positive.
type leg struct {
	account string
	cents   int64
}

const (
	inTransit    = "580:OUT"
	unidentified = "471:UNIDENTIFIED"
)

func own(mandate string) string       { return "467:" + mandate }
func sub(mandate, name string) string { return "467:" + mandate + ":" + name }

// post writes an entry; the hub leg comes first when it is the debit, else last.
func (o *oracleBooks) post(kind, label string, legs ...leg) {
	lines := []obj{}
	for _, l := range legs {
		if l.cents == 0 {
			continue
		}
		o.balances[l.account] += l.cents
		lines = append(
			lines,
			obj{
				"account":      l.account,
				"debit_cents":  max(l.cents, 0),
				"credit_cents": max(-l.cents, 0),
			},
		)
		mandate, plain := strings.CutPrefix(l.account, "467:")
		if plain && !strings.Contains(mandate, ":") {
			o.pages[mandate] = append(o.pages[mandate], obj{
				"date":          o.day,
				"label":         label,
				"in_cents":      max(-l.cents, 0),
				"out_cents":     max(l.cents, 0),
				"balance_cents": -o.balances[l.account],
			})
		}
	}
	if len(lines) == 0 {
		return
	}
	o.journal = append(
		o.journal,
		obj{"n": len(o.journal) + 1, "date": o.day, "kind": kind, "label": label, "lines": lines},
	)
}

func (o *oracleBooks) alert(code string, details obj) {
	details["date"], details["code"] = o.day, code
	o.alerts = append(o.alerts, details)
}

func (o *oracleBooks) mandate(id string) oMandate {
	i := slices.IndexFunc(o.story.Mandates, func(m oMandate) bool { return m.ID == id })
	return o.story.Mandates[i]
}

// begin does what happens by itself at the start of a phase.
func (o *oracleBooks) begin(phase int) {
	switch phase {
	case 0:
		o.settle()
	case 5:
		o.checkBenefits()
	case 7:
		o.remit()
	}
}

func (o *oracleBooks) apply(e oEvent) {
	switch e.Type {
	case "CREDIT":
		o.credit(e)
	case "RETURN", "REJECT":
		o.fail(e)
	case "IDENTIFY":
		o.identify(e)
	case "WITHHOLDING":
		o.owed[e.Debt] -= e.Amount
		o.withheld[[2]string{e.Mandate, o.day}] += e.Amount
	case "DEATH":
		o.die(e)
	case "RUN":
		o.run(e)
	case "END_OF_MEASURE":
		o.stop(e.Mandate, "ENDED")
		o.alert("MEASURE_ENDED", obj{"mandate": e.Mandate, "reason": e.Reason})
	default:
		o.payOut(e)
	}
}

func (o *oracleBooks) settle() {
	for _, p := range o.paid {
		if p.state == "EMITTED" && p.settlesOn == o.day {
			p.state, p.settledOn = "SETTLED", o.day
			o.post(
				"BANK_DEBIT",
				"statement debit "+p.id,
				leg{inTransit, p.cents},
				leg{o.bankOf(p), -p.cents},
			)
		}
	}
}

func (o *oracleBooks) bankOf(p *oPayment) string { return "512:" + o.mandate(p.mandate).Bank }

func (o *oracleBooks) credit(e oEvent) {
	legs := []leg{{"512:" + e.Bank, e.Amount}}
	for _, part := range e.Breakdown {
		if part.Mandate == nil {
			o.unknown[e.Reference] += part.Amount
			legs = append(legs, leg{unidentified, -part.Amount})
			o.alert(
				"CREDIT_UNIDENTIFIED",
				obj{"reference": e.Reference, "amount_cents": part.Amount},
			)
			continue
		}
		account, code := o.receive(
			*part.Mandate,
			text(part.Benefit),
			text(part.Period),
			part.Amount,
		)
		if code != "" {
			o.alert(
				code,
				obj{
					"mandate":      *part.Mandate,
					"benefit":      text(part.Benefit),
					"amount_cents": part.Amount,
				},
			)
		}
		legs = append(legs, leg{account, -part.Amount})
	}
	o.post("BANK_CREDIT", e.Payer+" "+e.Reference, legs...)
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// receive is the account of a part, and the code of its alert or empty; the receipt counts.
func (o *oracleBooks) receive(
	mandate, benefit, period string,
	cents int64,
) (account, code string) {
	key := [3]string{mandate, benefit, period}
	if o.received[key] == nil {
		o.received[key] = &oReceipt{}
	}
	o.received[key].cents += cents
	o.received[key].on = o.day
	status := o.status[mandate]
	switch {
	case status == "DECEASED" && period >= o.diedIn[mandate]:
		return sub(mandate, "UNDUE"), "BENEFIT_AFTER_DEATH"
	case status == "DECEASED":
		return sub(mandate, "ESTATE"), ""
	case benefit == "REFUND_OF_PAYMENT" && status == "ACTIVE":
		return own(mandate), ""
	case benefit == "REFUND_OF_PAYMENT":
		return sub(mandate, "RESTITUTION"), ""
	case !slices.Contains(o.mandate(mandate).Benefits, benefit):
		return sub(mandate, "RESTRICTED"), "RESOURCE_NOT_ELIGIBLE"
	case status == "ENDED":
		return sub(mandate, "RESTITUTION"), "CREDIT_AFTER_END"
	}
	return own(mandate), ""
}

// identify raises no alert: a person has looked at the credit.
func (o *oracleBooks) identify(e oEvent) {
	cents := o.unknown[e.CreditRef]
	delete(o.unknown, e.CreditRef)
	account, _ := o.receive(e.Mandate, e.Benefit, e.Period, cents)
	o.post(
		"IDENTIFICATION",
		"identify "+e.CreditRef,
		leg{unidentified, cents},
		leg{account, -cents},
	)
}

// fail is a reject or a return.
func (o *oracleBooks) fail(e oEvent) {
	p := o.payment(e.Payment)
	p.reason = e.Reason
	for _, c := range p.covers {
		if c.debt != nil {
			o.owed[*c.debt] += c.cents
		}
	}
	if e.Type == "REJECT" {
		p.state = "REJECTED"
		o.post(
			"REJECT",
			"reject "+p.id+" "+e.Reason,
			leg{inTransit, p.cents},
			leg{p.account, -p.cents},
		)
		o.alert(
			"PAYMENT_REJECTED",
			obj{"payment": p.id, "reason": e.Reason, "amount_cents": p.cents},
		)
		return
	}
	p.state = "RETURNED"
	o.post(
		"RETURN",
		"return "+p.id+" "+e.Reason,
		leg{o.bankOf(p), p.cents},
		leg{p.account, -p.cents},
	)
	o.alert("PAYMENT_RETURNED", obj{"payment": p.id, "reason": e.Reason, "amount_cents": p.cents})
}

func (o *oracleBooks) payment(id string) *oPayment {
	i := slices.IndexFunc(o.paid, func(p *oPayment) bool { return p.id == id })
	if i < 0 {
		panic(fmt.Sprintf("%s is no payment on %s", id, o.day))
	}
	return o.paid[i]
}

// stop releases and cancels what a mandate had planned.
func (o *oracleBooks) stop(mandate, status string) {
	o.status[mandate], o.reserves[mandate] = status, 0
	for _, r := range o.scheduled {
		if r.mandate == mandate && r.state == "PLANNED" {
			r.state = "CANCELLED"
		}
	}
}

func (o *oracleBooks) die(e oEvent) {
	o.stop(e.Mandate, "DECEASED")
	o.diedIn[e.Mandate] = e.Died[:7]
	cents := -o.balances[own(e.Mandate)]
	o.post(
		"DEATH_FREEZE",
		"freeze "+e.Mandate,
		leg{own(e.Mandate), cents},
		leg{sub(e.Mandate, "ESTATE"), -cents},
	)
	o.alert("BENEFICIARY_DECEASED", obj{"mandate": e.Mandate, "date_of_death": e.Died})
}

func (o *oracleBooks) checkBenefits() {
	for _, b := range o.story.Expected {
		due := b.On
		for range 3 {
			due = nextTarget(due)
		}
		if due == o.day && o.received[[3]string{b.Mandate, b.Benefit, b.Period}] == nil {
			o.alert(
				"BENEFIT_MISSING",
				obj{
					"mandate":      b.Mandate,
					"benefit":      b.Benefit,
					"period":       b.Period,
					"amount_cents": b.Amount,
				},
			)
		}
	}
}

func (o *oracleBooks) remit() {
	for _, r := range o.scheduled {
		if r.state == "PLANNED" && r.date == o.day {
			r.state = "DONE"
			o.emit(
				"REMITTANCE",
				&oPayment{
					id:      r.id,
					mandate: r.mandate,
					payee:   r.payee,
					account: own(r.mandate),
					cents:   r.cents,
				},
			)
		}
	}
}

// payOut is a transfer outside any run.
func (o *oracleBooks) payOut(e oEvent) {
	kind, account := e.Type, own(e.Mandate)
	switch e.Type {
	case "PASS_THROUGH":
		account = sub(e.Mandate, e.Sub)
	case "RESTITUTE":
		kind = "RESTITUTION"
	case "REFUND_PAYER":
		kind, account = "REFUND_TO_PAYER", sub(e.Mandate, "UNDUE")
	case "ESTATE_PAYOUT":
		account = sub(e.Mandate, "ESTATE")
	}
	cents := -o.balances[account]
	if e.Type == "REFUND_PAYER" {
		cents = e.Amount
	}
	o.emit(
		kind,
		&oPayment{id: e.ID, mandate: e.Mandate, payee: e.Payee, account: account, cents: cents},
	)
}

func (o *oracleBooks) emit(kind string, p *oPayment) {
	if p.cents == 0 {
		return
	}
	p.kind, p.state, p.on, p.settlesOn = kind, "EMITTED", o.day, nextTarget(o.day)
	o.paid = append(o.paid, p)
	for _, c := range p.covers {
		if c.debt != nil {
			o.owed[*c.debt] -= c.cents
		}
	}
	o.post(kind, p.id+" "+p.payee, leg{p.account, p.cents}, leg{inTransit, -p.cents})
}
