package papers_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/migrations/dbtest"
	"masp/payments/mandates"
	"masp/payments/papers"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// house is an invented association with one mandate, whose books begin in September 2027.
type house struct {
	*papers.Service
	t    testing.TB
	db   *dbtest.DB
	anne auth.Principal // coordinator
}

// turns are those of the tests by house.
var turns = dbtest.Turns{OneIn: 2, Doors: []string{"newHouse"}}

func newHouse(t testing.TB) *house {
	t.Helper()
	turns.Take(t)
	db := dbtest.New(t)
	books := ledger.New(db.App)
	h := &house{t: t, db: db, Service: &papers.Service{DB: db.App, Ledger: books, Mandates: &mandates.Service{DB: db.App, Ledger: books}}}
	h.on("2029-01-10")
	h.owner(`INSERT INTO masp.organisations (name, siren, opened_on, created_at)
		VALUES ('Association des Peupliers', '999999999', '2027-09-01', masp.now())`)
	h.anne = h.user("anne", auth.Coordinator)
	h.owner(`INSERT INTO masp.bank_accounts VALUES ('BK-1', 'FR7699999001010000000200181', NULL, 'Les Peupliers',
		'ASSOCIATION_CLIENT_FUNDS', 'POOLED')`)
	h.owner(`INSERT INTO masp.beneficiaries (beneficiary_id, last_name, first_name, born_on, department)
		VALUES ('B-1', 'Inventé', 'Camille', '1980-01-01', '34')`)
	h.owner(`INSERT INTO masp.mandates (mandate_id, beneficiary_id, level, department, status, threat_ground, contract_start,
			contract_end, signed_by_person_on, signed_by_department_on, commitments, bank_account_id, coordinator)
		VALUES ('M-1', 'B-1', 'MASP2', '34', 'ACTIVE', 'BOTH', '2027-09-01', '2029-08-31', '2027-09-01', '2027-09-01',
			'{PERSON: venir,OPERATOR: payer le loyer}', 'BK-1', 'anne')`)
	return h
}

// on moves the clock of the database to the morning of a day.
func (h *house) on(day string) {
	h.t.Helper()
	d := civil.MustParse(day)
	h.db.SetClock(h.t, time.Date(d.Year(), d.Time().Month(), d.Day(), 9, 0, 0, 0, civil.Paris))
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
	token, err := users.Add(h.t.Context(), auth.Principal{}, auth.User{ID: id, Name: id, Roles: roles, Until: on("2099-12-31")})
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

// money posts an amount to the mandate (or from it, below zero) on a day of the books; the bank has
// booked it the day before.
func (h *house) money(day civil.Date, cents int64) {
	h.t.Helper()
	p := ledger.Posting{Debit: ledger.Bank("BK-1"), Credit: ledger.Mandate("M-1"), Amount: money.Cents(cents)}
	kind := ledger.BankCredit
	if cents < 0 {
		p, kind = ledger.Posting{Debit: ledger.Mandate("M-1"), Credit: ledger.Bank("BK-1"), Amount: money.Cents(-cents)}, ledger.BankDebit
	}
	_, err := h.Ledger.Post(h.t.Context(), ledger.Entry{
		Journal: ledger.BankJournal, Kind: kind, Source: fmt.Sprintf("line %s %d", day, cents), Label: "Ligne du " + day.French(), Actor: "test",
		PostedOn: day, BookedOn: day.AddDays(-1), ValueOn: day, Postings: []ledger.Posting{p},
	})
	h.must(err)
}

// refused asks the database itself, as the program.
func (h *house) refused(want, sql string, args ...any) {
	h.t.Helper()
	_, err := h.db.App.Exec(h.t.Context(), sql, args...)
	var refused *pgconn.PgError
	if !errors.As(err, &refused) || refused.Code != want {
		h.t.Errorf("%s: got %v, want %s", sql, err, want)
	}
}
