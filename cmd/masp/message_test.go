package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"masp/imports"
	"masp/payments"
)

func TestADatabaseThatDoesNotAnswerIsSaidInFrench(t *testing.T) {
	t.Parallel()
	d := newCounter(t)
	at := func(old, replaced string) string {
		url := strings.Replace(d.db.AppURL, old, replaced, 1)
		if url == d.db.AppURL {
			t.Fatalf("%s has no %s", url, old)
		}
		return url
	}
	for _, c := range []struct{ name, url, want string }{
		{"no server", "postgres://masp_app:geheim@127.0.0.1:1/masp", "« 127.0.0.1 » ne répond pas"},
		{"no such database", at("/"+d.db.Name+"?", "/absente?"), "« absente » n'existe pas"},
		{"no such role", at("masp_app", "personne"), "refuse le rôle « personne »"},
		{"no URL", "postgres://masp_app:geheim@[/masp", "ne se lit pas"},
	} {
		for _, args := range [][]string{{"verify", "--database-url", c.url}, {"migrate", "--database-url", c.url, "--owner-url", c.url}} {
			var out, errs bytes.Buffer
			code := run(t.Context(), args, &out, &errs)
			words := errs.String()
			if code != exitFailure || !strings.Contains(words, c.want) || strings.Contains(words, "geheim") || strings.Contains(words, "failed") {
				t.Errorf("%s, %s: got exit code %d, %q, want %d, %q, no password, no English", c.name, args[0], code, words, exitFailure, c.want)
			}
		}
	}
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestAnAnswerThatCannotBeWrittenFails(t *testing.T) {
	t.Parallel()
	d := newCounter(t)
	for _, args := range [][]string{{"verify"}, {"verify", "--json"}, {"user", "list"}, {"bankfile", "check", "absent.xml"}} {
		var errs bytes.Buffer
		if got := run(t.Context(), append(args, "--database-url", d.db.AppURL), full{}, &errs); got != exitFailure {
			t.Errorf("%v: got exit code %d, want %d", args, got, exitFailure)
		}
		d.wants(errs.String(), "pas pu être écrite")
	}
}

func TestATokenFileThatOthersReadIsRefused(t *testing.T) {
	t.Parallel()
	d := newCounter(t)
	d.as("a.morel", "masp_x")
	_, words := d.run(exitNobody, "run", "propose")
	d.wants(words, "ne prouve")
	for _, mode := range []os.FileMode{0o640, 0o604} {
		if err := os.Chmod(d.token, mode); err != nil {
			t.Fatal(err)
		}
		_, words = d.run(exitNobody, "run", "propose")
		d.wants(words, "lu par d'autres", "chmod 600")
	}
}

func TestAnOutboxFileThatSomebodyChangedIsLeftAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "v.xml"), []byte("other"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := writeOnce(dir, "v.xml", []byte("ours"))
	if got := messageOf(err); got.exit != exitFailure || !strings.Contains(got.text, "quelqu'un l'a modifié") {
		t.Errorf("got %+v, want that somebody changed it", got)
	}
	if kept, err := os.ReadFile(filepath.Join(dir, "v.xml")); string(kept) != "other" {
		t.Errorf("got %q, %v, want the file as it was", kept, err)
	}
}

func TestWhatAKilledWriterLeftIsSweptAndWhatALivingOneWritesIsNot(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	dead := filepath.Join(dir, ".virements-C-1.xml.1")
	if err := os.WriteFile(dead, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	living, err := lockedTemp(dir, "virements-C-2.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = living.Close() }()
	path, err := writeOnce(dir, "virements-C-3.xml", []byte("whole"))
	if err := errors.Join(err, sweep(dir)); err != nil {
		t.Fatal(err)
	}
	found, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || !slices.Equal(found, []string{living.Name(), path}) {
		t.Errorf("got %v, %v, want the living writer's file and the written one", found, err)
	}
}

func TestARunThatMoneyHasOvertakenIsAConflict(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("submit run: %w", &payments.OvertakenError{Run: "C-2026-11-1", Mandate: "M-0003"})
	if got := messageOf(err); got.exit != exitConflict || !strings.Contains(got.text, "M-0003") {
		t.Errorf("got %+v, want exit code %d and the mandate: the run is proposed again", got, exitConflict)
	}
}

func TestAnActThatWasDoneAlreadyIsAConflictAndABrokenRuleIsNot(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]int{"NOTHING_TO_UNDO": exitConflict, "OWNED": exitConflict, "REASON": exitFailure} {
		if got := messageOf(fmt.Errorf("undo: %w", &imports.RefusedError{Code: code, French: "…"})); got.exit != want {
			t.Errorf("%s: exit code %d, want %d", code, got.exit, want)
		}
	}
}
