package main

import (
	"strconv"
	"strings"

	"masp/api/auth"
	"masp/ledger/civil"
	"masp/payments/mandates"
)

// obligationMore are the commands that change or share lines.
type obligationMore struct {
	Change obligationChange `cmd:"" help:"Change un montant à partir d'un jour, passé ou à venir : une hausse apprise tard fait un rappel par mois."`
	Except obligationExcept `cmd:"" help:"Dit qu'un jour d'échéance ne compte pas, ou compte de nouveau."`
	Share  obligationShare  `cmd:"" help:"Ajoute une échéance que plusieurs mandats partagent (couple), au centime près."`
	Agree  obligationAgree  `cmd:"" help:"Note l'accord écrit de deux personnes : l'une peut payer la part de l'autre."`
	Cover  obligationCover  `cmd:"" help:"Fait payer par l'autre, selon leur accord, ce qui reste dû d'une part."`
}

type obligationChange struct {
	ID     string     `arg:"" help:"Échéance qui change."`
	Amount string     `arg:"" help:"Nouveau montant (137,93)."`
	From   civil.Date `required:"" help:"Premier jour du nouveau montant." placeholder:"JOUR"`
	As     string     `required:"" help:"Référence de la nouvelle échéance, pour toujours." placeholder:"RÉFÉRENCE"`
}

func (c *obligationChange) Run(s *session) error {
	amount, err := parseAmount(c.Amount)
	if err != nil {
		return err
	}
	return s.withPerson(func(h *house, who auth.Principal) error {
		changed, err := h.mandates.ChangeAmount(s.ctx, who, mandates.AmountChange{
			Obligation: c.ID, ID: c.As, Amount: amount, From: c.From,
		})
		if err != nil {
			return err
		}
		return s.out.data(jsonChanged(changed), func() { s.printChanged(changed) })
	})
}

func jsonChanged(c mandates.Changed) map[string]any {
	lines := []mandates.Obligation{}
	for _, o := range append([]mandates.Obligation{c.New}, c.Late...) {
		if o.ID != "" {
			lines = append(lines, o)
		}
	}
	return map[string]any{
		"ended": c.Old.ID, "ended_on": orNothing(c.Old.To), "added": jsonObligations(lines), "credit": c.Credit,
	}
}

func (s *session) printChanged(c mandates.Changed) {
	if c.Old.ID != "" {
		s.out.print("%s : plus rien n'est dû après le %s.", c.Old.ID, c.Old.To.French())
	}
	if c.New.ID != "" {
		s.out.print("%s : %s, %s, à partir du %s.", c.New.ID, c.New.Amount.French(), frenchFrequencies[c.New.Frequency], c.New.From.French())
	}
	for _, o := range c.Late {
		s.out.print("%s : %s, %s.", o.ID, o.Label, o.Amount.French())
	}
	if c.Credit.IsPositive() {
		s.out.print("Trop versé : %s. Demandez un avoir au bailleur ; l'alerte est dans la liste.", c.Credit.French())
	}
}

type obligationExcept struct {
	ID     string     `arg:"" help:"Échéance."`
	Day    civil.Date `arg:"" help:"Jour d'échéance (2026-12-08)."`
	Counts bool       `help:"Le jour compte de nouveau."`
}

func (c *obligationExcept) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.mandates.ExceptDay(s.ctx, who, c.ID, c.Day, c.Counts); err != nil {
			return err
		}
		return s.out.data(map[string]any{"obligation": c.ID, "day": c.Day, "counts": c.Counts}, func() {
			text := "%s : rien n'est dû le %s."
			if c.Counts {
				text = "%s : l'échéance du %s compte de nouveau."
			}
			s.out.print(text, c.ID, c.Day.French())
		})
	})
}

