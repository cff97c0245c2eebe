package main

import (
	"time"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/control"
)

type traceCommand struct {
	Of      string `arg:"" help:"Écriture (171), ligne de banque (line:17), virement, campagne, une de ses lignes (C-2026-11-1:M-0001:3), fichier de virements." placeholder:"QUOI"`
	Mandate string `help:"L'argent de ce mandat seulement." placeholder:"MANDAT"`
	Most    int    `default:"200" help:"Virements suivis au plus (${default})." placeholder:"NOMBRE"`
}

// control is what an auditor does.
func (h *house) control() *control.Service { return &control.Service{DB: h.db} }

// Run follows the money to both ends.
func (c *traceCommand) Run(s *session) error {
	ref, err := control.ParseRef(c.Of)
	if err != nil {
		return err
	}
	return s.with(func(h *house) error {
		t, err := h.control().Trace(s.ctx, ref, c.Mandate, c.Most)
		if err != nil {
			return err
		}
		return s.out.data(jsonTrace(t), func() { s.printTrace(t) })
	})
}

func (s *session) printTrace(t control.Trace) {
	for _, l := range t.Links {
		s.out.print("%s  %s", l.On.FrenchShort(), l.What)
		s.out.print("            %s", l.Key())
		if l.Hash != "" {
			s.out.print("            SHA-256 %s", l.Hash)
		}
		if l.Person != "" {
			s.out.print("            Pour la personne : « %s »", l.Person)
		}
	}
	if t.Shown < t.Payments {
		s.out.say("%d virements suivis sur %d : --mandate ou --most pour les autres.", t.Shown, t.Payments)
	}
}

// jsonLink is a link as programs read it.
type jsonLink struct {
	Kind    control.Kind  `json:"kind"`
	ID      string        `json:"id"`
	On      civil.Date    `json:"on"`
	At      *time.Time    `json:"at,omitempty"`
	Amount  *money.Amount `json:"amount,omitempty"`
	Part    *money.Amount `json:"part,omitempty"`
	Hash    string        `json:"hash,omitempty"`
	Mandate string        `json:"mandate,omitempty"`
	State   string        `json:"state,omitempty"`
	What    string        `json:"what"`
	Person  string        `json:"for_person,omitempty"`
	From    []string      `json:"from"`
}

func jsonTrace(t control.Trace) map[string]any {
	links := make([]jsonLink, 0, len(t.Links))
	for _, l := range t.Links {
		one := jsonLink{
			Kind: l.Kind, ID: l.Key(), On: l.On, Hash: l.Hash, Mandate: l.Mandate, State: l.State, What: l.What, Person: l.Person,
			From: append([]string{}, l.From...),
		}
		if !l.At.IsZero() {
			one.At = &l.At
		}
		if !l.Amount.IsZero() {
			one.Amount = &l.Amount
		}
		if !l.Part.IsZero() {
			one.Part = &l.Part
		}
		links = append(links, one)
	}
	return map[string]any{"start": t.Start.Key(), "links": links, "payments": t.Payments, "shown": t.Shown}
}
