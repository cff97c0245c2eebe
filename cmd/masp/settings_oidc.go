package main

import (
	"strings"

	"masp/api/auth/oidc"
)

// OIDCSettings are what the organisation has agreed with its provider of identities; without an
// issuer staff enter by password alone.
type OIDCSettings struct {
	Issuer           string   `env:"MASP_OIDC_ISSUER" help:"Fournisseur d'identité du personnel (OpenID Connect) : son adresse, en https." placeholder:"URL"`
	ClientID         string   `env:"MASP_OIDC_CLIENT_ID" help:"Nom de ce service chez le fournisseur d'identité." placeholder:"NOM"`
	ClientSecretFile string   `env:"MASP_OIDC_CLIENT_SECRET_FILE" help:"Fichier du secret de ce service chez le fournisseur d'identité, lisible par vous seul." placeholder:"FICHIER"`
	ACR              []string `env:"MASP_OIDC_ACR" help:"Valeurs d'acr qui valent un second facteur (eidas2, eidas3)." placeholder:"ACR"`
	ByEmail          bool     `env:"MASP_OIDC_EMAIL" help:"À la première entrée, une adresse vérifiée par le fournisseur lie la personne qui l'a ici."`
}

// provider is the way in of the staff; it is looked up at its first use.
func (s *session) provider(h *house) (*oidc.Provider, error) {
	given := s.settings.OIDC
	secret, err := secretFile(given.ClientSecretFile)
	if err != nil {
		return nil, err
	}
	return &oidc.Provider{DB: h.db, Settings: oidc.Settings{
		Issuer: given.Issuer, ClientID: given.ClientID, ClientSecret: strings.TrimSpace(string(secret)),
		BaseURL: s.settings.BaseURL, StrongACR: given.ACR, ByEmail: given.ByEmail,
	}}, nil
}
