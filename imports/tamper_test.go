package imports_test

import (
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"masp/imports"
	"masp/ledger"
	"masp/ledger/money"
	"masp/migrations/dbtest"
)

func TestEveryChangeOfAnImportedRowIsFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refs := w.send("BK-2", "M-2", "LOT", "300.00")
	_, err := w.Announce(t.Context(), w.boss, list("700.00", part("M-2", "RSA", "2026-10", "700.00")))
	w.must(err)
	p := november(fromCAF("573.49", "2026-11-05", cafText), fromSomebody("10.00", "2026-11-05"))
	p.closing = "683.49"
	w.drop(
		statements(p, paper{
			iban: ibanPooled, id: "1", from: "2026-11-05", to: "2026-11-05", opening: "1000.00",
			closing: "1400.00", lines: []string{
				debit("300.00", "2026-11-05", refs[0]), fromCAF("700.00", "2026-11-05", "CAF-1105"),
			},
		}),
	)
	w.drop(pain002("R3", "MSG-LOT", rejected("LOT", "NOT-OURS")))
	w.drop(pain002("R4", "MSG-LOT", nameOf("LOT", refs[0], "RVMC", "Bailleur réel")))
	items, err := w.Suspense(t.Context())
	w.must(err)
	_, err = w.AssignSuspense(t.Context(), w.boss, items[0].Line, imports.Assignment{
		Mandate: "M-1", Benefit: "RSA", Amount: money.MustParse("4.00"), Reason: "essai",
	})
	w.must(err)
	w.sound()
	if t.Failed() {
		t.FailNow()
	}
	for _, table := range []string{
		"bank_files", "bank_file_parts", "bank_statements", "bank_lines", "line_matches", "suspense_items", "receipts",
		"suspense_assignments", "status_reports", "name_checks", "advices", "advice_parts", "advice_uses",
	} {
		w.tamper(table)
	}
}

// tamper changes each column of one row of a table, and deletes the row, each time putting
// everything back: every change must be found.
func (w *world) tamper(table string) {
	w.t.Helper()
	rows, err := w.db.Super.Query(w.t.Context(), `
		SELECT column_name::text, data_type::text FROM information_schema.columns
		 WHERE table_schema = 'masp' AND table_name = $1 ORDER BY ordinal_position`, table)
	w.must(err)
	var name, kind string
	changes := map[string]string{
		"(row)": "DELETE FROM masp." + table + " WHERE ctid = (SELECT min(ctid) FROM masp." + table + ")",
	}
	for rows.Next() {
		w.must(rows.Scan(&name, &kind))
		value := map[string]string{
			"bigint": name + " + 77", "integer": name + " + 77", "text": name + " || 'x'", "date": name + " + 31",
			"bytea": name + ` || '\x00'`, "jsonb": `'["x"]'::jsonb`, "boolean": "NOT " + name, "timestamp with time zone": name + " + interval '1 second'",
			"ARRAY": name + " || 'x'::text",
		}[kind]
		if name == "state" && table == "bank_lines" {
			value = "CASE state WHEN 'matched' THEN 'posted' ELSE 'matched' END"
		}
		changes[name] = fmt.Sprintf(
			"UPDATE masp.%s SET %s = coalesce(%s, %s) WHERE ctid = (SELECT min(ctid) FROM masp.%s)",
			table,
			name,
			value,
			map[string]string{
				"bigint": "77", "integer": "77", "text": "'x'", "date": "'2020-01-01'", "bytea": `'\x00'`, "jsonb": "'[]'", "boolean": "true",
				"timestamp with time zone": "now()", "ARRAY": "'{x}'",
			}[kind],
			table,
		)
	}
	w.must(rows.Err())
	lot := dbtest.NewLot(w.t, 8, 1, 1)
	for column, sql := range changes {
		if column != "(row)" && !lot.Takes() {
			continue // other columns each time; all of them in CI
		}
		if !w.foundWhen(sql) {
			w.t.Errorf("a change of %s.%s is not found", table, column)
		}
	}
}

// foundWhen makes a change as superuser, with every guard off, looks, and takes it back.
func (w *world) foundWhen(sql string) bool {
	w.t.Helper()
	ctx := w.t.Context()
	tx, err := w.db.Super.Begin(ctx)
	w.must(err)
	defer func() { _ = tx.Rollback(ctx) }()
	_, err = tx.Exec(ctx, `SET LOCAL session_replication_role = replica;
		DO $$ DECLARE c record; BEGIN
			FOR c IN SELECT conname, conrelid::regclass AS t FROM pg_constraint WHERE contype = 'c' AND connamespace = 'masp'::regnamespace
			      AND conrelid::regclass::text ~ '(bank_|notice_|match_undos|line_matches|suspense|receipts|status_reports|name_checks|advice)'
			LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.t, c.conname); END LOOP;
			FOR c IN SELECT attname, attrelid::regclass AS t FROM pg_attribute WHERE attidentity <> ''
			      AND attrelid::regclass::text ~ '(bank_|notice_|match_undos|receipts|suspense|status_reports|name_checks|advice)'
			LOOP EXECUTE format('ALTER TABLE %s ALTER COLUMN %I DROP IDENTITY', c.t, c.attname); END LOOP; END $$`)
	w.must(err)
	if _, err = tx.Exec(ctx, sql); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
	found := 0
	for _, check := range imports.Checks() {
		if err := check(ctx, tx, func(ledger.Finding) { found++ }); err != nil {
			w.t.Fatal(err)
		}
	}
	return found > 0
}

func TestNeitherTheApplicationNorTheOwnerRewritesWhatTheBankSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := november(fromSomebody("10.00", "2026-11-05"))
	p.closing = "110.00"
	w.drop(statements(p))
	w.drop(statements(paper{
		iban: ibanOwn, id: "gap", from: "2026-11-07", to: "2026-11-07", opening: "1.00", closing: "1.00",
	}))
	for _, sql := range []string{
		`UPDATE masp.bank_lines SET amount_cents = 1`,
		`UPDATE masp.bank_lines SET state = 'posted'`,
		`DELETE FROM masp.bank_lines`,
		`UPDATE masp.suspense_items SET open_cents = 0`,
		`UPDATE masp.receipts SET amount_cents = 1`,
		`UPDATE masp.bank_files SET name = 'x'`,
		`UPDATE masp.bank_file_parts SET content = '\x00', sha256 = sha256('\x00')`,
		`UPDATE masp.bank_statements SET closing_cents = 1 WHERE state = 'held'`,
		`UPDATE masp.bank_statements SET chain_no = 9, state = 'accepted', reason = NULL WHERE state = 'accepted'`,
		`INSERT INTO masp.suspense_assignments (line_id, entry_no, amount_cents, mandate_id, benefit,
		        reason, assigned_by, assigned_at)
		 VALUES (1, 1, 1000, 'M-1', 'RSA', 'x', 'a.morel', now())`,
		`SELECT masp.assign_suspense('no secret', 1, 1, 1000, 'M-1', 'RSA', NULL, NULL, 'x')`,
		`TRUNCATE masp.bank_files CASCADE`,
		`TRUNCATE masp.receipts`,
		`DELETE FROM masp.status_reports`,
		`UPDATE masp.name_checks SET result = 'RCVC'`,
	} {
		for role, pool := range map[string]*pgxpool.Pool{"application": w.db.App, "owner": w.db.Owner} {
			if _, err := pool.Exec(t.Context(), sql); err == nil {
				t.Errorf("the %s may run %s", role, sql)
			}
		}
	}
	w.sound()
}
