package payments_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/money"
	"masp/migrations"
	"masp/migrations/dbtest"
	"masp/payments"
)

// many makes mandates by the hundred: rent, insurance, a reserve, four remittances each.
func (h *house) many(n int) {
	h.t.Helper()
	h.creditor("C-LAND", "LANDLORD")
	h.creditor("C-INSURER", "INSURER")
	ids, ours, theirs := make([]string, n), make([]string, n), make([]string, n)
	for i := range n {
		ids[i], ours[i], theirs[i] = fmt.Sprintf("M-%05d", i), h.iban(), h.iban()
	}
	for _, sql := range []string{
		`INSERT INTO masp.bank_accounts (bank_account_id, iban, holder, owner, model)
		SELECT 'BK-' || id, ours, 'Personne ' || id, 'BENEFICIARY', 'INDIVIDUAL' FROM new`,
		`INSERT INTO masp.beneficiaries (beneficiary_id, last_name, first_name, born_on, department)
		SELECT 'B-' || id, 'Exemple', id, '1985-02-11', '34' FROM new`,
		`INSERT INTO masp.mandates (mandate_id, beneficiary_id, level, department, status, threat_ground, contract_start,
		contract_end, commitments, signed_by_person_on, signed_by_department_on, bank_account_id)
		SELECT id, 'B-' || id, 'MASP2', '34', 'ACTIVE', 'BOTH', '2026-01-01', '2026-12-31', '{PERSON: venir,OPERATOR: payer}', '2025-12-20', '2025-12-22', 'BK-' || id FROM new`,
		`INSERT INTO masp.creditors (creditor_id, name, kind, beneficiary_id) SELECT 'C-SELF-' || id, 'Personne ' || id, 'BENEFICIARY', 'B-' || id FROM new`,
		`INSERT INTO masp.creditor_ibans (creditor_id, version, iban, load_sha256, proposed_by, proposed_at, confirmed_by, confirmed_at, payable_from)
		SELECT 'C-SELF-' || id, 1, theirs, repeat('a', 64), 'loader.one', masp.now(), 'loader.two', masp.now(), masp.now() FROM new`,
		`INSERT INTO masp.mandate_terms (mandate_id, valid_from, class_order, senior_classes, partial_classes,
		living_floor_cents, shortfall, remit_to, remit_weekly)
		SELECT id, '2026-01-01', '{RENT,RENTAL_CHARGE,HOUSING_OTHER,DEBT_PLAN,OTHER_BILL,RESERVE}', '{RENT,RENTAL_CHARGE}',
		'{RENT,RENTAL_CHARGE}', 20000, 'STOP', 'C-SELF-' || id, 4 FROM new`,
		`INSERT INTO masp.obligations (obligation_id, mandate_id, class, creditor_id, amount_cents, label, reference, frequency, due_day, valid_from)
		SELECT 'O-' || c.cents || '-' || id, id, c.class, c.creditor, c.cents, 'Échéance ' || id, 'Contrat ' || id, 'MONTHLY', 5, '2026-01-01'
		  FROM new, (VALUES ('RENT', 'C-LAND', 21750), ('HOUSING_OTHER', 'C-INSURER', 1840), ('RESERVE', NULL, 1000)) c (class, creditor, cents)`,
	} {
		h.owner(`WITH new AS (SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) AS n (id, ours, theirs)) `+sql, ids, ours, theirs)
	}
	entries := make([]ledger.Entry, n)
	for i, id := range ids {
		entries[i] = ledger.Entry{
			Journal: ledger.BankJournal, Kind: ledger.BankCredit, Source: "opening " + id, Label: id, Actor: "test",
			Postings: []ledger.Posting{{Debit: ledger.Bank("BK-" + id), Credit: ledger.Mandate(id), Amount: money.MustParse("700.00")}},
		}
	}
	tx, err := h.db.App.Begin(h.t.Context())
	if err == nil {
		if _, err = h.Ledger.PostTx(h.t.Context(), tx, entries...); err == nil {
			err = tx.Commit(h.t.Context())
		}
	}
	if err != nil {
		h.t.Fatalf("post the openings: %v", err)
	}
}

