package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"masp/migrations/cluster"
	"masp/migrations/dbtest"
)

// copies is the store of another machine, and what deploy/masp-backup needs to write and to read it.
type copies struct {
	t              *testing.T
	dir, script    string
	settings, like string
}

// the machine is lost. From the store, its key and this repository the house comes back as its
// last archived minute left it; a copy that is too old is gone, and nobody reads one without the key.
func TestAHouseComesBackFromTheCopiesOfAnotherMachine(t *testing.T) {
	t.Parallel()
	dbtest.Seldom(t, 8)
	dir := crossed(t)
	c := newCopies(t, dir)
	lost := openHouse(t, filepath.Join(dir, "house"), map[string]string{
		"archive_mode": "on", "archive_timeout": "1",
		"archive_command": "BACKUP_SETTINGS=" + c.settings + " " + c.script + " wal %p %f",
	})
	c.of(lost.db.SuperURL, filepath.Join(dir, "house", "data"))
	lost.run(exitOK, "migrate", "--owner-url", lost.db.OwnerURL)
	lost.run(exitOK, "seed", "--owner-url", lost.db.OwnerURL)
	c.run("base")
	c.aged(40 * 24 * time.Hour)
	time.Sleep(time.Second) // copies are named by their second
	c.run("base")
	c.run("expire", "30")
	if left := c.files("base"); len(left) != 1 {
		t.Errorf("of an old and a new copy are left %v", left)
	}
	lost.run(exitOK, "user", "add", "d.apres", "--name", "Après la copie", "--role", "coordinator")
	var proof struct{ Head string }
	lost.json(exitOK, &proof, "verify")
	want := digests(t, lost.db)
	lost.archived()
	if f, err := readFigures(t.Context(), lost.db.Super); err != nil || f.archive == nil || f.archive.fails != 0 || f.archive.age > 60 {
		t.Errorf("the figures say %+v of the archive, %v", f.archive, err)
	}
	lose(t, filepath.Join(dir, "house"), filepath.Join(dir, "MASP-CLUSTER"))

	begin := time.Now()
	c.sealed()
	again := filepath.Join(dir, "again")
	if err := os.Mkdir(again, 0o755); err != nil {
		t.Fatal(err)
	}
	c.run("restore", filepath.Join(again, "data"))
	copied(t, filepath.Join(dir, "MASP-CLUSTER"), filepath.Join(again, "MASP-CLUSTER"))
	owned(t, filepath.Join(again, "data"), c.like)
	back := openHouse(t, again, nil)
	same(t, withoutSequences(digests(t, back.db)), withoutSequences(want))
	back.run(exitOK, "verify", "--head", proof.Head)
	back.run(exitOK, "restored", "--owner-url", back.db.OwnerURL)
	t.Logf("back after %v", time.Since(begin).Round(100*time.Millisecond))
}

// What PostgreSQL is told in production loses a minute, and calls the program that was tested.
func TestTheLogLeavesTheMachineEachMinute(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("deploy/archive.conf")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"archive_mode = on", "archive_timeout = 60", "archive_command = '/usr/local/bin/masp-backup wal %p %f'"} {
		if !strings.Contains(string(text), "\n"+want+"\n") {
			t.Errorf("deploy/archive.conf lost %q", want)
		}
	}
}

func newCopies(t *testing.T, dir string) *copies {
	t.Helper()
	if _, err := exec.LookPath("age"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("age(1) seals the copies and is not here")
	}
	c := &copies{t: t, dir: filepath.Join(dir, "copies"), script: filepath.Join(dir, "masp-backup"), settings: filepath.Join(dir, "settings")}
	if err := os.Mkdir(c.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	copied(t, "deploy/masp-backup", c.script)
	if err := os.Chmod(c.script, 0o755); err != nil {
		t.Fatal(err)
	}
	key, err := exec.CommandContext(t.Context(), "age-keygen").Output()
	if err != nil {
		t.Fatal(err)
	}
	to := regexp.MustCompile(`age1\w+`).Find(key)
	for name, text := range map[string][]byte{"key": key, "to": to} {
		if err := os.WriteFile(filepath.Join(c.dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// of tells which server is copied, and gives all to its user.
func (c *copies) of(url, like string) {
	c.t.Helper()
	text := "STORE=" + c.dir + "\nRECIPIENTS=" + c.dir + "/to\nKEY=" + c.dir + "/key\nSERVER='" + url + "'\n"
	if err := os.WriteFile(c.settings, []byte(text), 0o600); err != nil {
		c.t.Fatal(err)
	}
	c.like = c.settings
	owned(c.t, c.settings, like)
	owned(c.t, c.dir, like)
}

func (c *copies) run(args ...string) {
	c.t.Helper()
	b, err := cluster.Find(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	cmd := exec.CommandContext(c.t.Context(), c.script, args...)
	cmd.Env = append(os.Environ(), "BACKUP_SETTINGS="+c.settings, "PATH="+b.Dir+":"+os.Getenv("PATH"))
	if out, err := cmd.CombinedOutput(); err != nil {
		c.t.Fatalf("masp-backup %v: %v\n%s", args, err, out)
	}
}

func (c *copies) files(folder string) []string {
	c.t.Helper()
	all, err := filepath.Glob(filepath.Join(c.dir, folder, "*.age"))
	if err != nil {
		c.t.Fatal(err)
	}
	return all
}

func (c *copies) aged(by time.Duration) {
	c.t.Helper()
	for _, file := range c.files("base") {
		if err := os.Chtimes(file, time.Time{}, time.Now().Add(-by)); err != nil {
			c.t.Fatal(err)
		}
	}
}

// sealed looks at each file as who found the store would, without the key.
func (c *copies) sealed() {
	c.t.Helper()
	all := slices.Concat(c.files("base"), c.files("wal"))
	if len(all) < 2 {
		c.t.Fatalf("the store holds %v", all)
	}
	for _, file := range all {
		text, err := os.ReadFile(file)
		if err != nil {
			c.t.Fatal(err)
		}
		if !bytes.HasPrefix(text, []byte("age-encryption.org/v1\n-> X25519 ")) {
			c.t.Errorf("%s is not sealed", file)
		}
	}
}

// archived waits until what is written so far has left by the time that the server was given alone.
func (d *counter) archived() {
	d.t.Helper()
	var file string
	if err := d.db.Super.QueryRow(d.t.Context(), `SELECT pg_walfile_name(pg_current_wal_insert_lsn())`).Scan(&file); err != nil {
		d.t.Fatal(err)
	}
	for there := false; !there; time.Sleep(50 * time.Millisecond) {
		err := d.db.Super.QueryRow(d.t.Context(), `SELECT coalesce(last_archived_wal, '') >= $1 FROM pg_stat_archiver`, file).Scan(&there)
		if err != nil {
			d.t.Fatal(err)
		}
	}
}

// lose kills a server and removes all that it had; only the name of the program's folder is kept.
func lose(t *testing.T, house, mark string) {
	t.Helper()
	copied(t, filepath.Join(house, "MASP-CLUSTER"), mark)
	text, err := os.ReadFile(filepath.Join(house, "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	if err == nil {
		err = syscall.Kill(pid, syscall.SIGKILL)
	}
	if err == nil {
		err = os.RemoveAll(house)
	}
	if err != nil {
		t.Fatal(err)
	}
}
