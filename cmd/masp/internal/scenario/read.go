package scenario

import (
	"bytes"
	"fmt"
	"io"

	"masp/payments/jsonread"
	"masp/payments/mandates"
)

// ReadError is everything that keeps a story from being played, in the order of the file.
type ReadError struct{ jsonread.List }

// Error counts.
func (e *ReadError) Error() string { return "story refused: " + e.Summary() }

// French lists the problems, one per line.
func (e *ReadError) French() string {
	return "Ce mois d'exemple ne peut pas être joué, rien n'a été écrit :" + e.Lines()
}

var byteOrderMark = []byte("\uFEFF")

// Read reads a story strictly; a *[ReadError] names all that is wrong with it, another
// error is that of the reader.
func Read(r io.Reader) (Story, error) {
	raw, err := io.ReadAll(io.LimitReader(r, jsonread.MaxBytes+1))
	if err != nil {
		return Story{}, fmt.Errorf("read the story: %w", err)
	}
	raw = bytes.TrimPrefix(raw, byteOrderMark)
	rd := &reader{found: jsonread.NewProblems(raw), named: map[string]map[string]bool{}}
	if rd.found.CheckSyntax() {
		rd.read(raw)
	}
	if list, wrong := rd.found.List(); wrong {
		return Story{}, &ReadError{list}
	}
	rd.story.raw = raw
	return rd.story, nil
}

// reader reads one story. References are looked up when all names are known.
type reader struct {
	found *jsonread.Problems
	story Story
	named map[string]map[string]bool // what a story names: kind of name -> its names
	later []func()
}

func (r *reader) read(raw []byte) {
	n, err := jsonread.NewScanner(raw, 0).Value(0)
	switch {
	case err != nil:
		r.found.Add(n.At, "", "shape", jsonread.FrenchShape(err))
		return
	case n.Kind != jsonread.ObjectKind:
		r.found.Add(n.At, "", "type", "Le fichier doit être un objet { … }.")
		return
	}
	top := object{jsonread.Object{Found: r.found, Node: &n}, r}
	r.head(top)
	r.people(top)
	top.each("events", true, r.event)
	top.end()
	for _, check := range r.later {
		check()
	}
}

func (r *reader) head(o object) {
	s := &r.story
	s.Name, s.Title = o.Text("scenario"), o.OptText("title")
	s.OpeningDate, s.AsOf = o.Date("opening_date", true), o.Date("as_of", true)
	o.notBefore("as_of", s.AsOf, s.OpeningDate)
	o.OneOf("currency", false, "EUR")
	o.OneOf("timezone", false, "Europe/Paris")
	for _, context := range []string{"rules", "housing", "household", "overindebtedness"} {
		o.Node.Member(context)
	}
}

func (r *reader) people(o object) {
	s := &r.story
	o.each("bank_accounts", true, func(o object) {
		s.BankAccounts = append(s.BankAccounts, BankAccount{
			Code: o.name("code", aBank), IBAN: o.iban("iban"), Owner: o.Text("owner"),
			Model: o.OneOf("model", true, mandates.Individual, mandates.Pooled),
		})
	})
	o.each("mandates", true, func(o object) { s.Mandates = append(s.Mandates, readMandate(o)) })
	o.each("payees", true, func(o object) {
		s.Payees = append(s.Payees, Payee{
			ID:   o.name("id", aPayee),
			Name: o.Text("name"),
			IBAN: o.iban("iban"),
			Kind: o.word("kind"),
		})
	})
	o.each("debts", false, func(o object) { s.Debts = append(s.Debts, readDebt(o)) })
	o.each("expected_benefits", false, func(o object) {
		s.Expected = append(s.Expected, Expected{
			Mandate: o.ref("mandate", aMandate, true),
			Benefit: o.Text("benefit"),
			Period:  o.Month("period", true),
			Amount:  o.cents("amount_cents", true),
			On:      o.Date("expected_on", true),
		})
	})
}

func readMandate(o object) Mandate {
	m := Mandate{
		ID:          o.name("id", aMandate),
		Beneficiary: o.Text("beneficiary"),
		Department:  o.Text("department"),
		Level: mandates.Level(o.OneOf("level", true,
			string(mandates.MASP1), string(mandates.MASP2))),
		Bank:           o.ref("bank", aBank, true),
		Opening:        o.cents("opening_cents", true),
		OpeningReserve: o.cents("opening_reserve_cents", false),
		Benefits:       o.Texts("authorised_benefits", true),
	}
	if m.OpeningReserve.Cmp(m.Opening) > 0 {
		o.Wrong(o.Node.Find("opening_reserve_cents"), "opening_reserve_cents", "reserve_too_large",
			"La provision dépasse le solde d'ouverture.")
	}
	if contract, ok := o.inner("contract", true); ok {
		m.Start, m.End = contract.Date("start", true), contract.Date("end", true)
		contract.notBefore("end", m.End, m.Start)
		contract.end()
	}
	if policy, ok := o.inner("policy", true); ok {
		m.Policy = Policy{
			ClassOrder:  policy.classes("class_order"),
			Senior:      policy.classes("senior_classes"),
			Partial:     policy.classes("partial_classes"),
			LivingFloor: policy.cents("living_floor_cents", true),
			Shortfall: mandates.ShortfallPolicy(policy.OneOf("shortfall_policy", true,
				string(mandates.Stop), string(mandates.Skip))),
		}
		policy.end()
	}
	return m
}

func readDebt(o object) Debt {
	d := Debt{
		ID:          o.name("id", aDebt),
		Mandate:     o.ref("mandate", aMandate, true),
		Creditor:    o.ref("creditor", aPayee, true),
		Kind:        o.word("kind"),
		Outstanding: o.cents("outstanding_cents", true),
		Instalment:  o.cents("instalment_cents", false),
		ContestedOn: o.Date("contested_on", false),
		BornBefore:  o.dateOrFlag("born_before"),
		Recovery:    mandates.Direct,
	}
	word := o.OneOf("recovery", false, string(mandates.Direct), string(mandates.Withholding))
	if word != "" {
		d.Recovery = mandates.Recovery(word)
	}
	return d
}
