package auth_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger/civil"
	"masp/migrations/dbtest"
)

// filled is one row of each restricted table for each of three mandates, and for each column a value
// that tells whose it is: M-2/debt_id, 2000001. The same word in two tables is the same value, so rows
// belong together as they would in life. The checks of the tables are taken off for it.
func filled(t *testing.T, db *dbtest.DB) {
	t.Helper()
	h := stage{t, db}
	for _, drop := range h.texts(`
		SELECT format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', conrelid::regclass, conname) FROM pg_constraint
		 WHERE connamespace = 'masp'::regnamespace AND contype IN ('c', 'f') ORDER BY contype DESC`) {
		h.exec(drop)
	}
	for _, table := range h.texts(`
		SELECT relname FROM pg_class WHERE relnamespace = 'masp'::regnamespace AND relkind = 'r' AND relrowsecurity ORDER BY 1`) {
		for n := 1; n <= 3; n++ {
			h.exec(h.one(rowOf, table, n))
		}
	}
	h.exec(`INSERT INTO masp.accounts (account_id, code) VALUES (9000000, '580:OUT')`)
}

// rowOf writes the INSERT of one row of table $1 for mandate number $2::int.
const rowOf = `
	WITH c AS (
	  SELECT a.attname AS name, format_type(a.atttypid, NULL) AS type, 'M-' || $2::int AS mandate, a.attnum,
	         CASE WHEN a.attname ~ '(^|_)account$' AND $1 = 'postings' THEN 'account_id'
	              WHEN a.attname ~ '_entry$' THEN 'entry_no'
	              WHEN a.attname IN ('landlord', 'remit_to') THEN 'creditor_id'
	              WHEN a.attname IN ('old_statement', 'new_statement') THEN 'statement_id'
	              ELSE a.attname END AS word
	    FROM pg_attribute a
	   WHERE a.attrelid = ('masp.' || $1)::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '')
	SELECT format('INSERT INTO masp.%I (%s) OVERRIDING SYSTEM VALUE VALUES (%s)', $1::text,
	         string_agg(quote_ident(name), ', ' ORDER BY attnum), string_agg(CASE
	           WHEN name IN ('mandate_id', 'pays_for') OR ($1 = 'audit_log' AND name = 'object_id') THEN quote_literal(mandate)
	           WHEN $1 = 'audit_log' AND name = 'object_type' THEN '''mandate'''
	           WHEN $1 = 'accounts' AND name = 'code' THEN quote_literal('467:' || mandate)
	           WHEN $1 = 'mandates' AND name = 'department' THEN quote_literal(CASE $2::int WHEN 3 THEN '34' ELSE '69' END)
	           WHEN $1 = 'retentions' AND name = 'archived_on' THEN 'NULL'
	           WHEN $1 = 'bank_accounts' AND name = 'model' THEN '''POOLED'''
	           WHEN $1 = 'audit_log' AND name = 'seq' THEN ($2::int * 1000000 + 1)::text
	           WHEN $1 = 'debt_movements' AND name = 'kind' THEN '''WITHHOLDING'''
	           WHEN name IN ('credit_account') THEN (9 * 1000000)::text
	           WHEN type = 'text' THEN quote_literal(mandate || '/' || word)
	           WHEN type IN ('bigint', 'integer', 'smallint') AND word ~ '_(id|no)$' AND type <> 'smallint'
	                THEN ($2::int * 1000000 + 1)::text
	           WHEN type IN ('bigint', 'integer') AND word = 'account_id' THEN ($2::int * 1000000 + 1)::text
	           WHEN type IN ('bigint', 'integer', 'smallint') THEN $2::text
	           WHEN type IN ('date', 'timestamp with time zone') THEN '''2026-01-01'''
	           WHEN type = 'boolean' THEN 'false'
	           WHEN type = 'jsonb' THEN '''{}'''
	           WHEN type = 'bytea' THEN quote_literal(sha256(convert_to(mandate, 'UTF8'))::text)
	           WHEN type LIKE '%[]' THEN '''{}''' ELSE 'NULL' END, ', ' ORDER BY attnum))
	  FROM c`

