package main

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"masp/migrations"
	"masp/migrations/cluster"
	"masp/migrations/dbtest"
)

// story is the month of testdata/month.txtar, by hand: its files and its two persons.
type story struct {
	*counter
	a, b  string // tokens
	files map[string]string
}

func newStory(t *testing.T) *story {
	t.Helper()
	s := &story{counter: newCounter(t), files: map[string]string{}}
	text, err := os.ReadFile("testdata/month.txtar")
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split("\n"+string(text), "\n-- ")
	for _, part := range parts[1:] {
		name, content, _ := strings.Cut(part, " --\n")
		s.files[name] = filepath.Join(s.folder, name)
		if err := os.WriteFile(s.files[name], []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s.at("2026-11-02T08:00:00+01:00")
	var load struct {
		SHA256 string
		Tokens []struct{ User, Token string }
	}
	s.json(exitOK, &load, "load", "testdata/association.json")
	for _, one := range load.Tokens {
		switch one.User {
		case "a.morel":
			s.a = one.Token
		case "b.simon":
			s.b = one.Token
		}
	}
	s.as("a", s.a)
	s.run(exitOK, "creditor", "confirm", "--load", load.SHA256)
	s.as("b", s.b)
	s.run(exitOK, "creditor", "confirm", "--load", load.SHA256)
	return s
}

func (s *story) at(instant string) {
	s.t.Helper()
	at, err := time.Parse(time.RFC3339, instant)
	if err != nil {
		s.t.Fatal(err)
	}
	s.db.SetClock(s.t, at)
}

// do is run with the payment files of the story beside it.
func (s *story) do(want int, args ...string) string {
	s.t.Helper()
	out, _ := s.run(want, append(args, "--outbox", filepath.Join(s.folder, "outbox"))...)
	return out
}

// propose imports the month's money and submits a run for it.
func (s *story) propose() (hash string) {
	s.t.Helper()
	s.at("2026-11-05T20:00:00+01:00")
	s.do(exitOK, "import", s.files["day1.xml"])
	s.at("2026-11-09T09:00:00+01:00")
	s.as("a", s.a)
	s.do(exitOK, "run", "propose", "M-0001")
	s.do(exitOK, "run", "submit", "C-2026-11-1")
	var shown struct {
		Hash string `json:"content_hash"`
	}
	s.json(exitOK, &shown, "run", "show", "C-2026-11-1")
	return shown.Hash
}

// approve lets the run leave, as the other person.
func (s *story) approve(hash string) {
	s.t.Helper()
	s.as("b", s.b)
	s.do(exitOK, "run", "approve", "C-2026-11-1", "--hash", hash)
	s.do(exitOK, "run", "file", "C-2026-11-1")
	s.do(exitOK, "run", "handed-over", "C-2026-11-1")
}

// backup dumps a database as the README says, by a role that may read everything and is held back
// by no policy.
func backup(t *testing.T, db *dbtest.DB, file string, role string) error {
	t.Helper()
	b, err := cluster.Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	as, err := url.Parse(db.SuperURL)
	if err != nil {
		t.Fatal(err)
	}
	as.User = url.User(role)
	out, err := exec.CommandContext(t.Context(), filepath.Join(b.Dir, "pg_dump"), "--format=custom", "--file", file, "--dbname", as.String()).CombinedOutput()
	if err != nil {
		return fmt.Errorf("pg_dump: %w: %s", err, out)
	}
	return nil
}

// bypass lets a role read past the policies.
const bypass = "BYPASSRLS"

// ensureBackupRole makes the role of the README, with or without that attribute.
func ensureBackupRole(t *testing.T, db *dbtest.DB, attribute string) string {
	t.Helper()
	role := "masp_backup_" + db.Name + "_" + strings.ToLower(attribute)
	for _, sql := range []string{`CREATE ROLE ` + role + ` LOGIN ` + attribute, `GRANT pg_read_all_data TO ` + role} {
		if _, err := db.Super.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { _, _ = db.Super.Exec(context.Background(), `DROP ROLE `+role) })
	return role
}

// restored is a new database of the same server with the content of a backup.
func restored(t *testing.T, from *dbtest.DB, file string) *dbtest.DB {
	t.Helper()
	name := from.Name + "_restored"
	if _, err := from.Super.Exec(t.Context(), `CREATE DATABASE `+name+` OWNER masp_owner TEMPLATE template0 ENCODING 'UTF8'`); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = from.Super.Exec(context.Background(), `DROP DATABASE `+name+` WITH (FORCE)`) })
	moved := func(of string) string { return strings.Replace(of, "/"+from.Name, "/"+name, 1) }
	db := &dbtest.DB{Name: name, OwnerURL: moved(from.OwnerURL), AppURL: moved(from.AppURL), ReadURL: moved(from.ReadURL), SuperURL: moved(from.SuperURL)}
	program, err := pgRestore(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := migrations.Restore(t.Context(), program, db.OwnerURL, file); err != nil {
		t.Fatal(err)
	}
	for _, one := range []struct {
		pool **pgxpool.Pool
		url  string
	}{{&db.Owner, db.OwnerURL}, {&db.App, db.AppURL}, {&db.Super, db.SuperURL}} {
		if *one.pool, err = migrations.Open(context.Background(), one.url, 4); err != nil {
			t.Fatal(err)
		}
		t.Cleanup((*one.pool).Close)
	}
	return db
}

// digests are what a database holds and how it is kept: rows of each table, sequences, constraints,
// triggers with their state, policies, rights, functions, views.
func digests(t *testing.T, db *dbtest.DB) map[string]string {
	t.Helper()
	all := map[string]string{}
	read := func(sql string) {
		t.Helper()
		rows, err := db.Super.Query(t.Context(), sql)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var key, value string
			if err := rows.Scan(&key, &value); err != nil {
				t.Fatal(err)
			}
			all[key] = value
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	const ours = `n.nspname IN ('masp', 'audit_v1')`
	read(`SELECT 'table ' || c.oid::regclass, (xpath('/row/d/text()', query_to_xml(format(
	        'SELECT count(*) || '' '' || coalesce(md5(string_agg(md5(t::text), '''' ORDER BY md5(t::text))), '''') AS d FROM %s t', c.oid::regclass),
	        false, true, '')))[1]::text
	        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ` + ours + ` AND c.relkind IN ('r', 'p')`)
	read(`SELECT 'sequence ' || schemaname || '.' || sequencename, coalesce(last_value::text, 'unused') FROM pg_sequences WHERE schemaname = 'masp'`)
	read(`SELECT 'constraint ' || c.conrelid::regclass || ' ' || c.conname, pg_get_constraintdef(c.oid) || c.convalidated
	        FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace WHERE ` + ours + ` AND c.conrelid <> 0`)
	read(`SELECT 'trigger ' || t.tgrelid::regclass || ' ' || t.tgname, t.tgenabled::text || pg_get_triggerdef(t.oid)
	        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
	       WHERE ` + ours + ` AND NOT t.tgisinternal`)
	read(`SELECT 'policy ' || tablename || ' ' || policyname, concat_ws(' ', permissive, roles::text, cmd, qual, with_check) FROM pg_policies
	       WHERE schemaname IN ('masp', 'audit_v1')`)
	read(`SELECT 'rights ' || c.oid::regclass || ' ' || c.relkind::text || c.relrowsecurity || c.relforcerowsecurity,
	             pg_get_userbyid(c.relowner) || coalesce((SELECT string_agg(a::text, ' ' ORDER BY a::text)
	               FROM unnest(coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner))) a), '') ||
	             coalesce((SELECT string_agg(t.attname || t.attacl::text, ' ' ORDER BY t.attname) FROM pg_attribute t WHERE t.attrelid = c.oid AND t.attacl IS NOT NULL), '')
	        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ` + ours)
	read(`SELECT 'function ' || p.oid::regprocedure, pg_get_userbyid(p.proowner) || md5(pg_get_functiondef(p.oid)) ||
	             coalesce((SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(coalesce(p.proacl, acldefault('f', p.proowner))) a), '')
	        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ` + ours)
	read(`SELECT 'view ' || c.oid::regclass, md5(pg_get_viewdef(c.oid)) || coalesce(c.reloptions::text, '')
	        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ` + ours + ` AND c.relkind = 'v'`)
	read(`SELECT 'schema ' || n.nspname, coalesce((SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(n.nspacl) a), '') FROM pg_namespace n WHERE ` + ours)
	return all
}

// same compares what two databases hold.
func same(t *testing.T, got, want map[string]string) {
	t.Helper()
	if len(want) < 500 {
		t.Fatalf("only %d things are compared", len(want))
	}
	for _, key := range slices.Sorted(maps.Keys(want)) {
		if got[key] != want[key] {
			t.Errorf("%s: got %q, want %q", key, got[key], want[key])
		}
		delete(got, key)
	}
	for key := range got {
		t.Errorf("%s is new", key)
	}
}

// papers are what people and auditors read: account statements, runs, balances, the proof.
func (s *story) papers() string {
	s.t.Helper()
	var all strings.Builder
	for _, args := range [][]string{
		{"statement", "M-0001", "--from", "2026-11-01", "--to", "2026-11-30"},
		{"statement", "M-0001", "--from", "2026-11-01", "--to", "2026-11-30", "--json"},
		{"statement", "M-0002", "--from", "2026-11-01", "--to", "2026-11-30"},
		{"run", "show", "C-2026-11-1", "--json"},
		{"run", "list", "--json"},
		{"mandate", "show", "M-0001", "--json"},
		{"alert", "list", "--json"},
		{"verify", "--json"},
	} {
		all.WriteString(s.do(exitOK, args...))
	}
	return all.String()
}

func TestABackupBringsBackEverythingAndTheHouseGoesOn(t *testing.T) {
	t.Parallel()
	dbtest.Seldom(t, 8)
	s := newStory(t)
	hash := s.propose()
	s.approve(hash)
	s.at("2026-11-10T20:00:00+01:00")
	s.do(exitOK, "import", s.files["day2.xml"])

	file := filepath.Join(s.folder, "masp.dump")
	if err := backup(t, s.db, file, ensureBackupRole(t, s.db, bypass)); err != nil {
		t.Fatal(err)
	}
	want, papers := digests(t, s.db), s.papers()
	original := s.db
	s.db = restored(t, original, file)
	same(t, digests(t, s.db), want)
	if got := s.papers(); got != papers {
		t.Errorf("the papers of the copy differ:\n%s\nwant\n%s", got, papers)
	}

	// The house goes on: bank, return, remittances of the day, IBAN, user, closing.
	s.at("2026-11-12T20:00:00+01:00")
	s.do(exitOK, "import", s.files["day3.xml"])
	s.at("2026-11-13T07:00:00+01:00")
	s.wants(s.do(exitOK, "run", "due"), "108,39")
	s.as("a", s.a)
	s.do(exitOK, "creditor", "iban", "C-LUMEN", "FR7699999002000000000399971", "--evidence", "RIB du 13 novembre")
	s.do(exitOK, "obligation", "add", "O-0001-TEL", "--mandate", "M-0001", "--class", "OTHER_BILL", "--creditor", "C-LUMEN",
		"--amount", "12,99", "--label", "Téléphone", "--from", "2026-11-20")
	s.do(exitOK, "run", "propose", "M-0001")
	s.run(exitOK, "user", "add", "z.new", "--name", "Zoé Neuve", "--role", "coordinator")
	s.do(exitOK, "day")
	s.at("2026-12-01T08:00:00+01:00")
	s.as("a", s.a)
	s.do(exitOK, "close", "2026-11")
	s.do(exitOK, "verify")
	if _, err := s.db.Owner.Exec(t.Context(), `UPDATE masp.audit_log SET reason = 'x'`); err == nil {
		t.Error("the copy lets its log be rewritten")
	}
}

func TestARestoredHouseReleasesNothingBeforeItWasCompared(t *testing.T) {
	t.Parallel()
	dbtest.Seldom(t, 8)
	s := newStory(t)
	hash := s.propose()
	file := filepath.Join(s.folder, "masp.dump")
	if err := backup(t, s.db, file, ensureBackupRole(t, s.db, bypass)); err != nil {
		t.Fatal(err)
	}
	s.approve(hash) // after the backup: the copy does not know it
	s.db = restored(t, s.db, file)
	s.token = "" // as the README says it: whoever runs the machine
	s.wants(s.do(exitOK, "restored"), "Aucun fichier de virements ne part", "ne sait pas partis : 1", "virements-C-2026-11-1-fichier1")
	s.wants(s.do(exitOK, "restored"), "ne sait pas partis : 1") // twice is harmless
	s.as("b", s.b)
	s.do(exitOK, "run", "approve", "C-2026-11-1", "--hash", hash)
	_, words := s.run(exitConflict, "run", "file", "C-2026-11-1")
	s.wants(words, "La base a été restaurée")
	s.at("2026-11-13T07:00:00+01:00")
	_, words = s.run(exitConflict, "run", "due")
	s.wants(words, "La base a été restaurée")
	if n := s.count(`SELECT count(*) FROM masp.payment_files WHERE released_at IS NOT NULL`); n != 0 {
		t.Errorf("%d files were released", n)
	}
	_, words = s.run(exitConflict, "restored", "--clear", "--reason", "comparé", "--outbox", filepath.Join(s.folder, "outbox"))
	s.wants(words, "1 fichier est sorti")
	_, words = s.run(exitNobody, "restored", "--clear", "--yes", "--reason", "comparé")
	s.wants(words, "rôle")
	s.token = ""
	var admin struct{ Token string }
	s.json(exitOK, &admin, "user", "add", "o.admin", "--name", "Odile Admin", "--role", "admin", "--token")
	s.as("admin", admin.Token)
	_, words = s.run(exitUsage, "restored", "--clear", "--yes")
	s.wants(words, "Dites pourquoi")
	s.do(exitOK, "restored", "--clear", "--yes", "--reason", "le fichier n'a pas été remis à la banque")
	s.run(exitConflict, "restored", "--clear", "--yes", "--reason", "encore")

	// What leaves now is byte for byte what had left: the outbox takes no second file.
	s.as("b", s.b)
	s.do(exitOK, "run", "file", "C-2026-11-1")
	left, err := filepath.Glob(filepath.Join(s.folder, "outbox", "*.xml"))
	if err != nil || len(left) != 1 {
		t.Errorf("the outbox holds %v, want the one file", left)
	}
	s.do(exitOK, "verify")
}

func TestABackupByARoleThatPoliciesHoldBackFailsLoudly(t *testing.T) {
	t.Parallel()
	d := newCounter(t)
	err := backup(t, d.db, filepath.Join(d.folder, "part.dump"), ensureBackupRole(t, d.db, "NOBYPASSRLS"))
	if err == nil || !strings.Contains(err.Error(), "row-level security") {
		t.Errorf("got %v, want no dump of a part", err)
	}
}

func TestABackupIsCheckedInADatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	dbtest.Seldom(t, 8)
	s := newStory(t)
	s.propose()
	if _, err := s.db.Super.Exec(t.Context(), `ALTER ROLE masp_owner CREATEDB`); err != nil {
		t.Fatal(err)
	}
	role := ensureBackupRole(t, s.db, bypass)
	file, broken := filepath.Join(s.folder, "masp.dump"), filepath.Join(s.folder, "broken.dump")
	if err := backup(t, s.db, file, role); err != nil {
		t.Fatal(err)
	}
	s.wants(s.do(exitOK, "backup-check", file, "--owner-url", s.db.OwnerURL), "se restaure", "Tout est juste")
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(broken, content[:len(content)*2/3], 0o600); err != nil {
		t.Fatal(err)
	}
	_, words := s.run(exitFound, "backup-check", broken, "--owner-url", s.db.OwnerURL)
	s.wants(words, "ne se restaure pas")

	// What somebody changed behind the program's back is found in the copy too.
	if _, err := s.db.Super.Exec(t.Context(), `SET session_replication_role = replica; UPDATE masp.beneficiaries SET last_name = 'Autre'`); err != nil {
		t.Fatal(err)
	}
	if err := backup(t, s.db, file, role); err != nil {
		t.Fatal(err)
	}
	s.wants(s.do(exitFound, "backup-check", file, "--owner-url", s.db.OwnerURL), "FAUX", "beneficiaries")
	if n := s.count(`SELECT count(*) FROM pg_database WHERE datname LIKE 'masp_scratch_%'`); n != 0 {
		t.Errorf("%d scratch databases are left", n)
	}
}
