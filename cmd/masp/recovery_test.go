package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"masp/migrations"
	"masp/migrations/cluster"
	"masp/migrations/dbtest"
)

// from a copy of the server and the log that it archives, the house comes back as it stood one second
// before somebody emptied a table past every wall: each row of it, proved by the head that was printed.
func TestTheHouseComesBackAsItWasASecondBeforeADisaster(t *testing.T) {
	t.Parallel()
	dbtest.Seldom(t, 8)
	dir := crossed(t)
	archive := filepath.Join(dir, "archive")
	if err := os.Mkdir(archive, 0o700); err != nil {
		t.Fatal(err)
	}
	lost := openHouse(t, filepath.Join(dir, "house"), map[string]string{
		"archive_mode": "on", "archive_command": "cp %p " + archive + "/%f",
	})
	owned(t, archive, filepath.Join(dir, "house", "data"))
	lost.run(exitOK, "migrate", "--owner-url", lost.db.OwnerURL)
	lost.run(exitOK, "seed", "--owner-url", lost.db.OwnerURL)
	if err := os.Mkdir(filepath.Join(dir, "again"), 0o755); err != nil {
		t.Fatal(err)
	}
	base := filepath.Join(dir, "again", "data")
	postgres(t, "pg_basebackup", "--pgdata", base, "--checkpoint", "fast", "--dbname", lost.db.SuperURL)
	postgres(t, "pg_verifybackup", base)
	lost.run(exitOK, "user", "add", "d.apres", "--name", "Après la copie", "--role", "coordinator")
	var proof struct{ Head string }
	lost.json(exitOK, &proof, "verify")
	want, before := digests(t, lost.db), lost.moment()
	time.Sleep(time.Second)
	lost.disaster()

	copied(t, filepath.Join(dir, "house", "MASP-CLUSTER"), filepath.Join(dir, "again", "MASP-CLUSTER"))
	point := fmt.Sprintf("restore_command = 'cp %s/%%f %%p'\nrecovery_target_time = '%s'\nrecovery_target_action = 'promote'\nhot_standby = off\n",
		archive, before.UTC().Format("2006-01-02 15:04:05.999999+00"))
	for name, text := range map[string]string{"recovery.signal": "", "postgresql.auto.conf": point} {
		if err := os.WriteFile(filepath.Join(base, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	owned(t, base, filepath.Join(dir, "house", "data"))
	back := openHouse(t, filepath.Join(dir, "again"), nil)
	same(t, withoutSequences(digests(t, back.db)), withoutSequences(want))
	back.run(exitOK, "verify", "--head", proof.Head)
	postgres(t, "pg_amcheck", "--install-missing", back.db.SuperURL)
}

// withoutSequences leaves the next numbers out: PostgreSQL logs them some ahead, and never gives one twice.
func withoutSequences(all map[string]string) map[string]string {
	maps.DeleteFunc(all, func(key, _ string) bool { return strings.HasPrefix(key, "sequence ") })
	return all
}

// crossed is a folder that the user of the server may cross, which those of the tests are not.
func crossed(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "masp-recovery-")
	if err == nil {
		t.Cleanup(func() { _ = os.RemoveAll(dir) })
		err = os.Chmod(dir, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// openHouse opens a server of its own with a database that may be there already.
func openHouse(t *testing.T, dir string, settings map[string]string) *counter {
	t.Helper()
	server, err := cluster.Open(t.Context(), dir, cluster.Options{Temporary: true, Settings: settings})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	d := &counter{t: t, folder: t.TempDir(), db: &dbtest.DB{Name: "masp"}}
	d.db.SuperURL, d.db.OwnerURL, d.db.AppURL = server.SuperURL("masp"), server.OwnerURL("masp"), server.AppURL("masp")
	if err := server.CreateDatabase(t.Context(), "masp"); err != nil {
		t.Fatal(err)
	}
	if d.db.Super, err = migrations.Open(context.Background(), d.db.SuperURL, 2); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.db.Super.Close)
	return d
}

func (d *counter) moment() (at time.Time) {
	d.t.Helper()
	if err := d.db.Super.QueryRow(d.t.Context(), `SELECT clock_timestamp()`).Scan(&at); err != nil {
		d.t.Fatal(err)
	}
	return at
}

// disaster empties a table, and waits until the archive has it.
func (d *counter) disaster() {
	d.t.Helper()
	_, err := d.db.Super.Exec(d.t.Context(), `BEGIN; SET LOCAL session_replication_role = replica; DELETE FROM masp.postings; COMMIT`)
	if err != nil {
		d.t.Fatal(err)
	}
	var file string
	if err := d.db.Super.QueryRow(d.t.Context(), `SELECT pg_walfile_name(pg_switch_wal() - 1)`).Scan(&file); err != nil {
		d.t.Fatal(err)
	}
	for archived := false; !archived; time.Sleep(20 * time.Millisecond) {
		err := d.db.Super.QueryRow(d.t.Context(), `SELECT coalesce(last_archived_wal, '') >= $1 FROM pg_stat_archiver`, file).Scan(&archived)
		if err != nil {
			d.t.Fatal(err)
		}
	}
}

// postgres runs a program of PostgreSQL.
func postgres(t *testing.T, name string, args ...string) {
	t.Helper()
	b, err := cluster.Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), filepath.Join(b.Dir, name), args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}

// owned gives a tree to who owns another folder: as root, the server runs as somebody else.
func owned(t *testing.T, tree, like string) {
	t.Helper()
	info, err := os.Stat(like)
	if err != nil {
		t.Fatal(err)
	}
	of, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		t.Fatal("no owner is known here")
	}
	err = filepath.WalkDir(tree, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, int(of.Uid), int(of.Gid))
	})
	if err != nil {
		t.Fatal(err)
	}
}

func copied(t *testing.T, from, to string) {
	t.Helper()
	content, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, content, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
