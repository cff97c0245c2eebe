package payments_test

import (
	"testing"
	"time"

	"masp/api/auth"
	"masp/api/auth/oidc"
	"masp/migrations/dbtest"
	"masp/payments"
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
	enterByPassword(t, db, admin)
	if err := (&payments.Service{DB: db.App}).MarkRestored(t.Context(), admin, clock(t, db).Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
}

// enterByPassword lets a user choose his password and his second factor.
func enterByPassword(t *testing.T, db *dbtest.DB, admin auth.Principal) {
	t.Helper()
	key, err := auth.NewKey([]byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	users := &auth.Service{DB: db.App, Key: key}
	link, err := users.Invite(t.Context(), admin, auth.User{ID: "p.passe", Name: "Paule Passe", Roles: []auth.Role{auth.Accountant}})
	if err != nil {
		t.Fatal(err)
	}
	offer, err := users.Setup(t.Context(), link)
	if err != nil {
		t.Fatal(err)
	}
	ask := auth.SetupAsk{Link: link, Password: "une phrase assez longue", Code: auth.CodeAt(offer.Secret, clock(t, db))}
	if _, _, err := users.Complete(t.Context(), ask); err != nil {
		t.Fatal(err)
	}
}

func clock(t *testing.T, db *dbtest.DB) (now time.Time) {
	t.Helper()
	if err := db.App.QueryRow(t.Context(), `SELECT masp.now()`).Scan(&now); err != nil {
		t.Fatal(err)
	}
	return now
}
