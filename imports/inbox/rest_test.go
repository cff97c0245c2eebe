package inbox

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"masp/imports"
	"masp/imports/bankfile"
)

// settle and rest are what the service waits when nobody sets it.
const settle, rest = 10 * time.Second, 10 * time.Minute

// whole refuses what does not end as it should.
func whole(text string) (imports.Outcome, error) {
	if strings.HasSuffix(text, "end") {
		return accepted(text)
	}
	return imports.Outcome{Outcome: bankfile.Refused, Reasons: []bankfile.Reason{
		{Code: "truncated", Message: "Fichier refusé : il est coupé.", Outcome: bankfile.Refused},
	}}, nil
}

func TestAWriterThatPausesLongerThanTheRestLosesNothing(t *testing.T) {
	t.Parallel()
	for name, s := range stages(t) {
		now := clock{time.Now()}
		box := newBox(s.source, importing(whole))
		box.Clock, box.Settle, box.Rest = func() time.Time { return now.now }, settle, rest
		var tally Tally
		var kept int
		looks := func(until time.Duration) {
			t.Helper()
			for end := now.now.Add(until); now.now.Before(end); now.now = now.now.Add(5 * time.Second) {
				look, err := box.Look(t.Context())
				must(t, err)
				tally.Count(look)
				for _, h := range look.Files {
					if h.Kept {
						kept++
					}
				}
			}
		}
		s.put("r.xml", "half")
		s.put("no.xml", "never whole")
		looks(5 * time.Minute)
		if s.read("r.xml") == "" || kept != 2 || tally != (Tally{}) {
			t.Errorf("%s: kept %d, counted %+v; want both left in their place and told once", name, kept, tally)
		}
		s.put("r.xml", "half and the end")
		looks(time.Minute)
		if s.read("traites/r.xml") != "half and the end" || s.read("no.xml") == "" {
			t.Errorf("%s: the file that went on is not taken", name)
		}
		looks(6 * time.Minute)
		if s.read("refuses/no.xml") == "" || tally != (Tally{Taken: 1, Refused: 1}) {
			t.Errorf("%s: counted %+v, want the refusal final after its rest", name, tally)
		}
	}
}

func TestAFileThatSomebodyHasOpenForWritingIsNotTaken(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writer, err := os.Create(filepath.Join(dir, "r.xml"))
	must(t, err)
	_, err = writer.WriteString("two statements of three")
	must(t, err)
	now, told := clock{time.Now()}, &teller{}
	box := newBox(&Folder{Dir: dir}, importing(accepted))
	box.Clock, box.Settle, box.Tell = func() time.Time { return now.now }, settle, told
	looks := func() (taken []string, left int) {
		for range 30 {
			look, err := box.Look(t.Context())
			must(t, err)
			for _, h := range look.Files {
				taken = append(taken, h.Name)
			}
			left = len(look.Left)
			now.now = now.now.Add(5 * time.Minute)
		}
		return taken, left
	}
	taken, left := looks()
	if slices.Contains(taken, "r.xml") || left != 1 || !strings.Contains(told.open[Left+" folder"], "r.xml") {
		t.Errorf("took %v, left %d, told %q; want it left, and told after an hour", taken, left, told.open)
	}
	must(t, writer.Close())
	if taken, left = looks(); !slices.Equal(taken, []string{"r.xml"}) || left != 0 || told.open[Left+" folder"] != "" {
		t.Errorf("took %v, left %d, told %q; want it taken", taken, left, told.open)
	}
}

func TestWhatNobodyTakesIsOneAlertUntilItIsGone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must(t, os.Symlink("/etc/hostname", filepath.Join(dir, "link.xml")))
	must(t, os.Mkdir(filepath.Join(dir, "folder"), 0o700))
	must(t, os.WriteFile(filepath.Join(dir, "old.xml.part"), []byte("half"), 0o600))
	must(t, os.WriteFile(filepath.Join(dir, ".keep"), nil, 0o600))
	now, told := clock{time.Now()}, &teller{}
	box := newBox(&Folder{Dir: dir}, importing(accepted))
	box.Clock, box.Tell = func() time.Time { return now.now }, told
	look := func(want int) {
		t.Helper()
		for range 3 {
			l, err := box.Look(t.Context())
			must(t, err)
			if len(l.Left) != want {
				t.Errorf("%v is left, want %d", l.Left, want)
			}
			now.now = now.now.Add(time.Second)
		}
	}
	look(2)
	first := told.told
	look(2)
	if text := told.open[Left+" folder"]; told.told != first || !strings.Contains(text, "link.xml") || strings.Contains(text, "old.xml") {
		t.Errorf("told %d times, %q", told.told, text)
	}
	now.now = now.now.Add(leftAfter)
	look(3)
	if text := told.open[Left+" folder"]; !strings.Contains(text, "old.xml.part") || !strings.Contains(text, "3 éléments") {
		t.Errorf("told %q, want the file that is never finished too", text)
	}
	for _, name := range []string{"link.xml", "folder", "old.xml.part"} {
		must(t, os.Remove(filepath.Join(dir, name)))
	}
	look(0)
	if told.open[Left+" folder"] != "" {
		t.Errorf("told %q after all is gone", told.open)
	}
}
