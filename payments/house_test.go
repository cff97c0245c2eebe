package payments_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/migrations/dbtest"
	"masp/payments"
	"masp/payments/sepa"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// house is an invented association on its own database, at nine in the morning of a Thursday.
type house struct {
	*payments.Service
	db                      *dbtest.DB
	t                       testing.TB
	anne, bruno, carla, eve auth.Principal // coordinator, approver, both, auditor
	accounts                int            // IBANs made so far
}

var thursday = civil.MustParse("2026-11-05")

// model is a house that is made once and then copied.
type model struct {
	dbtest.Model
	house house
}

var withUsers, withEva model

// turns are those of the tests by house; what two persons sign and what is paid once is tried each time.
var turns = dbtest.Turns{
	OneIn: 4, Doors: []string{"newHouse", "evasHouse"},
	Whole: []string{"service_eyes_test.go", "service_once_test.go", "run_race_test.go"},
}

// newHouse is a house with its users.
func newHouse(t testing.TB) *house {
	t.Helper()
	turns.Take(t)
	return withUsers.copy(t, (*house).furnish)
}

// evasHouse is a house with the usual case.
func evasHouse(t testing.TB) *house {
	t.Helper()
	turns.Take(t)
	return withEva.copy(t, func(h *house) {
		h.furnish()
		h.eva()
	})
}

// copy makes the model an hour before, because no act is older than the one before it.
func (m *model) copy(t testing.TB, furnish func(*house)) *house {
	t.Helper()
	h := houseOn(t, dbtest.New(t, dbtest.Like(&m.Model, func(db *dbtest.DB) {
		first := houseOn(t, db)
		first.at(thursday, 8)
		furnish(first)
		m.house = *first
	})))
	h.anne, h.bruno, h.carla, h.eve, h.accounts = m.house.anne, m.house.bruno, m.house.carla, m.house.eve, m.house.accounts
	h.at(thursday, 9)
	return h
}

func houseOn(t testing.TB, db *dbtest.DB) *house {
	return &house{Service: &payments.Service{DB: db.App, Ledger: ledger.New(db.App)}, db: db, t: t}
}

func (h *house) furnish() {
	h.t.Helper()
	h.owner(`INSERT INTO masp.organisations (name, siren, opened_on, created_at)
		VALUES ('Association des Peupliers', '999999999', '2026-11-01', masp.now())`)
	h.anne = h.user("anne", auth.Coordinator)
	h.bruno = h.user("bruno", auth.Approver)
	h.carla = h.user("carla", auth.Coordinator, auth.Approver)
	h.eve = h.user("eve", auth.Auditor)
	h.user("loader.one", auth.Accountant)
	h.user("loader.two", auth.Accountant)
}

// at moves the clock of the database to an hour of a day in Paris.
func (h *house) at(day civil.Date, hour int) {
	h.t.Helper()
	h.db.SetClock(h.t, time.Date(day.Year(), day.Time().Month(), day.Day(), hour, 0, 0, 0, civil.Paris))
}

func (h *house) user(id string, roles ...auth.Role) auth.Principal {
	h.t.Helper()
	users := &auth.Service{DB: h.db.App}
	token, err := users.Add(h.t.Context(), auth.Principal{},
		auth.User{ID: id, Name: id, Roles: roles, Until: civil.MustParse("2099-12-31")})
	if err != nil {
		h.t.Fatalf("add user %s: %v", id, err)
	}
	who, err := users.Authenticate(h.t.Context(), token)
	if err != nil {
		h.t.Fatalf("authenticate %s: %v", id, err)
	}
	return who
}

// owner changes rows as their owner, with an act: verify has nothing to say about it.
func (h *house) owner(sql string, args ...any) {
	h.t.Helper()
	err := h.act(h.db.Owner, func(tx pgx.Tx) error {
		_, err := tx.Exec(h.t.Context(), sql, args...)
		return err
	})
	if err != nil {
		h.t.Fatalf("as owner: %v\n%s", err, sql)
	}
}

// app runs a statement as the application role and answers how it was refused.
func (h *house) app(sql string, args ...any) string {
	_, err := h.db.App.Exec(h.t.Context(), sql, args...)
	return refusal(err)
}

