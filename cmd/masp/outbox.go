package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// writeOnce puts a file into the outbox whole or not at all: a temporary name of its own,
// fsync of file and folder, then a rename. The same bytes again change nothing; other
// bytes under the same name are refused.
func writeOnce(dir, name string, content []byte) (path string, err error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return "", fmt.Errorf("make the outbox: %w", err)
	}
	path = filepath.Join(dir, name)
	known, err := os.ReadFile(path)
	switch {
	case err == nil && bytes.Equal(known, content):
		return path, nil
	case err == nil:
		return "", &changedFileError{path}
	case !errors.Is(err, os.ErrNotExist):
		return "", err
	}
	temp, err := os.CreateTemp(dir, "."+name+".*")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.Remove(temp.Name()) }() // gone after the rename
	if err := fill(temp, content); err != nil {
		return "", fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Rename(temp.Name(), path); err != nil {
		return "", err
	}
	return path, syncFolder(dir)
}

// retire renames a file that is void, so that nobody hands it over; nothing when it is not there.
func retire(dir, name string) error {
	err := os.Rename(filepath.Join(dir, name), filepath.Join(dir, name+".annule"))
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return err
	}
	return syncFolder(dir)
}

// changedFileError is a file of the outbox that somebody has changed.
type changedFileError struct{ path string }

func (e *changedFileError) Error() string {
	return e.path + " holds other bytes: it was changed after it was written"
}

// French says what to do with it.
func (e *changedFileError) French() string {
	return fmt.Sprintf("« %s » n'est plus le fichier que le programme a écrit : quelqu'un l'a modifié. Ne le remettez pas "+
		"à la banque. Déplacez-le, puis relancez : le fichier approuvé sera écrit de nouveau.", e.path)
}

func fill(f *os.File, content []byte) error {
	_, err := f.Write(content)
	return errors.Join(err, f.Chmod(0o640), f.Sync(), f.Close())
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
