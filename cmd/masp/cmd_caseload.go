package main

import (
	"strings"

	"masp/api/auth"
	"masp/ledger/civil"
)

type caseloadCommand struct {
	Assign  caseloadAssign  `cmd:"" help:"Confie des mandats à une coordinatrice (en production : par un administrateur)."`
	Release caseloadRelease `cmd:"" help:"Les lui retire aussitôt ; ce qu'elle a fait reste."`
	List    caseloadList    `cmd:"" help:"Qui suit quels mandats."`
}

type caseloadAssign struct {
	User     string     `arg:"" help:"Coordinatrice."`
	Mandates []string   `arg:"" help:"Mandats." placeholder:"MANDAT"`
	From     civil.Date `help:"Premier jour ; aujourd'hui sinon." placeholder:"JOUR"`
	Until    civil.Date `help:"Dernier jour d'un remplacement ; sans fin sinon." placeholder:"JOUR"`
}

func (c *caseloadAssign) Run(s *session) error {
	return s.withAnyone(func(h *house, by auth.Principal) error {
		changed, err := h.auth.Assign(s.ctx, by, c.User, c.Mandates, c.From, c.Until)
		if err != nil {
			return err
		}
		return s.out.data(map[string]any{"user": c.User, "assigned": changed}, func() {
			s.out.print("%s : %s.", c.User, plural(changed, "mandat confié", "mandats confiés"))
		})
	})
}

type caseloadRelease struct {
	User     string   `arg:"" help:"Coordinatrice."`
	Mandates []string `arg:"" help:"Mandats." placeholder:"MANDAT"`
}

func (c *caseloadRelease) Run(s *session) error {
	return s.withAnyone(func(h *house, by auth.Principal) error {
		changed, err := h.auth.Release(s.ctx, by, c.User, c.Mandates)
		if err != nil {
			return err
		}
		return s.out.data(map[string]any{"user": c.User, "released": changed}, func() {
			s.out.print("%s : %s.", c.User, plural(changed, "mandat retiré", "mandats retirés"))
		})
	})
}

type caseloadList struct {
	User string `arg:"" optional:"" help:"Une coordinatrice seulement."`
}

func (c *caseloadList) Run(s *session) error {
	return s.with(func(h *house) error {
		cases, err := h.auth.Caseload(s.ctx, c.User)
		if err != nil {
			return err
		}
		var rows [][]string
		list := make([]map[string]any, 0, len(cases))
		for _, one := range cases {
			rows = append(rows, []string{one.User, one.Mandate, one.From.String(), dayOr(one.Until, "sans fin")})
			list = append(list, map[string]any{"user": one.User, "mandate": one.Mandate, "from": one.From, "until": one.Until})
		}
		return s.out.data(list, func() { s.out.table([]string{"Coordinatrice", "Mandat", "Du", "Au"}, rows) })
	})
}

type auditScopeCommand struct {
	User       string     `arg:"" optional:"" help:"Contrôleur ; sans lui, la liste des missions."`
	Department []string   `help:"Départements contrôlés (69) ; aucun : fin de la mission." placeholder:"NN"`
	From       civil.Date `help:"Premier jour des écritures qu'il lit." placeholder:"JOUR"`
	Until      civil.Date `help:"Dernier jour ; sans fin sinon." placeholder:"JOUR"`
}

func (c *auditScopeCommand) Run(s *session) error {
	if c.User == "" {
		return c.list(s)
	}
	return s.withAnyone(func(h *house, by auth.Principal) error {
		mission := auth.Mission{User: c.User, Departments: c.Department, From: c.From, Until: c.Until}
		if err := h.auth.Audits(s.ctx, by, mission); err != nil {
			return err
		}
		return s.out.data(missionFields(mission), func() {
			if len(c.Department) == 0 {
				s.out.print("%s n'a plus de mission : il ne voit plus rien.", c.User)
				return
			}
			s.out.print("%s contrôle : %s, écritures du %s au %s.", c.User, strings.Join(c.Department, ", "),
				c.From, dayOr(c.Until, "jour même"))
		})
	})
}

func (c *auditScopeCommand) list(s *session) error {
	return s.with(func(h *house) error {
		missions, err := h.auth.Missions(s.ctx)
		if err != nil {
			return err
		}
		var rows [][]string
		list := make([]map[string]any, 0, len(missions))
		for _, m := range missions {
			rows = append(rows, []string{m.User, strings.Join(m.Departments, ", "), m.From.String(), dayOr(m.Until, "sans fin")})
			list = append(list, missionFields(m))
		}
		return s.out.data(list, func() { s.out.table([]string{"Contrôleur", "Départements", "Du", "Au"}, rows) })
	})
}

func missionFields(m auth.Mission) map[string]any {
	return map[string]any{"user": m.User, "departments": m.Departments, "from": m.From, "until": m.Until}
}

// dayOr prints a day, or what it means that there is none.
func dayOr(day civil.Date, none string) string {
	if day.IsZero() {
		return none
	}
	return day.String()
}