// stage sets the scene as superuser, with no trigger.
type stage struct {
	t  *testing.T
	db *dbtest.DB
}

func (h stage) exec(sql string) {
	h.t.Helper()
	err := pgx.BeginFunc(h.t.Context(), h.db.Super, func(tx pgx.Tx) error {
		_, err := tx.Exec(h.t.Context(), `SET LOCAL session_replication_role = replica; `+sql)
		return err
	})
	if err != nil {
		h.t.Fatalf("%s: %v", sql, err)
	}
}

func (h stage) texts(sql string, args ...any) []string {
	h.t.Helper()
	rows, err := h.db.Super.Query(h.t.Context(), sql, args...)
	if err != nil {
		h.t.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		h.t.Fatal(err)
	}
	return list
}

func (h stage) one(sql string, args ...any) string { return h.texts(sql, args...)[0] }

// device makes a secret the device of a person.
func (h stage) device(secret, person string) auth.Principal {
	h.exec(fmt.Sprintf(`CREATE OR REPLACE FUNCTION masp.beneficiary_of(secret text) RETURNS text LANGUAGE sql STABLE
		AS $$ SELECT '%s' WHERE secret = '%s' $$`, person, secret))
	return auth.Proved(secret)
}

// readable are the relations that masp_reach may read something of, with the columns that it may.
const readable = `
	SELECT format('SELECT to_jsonb(x)::text FROM (SELECT %s FROM masp.%I) x',
	              string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum), c.relname)
	  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
	 WHERE c.relnamespace = 'masp'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p') AND c.relname <> ALL ($1)
	   AND has_column_privilege('masp_reach', c.oid, a.attnum, 'SELECT')
	 GROUP BY c.relname ORDER BY c.relname`

// nobody are the tables that name no person; whoever reads at all reads them.
var nobody = []string{
	"organisations", "benefits", "benefit_tolerances", "contribution_scales", "conventions", "payer_calendars",
	"seizure_floors", "statement_delays", "journals", "closings", "chain_heads", "load_signatures", "front_doors", "signature_limits",
}

