package main

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The map of the house: a package imports only packages with a lower number. simbank has 0 and
// so imports nothing of ours: the bank of the demonstration knows us only by the files.
var levels = map[string]int{
	"ledger/money":              0,
	"ledger/civil":              0,
	"ledger/chain":              0,
	"payments/xmlread":          0,
	"payments/papers/page":      0,
	"migrations":                0,
	"migrations/cluster":        0,
	"cmd/masp/internal/simbank": 0,
	"migrations/dbtest":         1,
	"migrations/dbtest/pgproxy": 1,
	"ledger/audit":              1,
	"ledger/unit":               1,
	"payments/jsonread":         1,
	"payments/sepa":             1,
	"payments/evidence/check":   1,
	"imports/bankfile":          2,
	"ledger":                    2,
	"api/auth":                  2,
	"api/contract":              2,
	"api/auth/oidc":             3,
	"ledger/export":             3,
	"ledger/ledgerbench":        3,
	"payments/worklist":         3,
	"payments/mandates":         4,
	"payments":                  5,
	"payments/mandates/load":    5,
	"payments/papers":           6,
	"payments/control":          6,
	"payments/reports":          6,
	"imports":                   6,
	"payments/privacy":          7,
	"payments/evidence":         7,
	"imports/inbox":             7,
	"imports/reconcile":         7,
	"api":                       7,
	"api/v1":                    8,
	"cmd/masp/internal/...":     8,
	"api/pages":                 8,
	"api/v1/v1test":             9,
	"api/browsertest":           10,
	"api/pages/...":             10,
	"cmd/masp":                  11,
}

// doors lists where each dependency may enter: a folder, a file, or a pattern of file names
// anywhere. Tests may use any of them. A dependency without a door is refused. The program's
// session.go holds the pool that it hands to the services.
var doors = map[string][]string{
	"github.com/shopspring/decimal": {"ledger/money/"},
	"github.com/rickar/cal":         {"ledger/civil/"},
	"github.com/labstack/echo":      {"api/", "cmd/masp/bench_http_bare.go"},
	"github.com/getkin/kin-openapi": {"api/contract/"},
	"golang.org/x/time":             {"api/"},
	"github.com/robfig/cron":        {"cmd/"},
	"github.com/alecthomas/kong":    {"cmd/"},
	"github.com/jackc/pgx":          {"store*.go", "service*.go", "migrations/", "cmd/masp/session.go"},
	"database/sql":                  {"migrations/"},
	"github.com/pressly/goose":      {"migrations/"},
	"github.com/moov-io/iso20022":   {"imports/bankfile/"},
	"encoding/xml":                  {"payments/xmlread/", "imports/bankfile/", "payments/sepa/", "cmd/masp/internal/simbank/"},
	"golang.org/x/text":             {"payments/xmlread/", "imports/bankfile/", "payments/sepa/"},
	"golang.org/x/crypto":           {"api/auth/", "imports/inbox/"},
	"golang.org/x/sys":              {"imports/inbox/"},
	"github.com/pkg/sftp":           {"imports/inbox/"},
	"github.com/coreos/go-oidc":     {"api/auth/oidc/"},
	"golang.org/x/oauth2":           {"api/auth/oidc/"},
	"codeberg.org/go-pdf/fpdf":      {"payments/papers/page/"},
	"rsc.io/qr":                     {"api/pages/desk/"},
	"golang.org/x/image":            {"payments/papers/page/"},
	"golang.org/x/net/html":         {"api/pages/pagestest/"},
}

var topLevel = []string{
	".ci", ".gitignore", ".golangci.yml", "Makefile", "README.md",
	"api", "cmd", "go.mod", "go.sum", "imports", "ledger", "migrations", "payments",
}

func TestThePackagesKeepTheMapOfTheHouse(t *testing.T) {
	t.Parallel()
	files := readHouse(t, filepath.Join("..", ".."))
	if len(files) < 50 {
		t.Fatalf("read only %d Go files: the test looks at the wrong place", len(files))
	}
	for _, broken := range judge(files) {
		t.Error(broken)
	}
}

func TestTheTopLevelHasExactlyItsNames(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	ignore, err := os.ReadFile(filepath.Join(root, ".gitignore"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		if name := e.Name(); name != ".git" && !ignored(name, string(ignore)) {
			got = append(got, name)
		}
	}
	for _, name := range got {
		if !slices.Contains(topLevel, name) {
			t.Errorf("%s has no place at the top level", name)
		}
	}
	for _, name := range topLevel {
		if !slices.Contains(got, name) {
			t.Errorf("%s is missing at the top level", name)
		}
	}
}

// ignored knows the simple patterns of our .gitignore: /name, name/ and *.ext.
func ignored(name, patterns string) bool {
	return slices.ContainsFunc(strings.Fields(patterns), func(p string) bool {
		match, err := path.Match(strings.Trim(p, "/"), name)
		return err == nil && match
	})
}

func TestPlantedMistakesAreFound(t *testing.T) {
	t.Parallel()
	house := readHouse(t, filepath.Join("..", ".."))
	for _, c := range []struct{ name, file, text, want string }{
		{"upwards", "ledger/planted.go", `package ledger; import _ "masp/payments"`, "imports payments (level 5)"},
		{"sideways", "ledger/money/planted.go", `package money; import _ "masp/ledger/civil"`, "imports ledger/civil (level 0)"},
		{"the bank that knows us", "cmd/masp/internal/simbank/planted.go", `package simbank; import _ "masp/payments/sepa"`, "imports payments/sepa (level 1)"},
		{"between internals", "cmd/masp/internal/doctor/planted.go", `package doctor; import _ "masp/cmd/masp/internal/other"`, "imports cmd/masp/internal/other (level 8)"},
		{"test databases in the program", "ledger/planted.go", `package ledger; import _ "masp/migrations/dbtest"`, "for tests only"},
		{"SQL in a rule", "payments/planted.go", `package payments; import _ "github.com/jackc/pgx/v5"`, "github.com/jackc/pgx/v5 may enter only by"},
		{"decimal beside money", "ledger/planted.go", `package ledger; import _ "github.com/shopspring/decimal"`, "may enter only by ledger/money/"},
		{"a door by its letters only", "ledger/moneybox/planted.go", `package moneybox; import _ "github.com/shopspring/decimal"`, "may enter only by"},
		{"an unknown dependency", "api/planted.go", `package api; import _ "github.com/gorilla/mux"`, "has no door"},
		{"a test library in the program", "ledger/planted.go", `package ledger; import _ "pgregory.net/rapid"`, "has no door"},
		{"an unknown package", "ledger/util/doc.go", "// Package util is no noun.\npackage util", "ledger/util has no level"},
		{"a package without manual", "ledger/util/planted.go", "package util", "ledger/util has no doc.go"},
		{"an empty manual", "ledger/util/doc.go", "package util", "ledger/util has no doc.go"},
		{"a float near money", "payments/planted.go", `package payments; var rate = float64(1)`, "float64"},
		{"a float from text", "imports/planted.go", `package imports; import "strconv"; var f, _ = strconv.ParseFloat("1", 64)`, "ParseFloat"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			planted := parse(t, c.file, c.text)
			found := judge(append(slices.Clone(house), planted))
			if !slices.ContainsFunc(found, func(s string) bool { return strings.Contains(s, c.want) }) {
				t.Errorf("got %q, want one with %q", found, c.want)
			}
		})
	}
}
