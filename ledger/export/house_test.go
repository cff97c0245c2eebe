package export_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/export"
	"masp/ledger/money"
	"masp/migrations/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// house is an organisation with two Départements and some entries of every shape.
type house struct {
	*ledger.Ledger
	db *dbtest.DB
}

var small dbtest.Model

func newHouse(t testing.TB) house {
	t.Helper()
	db := dbtest.New(t, dbtest.Like(&small, func(db *dbtest.DB) { fill(t.Context(), t, db) }))
	return house{ledger.New(db.App), db}
}

// newEmptyHouse has an organisation and no entry.
func newEmptyHouse(t testing.TB) house {
	t.Helper()
	db := dbtest.New(t)
	persons(t.Context(), t, db)
	return house{ledger.New(db.App), db}
}

// fill makes an organisation, three persons, and entries on three days.
func fill(ctx context.Context, t testing.TB, db *dbtest.DB) {
	persons(ctx, t, db)
	l := ledger.New(db.App)
	for d, entries := range [][]ledger.Entry{month, later, last} {
		db.SetClock(t, firstDay.AddDays(10*d).Time().Add(12*time.Hour))
		post(ctx, t, db, l, entries...)
	}
	err := pgx.BeginFunc(ctx, db.App, func(tx pgx.Tx) error {
		_, err := l.ReverseTx(ctx, tx, 2, ledger.Reversal{Actor: "a.morel"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// persons makes M-1 and M-2 of the Nord, M-3 of the Rhône.
func persons(ctx context.Context, t testing.TB, db *dbtest.DB) {
	t.Helper()
	_, err := db.Super.Exec(ctx, `
		SET session_replication_role = replica;
		INSERT INTO masp.organisations (name, siren, opened_on, created_at) VALUES ('Les Deux Rives', '999999998', '2026-01-01', masp.now());
		INSERT INTO masp.bank_accounts (bank_account_id, iban, holder, owner, model)
		     VALUES ('POOL', 'FR7699999001010000000000197', 'Les Deux Rives', 'ASSOCIATION_CLIENT_FUNDS', 'POOLED');
		INSERT INTO masp.beneficiaries (beneficiary_id, last_name, first_name, born_on, department)
		     VALUES ('P-1', 'DURAND', 'Élise', '1980-01-01', '59'), ('P-2', 'PETIT', 'Karim', '1981-01-01', '59'), ('P-3', 'ROUX', 'Ana', '1982-01-01', '69');
		INSERT INTO masp.mandates (mandate_id, beneficiary_id, level, department, status, threat_ground, contract_start, contract_end,
		                           signed_by_person_on, signed_by_department_on, bank_account_id)
		SELECT 'M-' || n, 'P-' || n, 'MASP2', CASE n WHEN 3 THEN '69' ELSE '59' END, 'ACTIVE', 'HEALTH', '2026-01-01', '2026-12-31',
		       '2026-01-01', '2026-01-01', 'POOL' FROM generate_series(1, 3) n;
		SET session_replication_role = DEFAULT`)
	if err != nil {
		t.Fatal(err)
	}
}

func post(ctx context.Context, t testing.TB, db *dbtest.DB, l *ledger.Ledger, entries ...ledger.Entry) {
	t.Helper()
	err := pgx.BeginFunc(ctx, db.App, func(tx pgx.Tx) error {
		_, err := l.PostTx(ctx, tx, entries...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

var (
	firstDay = civil.MustParse("2026-11-05")
	bank     = ledger.Bank("POOL")
	m1       = ledger.Mandate("M-1")
	m2       = ledger.Mandate("M-2")
	m3       = ledger.Mandate("M-3")
)

func in(label string, to ledger.Code, amount string) ledger.Entry {
	return ledger.Entry{
		Journal: ledger.BankJournal, Kind: ledger.BankCredit, Source: "bank POOL " + label, Label: label, Actor: "import",
		BookedOn: firstDay, ValueOn: firstDay.AddDays(1),
		Postings: []ledger.Posting{{Debit: bank, Credit: to, Amount: money.MustParse(amount)}},
	}
}

var (
	month = []ledger.Entry{
		in(`=HYPERLINK("x";"y"), 1`, m1, "600.05"),
		in("CAF\nDU NORD\t2026", ledger.Suspense, "42.00"),
		{
			Journal: ledger.BankJournal, Kind: ledger.BankCredit, Source: "bank POOL 171/3", Label: "CAF; de l'Été | <lot> & co",
			Actor: "import", BookedOn: firstDay,
			Postings: []ledger.Posting{
				{Debit: bank, Credit: m1, Amount: money.MustParse("1.10")},
				{Debit: bank, Credit: m2, Amount: money.MustParse("2.20")},
				{Debit: bank, Credit: m3, Amount: money.MustParse("1234567.89")},
			},
		},
	}
	later = []ledger.Entry{
		{
			Journal: ledger.TransferJournal, Kind: ledger.Payment, Source: "payment P000001", Label: "-12,50 loyer", Actor: "b.noel",
			Postings: []ledger.Posting{
				{Debit: m1, Credit: ledger.InTransit, Amount: money.MustParse("400.00")},
				{Debit: m3, Credit: ledger.InTransit, Amount: money.MustParse("12.50")},
			},
		},
		{
			Journal: ledger.OtherJournal, Kind: ledger.DeathFreeze, Source: "death M-2", Label: "décès", Actor: "b.noel",
			Postings: []ledger.Posting{{Debit: m2, Credit: ledger.Sub("M-2", ledger.Estate), Amount: money.MustParse("2.20")}},
		},
	}
	last = []ledger.Entry{in("+33 CARSAT", m3, "0.01"), in("@now", ledger.Sub("M-1", ledger.Restricted), "7.00")}
)

// many posts n entries in batches: mostly of one posting, one in fifty of forty.
func (h house) many(t testing.TB, n int) {
	t.Helper()
	entries := make([]ledger.Entry, 0, 10_000)
	for i := range n {
		e := in(fmt.Sprintf("CAF DU NORD N°%d", i), ledger.Mandate(fmt.Sprintf("B%d", i%1000)), "412.37")
		if i%50 == 49 {
			for j := range 39 {
				e.Postings = append(e.Postings, ledger.Posting{
					Debit: bank, Credit: ledger.Mandate(fmt.Sprintf("B%d", (i+j)%1000)), Amount: money.Cents(int64(j + 1)),
				})
			}
		}
		if entries = append(entries, e); len(entries) == cap(entries) || i == n-1 {
			post(t.Context(), t, h.db, h.Ledger, entries...)
			entries = entries[:0]
		}
	}
}

func (h house) export(t testing.TB, a export.Ask) (export.Summary, string) {
	t.Helper()
	var out bytes.Buffer
	s, err := export.Ledger(t.Context(), h.db.App, a, &out, nil)
	if err != nil {
		t.Fatalf("export %+v: %v", a, err)
	}
	return s, out.String()
}