// refusal names how PostgreSQL refused: the constraint when there is one, else the SQLSTATE.
func refusal(err error) string {
	var refused *pgconn.PgError
	switch {
	case err == nil:
		return "accepted"
	case !errors.As(err, &refused):
		return err.Error()
	case refused.ConstraintName != "":
		return refused.ConstraintName
	}
	return refused.Code
}

// tamper changes rows as a superuser whom no trigger stops.
func (h *house) tamper(sql string, args ...any) {
	h.t.Helper()
	err := pgx.BeginFunc(h.t.Context(), h.db.Super, func(tx pgx.Tx) error {
		if _, err := tx.Exec(h.t.Context(), `SET LOCAL session_replication_role = replica`); err != nil {
			return err
		}
		done, err := tx.Exec(h.t.Context(), sql, args...)
		if err == nil && done.RowsAffected() == 0 {
			err = errors.New("no row was changed")
		}
		return err
	})
	if err != nil {
		h.t.Fatalf("tamper: %v\n%s", err, sql)
	}
}

func (h *house) iban() string {
	h.t.Helper()
	h.accounts++
	iban, err := sepa.MakeFrenchIBAN("99999", "00001", fmt.Sprintf("%011d", h.accounts))
	if err != nil {
		h.t.Fatal(err)
	}
	return iban.String()
}

// person is a mandate with an account of its own, a floor of 200 € and four weekly remittances.
type person struct {
	id, balance, restricted string
	floor                   int64
	days                    []int32 // of the month; none: four weeks
	pain                    string
}

func (h *house) person(p person) {
	h.t.Helper()
	if p.pain == "" {
		p.pain = "001.09"
	}
	weekly := 0
	if p.days == nil {
		weekly, p.days = 4, []int32{}
	}
	h.owner(`INSERT INTO masp.bank_accounts (bank_account_id, iban, holder, owner, model, pain_version)
		VALUES ('BK-' || $1, $2, 'Personne ' || $1, 'BENEFICIARY', 'INDIVIDUAL', $3)`, p.id, h.iban(), p.pain)
	h.owner(`INSERT INTO masp.beneficiaries (beneficiary_id, civility, last_name, first_name, born_on, department)
		VALUES ('B-' || $1, 'Mme', 'Exemple', $1, '1985-02-11', '34')`, p.id)
	h.owner(`INSERT INTO masp.mandates (mandate_id, beneficiary_id, level, department, status, threat_ground, contract_start,
		contract_end, commitments, signed_by_person_on, signed_by_department_on, bank_account_id)
		VALUES ($1, 'B-' || $1, 'MASP2', '34', 'ACTIVE', 'BOTH', '2026-01-01', '2026-12-31',
		'{PERSON: venir,OPERATOR: payer}', '2025-12-20', '2025-12-22', 'BK-' || $1)`, p.id)
	h.creditor("C-SELF-"+p.id, "BENEFICIARY")
	h.owner(`INSERT INTO masp.mandate_terms (mandate_id, valid_from, class_order, senior_classes, partial_classes,
		living_floor_cents, shortfall, remit_to, remit_days, remit_weekly)
		VALUES ($1, '2026-01-01', '{RENT,RENTAL_CHARGE,HOUSING_OTHER,DEBT_PLAN,OTHER_BILL,RESERVE}', '{RENT,RENTAL_CHARGE}',
		'{RENT,RENTAL_CHARGE}', $2, 'STOP', 'C-SELF-' || $1, $3, $4)`, p.id, p.floor, p.days, weekly)
	h.credit("opening "+p.id, p.id, ledger.Mandate(p.id), p.balance)
	h.credit("wage "+p.id, p.id, ledger.Sub(p.id, ledger.Restricted), p.restricted)
}

// credit books money received for a mandate.
func (h *house) credit(source, mandate string, to ledger.Code, amount string) {
	h.t.Helper()
	if amount == "" {
		return
	}
	h.move(ledger.BankCredit, source, ledger.Bank("BK-"+mandate), to, amount)
}

