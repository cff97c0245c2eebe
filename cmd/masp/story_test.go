package main

import (
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"masp/migrations/dbtest"
)

// TestMain makes this test binary the program itself when a story calls `masp`, and stops
// the test server at the end.
func TestMain(m *testing.M) { testscript.Main(serverEnds{m}, commands) }

// commands are what a story may call beside testscript's own.
var commands = map[string]func(){
	"masp": main,
}

// serverEnds runs the tests and then lets dbtest stop its server.
type serverEnds struct{ m *testing.M }

// Run runs the tests.
func (s serverEnds) Run() int {
	defer dbtest.Stop()
	return s.m.Run()
}

// TestStories plays testdata/*.txtar: files in, commands, balances out. Each story has an
// organisation's database of its own. The month is told each time; of the others one in eight is drawn, all of
// them in CI and for who names one with -run.
func TestStories(t *testing.T) {
	t.Parallel()
	association, err := filepath.Abs(filepath.Join("testdata", "association.json"))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			t := env.T().(testing.TB)
			if t.Name() != "TestStories/month" {
				dbtest.Seldom(t, 8)
			}
			db := dbtest.New(t, dbtest.Strict, dbtest.Conns(2))
			env.Setenv("MASP_DATABASE_URL", db.AppURL)
			env.Setenv("MASP_OWNER_URL", db.OwnerURL)
			env.Setenv("SUPER_URL", db.SuperURL)
			env.Setenv("MASP_OUTBOX", filepath.Join(env.WorkDir, "outbox"))
			env.Setenv("NO_COLOR", "1")
			env.Setenv("GOGC", "400") // hundreds of programs that end before there is much to collect
			env.Setenv("ASSOCIATION", association)
			env.Values["db"] = db
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"clock": setClock, "token": readToken, "sql": askSQL,
			"first-word": firstWord, "json-field": jsonField, "load-token": loadToken,
		},
	})
}

// setClock moves the database's clock: clock 2026-11-09T08:00:00+01:00.
func setClock(ts *testscript.TestScript, neg bool, args []string) {
	db := ts.Value("db").(*dbtest.DB)
	_, err := db.Owner.Exec(context.Background(), `SELECT masp.set_clock($1::timestamptz)`, args[0])
	ts.Check(err)
}

// readToken keeps the secret that the last command printed as MASP_TOKEN or another
// variable: token [NAME].
func readToken(ts *testscript.TestScript, neg bool, args []string) {
	secret := strings.TrimSpace(ts.ReadFile("stdout"))
	name := "MASP_TOKEN"
	if len(args) == 1 {
		name = args[0]
	}
	ts.Setenv(name, secret)
}

// askSQL compares the answer of a query with a text: sql 'SELECT …' 'wanted'.
func askSQL(ts *testscript.TestScript, neg bool, args []string) {
	db := ts.Value("db").(*dbtest.DB)
	var got string
	ts.Check(db.Owner.QueryRow(context.Background(), args[0]).Scan(&got))
	if (got == args[1]) == neg {
		ts.Fatalf("%s\ngot  %s\nwant %s", args[0], got, args[1])
	}
}

// firstWord keeps the first word that the last command printed: first-word NAME.
func firstWord(ts *testscript.TestScript, neg bool, args []string) {
	words := strings.Fields(ts.ReadFile("stdout"))
	if len(words) == 0 {
		ts.Fatalf("the last command printed nothing")
	}
	ts.Setenv(args[0], words[0])
}

// loadToken keeps the token that `masp load --json` has just printed for a user: load-token USER NAME.
func loadToken(ts *testscript.TestScript, neg bool, args []string) {
	var answer struct {
		Tokens []struct{ User, Token string }
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &answer))
	for _, t := range answer.Tokens {
		if t.User == args[0] {
			ts.Setenv(args[1], t.Token)
			return
		}
	}
	ts.Fatalf("the load has made no token for %s", args[0])
}

// jsonField keeps a field of the object that the last command printed: json-field FIELD NAME.
func jsonField(ts *testscript.TestScript, neg bool, args []string) {
	var object map[string]any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &object))
	text, ok := object[args[0]].(string)
	if !ok {
		ts.Fatalf("the answer has no text %q", args[0])
	}
	ts.Setenv(args[1], text)
}
