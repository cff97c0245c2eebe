package main

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// AfterApply reads the settings that were given by a file: so a secret stands neither in the
// environment of a process nor on its command line. What works without a database reads none of them.
func (s *Settings) AfterApply(parsed *kong.Context) error {
	if slices.ContainsFunc(parsed.Path, func(p *kong.Path) bool { return p.Flag != nil && p.Flag.Name == bundleFlag }) {
		return nil
	}
	for _, given := range []struct {
		name, file string
		value      *string
	}{
		{"MASP_DATABASE_URL", s.DatabaseURLFile, &s.DatabaseURL},
		{"MASP_OWNER_URL", s.OwnerURLFile, &s.OwnerURL},
	} {
		content, err := secretFile(given.file)
		if missing, ok := errors.AsType[*fs.PathError](err); ok {
			return &wrongSettingError{given.name + "_FILE", "« " + missing.Path + " » : " + frenchCause(missing.Err) + "."}
		}
		if err != nil {
			return err
		}
		text := strings.TrimSpace(string(content))
		switch {
		case given.file == "" || *given.value == text:
		case *given.value != "":
			return &twiceError{given.name}
		case text == "":
			return &emptyError{given.file}
		default:
			*given.value = text
		}
	}
	return nil
}

// twiceError is a setting that was given by its value and by a file.
type twiceError struct{ name string }

func (e *twiceError) Error() string { return e.name + " is given twice" }

// French says to choose.
func (e *twiceError) French() string {
	return e.name + " est donné deux fois, par sa valeur et par " + e.name + "_FILE : gardez l'un des deux."
}

// emptyError is a file of a secret with nothing in it.
type emptyError struct{ path string }

func (e *emptyError) Error() string { return "the secret file is empty" }

// French names the file.
func (e *emptyError) French() string { return "Le fichier « " + e.path + " » est vide." }

// missingSettingError is a setting without which the service does not start.
type missingSettingError struct{ name, why string }

func (e *missingSettingError) Error() string { return e.name + " is missing" }

// French names it, and says what it is for.
func (e *missingSettingError) French() string { return "Il manque " + e.name + " : " + e.why }

// wrongSettingError is a setting that cannot be.
type wrongSettingError struct{ name, why string }

func (e *wrongSettingError) Error() string { return e.name + " is wrong" }

// French names it, and says what is wrong.
func (e *wrongSettingError) French() string { return e.name + " : " + e.why }
