package reconcile_test

import (
	"regexp"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"masp/imports/reconcile"
	"masp/ledger/unit"
)

// fresh is the same house by a program that has kept nothing.
func (h *house) fresh() reconcile.Totals {
	h.t.Helper()
	s := &reconcile.Service{DB: h.DB, Ledger: h.Ledger, Imports: h.Imports}
	t, err := s.Totals(h.t.Context())
	h.must(err)
	return t
}

func (h *house) totals() reconcile.Totals {
	h.t.Helper()
	t, err := h.Totals(h.t.Context())
	h.must(err)
	return t
}

// TestTotalsThatWereKeptAreThoseOfTheMoment lets a change wait for its commit while others read.
func TestTotalsThatWereKeptAreThoseOfTheMoment(t *testing.T) {
	t.Parallel()
	h := week(t)
	h.tell("BK-1", "2026-10-07")
	for _, change := range []struct{ name, sql string }{
		{"a balance of the bank", `UPDATE masp.bank_statements SET closing_cents = closing_cents + 700 WHERE state = 'accepted'`},
		{"an account of its own", `INSERT INTO masp.bank_accounts (bank_account_id, iban, holder, owner, model)
			VALUES ('BK-9', 'FR7699999000010000000010009', 'Mme Durand', 'BENEFICIARY', 'INDIVIDUAL')`},
		{"a person who moves", `UPDATE masp.mandates SET bank_account_id = 'BK-1' WHERE mandate_id = 'M-3'`},
	} {
		before := h.totals()
		tx, err := h.db.Super.Begin(t.Context())
		h.must(err)
		defer func() { _ = tx.Rollback(t.Context()) }() // when the test stops here
		_, err = tx.Exec(t.Context(), `SET LOCAL session_replication_role = replica; `+change.sql)
		h.must(err)
		if now := h.totals(); now != before {
			t.Errorf("%s shows before its commit: got %+v, want %+v", change.name, now, before)
		}
		old, err := h.db.App.BeginTx(t.Context(), pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
		h.must(err)
		defer func() { _ = old.Rollback(t.Context()) }()
		_, err = old.Exec(t.Context(), `SELECT`)
		h.must(err)
		h.must(tx.Commit(t.Context()))
		now := h.totals()
		if now == before || now != h.fresh() {
			t.Errorf("%s: got %+v, want %+v and not %+v as before", change.name, now, h.fresh(), before)
		}
		seen, err := h.Totals(unit.Joined(t.Context(), old))
		h.must(err)
		if seen != before {
			t.Errorf("%s: who began before reads %+v, want %+v", change.name, seen, before)
		}
		h.must(old.Rollback(t.Context()))
	}
}

// TestWhatTheTotalsReadLeavesAMark finds the tables behind the totals in the text of the functions and views.
func TestWhatTheTotalsReadLeavesAMark(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	name := regexp.MustCompile(`masp\.(\w+)`)
	read, todo := map[string]bool{}, []string{"bank_agreement", "disagreements", "drift_since"}
	for len(todo) > 0 {
		one := todo[0]
		todo = todo[1:]
		for _, found := range name.FindAllStringSubmatch(h.text(`
			SELECT coalesce((SELECT string_agg(prosrc, ' ') FROM pg_proc WHERE pronamespace = 'masp'::regnamespace AND proname = $1), '')
			    || coalesce((SELECT string_agg('masp.' || t.relname, ' ') FROM pg_rewrite r JOIN pg_depend d ON d.objid = r.oid
			                   JOIN pg_class t ON t.oid = d.refobjid AND d.refclassid = 'pg_class'::regclass
			                  WHERE r.ev_class = to_regclass('masp.' || $1)), '')`, one), -1) {
			if !read[found[1]] {
				read[found[1]] = true
				todo = append(todo, found[1])
			}
		}
	}
	others := []string{
		"accounts", "account_balances", "entries", "entry_texts", "postings", // written by what moves chain_heads, which is read itself
		"chain_heads", "run_mandates", // read for a run alone
	}
	tables := 0
	for of := range read {
		switch h.text(`
			SELECT coalesce((SELECT CASE WHEN relkind <> 'r' THEN 'none' WHEN EXISTS (SELECT FROM pg_trigger
			       WHERE tgrelid = c.oid AND tgname = 'marks_agreement') THEN 'marked' ELSE 'table' END
			  FROM pg_class c WHERE relnamespace = 'masp'::regnamespace AND relname = $1), 'none')`, of) {
		case "table":
			if !slices.Contains(others, of) {
				t.Errorf("a change of %s leaves no mark", of)
			}
		case "marked":
			tables++
		}
	}
	if tables < 8 {
		t.Errorf("found %d marked tables: the test would not fail", tables)
	}
}
