package cluster

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

func TestDataIsKeptBetweenRuns(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	begin := time.Now()
	c := opened(t, dir, Options{})
	t.Logf("first start: %v", time.Since(begin).Round(time.Millisecond))
	if err := c.CreateDatabase(t.Context(), "books"); err != nil {
		t.Fatal(err)
	}
	if err := insertRow(t.Context(), c.OwnerURL("books")); err != nil {
		t.Fatal(err)
	}
	closed(t, c)

	begin = time.Now()
	c = opened(t, dir, Options{})
	t.Logf("restart: %v", time.Since(begin).Round(time.Millisecond))
	if err := c.CreateDatabase(t.Context(), "books"); err != nil {
		t.Errorf("a database that exists is made again: %v", err)
	}
	if got := ask(t, c.OwnerURL("books"), `SELECT count(*)::text FROM kept`); got != "1" {
		t.Errorf("rows after the restart: got %s, want 1", got)
	}
}

func TestAClusterIsDurablePrivateAndHasItsRoles(t *testing.T) {
	t.Parallel()
	c := opened(t, folder(t), Options{})
	const db = Superuser // the maintenance database has the name of the superuser
	for query, want := range map[string]string{
		`SHOW fsync`:              "on",
		`SHOW full_page_writes`:   "on",
		`SHOW synchronous_commit`: "on",
		`SHOW data_checksums`:     "on",
		`SHOW server_encoding`:    "UTF8",
		`SHOW lc_collate`:         "C",
		`SHOW lc_ctype`:           "C.UTF-8",
		`SELECT lower('ÉÇ')`:      "éç",
		`SHOW listen_addresses`:   "",
		`SHOW timezone`:           "UTC",
		`SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles WHERE rolsuper`: "postgres",
	} {
		if got := ask(t, c.SuperURL(db), query); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
	for url, want := range map[string]string{
		c.OwnerURL(db): "masp_owner off", c.AppURL(db): "masp_app off", c.ReadURL(db): "masp_read on",
	} {
		got := ask(t, url, `SELECT current_user || ' ' || current_setting('default_transaction_read_only')`)
		if got != want {
			t.Errorf("role and read only: got %q, want %q", got, want)
		}
	}
}

func TestOpensAtTheSameTimeShareOneServer(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	clusters := make([]*Cluster, 4)
	var all sync.WaitGroup
	for i := range clusters {
		all.Go(func() {
			c, err := Open(t.Context(), dir, Options{Unsafe: true})
			if err != nil {
				t.Error(err)
			}
			clusters[i] = c
		})
	}
	all.Wait()
	starters := 0
	for _, c := range clusters {
		if c == nil {
			t.Fatal("an Open failed")
		}
		if !c.Joined() {
			starters++
		}
	}
	if starters != 1 {
		t.Fatalf("%d servers were started on one folder", starters)
	}
	url := clusters[0].SuperURL(Superuser)
	for _, c := range clusters[1:] {
		closed(t, c)
		if got := ask(t, url, `SELECT 'alive'`); got != "alive" {
			t.Errorf("after another closed: got %q, want the server alive", got)
		}
	}
	closed(t, clusters[0])
	if left, err := held(dir, servingName); left || err != nil {
		t.Errorf("after the last one closed: got %v, %v, want no process of the server", left, err)
	}
}

func TestTheStarterLeavesTheServerToThoseWhoUseItAndWaitsForNobody(t *testing.T) {
	t.Parallel()
	dir := made(t)
	starter := opened(t, dir, Options{Unsafe: true})
	joined := opened(t, dir, Options{})
	begin := time.Now()
	closed(t, starter)
	if waited := time.Since(begin); waited > 20*time.Second {
		t.Errorf("the starter waited %v for the other", waited)
	}
	if got := ask(t, joined.SuperURL(Superuser), `SELECT 'alive'`); got != "alive" {
		t.Errorf("after the starter closed: got %q, want the server alive", got)
	}
	closed(t, joined)
	if left, err := held(dir, servingName); left || err != nil {
		t.Errorf("after the last one closed: got %v, %v, want no process of the server", left, err)
	}
}

func TestOfThoseWhoLeaveAtOnceOneEndsTheServer(t *testing.T) {
	t.Parallel()
	dir := made(t)
	for round := range 5 {
		clusters := make([]*Cluster, 4)
		for i := range clusters {
			clusters[i] = opened(t, dir, Options{Unsafe: true})
		}
		var all sync.WaitGroup
		for _, c := range clusters {
			all.Go(func() { closed(t, c) })
		}
		all.Wait()
		if left, err := held(dir, servingName); left || err != nil {
			t.Fatalf("round %d: got %v, %v, want no process of the server", round, left, err)
		}
	}
}

func TestADatabaseIsMadeOnceByManyAtTheSameTime(t *testing.T) {
	t.Parallel()
	c := opened(t, made(t), Options{Unsafe: true})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := c.CreateDatabase(t.Context(), "books"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := ask(t, c.OwnerURL("books"), `SELECT current_database()`); got != "books" {
		t.Errorf("got %q", got)
	}
}

func TestALongPathGetsAShortSocketElsewhere(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(folder(t), strings.Repeat("long-", 20), strings.Repeat("é", 60))
	c := opened(t, dir, Options{Unsafe: true})
	if strings.HasPrefix(c.socket, dir) {
		t.Errorf("socket folder %s: %d bytes are too long for a socket", c.socket, len(c.socket))
	}
	if got := ask(t, c.SuperURL(Superuser), `SELECT 'alive'`); got != "alive" {
		t.Errorf("over the short socket: got %q", got)
	}
	joined := opened(t, dir, Options{})
	if !joined.Joined() || joined.socket != c.socket {
		t.Errorf("the second Open: joined %v by %s, want joined by %s", joined.Joined(), joined.socket, c.socket)
	}
	closed(t, joined)
	closed(t, c)
	if err := Wipe(t.Context(), dir); err != nil {
		t.Error(err)
	}
	if _, err := os.Lstat(c.socket); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Wipe left the socket folder %s: %v", c.socket, err)
	}
}

func TestWipeRemovesOnlyAStoppedClusterOfOurs(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	if err := Wipe(t.Context(), dir); err != nil {
		t.Errorf("a missing folder: got %v, want nil", err)
	}
	c := opened(t, dir, Options{Unsafe: true})
	if err := Wipe(t.Context(), dir); !errors.Is(err, ErrRunning) {
		t.Errorf("a running cluster: got %v, want ErrRunning", err)
	}
	closed(t, c)
	if err := Wipe(t.Context(), dir); err != nil {
		t.Error(err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("after Wipe: got %v, %v, want an empty folder", left, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "accounts.ods"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Wipe(t.Context(), dir); !errors.Is(err, ErrNotOurs) {
		t.Errorf("somebody's folder: got %v, want ErrNotOurs", err)
	}
	if _, err := Open(t.Context(), dir, Options{}); !errors.Is(err, ErrNotOurs) {
		t.Errorf("Open in somebody's folder: got %v, want ErrNotOurs", err)
	}
}

func TestAServerThatCannotStartSaysWhy(t *testing.T) {
	t.Parallel()
	_, err := Open(t.Context(), made(t), Options{Unsafe: true, Settings: map[string]string{"no_such_setting": "1"}})
	if err == nil || !strings.Contains(err.Error(), "no_such_setting") {
		t.Errorf("got %v, want the reason from the server's log", err)
	}
}

func TestPersonalDataOfAFailedStatementStaysOutOfTheLog(t *testing.T) {
	t.Parallel()
	c := opened(t, made(t), Options{Unsafe: true})
	err := c.asSuperuser(t.Context(), func(conn *pgx.Conn) error {
		if _, err := conn.Exec(t.Context(), `CREATE TABLE t (iban text UNIQUE); INSERT INTO t VALUES ('FR76CANARY')`); err != nil {
			t.Fatal(err)
		}
		_, err := conn.Exec(t.Context(), `INSERT INTO t VALUES ($1)`, "FR76CANARY")
		return err
	})
	if err == nil {
		t.Fatal("the duplicate was accepted")
	}
	log, err := os.ReadFile(c.LogFile())
	if err != nil || strings.Contains(string(log), "CANARY") {
		t.Errorf("the log shows the duplicate's value (%v):\n%s", err, log)
	}
	if !strings.Contains(string(log), "duplicate key") {
		t.Errorf("the log does not show the error at all:\n%s", log)
	}
}

func TestTheNewestUsablePostgreSQLIsTaken(t *testing.T) {
	t.Parallel()
	fake := func(version string) string {
		dir := t.TempDir()
		script := "#!/bin/sh\necho 'postgres (PostgreSQL) " + version + " (Debian)'\n"
		for _, name := range []string{"postgres", "initdb"} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o700); err != nil {
				t.Fatal(err)
			}
		}
		return dir
	}
	old, fifteen, seventeen, next := fake("9.6.24"), fake("15.18"), fake("17.2"), fake("19beta1")
	all := []string{old, seventeen, fifteen, t.TempDir()}
	for _, c := range []struct {
		name  string
		dirs  []string
		major int
		want  string
		fails string
	}{
		{"the newest of three", all, 0, seventeen, ""},
		{"a beta counts", append(all, next), 0, next, ""},
		{"the one that made the data folder", all, 15, fifteen, ""},
		{"none of that version", all, 16, "", "postgresql-16"},
		{"only one too old", []string{old}, 0, "", "found: [9.6.24]"},
		{"none", nil, 0, "", "masp doctor --install"},
	} {
		got, err := newest(context.Background(), c.dirs, c.major)
		if got.Dir != c.want || (c.fails == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), c.fails) {
			t.Errorf("%s: got %+v, %v; want %s, error with %q", c.name, got, err, c.want, c.fails)
		}
	}
}

func TestTheEmptyLocksOfTheFirstClustersAreInNobodysWay(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	if err := MakeFolder(dir); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"joined", "starter"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := Wipe(t.Context(), dir); err != nil {
		t.Errorf("Wipe: %v", err)
	}
	if _, err := prepareFolder(dir); err != nil {
		t.Errorf("a new cluster beside them: %v", err)
	}
}
