package payments_test

import (
	"testing"

	"masp/api/auth"
	"masp/api/auth/oidc"
	"masp/migrations/dbtest"
)

// fillWaysIn lets a person enter by a card, and a user by a provider of identities.
func fillWaysIn(t *testing.T, db *dbtest.DB, who auth.Principal) {
	t.Helper()
	users := &auth.Service{DB: db.App}
	card, err := users.PrintCard(t.Context(), who, "M-0001")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := users.Enter(t.Context(), card.Code, "192.0.2.1"); err != nil {
		t.Fatal(err)
	}
	if _, err := users.Add(t.Context(), auth.Principal{}, auth.User{ID: "n.neuf", Name: "Nadia Neuf", Roles: []auth.Role{auth.Approver}}); err != nil {
		t.Fatal(err)
	}
	token, err := users.Add(t.Context(), auth.Principal{}, auth.User{ID: "root.one", Name: "Rémi Un", Roles: []auth.Role{auth.Admin}})
	if err != nil {
		t.Fatal(err)
	}
	admin, err := users.Authenticate(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	identity := oidc.Identity{Issuer: "https://identite.example", Subject: "4711"}
	if err := (&oidc.Provider{DB: db.App}).Link(t.Context(), admin, "n.neuf", identity); err != nil {
		t.Fatal(err)
	}
}
