package campaign

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"masp/migrations/cluster"
)

// TestCrashDrill loses the machine after the run was submitted: only the backup, the head that was
// printed and this program are left. The house is restored by the commands of the README into another
// PostgreSQL, and its people end the month there. It must be the month that nobody disturbed.
func TestCrashDrill(t *testing.T) {
	t.Parallel()
	b := theMonth(t)
	approve := b.chapter(t, "approve")
	lost := approve.before.clone(t)
	head := headOf(t, lost)
	backup := dumped(t, lost)
	lost.remove(t) // the machine is gone

	s := own(t, crossed(t))
	p := s.restored(t, backup)
	if code, said := p.do(t, order{args: []string{"verify", "--head", head}}); code != 0 {
		t.Fatalf("the restored books are not those of the head: %d\n%s", code, said)
	}
	b.letGo(t, p)
	for i, c := range b.chapters {
		if c.before == approve.before {
			b.goOn(t, p, b.chapters[i:])
		}
	}
}

// headOf is the head of the books that is kept beside a backup.
func headOf(t testing.TB, p *place) string {
	t.Helper()
	code, said := p.do(t, order{args: []string{"verify", "--json"}})
	var proof struct{ Head string }
	if err := json.Unmarshal([]byte(said), &proof); err != nil || code != 0 || proof.Head == "" {
		t.Fatalf("verify: %d, %v\n%s", code, err, said)
	}
	return proof.Head
}

// dumped is the backup of each night, by its own role.
func dumped(t testing.TB, p *place) (file string) {
	t.Helper()
	role := "masp_backup_" + p.db
	p.ask(t, cluster.Superuser, `CREATE ROLE `+role+` LOGIN BYPASSRLS; GRANT pg_read_all_data TO `+role)
	t.Cleanup(func() { p.ask2(t, `DROP ROLE `+role) })
	file = filepath.Join(scratch, p.db+".dump")
	postgres(t, "pg_dump", "--format=custom", "--file="+file, "--dbname="+p.url(role, p.db))
	return file
}

// ask2 is ask in a database that is always there.
func (p *place) ask2(t testing.TB, sql string) {
	t.Helper()
	other := *p
	other.db = cluster.Superuser
	other.ask(t, cluster.Superuser, sql)
}

// restored is a house in an empty database, from a backup alone: its folders are empty, too.
func (s *breakable) restored(t testing.TB, backup string) *place {
	t.Helper()
	p := s.empty(t)
	postgres(t, "pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", "--dbname="+p.url(cluster.Owner, p.db), backup)
	return p
}

// postgres runs a program of PostgreSQL.
func postgres(t testing.TB, name string, args ...string) {
	t.Helper()
	found, err := cluster.Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), filepath.Join(found.Dir, name), args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// letGo holds the files back until an administrator has compared.
func (b *book) letGo(t testing.TB, p *place) {
	t.Helper()
	for _, o := range []order{
		{args: []string{"restored"}},
		{args: []string{"restored", "--clear", "--reason", "rien n'est parti"}, token: b.facts["O"]},
	} {
		if code, said := p.do(t, o); code != 0 {
			t.Fatalf("masp %v: %d\n%s", o.args, code, said)
		}
	}
}

// goOn ends the month at another place.
func (b *book) goOn(t testing.TB, p *place, rest []*chapter) {
	t.Helper()
	for _, c := range rest {
		if c.at != "" {
			p.ask(t, cluster.Owner, `SELECT masp.set_clock('`+c.at+`')`)
		}
		if c.lease {
			content, err := os.ReadFile(filepath.Join(b.facts["FILES"], "day3.xml"))
			if err != nil {
				t.Fatal(err)
			}
			drop(t, filepath.Join(p.dir, "inbox", "day3.xml"), content)
		}
		if code, said := p.do(t, b.orderOf(c, p, nil)); code != 0 {
			t.Fatalf("%s: exit code %d\n%s", c.name, code, said)
		}
	}
	got, want := p.look(t), maps.Clone(rest[len(rest)-1].once)
	for _, l := range []look{got, want} {
		maps.DeleteFunc(l, func(name, _ string) bool { // the acts of the restoration; exports name their instant
			return name == "table audit_log" || name == "table restorations" || strings.HasPrefix(name, "file exports/")
		})
	}
	wrong := prove(t, p) + got.differs(want)
	points.add("machine lost, restored, month ended", wrong == "", got.entries(), want.entries())
	if wrong != "" {
		t.Errorf("the month after the restore is not the undisturbed one:\n%s", wrong)
	}
}