type obligationShare struct {
	ID        string             `arg:"" help:"Référence de la ligne, pour toujours (O-H1-LOYER)."`
	With      []string           `required:"" sep:"none" help:"Mandat et poids : M-0001=667 (à répéter)." placeholder:"MANDAT=POIDS"`
	Class     mandates.Class     `required:"" enum:"RENT,RENTAL_CHARGE,HOUSING_OTHER,OTHER_BILL" help:"RENT, RENTAL_CHARGE, HOUSING_OTHER, OTHER_BILL." placeholder:"CATÉGORIE"`
	Creditor  string             `required:"" help:"Destinataire." placeholder:"RÉFÉRENCE"`
	Amount    string             `required:"" help:"Montant en tout." placeholder:"MONTANT"`
	Label     string             `required:"" help:"Ce que chacun lit sur son relevé." placeholder:"TEXTE"`
	Reference string             `help:"Ce que le destinataire lit." placeholder:"TEXTE"`
	Frequency mandates.Frequency `default:"MONTHLY" enum:"ONCE,WEEKLY,FORTNIGHTLY,MONTHLY,QUARTERLY,YEARLY" help:"ONCE, WEEKLY, FORTNIGHTLY, MONTHLY, QUARTERLY, YEARLY (${default})." placeholder:"PÉRIODICITÉ"`
	DueDay    int                `help:"Jour du mois ou de la semaine ; par défaut celui de --from." placeholder:"JOUR"`
	From      civil.Date         `required:"" help:"Premier jour d'effet." placeholder:"JOUR"`
}

func (c *obligationShare) Run(s *session) error {
	amount, err := parseAmount(c.Amount)
	if err != nil {
		return err
	}
	var shares []mandates.Share
	for _, text := range c.With {
		id, weight, _ := strings.Cut(text, "=")
		n, err := strconv.ParseInt(weight, 10, 32)
		if err != nil {
			return &shapeError{text, "M-0001=667"}
		}
		shares = append(shares, mandates.Share{Mandate: id, Weight: n})
	}
	o := mandates.Obligation{
		ID: c.ID, Class: c.Class, Creditor: c.Creditor, Amount: amount, Label: c.Label, Reference: c.Reference,
		Frequency: c.Frequency, DueDay: c.DueDay, From: c.From,
	}
	return s.withPerson(func(h *house, who auth.Principal) error {
		parts, err := h.mandates.AddShared(s.ctx, who, o, shares)
		if err != nil {
			return err
		}
		return s.out.data(jsonObligations(parts), func() {
			for _, p := range parts {
				s.out.print("%s : %s pour %s.", p.ID, p.Amount.French(), p.Mandate)
			}
		})
	})
}

type obligationAgree struct {
	Mandate  string     `arg:"" help:"Mandat qui paie (M-0001)."`
	For      string     `required:"" help:"Mandat dont il peut payer la part." placeholder:"MANDAT"`
	SignedOn civil.Date `required:"" help:"Jour où les deux ont signé." placeholder:"JOUR"`
	EndsOn   civil.Date `help:"Dernier jour de l'accord." placeholder:"JOUR"`
	Evidence string     `required:"" help:"L'accord écrit." placeholder:"PIÈCE"`
}

func (c *obligationAgree) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		err := h.mandates.Agree(s.ctx, who, mandates.Agreement{
			Mandate: c.Mandate, For: c.For, SignedOn: c.SignedOn, EndsOn: c.EndsOn, Evidence: c.Evidence,
		})
		if err != nil {
			return err
		}
		return s.out.data(map[string]any{"mandate": c.Mandate, "for": c.For, "signed_on": c.SignedOn}, func() {
			s.out.print("%s peut payer la part de %s, par l'accord du %s.", c.Mandate, c.For, c.SignedOn.French())
		})
	})
}

type obligationCover struct {
	Part string     `arg:"" help:"Part impayée (O-H1-LOYER-1)."`
	Day  civil.Date `arg:"" help:"Jour d'échéance de la part."`
	By   string     `required:"" help:"Mandat qui paie." placeholder:"MANDAT"`
}

func (c *obligationCover) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		line, err := h.mandates.Cover(s.ctx, who, c.By, c.Part, c.Day)
		if err != nil {
			return err
		}
		return s.out.data(jsonObligations([]mandates.Obligation{line})[0], func() {
			s.out.print("%s : %s paiera %s à la prochaine campagne.", line.ID, line.Mandate, line.Amount.French())
		})
	})
}
