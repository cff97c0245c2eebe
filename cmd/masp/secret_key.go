package main

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"masp/api/auth"
)

// key is that of the second factors: of MASP_SECRET_FILE, else of a file beside the private
// cluster, made at the first need. A server of the user's without a file has none.
func (s Settings) key() (*auth.Key, error) {
	path := s.SecretFile
	if path == "" && !s.private() {
		return nil, nil //nolint:nilnil // no key: nobody enters by a password, and is told so
	}
	if path == "" {
		dir, err := s.stateDir()
		if err != nil {
			return nil, err
		}
		path = filepath.Join(dir, "secret.key")
		if err := makeKey(path); err != nil {
			return nil, err
		}
	}
	key, err := readKey(path)
	if err != nil || s.OldSecretFile == "" {
		return key, err
	}
	older, err := readKey(s.OldSecretFile)
	if err != nil {
		return nil, err
	}
	return key.After(older), nil
}

func readKey(path string) (*auth.Key, error) {
	content, err := secretFile(path)
	if err != nil {
		return nil, err
	}
	return auth.NewKey(content)
}

// makeKey writes a key that is not there yet, for the owner alone.
func makeKey(path string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var key [32]byte
	_, _ = rand.Read(key[:]) // never fails
	_, err = file.WriteString(base64.StdEncoding.EncodeToString(key[:]) + "\n")
	return errors.Join(err, file.Close())
}
