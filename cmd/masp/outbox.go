package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"masp/payments"
)

// writeOnce puts a file into the outbox whole or not at all: a temporary name of its own,
// fsync of file and folder, then a rename; what a killed writer leaves is for sweep. The same bytes again change nothing; other
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
	temp, err := lockedTemp(dir, name)
	if err != nil {
		return "", err
	}
	defer func() {
		_ = os.Remove(temp.Name()) // gone after the rename
		_ = temp.Close()           // its bytes are synced; the lock ends here
	}()
	if err := fill(temp, content); err != nil {
		return "", fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Rename(temp.Name(), path); err != nil {
		return "", err
	}
	return path, syncFolder(dir)
}

// lockedTemp opens a temporary file that is locked as long as its writer lives.
func lockedTemp(dir, name string) (*os.File, error) {
	for {
		temp, err := os.CreateTemp(dir, "."+name+".*")
		if err != nil {
			return nil, err
		}
		if err := syscall.Flock(int(temp.Fd()), syscall.LOCK_EX); err != nil {
			return nil, errors.Join(err, temp.Close(), os.Remove(temp.Name()))
		}
		if _, err := os.Lstat(temp.Name()); err == nil {
			return temp, nil
		}
		_ = temp.Close() // somebody took it for a leftover before it was locked
	}
}

// sweep removes the temporary files of writers that were killed: nobody holds their lock.
func sweep(dir string) error {
	left, err := filepath.Glob(filepath.Join(dir, ".virements-*"))
	for _, path := range left {
		f, openErr := os.Open(path)
		if openErr != nil {
			continue // renamed meanwhile
		}
		if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			if gone := os.Remove(path); !errors.Is(gone, os.ErrNotExist) {
				err = errors.Join(err, gone)
			}
		}
		_ = f.Close()
	}
	return err
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
	return errors.Join(err, f.Chmod(0o640), f.Sync())
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// deliver writes released files into the outbox; the same file again changes nothing.
func (s *session) deliver(files []payments.PaymentFile) error {
	dir, err := s.sweptOutbox()
	if err != nil {
		return err
	}
	list := make([]map[string]any, 0, len(files))
	for _, f := range files {
		path, err := writeOnce(dir, f.Name, f.Content)
		if err != nil {
			return err
		}
		list = append(list, jsonFile(f, path))
		s.out.print("%s", path)
		s.out.print("  %s, %s, exécution le %s", plural(f.Transfers, "virement", "virements"), f.Total.French(), f.ExecuteOn.French())
		s.out.print("  SHA-256 %s", f.SHA256)
	}
	return s.out.data(list, func() {
		if len(list) == 0 {
			s.out.say("Aucun fichier : cette campagne n'a pas de virement à remettre à la banque aujourd'hui.")
			return
		}
		s.out.say("Remettez ces fichiers à la banque, puis : masp run handed-over CAMPAGNE")
	})
}

// sweptOutbox is the folder of the payment files, without what killed writers left.
func (s *session) sweptOutbox() (string, error) {
	dir, err := s.settings.outbox()
	if err != nil {
		return "", err
	}
	return dir, sweep(dir)
}
