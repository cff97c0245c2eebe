package v1_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

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

func TestMain(m *testing.M) { dbtest.Main(m) }

// desk is the invented organisation of load.Example behind the whole service, at nine in the morning
// of 5 November 2026. Every answer that it gives is judged by the contract.
//
//	c.martin    coordinator of M-0001 (Département 34)
//	c.nadir     coordinator of M-0002 and M-0003 (Département 26)
//	v.olivier, v.royer approvers · k.perrin, k.sauvage accountants · i.texier admin · robot machine
//	e.quentin   auditor of the Département 34 · e.texel of the 26
type desk struct {
	t      testing.TB
	db     *dbtest.DB
	house  *v1.House
	server *api.Server
	tokens map[string]string
	keys   atomic.Int64
}

var furnished struct {
	dbtest.Model
	tokens map[string]string
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	db := dbtest.New(t, dbtest.Like(&furnished.Model, func(db *dbtest.DB) { furnished.tokens = furnish(t, db) }))
	d := deskOn(t, db)
	d.at("2026-11-05", 9)
	return d
}

var judged = sync.OnceValues(func() (*contract.Contract, error) { return contract.Read(api.ContractText) })

func deskOn(t testing.TB, db *dbtest.DB) *desk {
	t.Helper()
	books := ledger.New(db.App)
	pay := &payments.Service{DB: db.App, Ledger: books}
	bank := &imports.Service{DB: db.App, Ledger: books, Payments: pay}
	key, err := auth.NewKey([]byte("an invented key of an invented house"))
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, db: db, tokens: furnished.tokens, house: &v1.House{
		DB: db.App, Ledger: books, Auth: &auth.Service{DB: db.App, Key: key},
		Mandates: &mandates.Service{DB: db.App, Ledger: books}, Payments: pay, Worklist: &worklist.Service{DB: db.App},
		Imports: bank, Reconcile: &reconcile.Service{DB: db.App, Ledger: books, Imports: bank}, Reach: &auth.Service{DB: db.App},
	}}
	of, err := judged()
	if err != nil {
		t.Fatal(err)
	}
	operations, err := d.house.Operations(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	d.server, err = api.New(api.Service{
		Ready:    func(context.Context) []api.Check { return nil },
		Metrics:  func(context.Context) ([]api.Metric, error) { return nil, nil },
		Kind:     func(err error) string { return err.Error() }, // a test may see all
		Log:      slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
		Contract: of, Operations: operations, DB: db.App, Auth: d.house.Auth,
		Explain: v1.Explain, Plain: true,
		Restricted: func(ctx context.Context, who auth.Principal, read func(context.Context) error) error {
			return auth.Restricted(ctx, db.App, who, func(ctx context.Context, _ pgx.Tx) error { return read(ctx) })
		},
		NoteRead: d.house.Auth.NoteRead,
		Limits:   api.Limits{PerSender: 1_000_000, Burst: 1_000_000, AtOnce: 1000},
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// furnish loads the organisation; two accountants sign its creditors. It answers the tokens.
func furnish(t testing.TB, db *dbtest.DB) (tokens map[string]string) {
	t.Helper()
	ctx := t.Context()
	db.SetClock(t, moment("2026-11-01", 8))
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

func moment(day string, hour int) time.Time {
	d := civil.MustParse(day)
	return time.Date(d.Year(), d.Month_(), d.Day(), hour, 0, 0, 0, civil.Paris)
}

// at moves the clock of the database.
func (d *desk) at(day string, hour int) { d.db.SetClock(d.t, moment(day, hour)) }

// reply is an answer of the service.
type reply struct {
	t      testing.TB
	Status int
	Header http.Header
	Body   []byte
}

// header is one more header of a request.
type header struct{ name, value string }

// ask sends a request in the name of a user (his token), or of nobody. The body is JSON text. A
// POST has a key of its own unless a header says otherwise.
func (d *desk) ask(user, method, path, body string, more ...header) reply {
	d.t.Helper()
	r := httptest.NewRequestWithContext(d.t.Context(), method, path, strings.NewReader(body))
	if user != "" {
		r.Header.Set("Authorization", "Bearer "+d.tokens[user])
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if method == http.MethodPost {
		r.Header.Set("Idempotency-Key", "key-"+time.Now().Format(time.RFC3339Nano)+"-"+string(rune('a'+d.keys.Add(1)%26)))
	}
	for _, h := range more {
		if h.value == "" {
			r.Header.Del(h.name)
			continue
		}
		r.Header.Set(h.name, h.value)
	}
	return d.send(r)
}

// send gives a request to the service and judges the answer by the contract.
func (d *desk) send(r *http.Request) reply {
	d.t.Helper()
	w := httptest.NewRecorder()
	d.server.ServeHTTP(w, r)
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		d.t.Fatal(err)
	}
	got := reply{d.t, w.Code, w.Result().Header, body}
	d.judge(r, got)
	return got
}

// judge finds the operation of a request and judges its answer.
func (d *desk) judge(r *http.Request, got reply) {
	d.t.Helper()
	of, _ := judged()
	for _, op := range of.Operations {
		if op.Method == r.Method && matches(op.Path, r.URL.Path) {
			if err := op.CheckAnswer(got.Status, got.Header.Get("Content-Type"), got.Body); err != nil {
				d.t.Errorf("%s %s: %v\n%s", r.Method, r.URL.Path, err, got.Body)
			}
			return
		}
	}
}

func matches(template, path string) bool {
	a, b := strings.Split(template, "/"), strings.Split(path, "/")
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] && !strings.HasPrefix(a[i], "{") {
			return false
		}
	}
	return true
}

// wants fails when the status is another one.
func (r reply) wants(status int) reply {
	r.t.Helper()
	if r.Status != status {
		r.t.Fatalf("got %d, want %d\n%s", r.Status, status, r.Body)
	}
	return r
}

// code fails when the problem is another one.
func (r reply) code(status int, code string) reply {
	r.t.Helper()
	r.wants(status)
	if got := r.text("code"); got != code {
		r.t.Errorf("got code %q, want %q\n%s", got, code, r.Body)
	}
	return r
}

// get is the value at a path of keys and indexes: "data", 0, "mandate".
func (r reply) get(path ...any) any {
	r.t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(r.Body))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		r.t.Fatalf("%v\n%s", err, r.Body)
	}
	for _, step := range path {
		switch key := step.(type) {
		case string:
			object, _ := value.(map[string]any)
			value = object[key]
		case int:
			list, _ := value.([]any)
			if key >= len(list) {
				return nil
			}
			value = list[key]
		}
	}
	return value
}

// text is a text at a path, empty when there is none.
func (r reply) text(path ...any) string {
	r.t.Helper()
	s, _ := r.get(path...).(string)
	return s
}

// length is how many rows a list has.
func (r reply) length(path ...any) int {
	r.t.Helper()
	list, _ := r.get(path...).([]any)
	return len(list)
}
