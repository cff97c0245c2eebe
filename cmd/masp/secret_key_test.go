package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"masp/api/auth"
)

func TestTheKeyOfSecondFactorsIsMadeOnceAndReadByItsOwnerAlone(t *testing.T) {
	t.Parallel()
	s := Settings{StateDir: t.TempDir()}
	first, err := s.key()
	if err != nil || first == nil {
		t.Fatalf("got %v, %v, want a key beside the private cluster", first, err)
	}
	path := filepath.Join(s.StateDir, "secret.key")
	made, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.key(); err != nil {
		t.Fatal(err)
	}
	if again, err := os.ReadFile(path); err != nil || string(again) != string(made) {
		t.Errorf("the key was made twice: %v", err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := s.key(); !is[*openSecretError](err) {
		t.Errorf("others may read it: got %v, want a refusal", err)
	}
	short := filepath.Join(s.StateDir, "short")
	if err := os.WriteFile(short, []byte("short\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := (Settings{SecretFile: short}).key(); !errors.Is(err, auth.ErrKey) {
		t.Errorf("five characters: got %v, want ErrKey", err)
	}
	if key, err := (Settings{DatabaseURL: "postgres://"}).key(); key != nil || err != nil {
		t.Errorf("a server of the user's without a file: got %v, %v, want no key", key, err)
	}
}

func TestTheKeyBeforeIsReadBesideTheKeyOfToday(t *testing.T) {
	t.Parallel()
	s := Settings{StateDir: t.TempDir(), OldSecretFile: filepath.Join(t.TempDir(), "none")}
	if _, err := s.key(); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a key before that is not there: got %v", err)
	}
	if err := os.WriteFile(s.OldSecretFile, []byte("the key before, of thirty-two characters"), 0o600); err != nil {
		t.Fatal(err)
	}
	if key, err := s.key(); key == nil || err != nil {
		t.Errorf("got %v, %v, want both keys", key, err)
	}
}
