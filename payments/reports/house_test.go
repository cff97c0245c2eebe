package reports_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/civil"
	"masp/migrations/dbtest"
	"masp/payments"
	"masp/payments/mandates"
	"masp/payments/mandates/load"
	"masp/payments/reports"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// house is an invented association.
type house struct {
	*reports.Service
	t    testing.TB
	db   *dbtest.DB
	anne auth.Principal // coordinator
}

// newHouse is an association without files, on a day.
func newHouse(t testing.TB, day string) *house {
	t.Helper()
	db := dbtest.New(t)
	h := &house{Service: &reports.Service{DB: db.App}, t: t, db: db}
	h.on(day)
	h.owner(`INSERT INTO masp.organisations (name, siren, opened_on, created_at) VALUES ('Association des Peupliers', '999999999', '2015-01-01', masp.now())`)
	h.owner(`INSERT INTO masp.bank_accounts VALUES ('BK-1', 'FR7699999001010000000200181', NULL, 'Les Peupliers', 'ASSOCIATION_CLIENT_FUNDS', 'POOLED')`)
	h.anne = h.user("anne", auth.Coordinator)
	return h
}

func (h *house) on(day string) {
	h.t.Helper()
	d := civil.MustParse(day)
	h.db.SetClock(h.t, time.Date(d.Year(), d.Month_(), d.Day(), 9, 0, 0, 0, civil.Paris))
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) user(id string, roles ...auth.Role) auth.Principal {
	h.t.Helper()
	users := &auth.Service{DB: h.db.App}
	token, err := users.Add(h.t.Context(), auth.Principal{}, auth.User{ID: id, Name: id, Roles: roles, Until: civil.MustParse("2099-12-31")})
	h.must(err)
	who, err := users.Authenticate(h.t.Context(), token)
	h.must(err)
	return who
}

// owner changes rows as their owner, with an act.
func (h *house) owner(sql string, args ...any) {
	h.t.Helper()
	h.must(pgx.BeginFunc(h.t.Context(), h.db.Owner, func(tx pgx.Tx) error {
		if _, err := tx.Exec(h.t.Context(), sql, args...); err != nil {
			return err
		}
		_, err := audit.Record(h.t.Context(), tx, audit.Act{Actor: "test", Action: "test.write", ObjectType: "test", ObjectID: "1"})
		return err
	}))
}

// plant changes what nobody may, as superuser and with no trigger.
func (h *house) plant(sql string) {
	h.t.Helper()
	err := pgx.BeginFunc(h.t.Context(), h.db.Super, func(tx pgx.Tx) error {
		done, err := tx.Exec(h.t.Context(), `SET LOCAL session_replication_role = replica`)
		if err == nil {
			done, err = tx.Exec(h.t.Context(), sql)
		}
		if err == nil && done.RowsAffected() == 0 {
			err = errors.New("nothing was planted: " + sql)
		}
		return err
	})
	h.must(err)
}

// measure adds a measure from a day; ended and reason are its end, if it has one.
func (h *house) measure(id, department, level, start, ended, reason, born string) {
	h.t.Helper()
	h.owner(`INSERT INTO masp.beneficiaries (beneficiary_id, last_name, first_name, born_on, department)
		VALUES ('B-' || $1::text, 'Inventé', 'Camille', $2, $3)`, id, civil.MustParse(born), department)
	var bank any
	if level == "MASP2" {
		bank = "BK-1"
	}
	status, end, why := "ACTIVE", any(nil), any(nil)
	if ended != "" {
		status, end, why = "CLOSED", civil.MustParse(ended), reason
	}
	from := civil.MustParse(start)
	h.owner(`INSERT INTO masp.mandates (mandate_id, beneficiary_id, level, department, status, threat_ground, contract_start,
			contract_end, signed_by_person_on, signed_by_department_on, commitments, bank_account_id, coordinator, ended_on, end_reason)
		VALUES ($1, 'B-' || $1, $2, $3, $4, 'BOTH', $5, $6, $5, $5, '{PERSON: venir,OPERATOR: payer le loyer}', $7, 'anne', $8, $9)`,
		id, level, department, status, from, from.AddMonths(12).AddDays(-1), bank, end, why)
}

func (h *house) report(name reports.Name, from, to string) reports.Report {
	h.t.Helper()
	r, err := h.Make(h.t.Context(), name, reports.Ask{From: civil.MustParse(from), To: civil.MustParse(to)})
	h.must(err)
	return r
}

// figure fails when a figure is another one.
func (h *house) figure(r reports.Report, code, want string) {
	h.t.Helper()
	if got := value(r, code); got != want {
		h.t.Errorf("%s: %s is %q, want %q", r.Name, code, got, want)
	}
}

// value is what a report says under a code.
func value(r reports.Report, code string) string {
	for _, f := range r.Figures {
		if f.Code == code {
			return f.Value.String()
		}
	}
	return "no such figure"
}

var paid dbtest.Model

// paidHouse is the association of the stories, one of whose runs was approved: M-0001 to M-0003.
func paidHouse(t testing.TB) *house {
	t.Helper()
	db := dbtest.New(t, dbtest.Like(&paid, func(db *dbtest.DB) {
		h := &house{t: t, db: db}
		h.on("2026-11-02")
		raw, err := os.ReadFile(filepath.Join("..", "..", "cmd", "masp", "testdata", "association.json"))
		h.must(err)
		books := ledger.New(db.App)
		loaded, err := (&load.Service{DB: db.App, Ledger: books}).Load(t.Context(), auth.Principal{}, raw)
		h.must(err)
		var people []auth.Principal
		for _, token := range loaded.Tokens[:2] {
			who, err := (&auth.Service{DB: db.App}).Authenticate(t.Context(), token.Token)
			h.must(err)
			_, err = (&mandates.Service{DB: db.App, Ledger: books}).SignLoad(t.Context(), who, loaded.SHA256)
			h.must(err)
			people = append(people, who)
		}
		for i := 1; i <= 3; i++ { // money for everybody
			var bank string
			h.must(db.Owner.QueryRow(t.Context(), `SELECT bank_account_id FROM masp.mandates WHERE mandate_id = $1`, fmt.Sprintf("M-%04d", i)).Scan(&bank))
			h.credit(books, fmt.Sprintf("M-%04d", i), bank)
		}
		h.on("2026-11-09")
		pay := &payments.Service{DB: db.App, Ledger: books}
		run, err := pay.Propose(t.Context(), people[0], payments.Ask{All: true})
		h.must(err)
		run, err = pay.Submit(t.Context(), people[0], run.ID)
		h.must(err)
		_, err = pay.Approve(t.Context(), people[1], run.ID, run.ContentHash)
		h.must(err)
	}))
	return &house{Service: &reports.Service{DB: db.App}, t: t, db: db}
}
