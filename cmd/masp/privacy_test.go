package main

import (
	"bytes"
	"encoding/hex"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"masp/migrations/dbtest"
)

// kept is what a dump of the database holds, with the bytes of its files as text.
func kept(t *testing.T, superURL string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "pg_dump", "--data-only", superURL).Output()
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`\\\\x[0-9a-f]+`).ReplaceAllStringFunc(string(out), func(word string) string {
		raw, err := hex.DecodeString(word[3:])
		if err != nil {
			t.Fatal(err)
		}
		return string(bytes.ToValidUTF8(raw, []byte("?")))
	})
}

// named are the ways in which a person of the example is named.
func named(dump string, words ...string) (found []string) {
	for _, w := range words {
		for _, line := range strings.Split(dump, "\n") {
			if strings.Contains(strings.ToLower(line), strings.ToLower(w)) {
				found = append(found, w+": "+line[:min(len(line), 240)])
			}
		}
	}
	return found
}

// dueNow makes the clock of one person run out, whatever her books say: what is erased in the middle
// of a life shows more than what is erased after it.
const dueNow = `
	CREATE OR REPLACE FUNCTION masp.retention_of(person text, OUT began_on date, OUT archive_on date, OUT erase_on date, OUT kept_by text[])
	LANGUAGE sql STABLE AS $$ SELECT masp.today() - 5000, masp.today() - 4000, masp.today() - 1, '{}'::text[] $$`

func TestAPseudonymisedPersonIsInNoDumpAndTheHouseIsProved(t *testing.T) {
	t.Parallel()
	dbtest.Seldom(t, 4)
	if _, err := exec.LookPath("pg_dump"); err != nil {
		t.Skip("this machine has no pg_dump")
	}
	d, tokens := seededDesk(t)
	token := regexp.MustCompile(`v\.olivier (\S+)`).FindStringSubmatch(tokens)[1]
	if _, err := d.db.Owner.Exec(t.Context(), dueNow); err != nil {
		t.Fatal(err)
	}
	d.as("v.olivier", token)
	d.run(exitOK, "verify")
	d.run(exitOK, "day")
	for _, person := range []struct {
		id     string
		others string
		words  []string
	}{
		{"B-0003", "Roux", []string{"Haddad", "Lina", "2345678L", "FR7699999003000000000400314", "1994-04-02"}},
		{"B-0001", "Garnier", []string{"Roux", "Éva Roux", "Eva Roux", "1234567K", "FR7699999003000000000400120", "FR7699999001000000000100189", "0000000100189", "1985-02-11"}},
	} {
		if before := kept(t, d.db.SuperURL); len(named(before, person.words[0])) == 0 {
			t.Fatalf("%s is not in the dump before: the test would not fail", person.words[0])
		}
		d.run(exitOK, "retention", "archive", person.id)
		d.run(exitOK, "day")
		d.run(exitOK, "retention", "pseudonymise", person.id)
		after := kept(t, d.db.SuperURL)
		for _, found := range named(after, person.words...) {
			t.Errorf("%s is still named: %s", person.id, found)
		}
		if len(named(after, person.others)) == 0 {
			t.Errorf("%s was erased with %s", person.others, person.id)
		}
		out, _ := d.run(exitOK, "verify")
		d.wants(out, "Tout est juste", "par v.olivier : son empreinte reste")
	}
	bundle := filepath.Join(t.TempDir(), "preuves.zip")
	d.run(exitOK, "export", "bundle", "--from", "2026-11-01", "--to", "2026-12-31", "--out", bundle)
	out, _ := d.run(exitOK, "verify", "--bundle", bundle)
	d.wants(out, "effac")
}
