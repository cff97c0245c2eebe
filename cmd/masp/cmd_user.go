package main

import (
	"strings"

	"masp/api/auth"
)

type userCommand struct {
	Add   userAdd   `cmd:"" help:"Ajoute une personne et affiche son jeton, une seule fois."`
	Token userToken `cmd:"" help:"Donne un nouveau jeton à une personne, affiché une seule fois."`
	List  userList  `cmd:"" help:"Les utilisateurs et leurs rôles."`
}

type userAdd struct {
	ID   string      `arg:"" help:"Identifiant, pour toujours (a.morel)."`
	Name string      `required:"" help:"Nom de la personne." placeholder:"NOM"`
	Role []auth.Role `required:"" help:"Rôles : coordinator, approver, accountant, auditor, admin, machine (répétable)." placeholder:"RÔLE"`
}

// operator is who makes users from the command line: whoever may run it on this machine.
const operator = "operator"

func (c *userAdd) Run(s *session) error {
	return s.with(func(h *house) error {
		token, err := h.auth.Add(s.ctx, operator, auth.User{ID: c.ID, Name: c.Name, Roles: c.Role})
		if err != nil {
			return err
		}
		return s.showToken(c.ID, token)
	})
}

type userToken struct {
	ID string `arg:"" help:"Identifiant."`
}

func (c *userToken) Run(s *session) error {
	return s.with(func(h *house) error {
		token, err := h.auth.Issue(s.ctx, operator, c.ID)
		if err != nil {
			return err
		}
		return s.showToken(c.ID, token)
	})
}

func (s *session) showToken(id, token string) error {
	return s.out.data(map[string]string{"user": id, "token": token}, func() {
		s.out.print("%s", token)
		s.out.say("Jeton personnel de %s, affiché une seule fois. À garder comme une signature :", id)
		s.out.say("  export MASP_TOKEN=…   ou   MASP_TOKEN_FILE=fichier lisible par lui seul")
	})
}

type userList struct{}

func (c *userList) Run(s *session) error {
	return s.with(func(h *house) error {
		users, err := h.auth.List(s.ctx)
		if err != nil {
			return err
		}
		var rows [][]string
		list := make([]map[string]any, 0, len(users))
		for _, u := range users {
			rows = append(rows, []string{u.ID, u.Name, frenchRoles(u.Roles)})
			list = append(list, map[string]any{"user": u.ID, "name": u.Name, "roles": u.Roles})
		}
		return s.out.data(list, func() { s.out.table([]string{"Identifiant", "Nom", "Rôles"}, rows) })
	})
}

func frenchRoles(roles []auth.Role) string {
	words := make([]string, len(roles))
	for i, r := range roles {
		words[i] = r.French()
	}
	return strings.Join(words, ", ")
}
