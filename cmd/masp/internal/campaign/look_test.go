package campaign

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"masp/migrations/cluster"
)

// look is what a house holds: by name, a count, a sum, a state or the digest of a file.
type look map[string]string

// technical are tables that say how often the program worked, not what it did.
const technical = `'jobs', 'job_runs'`

// look reads a place: rows of every table and the sums of its cents, balances, transfers, runs, lines
// of the bank, and every file that stands under its final name.
func (p *place) look(t testing.TB) look {
	t.Helper()
	all := look{}
	var schema bool
	if p.ask(t, cluster.Superuser, `SELECT to_regnamespace('masp') IS NOT NULL`, &schema); schema {
		var text string
		p.ask(t, cluster.Superuser, lookSQL, &text)
		for line := range strings.Lines(text) {
			name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " = ")
			all[name] = value
		}
	}
	err := fs.WalkDir(os.DirFS(p.dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(path.Base(name), ".") {
			return err
		}
		content, err := os.ReadFile(filepath.Join(p.dir, name))
		digest := fmt.Sprintf("%x", sha256.Sum256(content))
		switch {
		case strings.HasSuffix(name, ".xml.txt"): // what became of a file, told or told again
			digest = "a note"
		case digest == all["stored "+path.Base(name)]: // a payment file has the instant of its making in it
			digest = "as the books have it"
		}
		if strings.HasPrefix(path.Base(name), "sceau-") { // of its own instant each
			name, digest = path.Join(path.Dir(name), "sceau"), fmt.Sprint("whole: ", json.Valid(content))
		}
		all["file "+name] = digest
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	maps.DeleteFunc(all, func(name, _ string) bool { return strings.HasPrefix(name, "stored ") })
	return all
}

const lookSQL = `
	WITH tables AS (
		SELECT c.oid, c.relname, coalesce((SELECT string_agg(format(' || '' '' || coalesce(sum(%I)::text, ''-'')', a.attname), '' ORDER BY a.attname)
		         FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname LIKE '%cents%' AND NOT a.attisdropped AND a.attnum > 0
		          AND a.atttypid IN ('bigint'::regtype, 'integer'::regtype)), '') AS sums
		  FROM pg_class c WHERE c.relnamespace = 'masp'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname NOT IN (` + technical + `)),
	facts AS (
		SELECT 'table ' || relname AS name,
		       (xpath('/row/d/text()', query_to_xml(format('SELECT count(*)::text%s AS d FROM %s', sums, oid::regclass), false, true, '')))[1]::text AS value
		  FROM tables
		UNION ALL SELECT 'balance ' || a.code, (b.debit_cents - b.credit_cents)::text FROM masp.account_balances b JOIN masp.accounts a USING (account_id)
		UNION ALL SELECT 'transfer ' || end_to_end_id, state || ' ' || amount_cents FROM audit_v1.instructions
		UNION ALL SELECT 'run ' || run_id, state || ' ' || coalesce(content_hash::text, '') FROM audit_v1.runs
		UNION ALL SELECT 'lines ' || booking_date || ' ' || amount_cents || ' ' || state, count(*)::text FROM audit_v1.bank_movements GROUP BY 1
		UNION ALL SELECT 'living ' || purpose || ' ' || user_id, count(*)::text FROM masp.credentials WHERE revoked_at IS NULL GROUP BY 1
		UNION ALL SELECT 'stored ' || name, encode(sha256, 'hex') FROM masp.payment_files)
	SELECT coalesce(string_agg(name || ' = ' || value, E'\n' ORDER BY name), '') FROM facts`

// entries is how many entries the books of a look have.
func (l look) entries() (n int) {
	_, _ = fmt.Sscan(l["table entries"], &n)
	return n
}

// differs says where two houses differ, a few lines of it.
func (l look) differs(from look) string {
	names := map[string]bool{}
	for name := range l {
		names[name] = true
	}
	for name := range from {
		names[name] = true
	}
	var all []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if l[name] != from[name] {
			all = append(all, fmt.Sprintf("%s: got %q, want %q", name, l[name], from[name]))
		}
	}
	return strings.Join(all[:min(len(all), 12)], "\n")
}
