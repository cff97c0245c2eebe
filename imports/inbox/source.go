package inbox

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"
	"time"
	"unicode/utf8"
)

// Place is where a file goes once it has been handled, and the name of that folder.
type Place string

// The places.
const (
	Taken   Place = "traites"
	Held    Place = "en_attente"
	Refused Place = "refuses"
)

// Places are all of them.
func Places() []Place { return []Place{Taken, Held, Refused} }

// Found is a thing that lies in a source.
type Found struct {
	Name     string
	Size     int64 // bytes
	Modified time.Time
	Mode     fs.FileMode
}

// partial tells that a file is being written, and under which name it will appear.
func (f Found) partial() (final string, is bool) {
	name, hidden := strings.CutPrefix(f.Name, ".")
	for _, end := range []string{".part", ".tmp"} {
		if cut := len(name) - len(end); cut > 0 && strings.EqualFold(name[cut:], end) {
			return name[:cut], true
		}
	}
	return name, hidden
}

// writing tells by the end of a name that a file is not whole; other hidden files are none of ours.
func (f Found) writing() bool {
	final, is := f.partial()
	return is && strings.TrimPrefix(f.Name, ".") != final
}

// own tells that it is one of our folders.
func (f Found) own() bool {
	for _, p := range Places() {
		if f.Name == string(p) {
			return f.Mode.IsDir()
		}
	}
	return false
}

// same tells that nothing was written between two looks.
func (f Found) same(g Found) bool {
	return f.Size == g.Size && f.Modified.Equal(g.Modified) && f.Mode == g.Mode
}

// Source is a place where the bank puts files. A look calls List first and Close last; no method
// is called at the same time as another.
type Source interface {
	// Name is short and lasting; it names the source in the log of runs.
	Name() string
	// List says what lies there, in the order of the names.
	List(ctx context.Context) ([]Found, error)
	// Open opens what List has found; ErrChanged when it is another thing now, ErrOpen when
	// somebody is seen to write it still.
	Open(ctx context.Context, f Found) (io.ReadCloser, error)
	// Finish moves it to its place with a text beside it, and answers the name that it got there.
	// Errors: ErrChanged, ErrGone, ErrNames, or what the folder or the server says.
	Finish(ctx context.Context, f Found, to Place, note string) (name string, err error)
	// Close lets go of what the look has opened.
	Close() error
}

// What may have become of a file between two steps.
var (
	ErrChanged = errors.New("the file changes while it is read")
	ErrGone    = errors.New("the file is no longer there")
	ErrOpen    = errors.New("somebody has the file open for writing")
	ErrNames   = errors.New("every name for this file is taken")
)

// nameBytes is the longest name that leaves room for a number and for the text beside it; file
// systems take 255.
const nameBytes = 200

// freeName is the n-th name to try for a file: releve.xml, releve-2.xml, releve-3.xml …
func freeName(name string, n string) string {
	end := path.Ext(name)
	if len(end) > 20 || end == name {
		end = ""
	}
	stem := strings.TrimSuffix(name, end)
	if n != "" {
		n = "-" + n
	}
	if over := len(stem) + len(n) + len(end) - nameBytes; over > 0 {
		cut := len(stem) - over
		for cut > 0 && !utf8.RuneStart(stem[cut]) {
			cut--
		}
		stem = stem[:cut]
	}
	return stem + n + end
}
