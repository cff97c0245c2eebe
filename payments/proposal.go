package payments

import (
	"fmt"
	"slices"
	"strings"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
	"masp/payments/sepa"
)

// dueItem is one unpaid due of a mandate, new or left over.
type dueItem struct {
	Obligation *mandates.Obligation // of the situation
	On         civil.Date
	Open       money.Amount // due − already paid
}

// purse is what a mandate holds on the day of the run.
type purse struct {
	Balance   money.Amount // of 467:mandate, credit positive
	Reserved  money.Amount
	Scheduled money.Amount // remittances approved and not yet executed
	Remitted  money.Amount // remittances of the month in any state but cancelled
}

// available is what a run may share out.
func (p purse) available() money.Amount { return p.Balance.Sub(p.Reserved).Sub(p.Scheduled) }

// proposal is everything a run of one mandate is computed from.
type proposal struct {
	situation mandates.Situation
	purse     purse
	dues      []dueItem
	byKey     map[string]dueItem // the dues again
	rentOpen  money.Amount
	remit     Remit
	means     Means
	hands     map[string]Hand // by key of a line: what coordinators decided
	payees    map[string]mandates.Payee
	run       string
	on        civil.Date
}

// propose computes the part of a run that concerns one mandate.
func (p proposal) propose() RunMandate {
	m := RunMandate{Mandate: p.situation.Mandate, Person: p.situation.Person}
	if m.Refused = p.refusal(); m.Refused != "" {
		return m
	}
	q := p.question()
	p.byKey = make(map[string]dueItem, len(p.dues))
	for i, l := range q.Lines {
		p.byKey[l.ID] = p.dues[i]
	}
	a := Allocate(q)
	a.withhold(p.mayPay)
	m.Available, m.FloorLeft, m.Reserved = a.AvailableBefore, a.FloorLeft, a.Reserved
	m.Remit, m.Carried, m.Shortfall, m.Plan = a.RemitTotal, a.CarriedForward, a.FloorShortfall, p.remit.orNone()
	m.Lines = p.lines(a)
	m.Transfers, m.rentOpen = p.transfers(a), p.rentOpen
	return m
}

// mayPay tells whether money may go to a creditor: by hand it needs no IBAN.
func (p proposal) mayPay(creditor string) bool { return p.means != "" || p.payees[creditor].Payable() }

// refusal leaves out a mandate that holds no run, and one whose rent cannot be paid
// because its IBAN is not open: else the rent's money would go to something lower.
func (p proposal) refusal() Refusal {
	if p.situation.Status != mandates.Active {
		return Refusal(p.situation.Status)
	}
	for _, d := range p.dues {
		if p.situation.Policy.IsSenior(d.Obligation.Class) && d.Obligation.Block == "" &&
			!p.mayPay(d.Obligation.Creditor) {
			return RentIBANNotOpen
		}
	}
	return ""
}

// question puts the mandate to Allocate.
func (p proposal) question() Question {
	q := Question{
		Mandate: p.situation.Mandate, Policy: p.situation.Policy,
		Available: p.purse.available(),
		FloorLeft: FloorLeft(p.situation.Policy.LivingFloor, p.purse.Remitted),
		Lines:     make([]DueLine, 0, len(p.dues)),
	}
	for _, d := range p.dues {
		q.Lines = append(q.Lines, p.dueLine(d))
	}
	if p.payees[p.remit.To].Payable() {
		q.RemitTo, q.RemitOn = p.remit.To, p.remit.On
	}
	return q
}

// dueLine is one due as Allocate reads it. What a coordinator lowers of anything but rent and
// charges is all that this run owes: it is paid in full, and the rest stays due.
func (p proposal) dueLine(d dueItem) DueLine {
	hand := p.hands[d.key()]
	if hand.Reason == LoweredByHand && !p.situation.Policy.IsSenior(d.Obligation.Class) {
		now := hand.wanted(d.Open)
		d.Open, hand = now, Hand{Later: d.Open.Sub(now)}
	}
	return DueLine{
		ID: d.key(), Class: d.Obligation.Class, Creditor: d.Obligation.Creditor,
		Label: d.Obligation.Label, Due: d.Open, Debt: d.Obligation.Debt, Block: Reason(d.Obligation.Block),
		Hand: hand,
	}
}

