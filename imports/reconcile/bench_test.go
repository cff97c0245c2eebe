package reconcile_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
)

const (
	benchAccounts = 1000
	benchDays     = 30
)

// city is a thousand persons, each with an account of her own, thirty statements and a line in each.
func city(b *testing.B) *house {
	b.Helper()
	h := newHouse(b)
	h.clock("2026-10-31")
	h.exec(`INSERT INTO masp.bank_accounts (bank_account_id, iban, holder, owner, model)
		SELECT 'C-' || n, 'FR76' || lpad(n::text, 23, '0'), 'Personne', 'BENEFICIARY', 'INDIVIDUAL' FROM generate_series(1, $1::int) n`, benchAccounts)
	h.exec(`INSERT INTO masp.beneficiaries (beneficiary_id, last_name, first_name, born_on, department)
		SELECT 'C-' || n, 'Durand', 'Anne', '1985-02-11', '34' FROM generate_series(1, $1::int) n`, benchAccounts)
	h.exec(`INSERT INTO masp.mandates (mandate_id, beneficiary_id, level, department, status, threat_ground, contract_start, contract_end,
		commitments, signed_by_person_on, signed_by_department_on, bank_account_id)
		SELECT 'C-' || n, 'C-' || n, 'MASP2', '34', 'ACTIVE', 'BOTH', '2026-01-01', '2027-12-31', '{PERSON: venir,OPERATOR: payer}',
		       '2026-01-01', '2026-01-01', 'C-' || n FROM generate_series(1, $1::int) n`, benchAccounts)
	h.must(pgx.BeginFunc(b.Context(), h.db.App, func(tx pgx.Tx) error {
		entries := make([]ledger.Entry, 0, benchAccounts*benchDays)
		for day := range benchDays {
			booked := civil.MustParse("2026-10-01").AddDays(day)
			for n := 1; n <= benchAccounts; n++ {
				id := fmt.Sprintf("C-%d", n)
				entries = append(entries, ledger.Entry{
					Journal: ledger.BankJournal, Kind: ledger.BankCredit, BookedOn: booked, ValueOn: booked, Actor: "test", Label: "x",
					Source:   fmt.Sprintf("bank %s %s", id, booked),
					Postings: []ledger.Posting{{Debit: ledger.Bank(id), Credit: ledger.Mandate(id), Amount: money.Cents(100)}},
				})
			}
		}
		_, err := h.Ledger.PostTx(b.Context(), tx, entries...)
		return err
	}))
	h.exec(`INSERT INTO masp.bank_files (name, sha256, size, format, outcome, received_at, received_by)
		VALUES ('city', sha256('c'), 0, 'camt.053', 'accepted', masp.now(), 'test')`)
	h.exec(`INSERT INTO masp.bank_statements (file_id, ordinal, bank_account_id, account_iban, bank_ref, opening_cents, closing_cents,
		opening_on, closing_on, entries, content_hash, state, chain_no)
		SELECT (SELECT file_id FROM masp.bank_files WHERE name = 'city'), row_number() OVER (), split_part(source, ' ', 2), split_part(source, ' ', 2), source,
		       0, 100 * (booked_on - date '2026-09-30'), booked_on, booked_on, 1, sha256('c'), 'accepted', booked_on - date '2026-09-30'
		  FROM masp.entries WHERE source LIKE 'bank C-%'`)
	h.exec(`INSERT INTO masp.bank_lines (statement_id, rank, booked_on, value_on, amount_cents, state, entry_no)
		SELECT s.statement_id, 1, e.booked_on, e.booked_on, 100, 'posted', e.entry_no
		  FROM masp.bank_statements s JOIN masp.entries e ON e.source = s.bank_ref`)
	if _, err := h.db.Super.Exec(b.Context(), `VACUUM ANALYZE`); err != nil {
		b.Fatal(err)
	}
	return h
}

// BenchmarkCity is the first reconciliation of a thousand accounts over thirty days, the same again,
// the status, what an approval asks, and the proof; sum-ms is one plain sum of the same postings.
func BenchmarkCity(b *testing.B) {
	h := city(b)
	began := time.Now()
	var total int64
	h.must(h.db.App.QueryRow(b.Context(), `SELECT sum(amount_cents)::bigint FROM masp.postings`).Scan(&total))
	plain := time.Since(began)
	for b.Loop() {
		for _, step := range []struct {
			name string
			do   func()
		}{
			{"run", func() {
				if r := h.run("2026-10-30"); len(r.Differences) > 0 || r.Accounts != benchAccounts+2 {
					b.Fatalf("got %d accounts, differences %v", r.Accounts, r.Differences)
				}
			}},
			{"again", func() {
				if r := h.run("2026-10-30"); r.Stored != 0 {
					b.Fatalf("%d days stored again", r.Stored)
				}
			}},
			{"status", func() {
				if s, err := h.Status(b.Context()); err != nil || !s.OK {
					b.Fatalf("got %v, %v", s.Difference, err)
				}
			}},
			{"balances", func() {
				h.text(`SELECT count(*)::text FROM masp.bank_agreement(NULL) WHERE bank = books AND books = transit + unidentified + persons`)
			}},
			{"approval", func() {
				if n := h.text(`SELECT count(*)::text FROM masp.disagreements('C-2026-10-1')`); n != "0" {
					b.Fatalf("%s accounts keep a run from its approval", n)
				}
			}},
			{"verify", h.sound},
		} {
			began := time.Now()
			step.do()
			b.ReportMetric(float64(time.Since(began).Milliseconds()), step.name+"-ms")
		}
	}
	b.ReportMetric(float64(plain.Microseconds())/1000, "sum-ms")
}
