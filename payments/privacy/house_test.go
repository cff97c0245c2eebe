package privacy_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/migrations/dbtest"
	"masp/payments/mandates"
	"masp/payments/papers"
	"masp/payments/privacy"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// house is an invented association with two persons, Camille Inventé (M-1) and her neighbour Dominique
// Voisin (M-2), on one bank account.
type house struct {
	*privacy.Service
	t          testing.TB
	db         *dbtest.DB
	users      *auth.Service
	anne, aude auth.Principal // coordinator, approver
}

// turns are those of the tests by house.
var turns = dbtest.Turns{OneIn: 2, Doors: []string{"newHouse"}}

func newHouse(t testing.TB) *house {
	t.Helper()
	turns.Take(t)
	db := dbtest.New(t)
	books := ledger.New(db.App)
	dossiers := &mandates.Service{DB: db.App, Ledger: books}
	h := &house{t: t, db: db, users: &auth.Service{DB: db.App}, Service: &privacy.Service{
		DB: db.App, Papers: &papers.Service{DB: db.App, Ledger: books, Mandates: dossiers}, Checks: mandates.Checks(),
	}}
	h.on("2027-09-01")
	h.owner(`INSERT INTO masp.organisations (name, siren, opened_on, created_at)
		VALUES ('Association des Peupliers', '999999999', '2027-09-01', masp.now())`)
	h.anne, h.aude = h.user("anne", auth.Coordinator), h.user("aude", auth.Approver)
	h.owner(`INSERT INTO masp.bank_accounts VALUES ('BK-1', 'FR7699999001010000000200181', NULL, 'Les Peupliers',
		'ASSOCIATION_CLIENT_FUNDS', 'POOLED')`)
	h.person(1, "Camille", "Inventé")
	h.person(2, "Dominique", "Voisin")
	return h
}

func (h *house) person(no int, first, last string) {
	h.t.Helper()
	h.owner(fmt.Sprintf(`INSERT INTO masp.beneficiaries (beneficiary_id, last_name, first_name, born_on, department)
		VALUES ('B-%d', '%s', '%s', '1980-01-0%[1]d', '34')`, no, last, first))
	h.owner(fmt.Sprintf(`INSERT INTO masp.payer_numbers VALUES ('CAF', '765432%dZ', 'B-%[1]d')`, no))
	h.owner(fmt.Sprintf(`INSERT INTO masp.mandates (mandate_id, beneficiary_id, level, department, status, threat_ground, contract_start,
			contract_end, signed_by_person_on, signed_by_department_on, commitments, bank_account_id, coordinator)
		VALUES ('M-%d', 'B-%[1]d', 'MASP2', '34', 'ACTIVE', 'HEALTH', '2027-09-01', '2028-08-31', '2027-09-01', '2027-09-01',
			'{PERSON: venir,OPERATOR: payer le loyer}', 'BK-1', 'anne')`, no))
	h.owner(fmt.Sprintf(`INSERT INTO masp.evaluations (mandate_id, evaluated_on, author, content)
		VALUES ('M-%d', '2027-10-01', 'anne', '%s va mieux.')`, no, first))
}

// on moves the clock of the database to the morning of a day; the users have living secrets there.
func (h *house) on(day string) {
	h.t.Helper()
	d := civil.MustParse(day)
	h.db.SetClock(h.t, time.Date(d.Year(), d.Time().Month(), d.Day(), 9, 0, 0, 0, civil.Paris))
	h.owner(`UPDATE masp.credentials SET created_at = masp.now(), expires_at = masp.now() + interval '100 days'`)
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) user(id string, roles ...auth.Role) auth.Principal {
	h.t.Helper()
	token, err := h.users.Add(h.t.Context(), auth.Principal{}, auth.User{ID: id, Name: id, Roles: roles, Until: civil.MustParse("2099-12-31")})
	h.must(err)
	return h.enters(token)
}

func (h *house) enters(token string) auth.Principal {
	h.t.Helper()
	who, err := h.users.Authenticate(h.t.Context(), token)
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

// money moves an amount to a mandate, or from it below zero, today.
func (h *house) money(mandate, label string, cents int64) {
	h.t.Helper()
	p := ledger.Posting{Debit: ledger.Bank("BK-1"), Credit: ledger.Mandate(mandate), Amount: money.Cents(cents)}
	kind := ledger.BankCredit
	if cents < 0 {
		p, kind = ledger.Posting{Debit: ledger.Mandate(mandate), Credit: ledger.Bank("BK-1"), Amount: money.Cents(-cents)}, ledger.BankDebit
	}
	today, err := ledger.Today(h.t.Context(), h.db.App)
	h.must(err)
	_, err = ledger.New(h.db.App).Post(h.t.Context(), ledger.Entry{
		Journal: ledger.BankJournal, Kind: kind, Source: fmt.Sprintf("line %s %s %d", mandate, today, cents), Label: label, Actor: "test",
		BookedOn: today, ValueOn: today, Postings: []ledger.Posting{p},
	})
	h.must(err)
}

// ends ends a measure on a day.
func (h *house) ends(mandate, day string) {
	h.t.Helper()
	h.owner(`UPDATE masp.mandates SET status = 'ENDED', ended_on = $2, end_reason = 'TERM' WHERE mandate_id = $1`, mandate, day)
}

// verify answers the codes of what the proof finds.
func (h *house) verify() (codes []string) {
	h.t.Helper()
	report, err := ledger.Verify(h.t.Context(), h.db.App, ledger.VerifyOptions{Checks: mandates.Checks()})
	h.must(err)
	for _, f := range report.Findings {
		codes = append(codes, f.Code+" "+f.Place)
	}
	return codes
}
