package main

import (
	"strings"

	"masp/api/auth"
)

type tokenCommand struct {
	Add    tokenAdd    `cmd:"" help:"Donne un jeton nommé, pour certaines actions et jusqu'à un jour ; affiché une seule fois."`
	List   tokenList   `cmd:"" help:"Les jetons d'une personne, sans leur secret."`
	Revoke tokenRevoke `cmd:"" help:"Révoque un jeton par son numéro."`
}

type tokenAdd struct {
	User  string        `arg:"" help:"Identifiant de qui l'utilise."`
	Name  string        `required:"" help:"À quoi il sert (logiciel métier)." placeholder:"NOM"`
	Scope []auth.Action `help:"Action permise, comme runs:read (répétable) ; aucune : toutes celles des rôles." placeholder:"ACTION"`
	Until string        `help:"Dernier jour, à un an au plus ; 180 jours sinon." placeholder:"JOUR"`
}

func (c *tokenAdd) Run(s *session) error {
	until, err := lastDay(c.Until)
	if err != nil {
		return err
	}
	return s.withAnyone(func(h *house, by auth.Principal) error {
		token, err := h.auth.NewToken(s.ctx, by, auth.TokenAsk{User: c.User, Name: c.Name, Scopes: c.Scope, Until: until})
		if err != nil {
			return err
		}
		return s.showWayIn(c.User, "", token)
	})
}

type tokenList struct {
	User string `arg:"" optional:"" help:"Identifiant ; sans lui : les siens."`
}

func (c *tokenList) Run(s *session) error {
	return s.withPerson(func(h *house, by auth.Principal) error {
		user := c.User
		if user == "" {
			user = by.ID
		}
		tokens, err := h.auth.Tokens(s.ctx, by, user)
		if err != nil {
			return err
		}
		var rows [][]string
		list := make([]map[string]any, 0, len(tokens))
		for _, t := range tokens {
			rows = append(rows, []string{t.Key, t.Name, frenchScopes(t.Scopes), frenchInstant(t.Since), frenchInstant(t.Until)})
			list = append(list, map[string]any{
				"key": t.Key, "name": t.Name, "scopes": t.Scopes, "since": t.Since, "until": t.Until, "mine": t.Mine,
			})
		}
		return s.out.data(list, func() {
			s.out.table([]string{"Numéro", "Nom", "Actions", "Depuis", "Jusqu'au"}, rows)
		})
	})
}

func frenchScopes(scopes []auth.Action) string {
	if scopes == nil {
		return "toutes celles des rôles"
	}
	words := make([]string, len(scopes))
	for i, a := range scopes {
		words[i] = string(a)
	}
	return strings.Join(words, " ")
}

type tokenRevoke struct {
	Key string `arg:"" help:"Numéro (masp token list)."`
}

func (c *tokenRevoke) Run(s *session) error {
	return s.withPerson(func(h *house, by auth.Principal) error {
		if err := h.auth.EndToken(s.ctx, by, c.Key); err != nil {
			return err
		}
		return s.out.data(map[string]any{"key": c.Key, "revoked": true}, func() {
			s.out.print("Jeton %s révoqué.", c.Key)
		})
	})
}
