package v1test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"masp/api"
	"masp/api/auth"
	"masp/api/contract"
	v1 "masp/api/v1"
	"masp/imports"
	"masp/imports/reconcile"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/migrations/dbtest"
	"masp/payments"
	"masp/payments/mandates"
	"masp/payments/mandates/load"
	"masp/payments/worklist"
)

// Office is the invented organisation behind the whole service, at nine in the morning of 5 November 2026.
//
//	c.martin    coordinator of M-0001 (Département 34)
//	c.nadir     coordinator of M-0002 and M-0003 (Département 26)
//	v.olivier, v.royer approvers · k.perrin, k.sauvage accountants · i.texier admin · robot machine
//	e.quentin   auditor of the Département 34 · e.texel of the 26
type Office struct {
	DB     *dbtest.DB
	House  *v1.House
	Server *api.Server
	Tokens map[string]string // of each user
}

var furnished struct {
	dbtest.Model
	tokens map[string]string
}

// New opens an office of its own. Its pages are those of site; nil is none.
func New(t testing.TB, site api.Site, options ...dbtest.Option) *Office {
	t.Helper()
	like := dbtest.Like(&furnished.Model, func(db *dbtest.DB) { furnished.tokens = Furnish(t, db) })
	o := On(t, dbtest.New(t, append(options, like)...), site)
	o.Tokens = furnished.tokens
	o.At(t, "2026-11-05", 9)
	return o
}

// Contract is the contract, read once.
var Contract = sync.OnceValues(func() (*contract.Contract, error) { return contract.Read(api.ContractText) })

// On opens an office on a database that is furnished already.
func On(t testing.TB, db *dbtest.DB, site api.Site) *Office {
	t.Helper()
	books := ledger.New(db.App)
	pay := &payments.Service{DB: db.App, Ledger: books}
	bank := &imports.Service{DB: db.App, Ledger: books, Payments: pay}
	key, err := auth.NewKey([]byte("an invented key of an invented house"))
	if err != nil {
		t.Fatal(err)
	}
	o := &Office{DB: db, House: &v1.House{
		DB: db.App, Ledger: books, Auth: &auth.Service{DB: db.App, Key: key},
		Mandates: &mandates.Service{DB: db.App, Ledger: books}, Payments: pay, Worklist: &worklist.Service{DB: db.App},
		Imports: bank, Reconcile: &reconcile.Service{DB: db.App, Ledger: books, Imports: bank}, Reach: &auth.Service{DB: db.App},
	}}
	of, err := Contract()
	if err != nil {
		t.Fatal(err)
	}
	operations, err := o.House.Operations(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	o.Server, err = api.New(api.Service{
		Ready:    func(context.Context) []api.Check { return nil },
		Metrics:  func(context.Context) ([]api.Metric, error) { return nil, nil },
		Kind:     func(err error) string { return err.Error() }, // a test may see all
		Log:      slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
		Contract: of, Operations: operations, DB: db.App, Auth: o.House.Auth, Site: site,
		Explain: v1.Explain, Plain: true, Restricted: o.House.Auth.Restricted, NoteRead: o.House.Auth.NoteRead,
		Limits: api.Limits{PerSender: 1_000_000, Burst: 1_000_000, AtOnce: 1000},
	})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// Furnish loads the organisation; two accountants sign its creditors. It answers the tokens.
func Furnish(t testing.TB, db *dbtest.DB) (tokens map[string]string) {
	t.Helper()
	ctx := t.Context()
	db.SetClock(t, Moment("2026-11-01", 8))
	books := ledger.New(db.App)
	loaded, err := (&load.Service{DB: db.App, Ledger: books}).Load(ctx, auth.Principal{}, load.Example)
	if err != nil {
		t.Fatal(err)
	}
	tokens = map[string]string{}
	for _, token := range loaded.Tokens {
		tokens[token.User] = token.Token
	}
	users := &auth.Service{DB: db.App}
	dossiers := &mandates.Service{DB: db.App, Ledger: books}
	as := func(user string) auth.Principal {
		who, err := users.Authenticate(ctx, tokens[user])
		if err != nil {
			t.Fatalf("%s: %v", user, err)
		}
		return who
	}
	for _, user := range []string{"k.perrin", "k.sauvage"} {
		if _, err := dossiers.SignLoad(ctx, as(user), loaded.SHA256); err != nil {
			t.Fatal(err)
		}
	}
	for user, mandates := range map[string][]string{"c.martin": {"M-0001"}, "c.nadir": {"M-0002", "M-0003"}} {
		if _, err := users.Assign(ctx, as("i.texier"), user, mandates, civil.Date{}, civil.Date{}); err != nil {
			t.Fatal(err)
		}
	}
	for user, department := range map[string]string{"e.quentin": "34", "e.texel": "26"} {
		mission := auth.Mission{User: user, Departments: []string{department}, From: civil.MustParse("2026-01-01")}
		if err := users.Audits(ctx, as("i.texier"), mission); err != nil {
			t.Fatal(err)
		}
	}
	return tokens
}

// Moment is an hour of a day in Paris.
func Moment(day string, hour int) time.Time {
	d := civil.MustParse(day)
	return time.Date(d.Year(), d.Month_(), d.Day(), hour, 0, 0, 0, civil.Paris)
}

// At moves the clock of the database.
func (o *Office) At(t testing.TB, day string, hour int) {
	t.Helper()
	o.DB.SetClock(t, Moment(day, hour))
}
