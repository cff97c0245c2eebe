package migrations_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"masp/migrations"
	"masp/migrations/cluster"
	"masp/migrations/dbtest"
)

// refusals returns the codes for which Guard refuses the user and database of a URL.
func refusals(t *testing.T, url string) string {
	t.Helper()
	pool, err := migrations.Open(t.Context(), url, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	err = migrations.Guard(t.Context(), pool)
	if err == nil {
		return ""
	}
	var unsafe *migrations.UnsafeError
	if !errors.As(err, &unsafe) {
		t.Fatalf("got %v, want an *UnsafeError", err)
	}
	var codes []string
	for _, f := range unsafe.Faults {
		if f.Message == "" || strings.Contains(f.Message, "\n") {
			t.Errorf("%s: got the message %q, want one clear line", f.Code, f.Message)
		}
		codes = append(codes, f.Code)
	}
	return strings.Join(codes, " ")
}

func TestGuardRefusesEachServerSettingThatLosesMoney(t *testing.T) {
	t.Parallel()
	parent, err := os.MkdirTemp("", "masp-guard-test-") // crossed by the server's user
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(parent) })
	if err := os.Chmod(parent, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ setting, want string }{
		{"", ""},
		{"fsync", "fsync_off"},
		{"full_page_writes", "full_page_writes_off"},
		{"synchronous_commit", "synchronous_commit_off"},
	} {
		settings := map[string]string{}
		if c.setting != "" {
			settings[c.setting] = "off"
		}
		server, err := cluster.Open(t.Context(), filepath.Join(parent, "pg"), cluster.Options{Settings: settings})
		if err != nil {
			t.Fatal(err)
		}
		if got := refusals(t, server.AppURL(cluster.Superuser)); got != c.want {
			t.Errorf("%s off: refused for %q, want %q", c.setting, got, c.want)
		}
		if err := server.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestGuardRefusesTheRolesThatCouldRewriteTheBooks(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t, dbtest.Strict)
	deputy, clerk := "deputy_"+db.Name, "clerk_"+db.Name // roles are shared by all databases
	if _, err := db.Super.Exec(t.Context(), `
		CREATE ROLE `+deputy+` LOGIN IN ROLE masp_owner;
		CREATE ROLE `+clerk+` LOGIN IN ROLE masp_app`); err != nil {
		t.Fatal(err)
	}
	as := func(user string) string { return strings.Replace(db.AppURL, "masp_app", user, 1) }
	for _, c := range []struct{ name, url, want string }{
		{"the role of the program", db.AppURL, ""},
		{"a member of it", as(clerk), ""},
		{"the auditor", db.ReadURL, ""},
		{"the owner", db.OwnerURL, "owner"},
		{"a member of the owner", as(deputy), "owner"},
		{"the superuser", db.SuperURL, "superuser"},
	} {
		if got := refusals(t, c.url); got != c.want {
			t.Errorf("%s: refused for %q, want %q", c.name, got, c.want)
		}
	}
}

func TestGuardRefusesADatabaseThatIsNotUTF8(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t, dbtest.Strict, dbtest.Empty)
	name := pgx.Identifier{db.Name + "_ascii"}.Sanitize()
	if _, err := db.Super.Exec(t.Context(), `CREATE DATABASE `+name+
		` TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'`); err != nil {
		t.Fatal(err)
	}
	url := strings.Replace(db.AppURL, "/"+db.Name+"?", "/"+db.Name+"_ascii?", 1)
	if got, want := refusals(t, url), "not_utf8"; got != want {
		t.Errorf("refused for %q, want %q", got, want)
	}
	super := strings.Replace(db.SuperURL, "/"+db.Name+"?", "/"+db.Name+"_ascii?", 1)
	var unsafe *migrations.UnsafeError
	if _, err := migrations.Apply(t.Context(), super, ""); !errors.As(err, &unsafe) || unsafe.Faults[0].Code != "not_utf8" {
		t.Errorf("a migration: got %v, want it refused as not_utf8", err)
	}
	pool, err := migrations.Open(t.Context(), super, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	var made int
	err = pool.QueryRow(t.Context(), `SELECT count(*) FROM pg_namespace WHERE nspname = 'masp'`).Scan(&made)
	if err != nil || made != 0 {
		t.Errorf("got %d schemas masp, %v, want none: nothing is written before the refusal", made, err)
	}
}

func TestGuardRefusesAServerThatIsTooOld(t *testing.T) {
	t.Parallel()
	if got := migrations.FaultsOfVersion(140012); len(got) != 1 || got[0].Code != "too_old" {
		t.Errorf("PostgreSQL 14: got %+v, want too_old", got)
	}
	if got := migrations.FaultsOfVersion(150000); len(got) != 0 {
		t.Errorf("PostgreSQL 15: got %+v, want no fault", got)
	}
}
