package mandates_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"masp/api/auth"
	"masp/ledger"
	"masp/migrations/dbtest"
	"masp/payments/mandates"
	"masp/payments/mandates/load"
	"masp/payments/sepa"
)

// openHouse is an empty organisation's database on the morning of 9 November 2026.
func openHouse(t testing.TB) (*mandates.Service, *dbtest.DB) {
	t.Helper()
	return houseOn(t, dbtest.New(t), 8)
}

func houseOn(t testing.TB, db *dbtest.DB, hour int) (*mandates.Service, *dbtest.DB) {
	t.Helper()
	db.SetClock(t, time.Date(2026, 11, 9, hour, 0, 0, 0, time.UTC))
	return &mandates.Service{DB: db.App, Ledger: ledger.New(db.App)}, db
}

// example is the loaded house that the others are copied from, an hour younger.
var example struct {
	dbtest.Model
	result load.Result
	people map[string]auth.Principal
}

// turns are those of the tests on the invented association.
var turns = dbtest.Turns{OneIn: 2, Doors: []string{"loaded"}}

// loaded is a house with the invented association of the README in it, opened on 1 November
// 2026, and its users by their references.
func loaded(t testing.TB) (*mandates.Service, *dbtest.DB, load.Result, map[string]auth.Principal) {
	t.Helper()
	turns.Take(t)
	s, db := houseOn(t, dbtest.New(t, dbtest.Like(&example.Model, func(db *dbtest.DB) { loadExample(t, db) })), 8)
	return s, db, example.result, example.people
}

func loadExample(t testing.TB, db *dbtest.DB) {
	t.Helper()
	s, _ := houseOn(t, db, 7)
	raw, err := os.ReadFile(filepath.Join("..", "..", "cmd", "masp", "testdata", "association.json"))
	if err != nil {
		t.Fatal(err)
	}
	example.result, err = (&load.Service{DB: s.DB, Ledger: s.Ledger}).Load(t.Context(), auth.Principal{}, raw)
	if err != nil {
		t.Fatal(french(err))
	}
	example.people = principals(t, db, example.result)
}

// principals are the users that a load has made, by their references.
func principals(t testing.TB, db *dbtest.DB, result load.Result) map[string]auth.Principal {
	t.Helper()
	people := map[string]auth.Principal{}
	for _, token := range result.Tokens {
		who, err := (&auth.Service{DB: db.App}).Authenticate(t.Context(), token.Token)
		if err != nil {
			t.Fatal(err)
		}
		people[token.User] = who
	}
	return people
}

// french is what a person would read of an error.
func french(err error) string {
	var own interface {
		error
		French() string
	}
	if errors.As(err, &own) {
		return own.French()
	}
	return err.Error()
}

func count(t testing.TB, db *dbtest.DB, table string) int {
	t.Helper()
	var n int
	if err := db.Super.QueryRow(t.Context(), "SELECT count(*) FROM masp."+table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func frenchIBAN(t testing.TB, branch string, account int) string {
	t.Helper()
	iban, err := sepa.MakeFrenchIBAN("99999", branch, fmt.Sprintf("%011d", account))
	if err != nil {
		t.Fatal(err)
	}
	return iban.String()
}
