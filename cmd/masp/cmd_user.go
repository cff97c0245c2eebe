package main

import (
	"strings"

	"masp/api/auth"
)

type userCommand struct {
	Add     userAdd     `cmd:"" help:"Ajoute une personne et affiche son jeton, une seule fois (en production : par un administrateur)."`
	Token   userToken   `cmd:"" help:"Donne un jeton, affiché une seule fois : le premier, puis à soi-même ou par un administrateur."`
	Revoke  userRevoke  `cmd:"" help:"Révoque les jetons d'une personne ; les siens : tous sauf celui qui agit."`
	Disable userDisable `cmd:"" help:"Désactive une personne pour toujours ; ses actes passés restent."`
	List    userList    `cmd:"" help:"Les utilisateurs et leurs rôles."`
}

type userAdd struct {
	ID   string      `arg:"" help:"Identifiant, pour toujours (a.morel)."`
	Name string      `required:"" help:"Nom de la personne." placeholder:"NOM"`
	Role []auth.Role `required:"" help:"Rôles : coordinator, approver, accountant, auditor, admin, machine (répétable)." placeholder:"RÔLE"`
}

func (c *userAdd) Run(s *session) error {
	return s.withAnyone(func(h *house, by auth.Principal) error {
		token, err := h.auth.Add(s.ctx, by, auth.User{ID: c.ID, Name: c.Name, Roles: c.Role})
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
	return s.withAnyone(func(h *house, by auth.Principal) error {
		token, err := h.auth.Issue(s.ctx, by, c.ID)
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

type userRevoke struct {
	ID string `arg:"" help:"Identifiant."`
}

func (c *userRevoke) Run(s *session) error {
	return s.withAnyone(func(h *house, by auth.Principal) error {
		revoked, err := h.auth.Revoke(s.ctx, by, c.ID)
		if err != nil {
			return err
		}
		return s.out.data(map[string]any{"user": c.ID, "revoked": revoked}, func() {
			s.out.print("%s : %s.", c.ID, plural(revoked, "jeton révoqué", "jetons révoqués"))
			if by.ID == c.ID {
				s.out.say("Le jeton qui vient d'agir vaut toujours. Pour en changer aussi : masp user token %s", c.ID)
			}
		})
	})
}

type userDisable struct {
	ID string `arg:"" help:"Identifiant."`
}

func (c *userDisable) Run(s *session) error {
	return s.withAnyone(func(h *house, by auth.Principal) error {
		if err := h.auth.Disable(s.ctx, by, c.ID); err != nil {
			return err
		}
		return s.out.data(map[string]any{"user": c.ID, "disabled": true}, func() {
			s.out.print("%s est désactivé : ses jetons ne prouvent plus rien, ses actes restent.", c.ID)
		})
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
			roles := frenchRoles(u.Roles)
			if u.Disabled {
				roles += " (désactivé)"
			}
			rows = append(rows, []string{u.ID, u.Name, roles})
			list = append(list, map[string]any{"user": u.ID, "name": u.Name, "roles": u.Roles, "disabled": u.Disabled})
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
