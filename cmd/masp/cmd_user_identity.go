package main

import (
	"masp/api/auth"
	"masp/api/auth/oidc"
)

type userLink struct {
	ID      string `arg:"" help:"Identifiant."`
	Issuer  string `help:"Fournisseur d'identité ; par défaut celui de MASP_OIDC_ISSUER." placeholder:"URL"`
	Subject string `required:"" help:"Référence de la personne chez le fournisseur (elle la lit à sa première entrée)." placeholder:"RÉFÉRENCE"`
}

func (c *userLink) Run(s *session) error {
	return s.withAnyone(func(h *house, by auth.Principal) error {
		p, err := s.provider(h)
		if err != nil {
			return err
		}
		if err := p.Link(s.ctx, by, c.ID, oidc.Identity{Issuer: c.Issuer, Subject: c.Subject}); err != nil {
			return err
		}
		return s.out.data(map[string]string{"user": c.ID, "subject": c.Subject}, func() {
			s.out.print("%s entre désormais par son fournisseur d'identité.", c.ID)
		})
	})
}

type userUnlink struct {
	ID     string `arg:"" help:"Identifiant."`
	Issuer string `help:"Fournisseur d'identité ; par défaut celui de MASP_OIDC_ISSUER." placeholder:"URL"`
}

func (c *userUnlink) Run(s *session) error {
	return s.withAnyone(func(h *house, by auth.Principal) error {
		p, err := s.provider(h)
		if err != nil {
			return err
		}
		if err := p.Unlink(s.ctx, by, c.ID, c.Issuer); err != nil {
			return err
		}
		return s.out.data(map[string]string{"user": c.ID}, func() {
			s.out.print("%s n'entre plus par ce fournisseur d'identité.", c.ID)
			s.out.say("Ses sessions ouvertes restent : masp user revoke %s les finit.", c.ID)
		})
	})
}