// seen counts the rows of each relation that a principal sees, and hands him each.
func seen(t *testing.T, db *dbtest.DB, p auth.Principal, each func(question, row string)) map[string]int {
	t.Helper()
	questions := stage{t, db}.texts(readable, nobody)
	counts := make(map[string]int, len(questions))
	err := auth.Restricted(t.Context(), db.App, p, func(ctx context.Context, tx pgx.Tx) error {
		for _, q := range questions {
			rows, err := tx.Query(ctx, q)
			if err != nil {
				return err
			}
			list, err := pgx.CollectRows(rows, pgx.RowTo[string])
			if err != nil {
				return fmt.Errorf("%s: %w", q, err)
			}
			for _, row := range list {
				each(q, row)
			}
			_, table, _ := strings.Cut(q, "FROM masp.")
			counts[strings.TrimSuffix(table, ") x")] = len(list)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return counts
}

func TestEveryTableIsClosedOpenOrWithinReach(t *testing.T) {
	t.Parallel()
	h := stage{t, dbtest.New(t)}
	open := h.texts(`
		SELECT relname FROM pg_class WHERE relnamespace = 'masp'::regnamespace AND relkind = 'r' AND NOT relrowsecurity
		   AND has_any_column_privilege('masp_reach', oid, 'SELECT') ORDER BY 1`)
	want := slices.Sorted(slices.Values(nobody))
	if !slices.Equal(open, want) {
		t.Errorf("masp_reach reads without a policy\n%v, want\n%v", open, want)
	}
	for _, c := range []struct{ what, sql string }{
		{"a restricted table without one policy of masp_reach", `
			SELECT relname FROM pg_class c WHERE relnamespace = 'masp'::regnamespace AND relrowsecurity AND 1 <> (
			       SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid AND p.polroles = ARRAY['masp_reach'::regrole::oid]
			          AND p.polcmd = 'r')`},
		{"a mandate in a table that is neither restricted nor closed", `
			SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
			 WHERE relnamespace = 'masp'::regnamespace AND relkind = 'r' AND NOT relrowsecurity
			   AND attname IN ('mandate_id', 'beneficiary_id', 'instruction_id', 'line_id', 'obligation_id', 'debt_id')
			   AND NOT EXISTS (SELECT FROM unnest($1::text[]) closed WHERE closed = c.relname)`},
		{"a view that shows what its owner sees", `
			SELECT relname FROM pg_class WHERE relnamespace = 'masp'::regnamespace AND relkind IN ('v', 'm')
			   AND has_any_column_privilege('masp_reach', oid, 'SELECT')
			   AND NOT coalesce(reloptions @> ARRAY['security_invoker=true'], false)`},
		{"a table that masp_reach may change", `
			SELECT relname FROM pg_class WHERE relnamespace IN ('masp'::regnamespace, 'audit_v1'::regnamespace) AND relkind IN ('r', 'v')
			   AND (has_table_privilege('masp_reach', oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
			        OR has_any_column_privilege('masp_reach', oid, 'INSERT, UPDATE'))`},
		{"a function that reads as its owner and asks nobody's reach", `
			SELECT proname FROM pg_proc WHERE pronamespace = 'masp'::regnamespace AND prosecdef
			   AND has_function_privilege('masp_reach', oid, 'EXECUTE')
			   AND proname NOT IN ('now', 'reader', 'signatures_needed', 'confirmers_wanted') AND prosrc !~ 'masp\.(reach_of\(current_setting|reached(_banks)?\(\))'`},
	} {
		args := []any{}
		if strings.Contains(c.sql, "$1") {
			args = append(args, closed)
		}
		for _, found := range h.texts(c.sql, args...) {
			t.Errorf("%s: %s", c.what, found)
		}
	}
}

// closed are the tables with persons that masp_reach may not read at all.
var closed = []string{"cards", "devices"}

func TestWithoutASecretNobodySeesARow(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	filled(t, db)
	for _, secret := range []string{"", "masp_false", "M-1"} {
		seen(t, db, auth.Proved(secret), func(q, row string) {
			if !strings.Contains(q, "FROM masp.accounts)") { // accounts of nobody: 471, 580
				t.Errorf("secret %q: %s shows %s", secret, q, row)
			}
		})
	}
}

func TestNoTableViewOrFunctionShowsARowOfAnother(t *testing.T) {
	t.Parallel()
	h := openReach(t)
	var none civil.Date
	_, err := h.Assign(t.Context(), h.root, "carine", []string{"M-1"}, none, none)
	h.must(err)
	h.must(h.Audits(t.Context(), h.root, auth.Mission{User: "ines", Departments: []string{"69"}, From: noon.AddDays(-999)}))
	for _, c := range []struct {
		name    string
		who     auth.Principal
		foreign []string
	}{
		{"the person herself", h.device("device of 1", "M-1/beneficiary_id"), []string{"M-2", "M-3", "2000001", "3000001"}},
		{"her coordinator", h.carine, []string{"M-2", "M-3", "2000001", "3000001"}},
		{"the auditor of two Départements' one", h.ines, []string{"M-3", "3000001"}},
		{"an administrator", h.root, []string{"M-1", "M-2", "M-3", "1000001", "2000001", "3000001"}},
	} {
		counts := seen(t, h.db, c.who, func(q, row string) {
			for _, mark := range c.foreign {
				if strings.Contains(row, mark) {
					t.Errorf("%s: %s shows %s", c.name, q, row)
				}
			}
		})
		for table, n := range counts {
			if n == 0 && c.name != "an administrator" && !slices.Contains(wholeOnly, table) {
				t.Errorf("%s sees nothing in %s: the test would not fail", c.name, table)
			}
		}
	}
}

// wholeOnly are shown to those who see everybody, or have no row on this stage.
var wholeOnly = []string{
	"advices", "diagnostics", "notice_lines", "notice_uses", "reconciliations", "rule_uses", "supports", "suspense_acts",
	"suspense_items", "suspense_returns", "visits",
}
