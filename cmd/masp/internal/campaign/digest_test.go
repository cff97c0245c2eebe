package campaign

import (
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"masp/migrations/cluster"
)

// digest is the digest of all that a house holds: every row of every table, the number of every
// sequence, every byte of every file, also of those that are half written. It waits until nobody is
// connected any more: what a dead program has begun is over then.
func (p *place) digest(t testing.TB) string {
	t.Helper()
	p.alone(t)
	all := sha256.New()
	var rows string
	p.ask(t, cluster.Superuser, rowsSQL, &rows)
	_, _ = io.WriteString(all, rows)
	err := fs.WalkDir(os.DirFS(p.dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(filepath.Join(p.dir, name))
		_, _ = fmt.Fprintf(all, "%q %x\n", name, sha256.Sum256(content))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(all.Sum(nil))
}

const rowsSQL = `
	SELECT coalesce(string_agg(relname || ' ' || (xpath('/row/d/text()', query_to_xml(CASE relkind
	           WHEN 'S' THEN format('SELECT last_value || '' '' || is_called AS d FROM %s', oid::regclass)
	           ELSE format('SELECT md5(coalesce(string_agg(t::text, E''\n'' ORDER BY t::text), '''')) AS d FROM %s t', oid::regclass)
	       END, false, true, '')))[1]::text, E'\n' ORDER BY relname), '')
	  FROM pg_class WHERE relnamespace = to_regnamespace('masp') AND relkind IN ('r', 'S')`

// alone waits until nobody is connected to a place.
func (p *place) alone(t testing.TB) {
	t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		var others int
		err := p.admin.QueryRow(t.Context(), `SELECT count(*) FROM pg_stat_activity WHERE datname = $1`, p.db).Scan(&others)
		switch {
		case err != nil:
			t.Fatal(err)
		case others == 0:
			return
		case time.Now().After(end):
			t.Fatalf("%d connections to %s do not end", others, p.db)
		}
	}
}

func TestCrashIsSeenByTheDigestInEachRowNumberAndFile(t *testing.T) {
	t.Parallel()
	p := theMonth(t).chapter(t, "approve").before.clone(t)
	defer p.remove(t)
	first := p.digest(t)
	if again := p.digest(t); again != first {
		t.Error("the digest of the same house is another one")
	}
	for _, change := range []string{
		`INSERT INTO masp.jobs (job) VALUES ('digest')`,
		`SELECT setval(oid::regclass, 4711) FROM pg_class WHERE relkind = 'S' AND relnamespace = 'masp'::regnamespace LIMIT 1`,
	} {
		p.ask(t, cluster.Superuser, change)
		second := p.digest(t)
		if second == first {
			t.Errorf("the digest does not see: %s", change)
		}
		first = second
	}
	if err := os.WriteFile(filepath.Join(p.dir, "outbox", ".half"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if p.digest(t) == first {
		t.Error("the digest does not see a hidden file")
	}
}
