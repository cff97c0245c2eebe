package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"masp/migrations/dbtest"
)

// seededDesk is an empty house that `masp seed` fills; it answers what the command prints.
func seededDesk(t *testing.T) (*counter, string) {
	t.Helper()
	d := &counter{t: t, db: dbtest.New(t, dbtest.Strict), folder: t.TempDir()}
	out, _ := d.run(exitOK, "seed", "--owner-url", d.db.OwnerURL)
	return d, out
}

func TestTheSeedFillsAnEmptyHouseOnce(t *testing.T) {
	t.Parallel()
	dbtest.Seldom(t, 6)
	d := &counter{t: t, db: dbtest.New(t, dbtest.Strict), folder: t.TempDir()}
	var made seeded
	d.json(exitOK, &made, "seed", "--owner-url", d.db.OwnerURL)
	want := []seededRun{{"C-2026-12-2", "in_review"}, {"C-2026-12-1", "approved"}, {"C-2026-11-2", "settled"}, {"C-2026-11-1", "settled"}}
	if !slices.Equal(made.Runs, want) || len(made.Tokens) != 10 || made.Today != "2026-12-09" {
		t.Errorf("got %+v, want the runs %v", made, want)
	}
	d.run(exitOK, "verify")
	_, words := d.run(exitConflict, "seed", "--owner-url", d.db.OwnerURL)
	d.wants(words, "dans une base vide")
}

// TestTheFiveCurlsOfTheREADMEWork runs them word by word, but for the port.
func TestTheFiveCurlsOfTheREADMEWork(t *testing.T) {
	t.Parallel()
	dbtest.Seldom(t, 6)
	if _, err := exec.LookPath("curl"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("this machine has no curl")
	}
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(readme), "## API in five curls")
	_, block, _ := strings.Cut(section, "\napi=")
	block, _, _ = strings.Cut(block, "```")
	if n := strings.Count(block, "\ncurl "); n != 5 {
		t.Fatalf("the README has %d curls", n)
	}
	d, tokens := seededDesk(t)
	if err := os.WriteFile(filepath.Join(d.folder, "jetons"), []byte(tokens), 0o600); err != nil {
		t.Fatal(err)
	}
	inbox := filepath.Join(d.folder, "boite")
	if err := os.Mkdir(inbox, 0o700); err != nil {
		t.Fatal(err)
	}
	s := serve(t, d.db, inbox)
	script := strings.ReplaceAll("api="+block, "127.0.0.1:8080", s.address)
	script = strings.ReplaceAll(script, "\ncurl ", "\necho; curl ")
	c := exec.CommandContext(t.Context(), "sh", "-ec", script)
	c.Dir = d.folder
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	answers(t, string(out), `"data"`, "not_found", `"transfers"`, `"in_review"`, `"approved"`)
	if err := s.stop(syscall.SIGTERM); err != nil {
		t.Errorf("it ends by %v", err)
	}
}

// answers wants a JSON object a line, each with its part.
func answers(t *testing.T, out string, parts ...string) {
	t.Helper()
	var lines []string
	for line := range strings.Lines(out) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	if len(lines) != len(parts) {
		t.Fatalf("got %d answers, want %d:\n%s", len(lines), len(parts), out)
	}
	for i, part := range parts {
		if !json.Valid([]byte(lines[i])) || !strings.Contains(lines[i], part) {
			t.Errorf("answer %d is %s, want it to hold %s", i+1, lines[i], part)
		}
	}
}
