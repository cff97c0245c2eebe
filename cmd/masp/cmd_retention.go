package main

import (
	"strconv"
	"strings"

	"masp/api/auth"
	"masp/payments/privacy"
)

type retentionCommand struct {
	Status       retentionStatus   `cmd:"" help:"Où en sont les dossiers : base active, archive, pseudonymisation, et ce qui les retient."`
	Set          retentionSet      `cmd:"" help:"Fixe les durées de conservation."`
	Hold         retentionHold     `cmd:"" help:"Retient un dossier : litige, dette, indu."`
	Lift         retentionLift     `cmd:"" help:"Lève une retenue."`
	Archive      retentionArchive  `cmd:"" help:"Met en archive restreinte les dossiers proposés que vous nommez."`
	Open         retentionOpen     `cmd:"" help:"Ouvre un dossier archivé pour un jour, avec la raison."`
	Pseudonymise retentionErase    `cmd:"" help:"Efface de partout les personnes proposées que vous nommez ; les comptes restent, et restent prouvés."`
	Register     retentionRegister `cmd:"" help:"Registre des traitements (RGPD, article 30)."`
}

// privacy is the data protection of the house.
func (h *house) privacy() *privacy.Service {
	return &privacy.Service{DB: h.db, Papers: h.papers(), Checks: allChecks()}
}

type retentionStatus struct {
	All bool `help:"Aussi les dossiers en base active dont le délai ne court pas."`
}

// Run lists the files.
func (c *retentionStatus) Run(s *session) error {
	return s.with(func(h *house) error {
		all, err := h.privacy().Files(s.ctx)
		if err != nil {
			return err
		}
		times, err := h.privacy().Times(s.ctx)
		if err != nil {
			return err
		}
		return s.out.data(map[string]any{"times": times, "files": all}, func() {
			s.out.print("%s", times.French())
			s.out.table([]string{"Personne", "Mandats", "État", "Fin", "Archive après le", "Effacement le", "Retenu par"}, c.rows(all))
		})
	})
}

func (c *retentionStatus) rows(all []privacy.File) (rows [][]string) {
	for _, f := range all {
		if f.Stage == privacy.Active && f.Began.IsZero() && !c.All {
			continue
		}
		row := []string{f.Person, strings.Join(f.Mandates, " "), f.Stage.French(), "", "", "", f.French()}
		if !f.Began.IsZero() {
			row[3], row[4], row[5] = f.Began.FrenchShort(), f.ArchiveOn.FrenchShort(), f.EraseOn.FrenchShort()
		}
		rows = append(rows, row)
	}
	return rows
}

type retentionSet struct {
	ActiveMonths int `required:"" help:"Mois en base active après la fin (24)." placeholder:"MOIS"`
	AccountYears int `required:"" help:"Années des comptes, 10 au moins." placeholder:"ANS"`
	OtherYears   int `required:"" help:"Années des dossiers sans argent (5)." placeholder:"ANS"`
}

// Run changes the times.
func (c *retentionSet) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		t := privacy.Times{ActiveMonths: c.ActiveMonths, AccountYears: c.AccountYears, OtherYears: c.OtherYears}
		if err := h.privacy().SetTimes(s.ctx, who, t); err != nil {
			return err
		}
		return s.out.data(t, func() { s.out.print("%s", t.French()) })
	})
}

type retentionHold struct {
	Person string `arg:"" help:"Personne (B-0001)."`
	Ground string `required:"" help:"LITIGATION, DEBT, UNDUE ou OTHER." placeholder:"RAISON"`
	Note   string `required:"" help:"Précision." placeholder:"TEXTE"`
}

// Run holds a file.
func (c *retentionHold) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		no, err := h.privacy().HoldFile(s.ctx, who, c.Person, privacy.Ground(c.Ground), c.Note)
		if err != nil {
			return err
		}
		return s.out.data(map[string]any{"hold": no}, func() { s.out.print("Retenue n° %d : ce dossier reste où il est.", no) })
	})
}

type retentionLift struct {
	Hold int64 `arg:"" help:"Numéro de la retenue."`
}

// Run lifts a hold.
func (c *retentionLift) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.privacy().LiftHold(s.ctx, who, c.Hold); err != nil {
			return err
		}
		return s.out.data(map[string]any{"hold": c.Hold}, func() { s.out.print("Retenue n° %s levée.", strconv.FormatInt(c.Hold, 10)) })
	})
}

type retentionArchive struct {
	Persons []string `arg:"" help:"Personnes (B-0001 …)."`
}

// Run archives files.
func (c *retentionArchive) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.privacy().Archive(s.ctx, who, c.Persons); err != nil {
			return err
		}
		return s.out.data(map[string]any{"archived": c.Persons}, func() {
			s.out.print("%s", plural(len(c.Persons), "dossier en archive restreinte.", "dossiers en archive restreinte."))
		})
	})
}

type retentionOpen struct {
	Person string `arg:"" help:"Personne (B-0001)."`
	Reason string `required:"" help:"Pourquoi : reste au journal." placeholder:"RAISON"`
}

// Run opens an archived file.
func (c *retentionOpen) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		o, err := h.privacy().OpenArchive(s.ctx, who, c.Person, c.Reason)
		if err != nil {
			return err
		}
		return s.out.data(o, func() { s.out.print("Dossier de %s ouvert pour vous jusqu'au %s.", o.Person, instant(o.Until)) })
	})
}

type retentionErase struct {
	Persons []string `arg:"" help:"Personnes (B-0001 …)."`
}

// Run pseudonymises persons.
func (c *retentionErase) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.privacy().Pseudonymise(s.ctx, who, c.Persons); err != nil {
			return err
		}
		return s.out.data(map[string]any{"pseudonymised": c.Persons}, func() {
			s.out.print("%s", plural(len(c.Persons), "personne effacée : ses comptes restent, prouvés.", "personnes effacées : leurs comptes restent, prouvés."))
		})
	})
}

type retentionRegister struct{ paperForm }

// Run prints the register of processing.
func (c *retentionRegister) Run(s *session) error {
	return s.with(func(h *house) error {
		p, err := h.privacy().Register(s.ctx)
		if err != nil {
			return err
		}
		return s.writePaper(p, c.paperForm, map[string]any{"number": p.Number})
	})
}
