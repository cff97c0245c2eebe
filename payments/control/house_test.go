package control_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"masp/api/auth"
	"masp/imports"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/migrations/dbtest"
	"masp/payments"
	"masp/payments/control"
	"masp/payments/mandates"
	"masp/payments/mandates/load"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// house is the invented association after a month of one person: a benefit came, two transfers left, the
// bank executed both and gave one back.
type house struct {
	*control.Service
	t  testing.TB
	db *dbtest.DB
}

var month dbtest.Model

func newHouse(t testing.TB) *house {
	t.Helper()
	db := dbtest.New(t, dbtest.Like(&month, func(db *dbtest.DB) { play(t, db) }))
	return &house{Service: &control.Service{DB: db.App}, t: t, db: db}
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// one asks the database as its superuser.
func one[T any](h *house, sql string, args ...any) (v T) {
	h.t.Helper()
	h.must(h.db.Super.QueryRow(h.t.Context(), sql, args...).Scan(&v))
	return v
}

// plant changes what nobody may, with no trigger.
func (h *house) plant(sql string) {
	h.t.Helper()
	_, err := h.db.Super.Exec(h.t.Context(), `SET session_replication_role = replica; `+sql+`; RESET session_replication_role`)
	h.must(err)
}

// play plays the story of cmd/masp/testdata/month.txtar through the services.
func play(t testing.TB, db *dbtest.DB) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	folder := filepath.Join("..", "..", "cmd", "masp", "testdata")
	raw, err := os.ReadFile(filepath.Join(folder, "association.json"))
	must(err)
	story, err := txtar.ParseFile(filepath.Join(folder, "month.txtar"))
	must(err)
	on := func(day string, hour int) {
		d := civil.MustParse(day)
		db.SetClock(t, time.Date(d.Year(), d.Month_(), d.Day(), hour, 0, 0, 0, civil.Paris))
	}
	books := ledger.New(db.App)
	pay := &payments.Service{DB: db.App, Ledger: books}
	bank := &imports.Service{DB: db.App, Ledger: books, Payments: pay}
	file := func(name string) {
		for _, f := range story.Files {
			if f.Name == name {
				out, err := bank.Import(t.Context(), "a.morel", name, bytes.NewReader(f.Data))
				must(err)
				if len(out.Statements) != 1 {
					t.Fatalf("%s: got %+v", name, out)
				}
			}
		}
	}
	on("2026-11-02", 8)
	loaded, err := (&load.Service{DB: db.App, Ledger: books}).Load(t.Context(), auth.Principal{}, raw)
	must(err)
	people := map[string]auth.Principal{}
	for _, token := range loaded.Tokens {
		people[token.User], err = (&auth.Service{DB: db.App}).Authenticate(t.Context(), token.Token)
		must(err)
	}
	anne, bruno := people["a.morel"], people["b.simon"]
	for _, who := range []auth.Principal{anne, bruno} {
		_, err := (&mandates.Service{DB: db.App, Ledger: books}).SignLoad(t.Context(), who, loaded.SHA256)
		must(err)
	}
	on("2026-11-05", 20)
	file("day1.xml")
	on("2026-11-09", 9)
	run, err := pay.Propose(t.Context(), anne, payments.Ask{Mandates: []string{"M-0001"}})
	must(err)
	run, err = pay.Submit(t.Context(), anne, run.ID)
	must(err)
	_, err = pay.Approve(t.Context(), bruno, run.ID, run.ContentHash)
	must(err)
	_, err = pay.File(t.Context(), bruno, run.ID)
	must(err)
	must(pay.HandOver(t.Context(), bruno, run.ID))
	on("2026-11-10", 20)
	file("day2.xml")
	on("2026-11-12", 20)
	file("day3.xml")
}
