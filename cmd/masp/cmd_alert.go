package main

import (
	"masp/api/auth"
	"masp/ledger/civil"
	"masp/payments/worklist"
)

type alertCommand struct {
	List   alertList   `cmd:"" help:"Ce qu'il faut voir : l'urgent d'abord, puis le plus ancien."`
	Assign alertAssign `cmd:"" help:"Confie une alerte à quelqu'un ; sans personne, elle revient à qui suit le mandat."`
	Snooze alertSnooze `cmd:"" help:"Endort une alerte jusqu'à un jour."`
	Close  alertClose  `cmd:"" help:"Clôt une alerte, avec la raison."`
	Kinds  alertKinds  `cmd:"" help:"Les alertes qui existent, leur gravité et quoi faire."`
}

type alertList struct {
	Mandate string `help:"Seulement ce mandat." placeholder:"MANDAT"`
	Code    string `help:"Seulement ce code (masp alert kinds)." placeholder:"CODE"`
	User    string `help:"Seulement celles de cette personne." placeholder:"UTILISATEUR"`
	State   string `enum:"open,asleep,closed,all" default:"open" help:"open, asleep, closed ou all." placeholder:"ÉTAT"`
}

func (c *alertList) Run(s *session) error {
	return s.with(func(h *house) error {
		items, err := h.worklist.List(s.ctx, worklist.Filter{
			Mandate: c.Mandate, Code: c.Code, User: c.User, State: worklist.State(c.State),
		})
		if err != nil {
			return err
		}
		return s.out.data(jsonAlerts(items), func() {
			if len(items) == 0 {
				s.out.print("Rien à voir.")
			}
			for _, i := range items {
				printAlert(s.out, i)
			}
		})
	})
}

// printAlert shows one alert in two or three lines.
func printAlert(out *printer, i worklist.Item) {
	label := i.Kind.Label
	if i.Kind.Severity == worklist.Urgent {
		label = out.red(label)
	}
	out.print("%6d  %s  %s  %s  %s", i.ID, i.On.FrenchShort(), fit(i.Mandate, 8), fit(i.User, 10), label)
	out.print("        %s", i.Text)
	switch {
	case i.ClosedAt != nil && i.ClosedBy == "":
		out.print("        Close : %s.", i.Reason)
	case i.ClosedAt != nil:
		out.print("        Close par %s : %s.", i.ClosedBy, i.Reason)
	case !i.SnoozedUntil.IsZero():
		out.print("        Endormie jusqu'au %s.", i.SnoozedUntil.FrenchShort())
	}
	if i.Before > 0 {
		out.print("        Déjà %s.", plural(i.Before, "fois", "fois"))
	}
	if i.ClosedAt == nil {
		out.print("        À faire : %s", i.Kind.ToDo)
	}
}

// jsonAlerts are alerts for programs; days and people that are not there are null.
func jsonAlerts(items []worklist.Item) []map[string]any {
	answer := make([]map[string]any, 0, len(items))
	for _, i := range items {
		answer = append(answer, map[string]any{
			"alert": i.ID, "on": i.On, "code": i.Code, "mandate": i.Mandate, "subject": i.Subject, "amount": i.Amount,
			"text": i.Text, "details": i.Details, "severity": i.Kind.Severity, "label": i.Kind.Label, "to_do": i.Kind.ToDo,
			"user": i.User, "before": i.Before, "snoozed_until": orNothing(i.SnoozedUntil), "closed_at": i.ClosedAt,
			"closed_by": i.ClosedBy, "closed_reason": i.Reason,
		})
	}
	return answer
}

type alertAssign struct {
	Alert int64  `arg:"" help:"Numéro de l'alerte (masp alert list)."`
	User  string `arg:"" optional:"" help:"Identifiant (masp user list)."`
}

func (c *alertAssign) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.worklist.Assign(s.ctx, who, c.Alert, c.User); err != nil {
			return err
		}
		return s.out.data(map[string]any{"alert": c.Alert, "user": c.User}, func() {
			if c.User == "" {
				s.out.print("Alerte %d : à qui suit le mandat.", c.Alert)
				return
			}
			s.out.print("Alerte %d : confiée à %s.", c.Alert, c.User)
		})
	})
}

type alertSnooze struct {
	Alert  int64      `arg:"" help:"Numéro de l'alerte (masp alert list)."`
	Until  civil.Date `arg:"" help:"Jour où elle revient (2026-11-20)."`
	Reason string     `required:"" help:"Pourquoi attendre ; inscrit au journal des actes." placeholder:"RAISON"`
}

func (c *alertSnooze) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.worklist.Snooze(s.ctx, who, c.Alert, c.Until, c.Reason); err != nil {
			return err
		}
		return s.out.data(map[string]any{"alert": c.Alert, "snoozed_until": c.Until}, func() {
			s.out.print("Alerte %d : endormie jusqu'au %s.", c.Alert, c.Until.FrenchShort())
		})
	})
}

type alertClose struct {
	Alert  int64  `arg:"" help:"Numéro de l'alerte (masp alert list)."`
	Reason string `required:"" help:"Ce qui a été fait ; reste à côté de l'alerte." placeholder:"RAISON"`
}

func (c *alertClose) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.worklist.Close(s.ctx, who, c.Alert, c.Reason); err != nil {
			return err
		}
		return s.out.data(map[string]any{"alert": c.Alert, "closed": true}, func() {
			s.out.print("Alerte %d : close.", c.Alert)
		})
	})
}

type alertKinds struct{}

var frenchSeverity = map[worklist.Severity]string{
	worklist.Urgent: "urgent", worklist.Soon: "bientôt", worklist.Note: "à savoir",
}

func (c *alertKinds) Run(s *session) error {
	return s.out.data(worklist.Kinds(), func() {
		var rows [][]string
		for _, k := range worklist.Kinds() {
			rows = append(rows, []string{k.Code, frenchSeverity[k.Severity], k.Label, k.ToDo})
		}
		s.out.table([]string{"Code", "Gravité", "Ce qui est arrivé", "À faire"}, rows)
	})
}
