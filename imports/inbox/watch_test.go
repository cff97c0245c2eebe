package inbox

import (
	"io/fs"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var noon = time.Date(2026, 11, 5, 12, 0, 0, 0, time.UTC)

func file(name string, size int64) Found { return Found{Name: name, Size: size, Modified: noon} }

// ready are the names that a look answers.
func (w *watch) ready(now time.Duration, list ...Found) []string {
	var names []string
	found, _, _ := w.look(list, noon.Add(now))
	for _, s := range found {
		names = append(names, s.Name)
	}
	return names
}

func TestAFileIsTakenOnceItRests(t *testing.T) {
	t.Parallel()
	w := newWatch(10 * time.Second)
	for _, step := range []struct {
		at   time.Duration
		size int64
		want bool
	}{
		{0, 10, false},
		{5 * time.Second, 20, false},
		{12 * time.Second, 20, false},
		{15 * time.Second, 20, true},
		{16 * time.Second, 21, false},
		{26 * time.Second, 21, true},
	} {
		if got := w.ready(step.at, file("r.xml", step.size)) != nil; got != step.want {
			t.Errorf("after %s with %d bytes: taken %t, want %t", step.at, step.size, got, step.want)
		}
	}
}

func TestAFileThatIsRenamedInIsTakenAtOnce(t *testing.T) {
	t.Parallel()
	for _, writing := range []string{"r.xml.part", "r.xml.tmp", ".r.xml", ".r.xml.PART", "r.xml.Tmp"} {
		w := newWatch(10 * time.Second)
		if got := w.ready(0, file(writing, 10)); got != nil {
			t.Errorf("%s is being written, but %v is taken", writing, got)
		}
		if got := w.ready(time.Second, file("r.xml", 10)); !slices.Equal(got, []string{"r.xml"}) {
			t.Errorf("renamed from %s: got %v, want it at once", writing, got)
		}
	}
	w := newWatch(10 * time.Second)
	w.ready(0, file("r.xml.part", 5))
	if got := w.ready(time.Second, file("r.xml", 5), file("r.xml.part", 9)); got != nil {
		t.Errorf("%v is taken while it is copied", got)
	}
}

func TestWhatIsNoFileIsSaidOnce(t *testing.T) {
	t.Parallel()
	w := newWatch(0)
	link := Found{Name: "evil.xml", Mode: fs.ModeSymlink | 0o777}
	pipe := Found{Name: "pipe.xml", Mode: fs.ModeNamedPipe}
	places := Found{Name: "traites", Mode: fs.ModeDir}
	fake := Found{Name: "refuses", Mode: fs.ModeSymlink}
	said := 0
	for range 3 {
		ready, _, strange := w.look([]Found{link, pipe, places, fake}, noon)
		if said += len(strange); len(ready) != 0 {
			t.Errorf("%v is taken", ready)
		}
	}
	if said != 3 {
		t.Errorf("said %d things, want the link, the pipe and the false folder once each", said)
	}
}

func TestPausesGrowAndEnd(t *testing.T) {
	t.Parallel()
	var s sight
	last := time.Duration(0)
	for range 100 {
		s.failed(noon)
		pause := s.notUntil.Sub(noon)
		if pause < last || pause < firstPause || pause > longest {
			t.Fatalf("attempt %d waits %s after %s", s.attempts, pause, last)
		}
		last = pause
	}
	if last != longest {
		t.Errorf("the pause ends at %s, want %s", last, longest)
	}
}

func TestNamesFitAndStayWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[a-zé-]{1,300}(\.[a-z]{1,30})?`).Draw(t, "name")
		n := rapid.SampledFrom([]string{"", "2", "999"}).Draw(t, "n")
		got := freeName(name, n)
		if len(got) > nameBytes || got == "" {
			t.Fatalf("%q has %d bytes", got, len(got))
		}
		for _, r := range got {
			if r == '\uFFFD' {
				t.Fatalf("%q cuts a letter", got)
			}
		}
		if n == "" && len(name) <= nameBytes && got != name {
			t.Fatalf("%q became %q without need", name, got)
		}
	})
	for name, want := range map[string]string{"releve.xml": "releve-2.xml", "releve": "releve-2", "a.b.txt": "a.b-2.txt"} {
		if got := freeName(name, "2"); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}
