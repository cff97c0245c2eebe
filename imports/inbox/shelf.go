package inbox

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// shelf is what a source can do with names: the putting away is the same for a folder and for a
// server. Names are relative to the source and have slashes.
type shelf interface {
	// stat does not follow links; an absent name is fs.ErrNotExist.
	stat(name string) (Found, error)
	list(dir string) ([]Found, error)
	mkdir(dir string) error
	// writeNew writes a new file and makes it lasting.
	writeNew(name, text string) error
	// move renames and never overwrites: fs.ErrExist.
	move(from, to string) error
	remove(name string) error
	// sync makes the names of a folder lasting.
	sync(dir string) error
}

// names is how many names are tried for one file.
const names = 1000

// putAway moves a file to its place with a text beside it: the text under a hidden name, then the
// file, then the name of the text. What a crash leaves between them is for mend.
func putAway(s shelf, f Found, to Place, note string) (name string, err error) {
	dir := string(to)
	if err := s.mkdir(dir); err != nil {
		return "", err
	}
	for n := range names {
		if name, err = nextFree(s, dir, f.Name, n); err != nil {
			return "", err
		}
		if name == "" {
			continue
		}
		if err = putAs(s, f, dir, name, note); !errors.Is(err, fs.ErrExist) {
			return name, err
		}
	}
	return "", ErrNames
}

// nextFree is the n-th name for a file, or nothing when it or its text is taken.
func nextFree(s shelf, dir, name string, n int) (string, error) {
	number := ""
	if n > 0 {
		number = fmt.Sprint(n + 1)
	}
	try := freeName(name, number)
	for _, taken := range []string{try, try + noteEnd} {
		if _, err := s.stat(path.Join(dir, taken)); err == nil {
			return "", nil
		} else if !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	return try, nil
}

// The text about releve.xml is releve.xml.txt; until the file is moved .releve.xml.txt.RANDOM.new.
const (
	noteEnd   = ".txt"
	hiddenEnd = ".new"
)

func putAs(s shelf, f Found, dir, name, note string) (err error) {
	hidden := path.Join(dir, "."+name+noteEnd+"."+rand.Text()[:8]+hiddenEnd)
	if err := s.writeNew(hidden, note); err != nil {
		return errors.Join(err, absent(s.remove(hidden)))
	}
	now, err := s.stat(f.Name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = ErrGone
	case err == nil && !now.same(f):
		err = ErrChanged
	case err == nil:
		err = s.move(f.Name, path.Join(dir, name))
	}
	if err != nil {
		return errors.Join(err, s.remove(hidden))
	}
	// The file is where it belongs: its text may not be lost for a name that somebody took.
	if err := s.move(hidden, path.Join(dir, name+noteEnd)); err != nil {
		return fmt.Errorf("name the text beside the file: %s", err.Error()) // no other name for the file
	}
	return errors.Join(s.sync(dir), s.sync("."))
}

// mend finishes or takes back what a process that died was putting away.
func mend(s shelf) error {
	var failed error
	for _, place := range Places() {
		list, err := s.list(string(place))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		failed = errors.Join(failed, err)
		for _, f := range list {
			if of := textOf(f.Name); of != "" {
				failed = errors.Join(failed, mendOne(s, string(place), f.Name, of))
			}
		}
	}
	return failed
}

func mendOne(s shelf, dir, hidden, of string) error {
	hidden = path.Join(dir, hidden)
	if _, err := s.stat(path.Join(dir, of)); errors.Is(err, fs.ErrNotExist) {
		return s.remove(hidden)
	} else if err != nil {
		return err
	}
	err := s.move(hidden, path.Join(dir, of+noteEnd))
	if errors.Is(err, fs.ErrExist) {
		return s.remove(hidden)
	}
	return err
}

// textOf is the file that a hidden text is about; nothing for any other name.
func textOf(name string) string {
	rest, ours := strings.CutPrefix(name, ".")
	rest, ends := strings.CutSuffix(rest, hiddenEnd)
	cut := strings.LastIndexByte(rest, '.')
	if !ours || !ends || cut < 0 {
		return ""
	}
	of, _ := strings.CutSuffix(rest[:cut], noteEnd)
	return of
}

// absent forgives that there was nothing to remove.
func absent(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
