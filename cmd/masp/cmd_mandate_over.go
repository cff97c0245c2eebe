package main

import (
	"masp/api/auth"
	"masp/payments"
	"masp/payments/mandates"
)

// mandateOver are the acts on a measure that is over.
type mandateOver struct {
	Closing      mandateClosing      `cmd:"" help:"Ce qui reste à faire avant de clôturer une mesure."`
	Close        mandateClose        `cmd:"" help:"Clôture une mesure finie et à zéro, pour toujours."`
	FinalAccount mandateFinalAccount `cmd:"" help:"Compte final : ce qui est entré, sorti et rendu, et ce qui passe aux relais."`
}

type mandateClosing struct {
	ID string `arg:"" help:"Mandat (M-0001)."`
}

func (c *mandateClosing) Run(s *session) error {
	return s.with(func(h *house) error {
		closing, err := h.mandates.Closing(s.ctx, c.ID)
		if err != nil {
			return err
		}
		steps := []map[string]any{}
		for _, step := range closing.Steps {
			steps = append(steps, map[string]any{
				"step": step.Code, "done": step.Done(), "amount": step.Amount, "count": step.Count, "text": step.French,
				"advice": step.Advice,
			})
		}
		return s.out.data(map[string]any{
			"mandate": c.ID, "status": closing.Status, "ready": closing.Ready(), "steps": steps,
		}, func() { s.printClosing(closing) })
	})
}

func (s *session) printClosing(c mandates.Closing) {
	s.out.print("%s (%s)", s.out.bold(c.Mandate), frenchStatusOf[c.Status])
	for _, step := range c.Steps {
		switch {
		case step.Done():
		case step.Advice:
			s.out.print("  conseillé : %s", step.French)
		case step.Amount.IsZero():
			s.out.print("  à faire : %s", step.French)
		default:
			s.out.print("  à faire : %s (%s)", step.French, step.Amount.French())
		}
	}
	if c.Ready() {
		s.out.print("Tout est à zéro : la mesure peut être clôturée (masp mandate close).")
	}
}

type mandateClose struct {
	ID string `arg:"" help:"Mandat (M-0001)."`
}

func (c *mandateClose) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.mandates.Close(s.ctx, who, c.ID); err != nil {
			return err
		}
		return s.out.data(map[string]any{"mandate": c.ID, "status": mandates.Closed}, func() {
			s.out.print("%s : mesure clôturée, son compte est à zéro.", c.ID)
		})
	})
}

type mandateFinalAccount struct {
	ID string `arg:"" help:"Mandat (M-0001)."`
}

func (c *mandateFinalAccount) Run(s *session) error {
	return s.with(func(h *house) error {
		closing, err := h.mandates.Closing(s.ctx, c.ID)
		if err != nil {
			return err
		}
		d, err := h.mandates.Dossier(s.ctx, c.ID)
		if err != nil {
			return err
		}
		account := closing.Account
		answer := jsonMandate(d.Summary)
		answer["flows"], answer["received"], answer["paid"] = jsonFlows(account.Flows), jsonFlows(account.Received), jsonFlows(account.Paid)
		answer["held"], answer["proved"] = account.Held, account.Proved()
		answer["open_debts"], answer["open_bills"] = openDebts(d), jsonObligations(openBills(d))
		answer["open_requests"] = jsonRequests(d, mandates.AidRequest.Open)
		return s.out.data(answer, func() { s.printFinalAccount(d, account) })
	})
}

func jsonFlows(list []mandates.Flow) []map[string]any {
	answer := []map[string]any{}
	for _, f := range list {
		answer = append(answer, map[string]any{"nature": f.Nature, "in": f.In, "out": f.Out})
	}
	return answer
}

// openDebts and openBills are what the person takes over.
func openDebts(d mandates.Dossier) []map[string]any {
	open := []map[string]any{}
	for _, debt := range d.Debts {
		if debt.Outstanding.IsPositive() {
			open = append(open, map[string]any{
				"debt": debt.ID, "creditor": debt.Creditor, "kind": debt.Kind, "outstanding": debt.Outstanding,
				"instalment": debt.Instalment, "contested_on": orNothing(debt.ContestedOn),
			})
		}
	}
	return open
}

func openBills(d mandates.Dossier) []mandates.Obligation {
	var open []mandates.Obligation
	for _, o := range d.Obligations {
		if o.Creditor != "" && o.Frequency != mandates.Once && (o.To.IsZero() || !d.EndedOn.After(o.To)) {
			open = append(open, o)
		}
	}
	return open
}

func (s *session) printFinalAccount(d mandates.Dossier, a mandates.FinalAccount) {
	s.out.print("%s", s.out.bold("Compte final — "+d.ID+" — "+d.Person))
	var rows [][]string
	for _, f := range a.Flows {
		rows = append(rows, []string{frenchNature(f.Nature), f.In.French(), f.Out.French()})
	}
	s.out.table([]string{"Nature", ">Entré", ">Sorti"}, rows)
	rows = nil
	for _, f := range append(a.Received, a.Paid...) {
		rows = append(rows, []string{frenchNature(f.Nature), f.In.French(), f.Out.French()})
	}
	s.out.table([]string{"Prestation ou dépense", ">Reçu", ">Payé"}, rows)
	s.out.print("Détenu : %s", a.Held.French())
	for _, debt := range d.Debts {
		if debt.Outstanding.IsPositive() {
			s.out.print("  à transmettre : dette %s (%s), reste dû %s (%s)", debt.ID, frenchOr(frenchDebts, debt.Kind), debt.Outstanding.French(), debt.Creditor)
		}
	}
	for _, r := range d.Requests {
		if r.Open() {
			s.out.print("  à transmettre : demande %d à %s du %s, %s", r.No, r.AskedOf, r.AskedOn.French(), r.Purpose)
		}
	}
	for _, o := range openBills(d) {
		s.out.print("  à transmettre : %s, %s %s (%s)", o.Label, o.Amount.French(), frenchFrequencies[o.Frequency], o.Creditor)
	}
}

// jsonStopped and printStopped tell the transfers that an end or a suspension has cancelled.
func jsonStopped(list []payments.Instruction) []map[string]any {
	answer := []map[string]any{}
	for _, t := range list {
		answer = append(answer, map[string]any{
			"end_to_end_id": t.EndToEndID, "run": t.Run, "amount": t.Amount, "execute_on": t.ExecuteOn,
		})
	}
	return answer
}

func (s *session) printStopped(list []payments.Instruction) {
	for _, t := range list {
		s.out.print("  versement annulé : %s le %s (%s)", t.Amount.French(), t.ExecuteOn.FrenchShort(), t.Run)
	}
}