func (h *house) move(kind ledger.Kind, source string, debit, credit ledger.Code, amount string) ledger.Posted {
	h.t.Helper()
	posted, err := h.Ledger.Post(h.t.Context(), ledger.Entry{
		Journal: ledger.BankJournal, Kind: kind, Source: source, Label: source, Actor: "test",
		Postings: []ledger.Posting{{Debit: debit, Credit: credit, Amount: money.MustParse(amount)}},
	})
	if err != nil {
		h.t.Fatalf("post %s: %v", source, err)
	}
	h.said(debit, credit)
	return posted
}

// said lets the bank say its balance again when it has said one before.
func (h *house) said(codes ...ledger.Code) {
	h.t.Helper()
	for _, code := range codes {
		if code.PCG() == "512" {
			h.owner(`INSERT INTO masp.bank_statements (file_id, ordinal, bank_account_id, account_iban, bank_ref, opening_cents,
				closing_cents, closing_on, entries, content_hash, state, chain_no)
				SELECT s.file_id, s.statement_id + 1, $1, s.account_iban, s.bank_ref || '+', 0, b.debit_cents - b.credit_cents, masp.today(),
				       0, sha256(''), 'accepted', s.chain_no + 1
				  FROM masp.accounts a JOIN masp.account_balances b USING (account_id), masp.bank_statements s
				 WHERE a.code = '512:' || $1::text AND s.bank_account_id = $1 ORDER BY s.chain_no DESC LIMIT 1`, code.Owner())
		}
	}
}

// creditor has an IBAN that two loaders have confirmed; C-SELF-M-0001 is an own account of B-M-0001.
func (h *house) creditor(id, kind string) {
	h.t.Helper()
	h.owner(`INSERT INTO masp.creditors (creditor_id, name, kind, beneficiary_id) VALUES ($1, 'Société ' || $1, $2,
		CASE $2 WHEN 'BENEFICIARY' THEN 'B-' || substr($1, 8) END)`, id, kind)
	h.owner(`INSERT INTO masp.creditor_ibans (creditor_id, version, iban, load_sha256, proposed_by, proposed_at,
		confirmed_by, confirmed_at, payable_from)
		VALUES ($1, 1, $2, repeat('a', 64), 'loader.one', masp.now(), 'loader.two', masp.now(), masp.now())`, id, h.iban())
}

// obligation is something due on the fifth of each month.
type obligation struct {
	id, mandate, class, creditor, amount, debt, block string
}

func (h *house) owes(list ...obligation) {
	h.t.Helper()
	for i, o := range list {
		h.owner(`INSERT INTO masp.obligations (obligation_id, mandate_id, class, creditor_id, amount_cents, label, reference,
			frequency, due_day, valid_from, debt_id, block, position)
			VALUES ($1, $2, $3, nullif($4, ''), $5, 'Échéance ' || $1, 'Réf. ' || $1, 'MONTHLY', 5, '2026-01-01',
			nullif($6, ''), nullif($7, ''), $8)`,
			o.id, o.mandate, o.class, o.creditor, money.MustParse(o.amount).Cents(), o.debt, o.block, i)
	}
}

func (h *house) debt(id, mandate, creditor, outstanding string) {
	h.t.Helper()
	h.owner(`INSERT INTO masp.debts (debt_id, mandate_id, creditor_id, kind, principal_cents, outstanding_cents)
		VALUES ($1, $2, $3, 'RENT_ARREARS', $4, $4)`, id, mandate, creditor, money.MustParse(outstanding).Cents())
}

// eva is the usual case: rent, insurance, a debt, a reserve and what is left in four weeks.
func (h *house) eva() {
	h.t.Helper()
	h.creditor("C-LAND", "LANDLORD")
	h.creditor("C-INSURER", "INSURER")
	h.person(person{id: "M-0001", balance: "900.00", floor: 20000})
	h.debt("D-1", "M-0001", "C-LAND", "540.00")
	h.owes(
		obligation{id: "O-RENT", mandate: "M-0001", class: "RENT", creditor: "C-LAND", amount: "217.50"},
		obligation{id: "O-INS", mandate: "M-0001", class: "HOUSING_OTHER", creditor: "C-INSURER", amount: "18.40"},
		obligation{id: "O-DEBT", mandate: "M-0001", class: "DEBT_PLAN", creditor: "C-LAND", amount: "30.00", debt: "D-1"},
		obligation{id: "O-KEEP", mandate: "M-0001", class: "RESERVE", amount: "40.00"})
}
