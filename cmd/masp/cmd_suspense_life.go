package main

import (
	"masp/api/auth"
	"masp/imports"
)

type suspenseTake struct {
	Line int64  `arg:"" help:"Numéro de la ligne (masp suspense list)."`
	From string `help:"Utilisateur à qui vous la reprenez." placeholder:"UTILISATEUR"`
	Note string `help:"Remarque." placeholder:"TEXTE"`
}

// Run gives the line to the person who asks.
func (c *suspenseTake) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		return s.onSuspense(h, who, c.Line, imports.SuspenseNote{Act: imports.SuspenseGive, Owner: who.ID, From: c.From, Note: c.Note},
			"Vous vous occupez de la ligne %d.")
	})
}

type suspenseGive struct {
	Line int64  `arg:"" help:"Numéro de la ligne (masp suspense list)."`
	To   string `required:"" help:"Utilisateur (masp user list)." placeholder:"UTILISATEUR"`
	Note string `help:"Remarque." placeholder:"TEXTE"`
}

// Run gives the line to somebody.
func (c *suspenseGive) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		return s.onSuspense(h, who, c.Line, imports.SuspenseNote{Act: imports.SuspenseGive, Owner: c.To, Note: c.Note},
			"La ligne %d est confiée à "+c.To+".")
	})
}

type suspenseUnassign struct {
	Line int64  `arg:"" help:"Numéro de la ligne (masp suspense list)."`
	Note string `help:"Remarque." placeholder:"TEXTE"`
}

// Run takes the owner of the line away.
func (c *suspenseUnassign) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		return s.onSuspense(h, who, c.Line, imports.SuspenseNote{Act: imports.SuspenseUnassign, Note: c.Note},
			"Personne ne s'occupe plus de la ligne %d.")
	})
}

type suspenseNote struct {
	Line int64  `arg:"" help:"Numéro de la ligne (masp suspense list)."`
	Text string `arg:"" help:"Ce que vous avez essayé."`
}

// Run keeps a note.
func (c *suspenseNote) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		return s.onSuspense(h, who, c.Line, imports.SuspenseNote{Act: imports.SuspenseNoted, Note: c.Text},
			"Noté pour la ligne %d.")
	})
}

// onSuspense carries out an act on a line and says so.
func (s *session) onSuspense(h *house, who auth.Principal, line int64, n imports.SuspenseNote, done string) error {
	if err := h.imports.ActOnSuspense(s.ctx, who, line, n); err != nil {
		return err
	}
	return s.out.data(map[string]any{"line": line, "act": n.Act, "owner": n.Owner, "note": n.Note, "by": who.ID}, func() {
		s.out.print(done, line)
	})
}

type suspenseReturn struct {
	Line     int64     `arg:"" help:"Numéro de la ligne (masp suspense list)."`
	To       string    `required:"" help:"Destinataire : l'expéditeur, son IBAN confirmé par une deuxième personne (masp creditor add)." placeholder:"RÉFÉRENCE"`
	Amount   someEuros `help:"Partie rendue ; par défaut tout ce qui reste." placeholder:"EUROS"`
	Evidence string    `required:"" help:"Pièce qui dit que cet IBAN est celui de l'expéditeur : son courrier, son RIB." placeholder:"TEXTE"`
}

// Run prepares the transfer back as a draft.
func (c *suspenseReturn) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		run, err := h.imports.ReturnToSender(s.ctx, who, c.Line, imports.Return{
			To: c.To, Amount: c.Amount.Amount, Evidence: c.Evidence,
		})
		if err != nil {
			return err
		}
		return s.out.data(jsonRun(run), func() {
			printRun(s.out, run, false)
			sayDraft(s.out, run)
		})
	})
}

type suspenseClear struct {
	Debit  int64  `arg:"" help:"Numéro de la ligne qui est une sortie (masp suspense list)."`
	Credit int64  `arg:"" help:"Numéro de la ligne qui est une entrée, du même montant et du même compte."`
	Undo   bool   `help:"Les deux lignes n'allaient pas ensemble : elles attendent de nouveau."`
	Reason string `required:"" help:"Pourquoi elles vont ensemble ; inscrit au journal des actes." placeholder:"RAISON"`
}

// Run lets two lines clear each other, or takes that back.
func (c *suspenseClear) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		done, err := h.imports.ClearSuspense(s.ctx, who, imports.Clearing{
			Debit: c.Debit, Credit: c.Credit, Undo: c.Undo, Reason: c.Reason,
		})
		if err != nil {
			return err
		}
		return s.out.data(done, func() {
			if done.Undone {
				s.out.print("Les lignes %d et %d attendent de nouveau, %s chacune.", done.Debit, done.Credit, done.Amount.French())
				return
			}
			s.out.print("Les lignes %d et %d se compensent : %s.", done.Debit, done.Credit, done.Amount.French())
		})
	})
}

type suspenseDeadline struct {
	Days int `required:"" help:"De 1 à 365 jours après le jour de la banque." placeholder:"JOURS"`
}

// Run sets the delay of the organisation.
func (c *suspenseDeadline) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.imports.SetSuspenseDays(s.ctx, who, c.Days); err != nil {
			return err
		}
		return s.out.data(map[string]any{"days": c.Days}, func() {
			s.out.print("Une ligne doit être identifiée en %s ; la liste du jour prévient une semaine avant.", plural(c.Days, "jour", "jours"))
		})
	})
}
