package main

import (
	"fmt"

	"masp/cmd/masp/internal/doctor"
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
