package main

import (
	"slices"
	"strings"

	"masp/api/auth"
	"masp/ledger/civil"
)

type userCommand struct {
	Add     userAdd     `cmd:"" help:"Ajoute une personne et affiche le lien de sa première entrée, une seule fois (en production : par un administrateur)."`
	Reset   userReset   `cmd:"" help:"Donne un nouveau lien d'entrée : mot de passe, second facteur, sessions et jetons d'avant finissent."`
	Roles   userRoles   `cmd:"" help:"Change les rôles et le dernier jour d'une personne (administrateur) ; ses sessions finissent."`
	Token   userToken   `cmd:"" help:"Donne un jeton, affiché une seule fois : le premier, puis à soi-même ; par un administrateur, à un programme et, avant la production, à une personne."`
	Revoke  userRevoke  `cmd:"" help:"Révoque les jetons d'une personne ; les siens : tous sauf celui qui agit."`
	Link    userLink    `cmd:"" help:"Lie une personne à son identité chez le fournisseur d'identité (administrateur)."`
	Unlink  userUnlink  `cmd:"" help:"Délie une personne de son identité chez le fournisseur."`
	Disable userDisable `cmd:"" help:"Désactive une personne pour toujours ; ses actes passés restent."`
	Rekey   userRekey   `cmd:"" help:"Chiffre de nouveau les seconds facteurs avec la clé d'aujourd'hui (MASP_SECRET_FILE), lus avec celle d'avant (MASP_OLD_SECRET_FILE) ; par un administrateur."`
	List    userList    `cmd:"" help:"Les utilisateurs et leurs rôles."`
}

type userAdd struct {
	ID    string      `arg:"" help:"Identifiant, pour toujours (a.morel)."`
	Name  string      `required:"" help:"Nom de la personne." placeholder:"NOM"`
	Role  []auth.Role `required:"" help:"Rôles : coordinator, approver, accountant, auditor, admin, machine (répétable)." placeholder:"RÔLE"`
	Until string      `help:"Dernier jour (2027-03-31) ; un contrôle en a toujours un." placeholder:"JOUR"`
	Email string      `help:"Adresse de courriel, d'une seule personne." placeholder:"ADRESSE"`
	Token bool        `help:"Affiche aussi un jeton personnel, pour la ligne de commande. Un programme n'a que lui."`
}

func (c *userAdd) Run(s *session) error {
	until, err := lastDay(c.Until)
	if err != nil {
		return err
	}
	user := auth.User{ID: c.ID, Name: c.Name, Roles: c.Role, Email: strings.ToLower(c.Email), Until: until}
	return s.withAnyone(func(h *house, by auth.Principal) error {
		if slices.Contains(c.Role, auth.Machine) {
			token, err := h.auth.Add(s.ctx, by, user)
			if err != nil {
				return err
			}
			return s.showWayIn(c.ID, "", token)
		}
		link, err := h.auth.Invite(s.ctx, by, user)
		if err != nil || !c.Token {
			return s.showWayInOr(err, c.ID, link)
		}
		token, err := h.auth.Issue(s.ctx, by, c.ID)
		if err != nil {
			return err
		}
		return s.showWayIn(c.ID, link, token)
	})
}

// lastDay reads a day that may be left out.
func lastDay(text string) (civil.Date, error) {
	if text == "" {
		return civil.Date{}, nil
	}
	day, err := civil.Parse(text)
	if err != nil {
		return civil.Date{}, &auth.InvalidError{
			Field: "until", Value: text, French: "Un jour s'écrit année-mois-jour : 2027-03-31.",
		}
	}
	return day, nil
}

type userReset struct {
	ID string `arg:"" help:"Identifiant."`
}

func (c *userReset) Run(s *session) error {
	return s.withAnyone(func(h *house, by auth.Principal) error {
		link, err := h.auth.Reset(s.ctx, by, c.ID)
		return s.showWayInOr(err, c.ID, link)
	})
}

func (s *session) showWayInOr(err error, id, link string) error {
	if err != nil {
		return err
	}
	return s.showWayIn(id, link, "")
}

// showWayIn prints a token or else a link for a program to read; words go to the person.
func (s *session) showWayIn(id, secret, token string) error {
	shown := map[string]string{"user": id}
	if secret != "" {
		secret = strings.TrimSuffix(s.settings.BaseURL, "/") + "/entrer/" + secret
		shown["setup_link"] = secret
	}
	if token == "" {
		return s.out.data(shown, func() {
			s.out.print("%s", secret)
			s.out.say("Lien de première entrée de %s, affiché une seule fois, valable 72 heures, pour un seul usage.", id)
			if s.settings.BaseURL == "" {
				s.out.say("Ajoutez devant l'adresse de votre service, ou donnez-la par MASP_BASE_URL.")
			}
		})
	}
	shown["token"] = token
	return s.out.data(shown, func() {
		s.out.print("%s", token)
		s.out.say("Jeton personnel de %s, affiché une seule fois. À garder comme une signature :", id)
		s.out.say("  export MASP_TOKEN=…   ou   MASP_TOKEN_FILE=fichier lisible par lui seul")
		if secret != "" {
			s.out.say("Lien de première entrée, 72 heures, un seul usage : %s", secret)
		}
	})
}

type userRoles struct {
	ID    string      `arg:"" help:"Identifiant."`
	Role  []auth.Role `required:"" help:"Tous ses rôles désormais (répétable)." placeholder:"RÔLE"`
	Until string      `help:"Dernier jour (2027-03-31) ; sans lui : sans fin." placeholder:"JOUR"`
}

func (c *userRoles) Run(s *session) error {
	until, err := lastDay(c.Until)
	if err != nil {
		return err
	}
	return s.withAnyone(func(h *house, by auth.Principal) error {
		if err := h.auth.SetRoles(s.ctx, by, c.ID, c.Role, until); err != nil {
			return err
		}
		return s.out.data(map[string]any{"user": c.ID, "roles": c.Role, "until": until}, func() {
			s.out.print("%s : %s. Ses sessions sont finies.", c.ID, frenchRoles(c.Role))
		})
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
		return s.showWayIn(c.ID, "", token)
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
			s.out.print("%s : %s.", c.ID, plural(revoked, "secret révoqué (jeton, session ou lien)", "secrets révoqués (jetons, sessions, liens)"))
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

type userRekey struct{}

func (c *userRekey) Run(s *session) error {
	key, err := s.settings.key()
	if err != nil {
		return err
	}
	return s.withAnyone(func(h *house, by auth.Principal) error {
		resealed, err := (&auth.Service{DB: h.db, Key: key}).Rekey(s.ctx, by)
		if err != nil {
			return err
		}
		return s.out.data(map[string]int{"resealed": resealed}, func() {
			s.out.print("%s avec la clé d'aujourd'hui.", plural(resealed, "second facteur chiffré de nouveau", "seconds facteurs chiffrés de nouveau"))
			s.out.say("Aucun ne demande plus la clé d'avant : retirez MASP_OLD_SECRET_FILE. Gardez-la ailleurs, aussi longtemps que la plus ancienne sauvegarde.")
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
			if !u.Until.IsZero() {
				roles += ", jusqu'au " + u.Until.FrenchShort()
			}
			rows = append(rows, []string{u.ID, u.Name, roles})
			list = append(list, map[string]any{
				"user": u.ID, "name": u.Name, "roles": u.Roles, "until": u.Until, "disabled": u.Disabled,
			})
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
