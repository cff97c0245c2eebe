package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// maxFileBytes is the largest file taken from a folder (decisions 9).
const maxFileBytes = 2 << 30

// notAFileError is something that cannot be a file of the bank.
type notAFileError struct {
	path, why string
}

func (e *notAFileError) Error() string { return e.path + ": " + e.why }

// French says what it is and what to do.
func (e *notAFileError) French() string {
	return fmt.Sprintf("« %s » n'est pas un fichier à lire : %s.", e.path, e.why)
}

// openBankFile opens a regular file, never waits for a pipe, and never follows a link.
func openBankFile(path string) (*os.File, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	switch {
	case info.IsDir():
		return nil, &notAFileError{path, "c'est un dossier"}
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, &notAFileError{path, "c'est un lien ; donnez le fichier lui-même"}
	case !info.Mode().IsRegular():
		return nil, &notAFileError{path, "ce n'est pas un fichier ordinaire"}
	case info.Size() > maxFileBytes:
		return nil, &notAFileError{path, "il dépasse 2 Gio"}
	}
	return os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
}

// filesOf lists the files of a folder that may be the bank's: in order of name, without
// those being written (.part, .tmp) and hidden ones.
func filesOf(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var files []string
	for _, e := range entries {
		name := e.Name()
		writing := strings.HasSuffix(name, ".part") || strings.HasSuffix(name, ".tmp")
		if e.Type().IsRegular() && !strings.HasPrefix(name, ".") && !writing {
			files = append(files, filepath.Join(dir, name))
		}
	}
	slices.Sort(files)
	return files, nil
}
