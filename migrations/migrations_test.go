package migrations_test

import (
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"masp/migrations"
	"masp/migrations/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

func TestFourProgramsMigrateAtOnceAndOneDoesIt(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t, dbtest.Empty)
	var got [4][]string
	var all sync.WaitGroup
	for i := range got {
		all.Go(func() {
			applied, err := migrations.Apply(t.Context(), db.OwnerURL, db.AppURL)
			if err != nil {
				t.Error(err)
			}
			got[i] = applied
		})
	}
	all.Wait()
	var want []string
	for _, f := range files(t) {
		want = append(want, f.Name)
	}
	if applied := slices.Concat(got[:]...); !slices.Equal(applied, want) {
		t.Errorf("the four together applied %v, want each of %v once", applied, want)
	}
	if err := migrations.Check(t.Context(), db.App); err != nil {
		t.Errorf("Check after Apply, as the program's role: %v", err)
	}
}

func TestTheStatusListsWhatIsMissing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		db   *dbtest.DB
		want bool
	}{{"migrated", dbtest.New(t), true}, {"empty", dbtest.New(t, dbtest.Empty), false}} {
		list, err := migrations.StatusOf(t.Context(), c.db.Owner)
		if err != nil || len(list) != len(files(t)) {
			t.Fatalf("%s: got %d migrations, %v; want %d", c.name, len(list), err, len(files(t)))
		}
		for _, s := range list {
			if s.Applied != c.want {
				t.Errorf("%s: %s applied: got %v, want %v", c.name, s.Name, s.Applied, c.want)
			}
		}
	}
}

func TestNamesAndNumbersOfTheFilesAreInOrder(t *testing.T) {
	t.Parallel()
	name := regexp.MustCompile(`^\d{4}_[a-z0-9_]+\.sql$`)
	seen := map[int64]string{}
	for _, f := range files(t) {
		if !name.MatchString(f.Name) {
			t.Errorf("%s: want NNNN_name.sql", f.Name)
		}
		if other, twice := seen[f.Version]; twice {
			t.Errorf("%s and %s have the same number", other, f.Name)
		}
		seen[f.Version] = f.Name
	}
}

func files(t *testing.T) []migrations.File {
	t.Helper()
	list, err := migrations.Files()
	if err != nil || len(list) == 0 {
		t.Fatalf("the embedded migrations: got %d, %v", len(list), err)
	}
	return list
}

// story makes a small set of migrations.
func story(texts ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i, text := range texts {
		name := []string{"0001_one.sql", "0002_two.sql", "0003_three.sql"}[i]
		fsys[name] = &fstest.MapFile{Data: []byte("-- +goose Up\n" + text + "\n")}
	}
	return fsys
}

const (
	one    = `CREATE TABLE masp.one (n int);`
	two    = `CREATE TABLE masp.two (n int);`
	broken = `CREATE TABLE masp.half (n int); SELECT 1/0;`
)

func TestAFileChangedAfterItWasAppliedIsRefused(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t, dbtest.Empty)
	if _, err := migrations.ApplyFiles(t.Context(), story(one), db.OwnerURL, ""); err != nil {
		t.Fatal(err)
	}
	edited := story(one+" -- and a word", two)
	applied, err := migrations.ApplyFiles(t.Context(), edited, db.OwnerURL, "")
	var changed *migrations.ChangedError
	if !errors.As(err, &changed) || changed.Name != "0001_one.sql" || len(applied) > 0 {
		t.Errorf("got %v applied, %v; want nothing and the name of the changed file", applied, err)
	}
	applied, err = migrations.ApplyFiles(t.Context(), story(one, two), db.OwnerURL, "")
	if err != nil || !slices.Equal(applied, []string{"0002_two.sql"}) {
		t.Errorf("with the file restored: got %v, %v; want the next one applied", applied, err)
	}
}

func TestABrokenFileIsNamedAndCanBeRepaired(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t, dbtest.Empty)
	applied, err := migrations.ApplyFiles(t.Context(), story(one, broken, two), db.OwnerURL, "")
	if !slices.Equal(applied, []string{"0001_one.sql"}) || err == nil || !strings.Contains(err.Error(), "0002_two.sql") ||
		!strings.Contains(err.Error(), "division by zero") {
		t.Errorf("got %v, %v; want the first applied and the second named with its reason", applied, err)
	}
	var half bool
	if err := db.Owner.QueryRow(t.Context(), `SELECT to_regclass('masp.half') IS NOT NULL`).Scan(&half); err != nil || half {
		t.Errorf("the broken file left its table: got %v, %v", half, err)
	}
	if _, err := migrations.ApplyFiles(t.Context(), story(one, two), db.OwnerURL, ""); err != nil {
		t.Errorf("the repaired file: %v", err)
	}
}

func TestAProgramOlderThanItsDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t, dbtest.Empty)
	if _, err := migrations.ApplyFiles(t.Context(), story(one, two), db.OwnerURL, ""); err != nil {
		t.Fatal(err)
	}
	_, err := migrations.ApplyFiles(t.Context(), story(one), db.OwnerURL, "")
	if err == nil || !strings.Contains(err.Error(), "install the newer program") {
		t.Errorf("got %v, want the advice to install the newer program", err)
	}
}

func TestCheckNamesTheCommandForEachSchema(t *testing.T) {
	t.Parallel()
	empty, ahead, behind := dbtest.New(t, dbtest.Empty), dbtest.New(t), dbtest.New(t)
	for _, change := range []struct {
		db  *dbtest.DB
		sql string
	}{
		{ahead, `INSERT INTO masp.schema_versions (version_id, is_applied) VALUES (9999, true)`},
		{behind, `DELETE FROM masp.schema_versions WHERE version_id = (SELECT max(version_id) FROM masp.schema_versions)`},
	} {
		if _, err := change.db.Owner.Exec(t.Context(), change.sql); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name string
		db   *dbtest.DB
		want string
	}{
		{"no schema", empty, "no masp schema yet: run masp migrate"},
		{"one missing", behind, "run masp migrate"},
		{"from the future", ahead, "install the newer program"},
	} {
		err := migrations.Check(t.Context(), c.db.App)
		var schema *migrations.SchemaError
		if !errors.As(err, &schema) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}

func TestTheUserOfTheSettingsBecomesTheProgram(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t, dbtest.Empty)
	user := "Trésorerie " + db.Name // a name that must be quoted
	if _, err := db.Super.Exec(t.Context(), `CREATE ROLE "`+user+`" LOGIN`); err != nil {
		t.Fatal(err)
	}
	appURL := strings.Replace(db.AppURL, "masp_app", url.PathEscape(user), 1)
	_, err := migrations.Apply(t.Context(), db.OwnerURL, appURL)
	if err == nil || !strings.Contains(err.Error(), `GRANT masp_app TO "`+user+`"`) {
		t.Errorf("an owner that may not grant: got %v, want the command for the administrator", err)
	}
	for range 2 { // twice: it is granted once
		if _, err := migrations.Apply(t.Context(), db.SuperURL, appURL); err != nil {
			t.Fatal(err)
		}
	}
	pool, err := migrations.Open(t.Context(), appURL, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	if err := migrations.Check(t.Context(), pool); err != nil {
		t.Errorf("as the user of the settings: %v", err)
	}
}

func TestAnUnreadableURLNeverShowsItsPassword(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"postgres://u:s3cret@h:port/db", "postgres://u:s3cret@h/db?sslmode=never"} {
		_, err := migrations.Open(t.Context(), text, 1)
		if err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("got %v, want an error without the password", err)
		}
	}
}
