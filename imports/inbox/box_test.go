package inbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"masp/imports"
	"masp/imports/bankfile"
)

// importing is an import by a function of the content.
type importing func(text string) (imports.Outcome, error)

func (f importing) Import(_ context.Context, _, name string, content io.Reader) (imports.Outcome, error) {
	b, err := io.ReadAll(content)
	if err != nil {
		return imports.Outcome{}, err
	}
	return f(string(b))
}

func accepted(string) (imports.Outcome, error) {
	return imports.Outcome{Format: "camt.053.001.08", Statements: []imports.StatementOutcome{}}, nil
}

// teller remembers the open alerts.
type teller struct {
	mu   sync.Mutex
	open map[string]string
	told int
}

func (l *teller) Tell(_ context.Context, code, subject, text string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open == nil {
		l.open = map[string]string{}
	}
	l.open[code+" "+subject] = text
	l.told++
	return nil
}

// clock is the time of a test.
type clock struct{ now time.Time }

func newBox(source Source, im Importer) *Box {
	return &Box{Source: source, Import: im, Clock: func() time.Time { return noon }}
}

func TestAFileThatFailsOrPanicsKeepsNoOtherFromItsTurn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, n := range []string{"a-panic", "b-away", "c-good", "d-refused", "e-held"} {
		must(t, os.WriteFile(filepath.Join(dir, n+".xml"), []byte(n), 0o600))
	}
	tries := map[string]int{}
	now := clock{noon}
	told := &teller{}
	box := newBox(&Folder{Dir: dir}, importing(func(text string) (imports.Outcome, error) {
		tries[text]++
		switch text {
		case "a-panic":
			panic("a fault of ours")
		case "b-away":
			if tries[text] < 4 {
				return imports.Outcome{}, fmt.Errorf("import bank file: %w", syscall.ENOSPC)
			}
		case "d-refused":
			return imports.Outcome{Outcome: bankfile.Refused, Reasons: []bankfile.Reason{
				{Code: "x", Message: "Fichier refusé : ce n'est pas un relevé.", Outcome: bankfile.Refused},
			}}, nil
		case "e-held":
			return imports.Outcome{Outcome: bankfile.Held, Statements: []imports.StatementOutcome{
				{Kind: "BOOKED", State: "held", Reason: "GAP", Explanation: "Il manque le relevé du 04/11."},
			}}, nil
		}
		return accepted(text)
	}))
	box.Clock, box.Tell = func() time.Time { return now.now }, told
	var tally Tally
	for range 400 { // some four hours
		look, err := box.Look(t.Context())
		must(t, err)
		tally.Count(look)
		now.now = now.now.Add(36 * time.Second)
	}
	if tally.Taken != 2 || tally.Held != 1 || tally.Refused != 1 {
		t.Errorf("counted %+v, want 2 taken, 1 held, 1 refused", tally)
	}
	if n := tries["a-panic"]; n < 8 || n > 12 || tries["c-good"] != 1 {
		t.Errorf("the poison was tried %d times, the good file %d times", n, tries["c-good"])
	}
	open := 0
	for key, text := range told.open {
		if strings.HasPrefix(key, ImportFailed) && text != "" {
			if open++; !strings.Contains(text, "a-panic.xml") {
				t.Errorf("an alert says %q", text)
			}
		}
	}
	if open != 1 {
		t.Errorf("%d files are told of, want the poison alone: %v", open, told.open)
	}
	for place, name := range map[string]string{"traites": "c-good", "refuses": "d-refused", "en_attente": "e-held"} {
		text, err := os.ReadFile(filepath.Join(dir, place, name+".xml.txt"))
		if err != nil || !strings.Contains(string(text), "À faire : ") {
			t.Errorf("%s: %q, %v", place, text, err)
		}
	}
}

func TestAFileThatCannotBePutAwayIsNotImportedAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "r.xml"), []byte("x"), 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "traites"), nil, 0o600)) // where the folder should be
	imported := 0
	now := clock{noon}
	told := &teller{}
	box := newBox(&Folder{Dir: dir}, importing(func(text string) (imports.Outcome, error) {
		if text == "x" {
			imported++
		}
		return accepted(text)
	}))
	box.Clock, box.Tell = func() time.Time { return now.now }, told
	// An empty file named like a folder of ours is a file like any other: look past it.
	var tally Tally
	for range 20 {
		look, err := box.Look(t.Context())
		must(t, err)
		tally.Count(look)
		now.now = now.now.Add(time.Minute)
	}
	if imported != 1 || told.open[Stuck+" folder"] == "" {
		t.Errorf("imported %d times, told %v; want once and an alert", imported, told.open)
	}
	must(t, os.Remove(filepath.Join(dir, "traites")))
	now.now = now.now.Add(2 * time.Hour)
	look, err := box.Look(t.Context())
	must(t, err)
	tally.Count(look)
	if _, err := os.Stat(filepath.Join(dir, "traites", "r.xml")); err != nil || imported != 1 {
		t.Errorf("imported %d times, %v; want it put away", imported, err)
	}
	if told.open[Stuck+" folder"] != "" || tally.Taken != 2 {
		t.Errorf("told %v, counted %+v; want the alert over and each file once", told.open, tally)
	}
}

func TestASourceThatDoesNotAnswerIsToldOnceItLasts(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "later")
	told := &teller{}
	box := newBox(&Folder{Dir: dir}, importing(accepted))
	box.Tell = told
	for i := range 4 {
		_, err := box.Look(t.Context())
		if err == nil || kindOf(err) != "not_there" {
			t.Fatalf("got %v", err)
		}
		if got := told.open[SourceFailed+" folder"] != ""; got != (i >= 2) {
			t.Errorf("after %d looks: told %t", i+1, got)
		}
	}
	must(t, os.Mkdir(dir, 0o700))
	for range 3 {
		_, err := box.Look(t.Context())
		must(t, err)
	}
	if told.open[SourceFailed+" folder"] != "" || told.told != 5 {
		t.Errorf("told %d times, %v; want it taken back once, and the two others asked once", told.told, told.open)
	}
}

func TestALookStopsBetweenTwoFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, n := range []string{"a", "b", "c"} {
		must(t, os.WriteFile(filepath.Join(dir, n), []byte(n), 0o600))
	}
	stopped := false
	box := newBox(&Folder{Dir: dir}, importing(func(text string) (imports.Outcome, error) {
		stopped = text == "b"
		return accepted(text)
	}))
	box.GoOn = func() bool { return !stopped }
	look, err := box.Look(t.Context())
	if err != nil || len(look.Files) != 2 || look.Waiting != 1 {
		t.Errorf("got %+v, %v; want two files, one left", look, err)
	}
}

func TestAKindOfErrorTellsNothingOfAPerson(t *testing.T) {
	t.Parallel()
	secret := errors.New("Éva Roux FR7699999001000000000100189 1 234,50 €")
	for _, err := range []error{
		secret, fmt.Errorf("%w: %w", errPanic, secret),
		&os.PathError{Op: "open", Path: "releve-FR7699999001000000000100189.xml", Err: syscall.ENOSPC},
	} {
		if kind := kindOf(err); strings.ContainsAny(kind, "F€É7 ") {
			t.Errorf("%v is logged as %q", err, kind)
		}
	}
}