// Two thousand mandates from proposal to file within seconds; MASP_LONG runs them all, the
// short form a tenth.
func TestARunOfManyMandatesIsQuick(t *testing.T) {
	n, limit := 200, 5*time.Second
	if os.Getenv("MASP_LONG") != "" {
		n, limit = 2000, 10*time.Second
	}
	t.Parallel()
	h := newHouse(t)
	h.many(n)
	start := time.Now()
	took := func(what string) {
		t.Logf("%-8s %4d mandates  %6.0f ms", what, n, time.Since(start).Seconds()*1000)
		start = time.Now()
	}
	begin := start
	run := h.propose()
	took("propose")
	run, err := h.Submit(t.Context(), h.anne, run.ID)
	took("submit")
	if err != nil {
		t.Fatal(err)
	}
	if run, err = h.Approve(t.Context(), h.bruno, run.ID, run.ContentHash); err != nil {
		t.Fatal(err)
	}
	took("approve")
	if _, err := h.File(t.Context(), h.bruno, run.ID); err != nil {
		t.Fatal(err)
	}
	took("file")
	if whole := time.Since(begin); whole > limit {
		t.Errorf("the whole run took %s, want at most %s", whole, limit)
	}
	h.clean()
	took("verify")
	if got := len(run.Instructions()); got != 6*n {
		t.Errorf("%d transfers, want %d", got, 6*n)
	}
}

// A hundred thousand accounts open in the time of a hundred thousand, and not in its square: each looks
// its own measure up by key.
func TestAnAccountThatOpensReadsNoOtherMeasure(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.many(2)
	err := ledger.InTx(t.Context(), h.db.App, func(tx pgx.Tx) error {
		_, err := h.Ledger.PostTx(t.Context(), tx, ledger.Entry{
			Journal: ledger.BankJournal, Kind: ledger.BankCredit, Source: "opening", Label: "opening", Actor: "test",
			Postings: []ledger.Posting{{Debit: ledger.Bank("BK-NEW"), Credit: ledger.Mandate("M-NEW"), Amount: money.MustParse("1.00")}},
		})
		if err != nil {
			return err
		}
		var whole, byKey int
		err = tx.QueryRow(t.Context(), `
			SELECT seq_scan, idx_scan FROM pg_stat_xact_user_tables WHERE schemaname = 'masp' AND relname = 'mandates'`).Scan(&whole, &byKey)
		if whole != 0 || byKey == 0 { // those of the connection, of before too
			t.Errorf("the measures were read %d times whole and %d times by key, want by key only", whole, byKey)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A connection that has carried out small runs, while there was nothing in the tables, carries out a
// large one with as much work as a new connection: no plan is kept that joins row by row.
func TestALargeRunCostsTheSameAfterSmallOnes(t *testing.T) {
	t.Parallel()
	dbtest.Seldom(t, 4)
	h := newHouse(t)
	h.many(800)
	filed := func(from, until int) time.Duration { // the work of the server but the approval's
		ask := payments.Ask{Month: thursday.MonthOf(), On: thursday}
		for i := from; i < until; i++ {
			ask.Mandates = append(ask.Mandates, fmt.Sprintf("M-%05d", i))
		}
		before := h.served()
		run, err := h.Propose(t.Context(), h.anne, ask)
		if err == nil {
			run, err = h.Submit(t.Context(), h.anne, run.ID)
		}
		approval := h.served()
		if err == nil {
			run, err = h.Approve(t.Context(), h.bruno, run.ID, run.ContentHash)
		}
		approval = h.served() - approval
		if err == nil {
			_, err = h.File(t.Context(), h.bruno, run.ID)
		}
		if err != nil {
			t.Fatal(err)
		}
		return h.served() - before - approval
	}
	if _, err := h.db.Super.Exec(t.Context(), `VACUUM ANALYZE`); err != nil { // tables known to be empty
		t.Fatal(err)
	}
	h.alone()
	for i := range 7 {
		filed(i, i+1)
	}
	used := filed(7, 400)
	h.alone()
	fresh := filed(400, 793)
	t.Logf("%s after small runs, %s on a new connection", used, fresh)
	if used > 2*fresh {
		t.Errorf("after small runs the server works %s, on a new connection %s", used, fresh)
	}
}

// alone gives the service a connection of its own, the only one that it has.
func (h *house) alone() {
	h.t.Helper()
	pool, err := migrations.Open(h.t.Context(), h.db.AppURL, 1)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(pool.Close)
	h.Service = &payments.Service{DB: pool, Ledger: ledger.New(pool)}
}