func (d dueItem) key() string { return mandates.DueOn{Obligation: d.Obligation.ID, On: d.On}.Key() }

// lines are the allotted lines with their sentence.
func (p proposal) lines(a Allotment) []RunLine {
	whys, said := a.Whys(p.situation.Policy), a.Explanations()
	lines := make([]RunLine, 0, len(a.Lines))
	for i, l := range a.Lines {
		lines = append(lines, RunLine{
			No: i + 1, Obligation: p.byKey[l.ID].Obligation.ID, DueOn: p.byKey[l.ID].On, Class: l.Class,
			Creditor: l.Creditor, Label: l.Label, Due: l.Due, Paid: l.Paid,
			Status: l.Status, Reason: l.Reason, Explanation: said[i], Debt: l.Debt,
			ForPerson: l.ToPerson(), Why: whys[i],
		})
	}
	return lines
}

// transfers are the instructions: creditors in the order of their first line, then the
// person (scenarios).
func (p proposal) transfers(a Allotment) []Instruction {
	lineNo := make(map[string]int, len(a.Lines))
	for i, l := range a.Lines {
		lineNo[l.ID] = i + 1
	}
	out := make([]Instruction, 0, len(a.Transfers)+len(a.Remittances))
	for _, t := range a.Transfers {
		i := p.instruction(ledger.Payment, t.Creditor, t.Amount, p.on)
		i.Reference = p.reference(t)
		for _, c := range t.Covers {
			d := p.byKey[c.Line]
			i.Covers = append(i.Covers, InstructionCover{
				Line: lineNo[c.Line], Obligation: d.Obligation.ID, DueOn: d.On, Amount: c.Amount, Debt: c.Debt,
			})
		}
		out = append(out, i)
	}
	for _, r := range a.Remittances {
		i := p.instruction(ledger.Remittance, a.RemitTo, r.Amount, r.On)
		i.Reference = "Versement " + r.On.FrenchShort()
		out = append(out, i)
	}
	return out
}

// instruction is one transfer of the mandate, not yet numbered.
func (p proposal) instruction(kind ledger.Kind, to string, amount money.Amount, on civil.Date) Instruction {
	payee := p.payees[to]
	if p.means != "" {
		payee.IBAN, payee.Version = "", 0
	}
	return Instruction{
		Run: p.run, Mandate: p.situation.Mandate, Kind: kind, Account: ledger.Mandate(p.situation.Mandate),
		BankAccount: p.situation.BankAccount.ID, Creditor: to, Name: payee.Name, IBAN: payee.IBAN,
		IBANVersion: payee.Version, Means: p.means, Amount: amount,
		LeaveOn: on, ExecuteOn: civil.NextTARGET(on), State: InstructionDraft,
	}
}

// reference is what the creditor reads: his own references of the lines paid, each once, as
// many as fit. It never names the measure nor a benefit; sepa checks it again.
func (p proposal) reference(t Transfer) string {
	var parts []string
	length := 0
	for _, c := range t.Covers {
		ref := p.byKey[c.Line].Obligation.Reference
		more := len(sepa.Transliterate(ref)) + len(", ")
		if ref == "" || slices.Contains(parts, ref) || length+more > sepa.ReferenceMax {
			continue
		}
		length += more
		parts = append(parts, ref)
	}
	if len(parts) == 0 {
		return "Paiement " + p.on.FrenchShort()
	}
	return strings.Join(parts, ", ")
}

// EndToEndID is the identifier of a transfer at the bank: neutral, unique, at most 35
// characters, made once and stored.
func EndToEndID(run int64, transfer int) string { return fmt.Sprintf("V%06d-%06d", run, transfer) }
