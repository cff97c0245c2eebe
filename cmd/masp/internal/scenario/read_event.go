package scenario

import (
	"fmt"
	"slices"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments"
	"masp/payments/jsonread"
	"masp/payments/mandates"
)

// event reads one event by its type.
func (r *reader) event(o object) {
	readers := map[string]func(object) Event{
		TypeCredit:       readCredit,
		TypeIdentify:     readIdentify,
		TypeWithholding:  readWithheld,
		TypeRun:          readRun,
		TypeReject:       readFailure,
		TypeReturn:       readFailure,
		TypePassThrough:  readPayout,
		TypeRestitute:    readPayout,
		TypeRefundPayer:  readPayout,
		TypeEstatePayout: readPayout,
		TypeEndOfMeasure: readEnd,
		TypeDeath:        readDeath,
	}
	kind, n := o.Fit("type", true)
	read, known := readers[kind]
	if !known {
		if n != nil {
			o.Wrong(n, "type", "unknown_word",
				fmt.Sprintf("Le type d'événement « %s » n'existe pas.", jsonread.Shorten(kind)))
		}
		o.forgive() // its keys cannot be judged
		return
	}
	e := read(o)
	o.notBefore("date", e.Day(), r.story.OpeningDate)
	r.story.Events = append(r.story.Events, e)
}

func readCredit(o object) Event {
	c := Credit{
		Date: o.Date("date", true), Bank: o.ref("bank", aBank, true), Payer: o.Text("payer"),
		Reference: o.name("reference", aCredit), Amount: o.cents("amount_cents", true),
	}
	sum := money.Amount{}
	o.each("breakdown", true, func(o object) {
		p := Part{
			Mandate: o.ref("mandate", aMandate, false), Benefit: o.OptText("benefit"),
			Period: o.Month("period", false), Amount: o.cents("amount_cents", true),
		}
		if p.Mandate != "" && p.Benefit == "" {
			o.Wrong(o.Node, "benefit", "missing", "Il manque « benefit » : la part a un mandat.")
		}
		c.Parts, sum = append(c.Parts, p), sum.Add(p.Amount)
	})
	if sum != c.Amount {
		o.Wrong(o.Node.Find("amount_cents"), "amount_cents", "sum",
			fmt.Sprintf("Les parts font %s, le crédit %s.", sum.French(), c.Amount.French()))
	}
	return c
}

func readIdentify(o object) Event {
	return Identify{
		Date:    o.Date("date", true),
		Credit:  o.ref("credit_ref", aCredit, true),
		Mandate: o.ref("mandate", aMandate, true),
		Benefit: o.Text("benefit"),
		Period:  o.Month("period", false),
	}
}

func readWithheld(o object) Event {
	w := Withheld{
		Date: o.Date("date", true), Mandate: o.ref("mandate", aMandate, true),
		Debt: o.ref("debt", aDebt, true), Amount: o.cents("amount_cents", true),
	}
	o.ownDebt(w.Debt, w.Mandate)
	return w
}

func readFailure(o object) Event {
	f := Failure{
		Kind: o.Text("type"),
		Date: o.Date("date", true),
		Reason: o.Matching("reason", isoCode, true,
			"Un motif de rejet a quatre lettres ou chiffres (AC01)."),
	}
	f.Payment = o.payment("payment", true)
	return f
}

func readPayout(o object) Event {
	p := Payout{
		Kind:    o.Text("type"),
		ID:      o.name("id", aTransfer),
		Date:    o.Date("date", true),
		Mandate: o.ref("mandate", aMandate, true),
		Payee:   o.ref("payee", aPayee, true),
		Reason:  o.OptText("reason"),
	}
	switch p.Kind {
	case TypePassThrough:
		p.Sub = o.OneOf("sub", true, "RESTRICTED", "RESTITUTION")
	case TypeRefundPayer:
		p.Amount = o.cents("amount_cents", true)
	}
	return p
}

func readEnd(o object) Event {
	reasons := make([]string, 0, 10)
	for _, reason := range mandates.EndReasons() {
		reasons = append(reasons, string(reason))
	}
	return EndOfMeasure{
		Date:    o.Date("date", true),
		Mandate: o.ref("mandate", aMandate, true),
		Reason:  o.OneOf("reason", true, reasons...),
	}
}

func readDeath(o object) Event {
	d := Death{
		KnownOn: o.Date("known_on", true),
		DiedOn:  o.Date("date_of_death", true),
		Mandate: o.ref("mandate", aMandate, true),
	}
	o.Date("date", false)
	o.notBefore("known_on", d.KnownOn, d.DiedOn)
	return d
}

