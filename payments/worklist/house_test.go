package worklist_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/migrations/dbtest"
	"masp/payments/worklist"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// house is an invented association with two mandates on one pooled account, on 9 November 2026.
type house struct {
	*worklist.Service
	t                testing.TB
	db               *dbtest.DB
	books            *ledger.Ledger
	entries          int            // posted so far
	anne, bruno, eve auth.Principal // coordinator of M-1, coordinator, auditor
}

// turns are those of the tests by house.
var turns = dbtest.Turns{OneIn: 2, Doors: []string{"newHouse"}}

func newHouse(t testing.TB) *house {
	t.Helper()
	turns.Take(t)
	db := dbtest.New(t)
	h := &house{Service: &worklist.Service{DB: db.App}, t: t, db: db, books: ledger.New(db.App)}
	h.on("2026-11-09")
	h.owner(`INSERT INTO masp.organisations (name, siren, opened_on, created_at)
		VALUES ('Association des Peupliers', '999999999', '2026-09-01', masp.now())`)
	h.anne, h.bruno, h.eve = h.user("anne", auth.Coordinator), h.user("bruno", auth.Coordinator), h.user("eve", auth.Auditor)
	h.owner(`INSERT INTO masp.bank_accounts VALUES ('BK-1', 'FR7699999001010000000200181', NULL, 'Les Peupliers',
		'ASSOCIATION_CLIENT_FUNDS', 'POOLED')`)
	h.mandate("M-1", "2026-09-01", "2027-08-31")
	h.mandate("M-2", "2026-09-01", "2027-08-31")
	return h
}

// on moves the clock of the database to the morning of a day.
func (h *house) on(day string) {
	h.t.Helper()
	d := civil.MustParse(day)
	h.db.SetClock(h.t, time.Date(d.Year(), d.Time().Month(), d.Day(), 9, 0, 0, 0, civil.Paris))
}

func (h *house) user(id string, roles ...auth.Role) auth.Principal {
	h.t.Helper()
	users := &auth.Service{DB: h.db.App}
	token, err := users.Add(h.t.Context(), auth.Principal{},
		auth.User{ID: id, Name: id, Roles: roles, Until: civil.MustParse("2099-12-31")})
	h.must(err)
	who, err := users.Authenticate(h.t.Context(), token)
	h.must(err)
	return who
}

// mandate adds an active mandate of anne, signed on its first day.
func (h *house) mandate(id, start, end string) {
	h.t.Helper()
	h.owner(`INSERT INTO masp.beneficiaries (beneficiary_id, last_name, first_name, born_on, department)
		VALUES ('B-' || $1, 'Inventé', 'Camille', '1980-01-01', '34')`, id)
	h.owner(`INSERT INTO masp.mandates (mandate_id, beneficiary_id, level, department, status, threat_ground, contract_start,
			contract_end, signed_by_person_on, signed_by_department_on, commitments, bank_account_id, coordinator)
		VALUES ($1, 'B-' || $1, 'MASP2', '34', 'ACTIVE', 'BOTH', $2, $3, $2, $2,
			'{PERSON: venir,OPERATOR: payer le loyer}', 'BK-1', 'anne')`,
		id, civil.MustParse(start), civil.MustParse(end))
}

// received stores a receipt that no bank line brought, as a superuser whom no trigger stops.
func (h *house) received(sql string) {
	h.t.Helper()
	_, err := h.db.Super.Exec(h.t.Context(), `SET session_replication_role = replica; `+sql+`; RESET session_replication_role`)
	h.must(err)
}

// owner changes rows as their owner, with an act: verify has nothing to say about it.
func (h *house) owner(sql string, args ...any) {
	h.t.Helper()
	h.must(pgx.BeginFunc(h.t.Context(), h.db.Owner, func(tx pgx.Tx) error {
		if _, err := tx.Exec(h.t.Context(), sql, args...); err != nil {
			return err
		}
		_, err := audit.Record(h.t.Context(), tx, audit.Act{
			Actor: "test", Action: "test.write", ObjectType: "test", ObjectID: "1",
		})
		return err
	}))
}

// raise adds alerts as the program does.
func (h *house) raise(alerts ...worklist.Alert) {
	h.t.Helper()
	h.must(pgx.BeginFunc(h.t.Context(), h.db.App, func(tx pgx.Tx) error {
		return worklist.RaiseTx(h.t.Context(), tx, alerts...)
	}))
}

// list is the alerts of a filter.
func (h *house) list(f worklist.Filter) []worklist.Item {
	h.t.Helper()
	items, err := h.List(h.t.Context(), f)
	h.must(err)
	return items
}

// codes are the alerts of a filter, in a word each.
func (h *house) codes(f worklist.Filter) string {
	h.t.Helper()
	text := ""
	for _, i := range h.list(f) {
		text += " " + i.Code
		if i.Mandate != "" {
			text += "/" + i.Mandate
		}
	}
	if text == "" {
		return ""
	}
	return text[1:]
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) number(sql string, args ...any) (n int) {
	h.t.Helper()
	h.must(h.db.Owner.QueryRow(h.t.Context(), sql, args...).Scan(&n))
	return n
}

// alert is an alert of a code about a mandate.
func alert(code, mandate, on, source string) worklist.Alert {
	return worklist.Alert{
		On: civil.MustParse(on), Code: code, Mandate: mandate, Subject: "sujet", Amount: money.Cents(1250),
		Text: "Texte.", Source: source,
	}
}
