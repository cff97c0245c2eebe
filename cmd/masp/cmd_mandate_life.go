package main

import (
	"encoding/json"

	"masp/api/auth"
	"masp/ledger/civil"
	"masp/payments/mandates"
)

// mandateLife are the acts on a measure that goes on.
type mandateLife struct {
	Evaluate mandateEvaluate `cmd:"" help:"Note une évaluation de la mesure ; un renouvellement en demande une."`
	Renew    mandateRenew    `cmd:"" help:"Prépare le contrat suivant, après une évaluation. Il compte une fois signé par tous (mandate sign), avant la fin du contrat en cours."`
	Amend    mandateAmend    `cmd:"" help:"Note un avenant signé : conditions, prestations ou niveau changent à partir d'un jour."`
	Suspend  mandateSuspend  `cmd:"" help:"Suspend une mesure : rien n'est payé, ce qui arrive est gardé, les versements prévus sont annulés."`
	Lift     mandateLift     `cmd:"" help:"Reprend une mesure suspendue."`

	ReleaseReserve mandateReleaseReserve `cmd:"" help:"Libère une provision avant la fin : la campagne suivante peut la dépenser."`

	Petition      mandatePetition      `cmd:"" help:"Requête au juge pour verser une prestation au bailleur (MASP 3) ; refusée s'il y manque quelque chose."`
	DirectPayment mandateDirectPayment `cmd:"" help:"Note le jugement qui verse une prestation au bailleur : ce loyer n'est plus payé ici."`
}

type mandateEvaluate struct {
	ID   string     `arg:"" help:"Mandat (M-0001)."`
	On   civil.Date `required:"" help:"Jour de l'évaluation." placeholder:"JOUR"`
	Text string     `required:"" help:"Ce qui a été constaté." placeholder:"TEXTE"`
}

func (c *mandateEvaluate) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		number, err := h.mandates.Evaluate(s.ctx, who, c.ID, c.On, c.Text)
		if err != nil {
			return err
		}
		return s.out.data(map[string]any{"mandate": c.ID, "evaluation": number, "on": c.On}, func() {
			s.out.print("%s : évaluation %d du %s notée.", c.ID, number, c.On.French())
		})
	})
}

type mandateRenew struct {
	ID         string     `arg:"" help:"Mandat (M-0001)."`
	Start      civil.Date `required:"" help:"Premier jour : le lendemain du contrat en cours." placeholder:"JOUR"`
	End        civil.Date `required:"" help:"Dernier jour : 6 à 24 mois, 48 mois en tout." placeholder:"JOUR"`
	Evaluation int64      `required:"" help:"Numéro de l'évaluation (mandate evaluate)." placeholder:"NUMÉRO"`
	Gap        string     `help:"Raison d'une interruption entre les deux contrats." placeholder:"TEXTE"`
}

func (c *mandateRenew) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		r := mandates.Renewal{Start: c.Start, End: c.End, Evaluation: c.Evaluation, GapReason: c.Gap}
		if err := h.mandates.Renew(s.ctx, who, c.ID, r); err != nil {
			return err
		}
		return s.out.data(map[string]any{"mandate": c.ID, "start": c.Start, "end": c.End}, func() {
			s.out.print("%s : contrat du %s au %s prêt à signer.", c.ID, c.Start.French(), c.End.French())
		})
	})
}

type mandateAmend struct {
	ID               string                   `arg:"" help:"Mandat (M-0001)."`
	On               civil.Date               `required:"" help:"Jour d'effet : aujourd'hui ou plus tard." placeholder:"JOUR"`
	Reason           string                   `required:"" help:"Pourquoi le contrat change." placeholder:"TEXTE"`
	SignedPerson     civil.Date               `required:"" help:"Signature de la personne." placeholder:"JOUR"`
	SignedDepartment civil.Date               `required:"" help:"Signature du Département." placeholder:"JOUR"`
	Level            mandates.Level           `enum:"MASP1,MASP2," default:"" help:"MASP1 ou MASP2, le jour même." placeholder:"NIVEAU"`
	Account          string                   `help:"Compte bancaire, pour passer en MASP2." placeholder:"COMPTE"`
	Add              []string                 `help:"Prestations autorisées en plus." placeholder:"CODE"`
	Remove           []string                 `help:"Prestations qui ne le sont plus." placeholder:"CODE"`
	Floor            string                   `help:"Reste à vivre par mois (300 ou 300,50)." placeholder:"MONTANT"`
	Shortfall        mandates.ShortfallPolicy `enum:"STOP,SKIP," default:"" help:"STOP ou SKIP." placeholder:"RÈGLE"`
	Order            []mandates.Class         `help:"Ordre des catégories, toutes." placeholder:"CATÉGORIE"`
	Partial          []mandates.Class         `help:"Catégories payables en partie." placeholder:"CATÉGORIE"`
	RemitTo          string                   `help:"Compte de la personne (destinataire)." placeholder:"RÉFÉRENCE"`
	Days             []int                    `help:"Jours de versement à la personne." placeholder:"JOUR"`
	Weekly           int                      `help:"Ou nombre de versements par semaine." placeholder:"NOMBRE"`
}

