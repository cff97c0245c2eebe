package main

import (
	"errors"

	"masp/migrations"
)

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
