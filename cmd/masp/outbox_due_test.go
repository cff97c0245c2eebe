package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestRemittancesReleasedByAKilledProgramAreWrittenByTheNextOneAndNoneComesBack(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	s.approve(s.propose())
	s.at("2026-11-13T07:00:00+01:00")
	s.wants(s.do(exitOK, "run", "due"), "108,39")
	outbox := filepath.Join(s.folder, "outbox")
	names, err := filepath.Glob(filepath.Join(outbox, "*fichier2*.xml"))
	if err != nil || len(names) != 1 {
		t.Fatalf("the outbox holds %v, %v", names, err)
	}
	written, err := os.ReadFile(names[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(names[0]); err != nil { // a person has taken it away
		t.Fatal(err)
	}
	s.wants(s.do(exitOK, "run", "due"), "Aucun versement")
	s.do(exitOK, "day")
	if _, err := os.Lstat(names[0]); err == nil {
		t.Error("a file that was taken away came back")
	}

	// Killed after the release: the file is nowhere, the intent is.
	for _, command := range [][]string{{"run", "due"}, {"day"}} {
		_ = os.Remove(names[0])
		if err := os.WriteFile(filepath.Join(outbox, dueName), []byte("1\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		s.do(exitOK, command...)
		if got, err := os.ReadFile(names[0]); err != nil || string(got) != string(written) {
			t.Errorf("%v: the file was not written again: %v", command, err)
		}
		if left, err := filepath.Glob(filepath.Join(outbox, ".*")); err != nil || len(left) > 0 {
			t.Errorf("%v: left %v, %v", command, left, err)
		}
	}
	s.do(exitOK, "verify")
}