func (c *mandateAmend) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		a := mandates.Amendment{
			EffectiveOn: c.On, Reason: c.Reason, SignedByPerson: c.SignedPerson, SignedByDepartment: c.SignedDepartment,
			Level: c.Level, BankAccount: c.Account, AddBenefits: c.Add, EndBenefits: c.Remove,
			Shortfall: c.Shortfall, ClassOrder: c.Order, PartialClasses: c.Partial, RemitTo: c.RemitTo,
		}
		if c.Floor != "" {
			floor, err := parseAmount(c.Floor)
			if err != nil {
				return err
			}
			a.LivingFloor = &floor
		}
		if len(c.Days) > 0 || c.Weekly > 0 {
			a.Remittance = &mandates.RemittancePlan{Days: c.Days, Weekly: c.Weekly}
		}
		if err := h.mandates.Amend(s.ctx, who, c.ID, a); err != nil {
			return err
		}
		return s.out.data(map[string]any{"mandate": c.ID, "effective_on": c.On}, func() {
			s.out.print("%s : avenant noté, il prend effet le %s.", c.ID, c.On.French())
		})
	})
}

type mandateSuspend struct {
	ID     string `arg:"" help:"Mandat (M-0001)."`
	Reason string `required:"" help:"Pourquoi." placeholder:"TEXTE"`
}

func (c *mandateSuspend) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		stopped, err := h.payments.SuspendMandate(s.ctx, who, c.ID, c.Reason)
		if err != nil {
			return err
		}
		return s.out.data(map[string]any{"mandate": c.ID, "cancelled": jsonStopped(stopped.Cancelled)}, func() {
			s.out.print("%s : mesure suspendue. Rien n'est payé avant la reprise (mandate lift).", c.ID)
			s.printStopped(stopped.Cancelled)
		})
	})
}

type mandateLift struct {
	ID     string `arg:"" help:"Mandat (M-0001)."`
	Reason string `required:"" help:"Pourquoi." placeholder:"TEXTE"`
}

func (c *mandateLift) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.mandates.Lift(s.ctx, who, c.ID, c.Reason); err != nil {
			return err
		}
		return s.out.data(map[string]any{"mandate": c.ID, "status": mandates.Active}, func() {
			s.out.print("%s : la mesure reprend ; la prochaine campagne la paie.", c.ID)
		})
	})
}

// printHistory tells the contracts, the amendments and the suspensions of a measure.
func (s *session) printHistory(h mandates.History) {
	for _, k := range h.Contracts[1:] {
		state := "signé par tous"
		if k.SignedByPerson.IsZero() || k.SignedByDepartment.IsZero() {
			state = "à signer"
		}
		s.out.print("  Renouvellement du %s au %s (%s)", k.Start.French(), k.End.French(), state)
	}
	for _, e := range h.Evaluations {
		s.out.print("  Évaluation %d du %s par %s", e.ID, e.On.French(), e.Author)
	}
	for _, a := range h.Amendments {
		s.out.print("  Avenant %d, effet le %s : %s", a.No, a.EffectiveOn.French(), a.Reason)
	}
	for _, p := range h.Suspensions {
		until := "jusqu'à la reprise"
		if !p.LiftedOn.IsZero() {
			until = "jusqu'au " + p.LiftedOn.French()
		}
		s.out.print("  Suspension du %s %s : %s", p.On.French(), until, p.Reason)
	}
}

func jsonHistory(h mandates.History) map[string]any {
	contracts, evaluations, amendments, suspensions := []map[string]any{}, []map[string]any{}, []map[string]any{}, []map[string]any{}
	for _, k := range h.Contracts {
		contracts = append(contracts, map[string]any{
			"contract": k.No, "start": k.Start, "end": k.End, "signed_by_person_on": orNothing(k.SignedByPerson),
			"signed_by_department_on": orNothing(k.SignedByDepartment), "signed_by_operator_on": orNothing(k.SignedByOperator),
			"evaluation": k.Evaluation, "gap_reason": k.GapReason,
		})
	}
	for _, e := range h.Evaluations {
		evaluations = append(evaluations, map[string]any{"evaluation": e.ID, "on": e.On, "author": e.Author, "text": e.Text})
	}
	for _, a := range h.Amendments {
		amendments = append(amendments, map[string]any{
			"amendment": a.No, "effective_on": a.EffectiveOn, "reason": a.Reason, "changes": json.RawMessage(a.Changes),
		})
	}
	for _, p := range h.Suspensions {
		suspensions = append(suspensions, map[string]any{
			"on": p.On, "reason": p.Reason, "lifted_on": orNothing(p.LiftedOn), "lift_reason": p.LiftReason,
		})
	}
	return map[string]any{
		"contracts": contracts, "evaluations": evaluations, "amendments": amendments, "suspensions": suspensions,
	}
}