func readRun(o object) Event {
	r := Run{
		ID:         o.name("id", aTransfer),
		Date:       o.Date("date", true),
		Mandates:   o.refs("mandates", aMandate),
		Proposed:   o.OneOf("status", false, "PROPOSED", "APPROVED") == "PROPOSED",
		Remittance: map[string]Remittance{},
	}
	o.reader.note(aRun, r.ID)
	lines := map[string]bool{}
	o.each("lines", true, func(o object) {
		l := readLine(o)
		for _, id := range l.ids() {
			if lines[id] {
				o.Wrong(o.Node.Find("id"), "id", "duplicate",
					fmt.Sprintf("La ligne « %s » est deux fois dans cette campagne.", id))
			}
			lines[id] = true
		}
		if l.ReissueOf != "" && r.emits(l, o.reader.story.AsOf) && o.reader.note(aReissue, l.ReissueOf) {
			o.Wrong(o.Node.Find("reissue_of"), "reissue_of", "duplicate",
				fmt.Sprintf("Le virement « %s » a déjà été émis à nouveau plus haut : une fois suffit.", l.ReissueOf))
		}
		o.ranks(l)
		r.Lines = append(r.Lines, l)
	})
	if plans, ok := o.inner("remittance", false); ok {
		for _, mandate := range plans.Node.Keys {
			r.Remittance[mandate] = plans.remittance(mandate, r.Date)
		}
		plans.end()
	}
	if a, ok := o.inner("adjustment", false); ok {
		r.Adjustment = &Adjustment{
			Line: a.Text("line"), From: a.cents("from_cents", true), To: a.cents("to_cents", true),
			By: a.OptText("by"), Reason: a.OptText("reason"),
		}
		a.end()
	}
	return r
}

// readLine reads a line of one mandate or, with shares, of several.
func readLine(o object) Line {
	l := Line{
		ID:        o.Text("id"),
		Class:     o.class("class"),
		Due:       o.cents("due_cents", true),
		Label:     o.Text("label"),
		Debt:      o.ref("debt", aDebt, false),
		Block:     o.optWord("block"),
		ReissueOf: o.payment("reissue_of", false),
	}
	l.Payee = o.ref("payee", aPayee, l.Class != mandates.Reserve && l.Class != "")
	if l.Class == mandates.Reserve && l.Payee != "" {
		o.Wrong(o.Node.Find("payee"), "payee", "reserve_has_payee",
			"Une provision n'a pas de destinataire : null.")
	}
	o.each("shares", false, func(o object) {
		weight := o.Integer("weight", 1, maxCents, true)
		mandate := o.ref("mandate", aMandate, true)
		l.Shares = append(l.Shares, Share{Mandate: mandate, Weight: int64(weight)})
	})
	l.Mandate = o.ref("mandate", aMandate, len(l.Shares) == 0)
	for _, id := range l.owners() {
		o.ownDebt(l.Debt, id)
	}
	if n := o.Node.Find("due_cents"); n != nil && (n.Text == "0" || l.Due.IsPositive()) && nobodyOwes(l) {
		o.Wrong(n, "due_cents", "nothing_due",
			"Une échéance, et chaque part d'une échéance, est d'au moins un centime.")
	}
	if l.Mandate != "" && len(l.Shares) > 0 {
		o.Wrong(o.Node.Find("mandate"), "mandate", "two_owners",
			"Une ligne a un mandat ou des parts, pas les deux.")
	}
	return l
}

// owners are the mandates that owe the line.
func (l Line) owners() []string {
	if len(l.Shares) == 0 {
		return []string{l.Mandate}
	}
	ids := make([]string, len(l.Shares))
	for i, s := range l.Shares {
		ids[i] = s.Mandate
	}
	return ids
}

// ownDebt refuses, when all debts are known, one of another mandate.
func (o object) ownDebt(debt, mandate string) {
	o.reader.later = append(o.reader.later, func() {
		for _, d := range o.reader.story.Debts {
			if d.ID == debt && d.Mandate != mandate && mandate != "" {
				o.Wrong(o.Node.Find("debt"), "debt", "debt_of_another",
					fmt.Sprintf("La dette « %s » est celle de %s.", debt, d.Mandate))
			}
		}
	})
}

// nobodyOwes tells whether the line, or what somebody has to pay of it, is nothing.
func nobodyOwes(l Line) bool {
	if len(l.Shares) == 0 {
		return l.Due.IsZero()
	}
	var shares []payments.Share
	for _, s := range l.Shares {
		shares = append(shares, payments.Share{Mandate: s.Mandate, Weight: s.Weight})
	}
	parts, err := payments.SplitShares(payments.DueLine{Due: l.Due}, shares)
	return err == nil && slices.ContainsFunc(parts, func(p payments.SharedLine) bool { return p.Due.IsZero() })
}

// ranks refuses a line that the policy of its mandate puts before the others, or not, against the law.
func (o object) ranks(l Line) {
	byLaw := mandates.Policy{}.IsSenior(l.Class)
	for _, m := range o.reader.story.Mandates {
		mine := m.ID == l.Mandate || slices.ContainsFunc(l.Shares, func(s Share) bool { return s.Mandate == m.ID })
		if mine && slices.Contains(m.Policy.Senior, l.Class) != byLaw {
			o.Wrong(o.Node.Find("class"), "class", "rank", fmt.Sprintf("Selon « senior_classes » de %s, la classe %s "+
				"n'a pas son rang : le loyer et les charges en cours passent avant tout, eux seuls.", m.ID, l.Class))
		}
	}
}

// emits tells whether a line of the run may leave by the last day played.
func (e Run) emits(l Line, last civil.Date) bool {
	return !e.Proposed && !e.Date.After(last) && slices.Contains(e.Mandates, l.Mandate)
}

// ids are those of the line once its shares are split.
func (l Line) ids() []string {
	if len(l.Shares) == 0 {
		return []string{l.ID}
	}
	ids := make([]string, len(l.Shares))
	for i, share := range l.Shares {
		ids[i] = l.ID + "/" + share.Mandate
	}
	return ids
}
