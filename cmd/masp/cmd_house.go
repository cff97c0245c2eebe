package main

import (
	"errors"
	"fmt"

	"masp/api/auth"
	"masp/cmd/masp/internal/doctor"
	"masp/ledger/civil"
	"masp/migrations"
)

type doctorCommand struct {
	Install  bool `help:"Installe ce qui manque par le gestionnaire de paquets du système, après l'avoir dit."`
	Optional bool `help:"Installe aussi ce qui ne sert qu'aux tests."`
}

// Run inspects and, when asked, installs.
func (c *doctorCommand) Run(s *session) error {
	if c.Install {
		err := doctor.Install(s.ctx, s.out.stderr, c.Optional)
		if err != nil || !s.out.json {
			return err // it has said what it found and did
		}
	}
	checks := doctor.Inspect(s.ctx)
	missing := false
	for _, check := range checks {
		missing = missing || !check.Found && !check.Optional
	}
	err := s.out.data(checks, func() {
		for _, check := range checks {
			s.out.print("%s", s.checkLine(check))
		}
	})
	if err == nil && missing {
		s.out.say("Pour installer ce qui manque : masp doctor --install")
		return errFound
	}
	return err
}

// checkLine is one line about one program.
func (s *session) checkLine(c doctor.Check) string {
	switch {
	case c.Found:
		return fmt.Sprintf("%s  %s — %s (%s)", s.out.green("présent "), c.Title, c.Use, c.Version)
	case c.Optional:
		return fmt.Sprintf("%s  %s — %s (facultatif)", s.out.yellow("absent  "), c.Title, c.Use)
	}
	return fmt.Sprintf("%s  %s — %s", s.out.red("manquant"), c.Title, c.Use)
}

type migrateCommand struct {
	Status bool `help:"Montre l'état sans rien changer."`
}

// Run brings the schema to the version of the program.
func (c *migrateCommand) Run(s *session) error {
	if s.settings.private() {
		return s.with(func(h *house) error { return c.status(s, h.ownerURL) })
	}
	if s.settings.OwnerURL == "" {
		return errNoOwner
	}
	if !c.Status {
		applied, err := migrations.Apply(s.ctx, s.settings.OwnerURL, s.settings.DatabaseURL)
		if err != nil {
			return err
		}
		for _, name := range applied {
			s.out.say("Appliqué : %s", name)
		}
	}
	return c.status(s, s.settings.OwnerURL)
}

func (c *migrateCommand) status(s *session, url string) error {
	pool, err := migrations.Open(s.ctx, url, 1)
	if err != nil {
		return err
	}
	defer pool.Close()
	list, err := migrations.StatusOf(s.ctx, pool)
	if err != nil {
		return err
	}
	return s.out.data(list, func() {
		for _, m := range list {
			state := "à appliquer"
			if m.Applied {
				state = "appliquée"
			}
			s.out.print("%s  %s", m.Name, state)
		}
	})
}

// errNoOwner is a migration without the right to make tables.
var errNoOwner = errors.New("migrations need MASP_OWNER_URL")

// errNotEmpty is a demonstration on a database that holds something.
var errNotEmpty = errors.New("the database is not empty")

type closeCommand struct {
	Month  civil.Month `arg:"" help:"Mois à clôturer (2026-11)."`
	Reopen string      `help:"Rouvre ce mois (le dernier clos), avec sa raison." placeholder:"RAISON"`
}

// Run closes a month: nothing is ever dated in it again. An auditor looks, and closes nothing.
func (c *closeCommand) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if !who.Is(auth.Accountant) && !who.Is(auth.Approver) && !who.Is(auth.Coordinator) {
			return auth.ErrRole
		}
		return h.write(s.ctx, func(tx tx) error {
			if c.Reopen != "" {
				if _, err := h.ledger.ReopenMonth(s.ctx, tx, c.Month, who.ID, c.Reopen); err != nil {
					return err
				}
				return s.out.data(map[string]any{"reopened": c.Month}, func() {
					s.out.print("%s rouvert. L'acte est inscrit au journal des actes.", c.Month.French())
				})
			}
			closing, err := h.ledger.CloseMonth(s.ctx, tx, c.Month, who.ID)
			if err != nil {
				return err
			}
			return s.out.data(closing, func() {
				s.out.print("%s clôturé. Plus aucune écriture ne peut y être datée.", c.Month.French())
			})
		})
	})
}

type productionCommand struct{}

// Run ends the trial: the clock cannot be moved any more, and only an admin adds persons.
func (c *productionCommand) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.auth.EnterProduction(s.ctx, who); err != nil {
			return err
		}
		return s.out.data(map[string]bool{"in_production": true}, func() {
			s.out.print("L'organisation est en production. Désormais un admin ajoute les personnes, et l'horloge ne se déplace plus.")
		})
	})
}

type versionCommand struct{}

// Run prints what the build recorded.
func (c *versionCommand) Run(s *session) error {
	b := readBuild()
	return s.out.data(b, func() { s.out.print("masp %s", b.Version) })
}
