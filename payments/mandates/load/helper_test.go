package load_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"masp/api/auth"
	"masp/ledger"
	"masp/migrations/dbtest"
	"masp/payments/mandates"
	"masp/payments/mandates/load"
)

// example is the invented association of the README, opened on 1 November 2026.
func example(t testing.TB) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "..", "cmd", "masp", "testdata", "association.json"))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// with changes one thing of the example; the thing must be there.
func with(t testing.TB, pairs ...string) string {
	t.Helper()
	text := example(t)
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("the example does not hold %s", pairs[i])
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return text
}

// openHouse is an empty organisation's database on the morning of 9 November 2026.
func openHouse(t testing.TB) (*load.Service, *dbtest.DB) {
	t.Helper()
	db := dbtest.New(t)
	db.SetClock(t, time.Date(2026, 11, 9, 8, 0, 0, 0, time.UTC))
	return &load.Service{DB: db.App, Ledger: ledger.New(db.App)}, db
}

// dossiers are the mandates of the house.
func dossiers(s *load.Service) *mandates.Service {
	return &mandates.Service{DB: s.DB, Ledger: s.Ledger}
}

// loaded is a house with the example in it, and its users by their references.
func loaded(t testing.TB) (*load.Service, *dbtest.DB, load.Result, people) {
	t.Helper()
	s, db := openHouse(t)
	result, err := s.Load(t.Context(), auth.Principal{}, []byte(example(t)))
	if err != nil {
		t.Fatal(french(err))
	}
	return s, db, result, principals(t, db, result)
}

// people are users by their references.
type people = map[string]auth.Principal

// principals are the users that a load has made, by their references.
func principals(t testing.TB, db *dbtest.DB, result load.Result) people {
	t.Helper()
	who := people{}
	for _, token := range result.Tokens {
		person, err := (&auth.Service{DB: db.App}).Authenticate(t.Context(), token.Token)
		if err != nil {
			t.Fatal(err)
		}
		who[token.User] = person
	}
	return who
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
