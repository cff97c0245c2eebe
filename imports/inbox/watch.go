package inbox

import "time"

// sight is what is known of a file that lies in the source.
type sight struct {
	Found
	since    time.Time // it has not changed since this look
	renamed  bool      // it came whole, under another name
	attempts int       // imports that failed by an accident
	notUntil time.Time // no attempt before
	done     *done     // imported; only the moving is left
}

// watch remembers the looks at a source and says which files are complete.
type watch struct {
	settle  time.Duration
	files   map[string]*sight
	partial map[string]bool // names that were being written at the last look
	strange map[string]bool // said already
}

func newWatch(settle time.Duration) watch {
	return watch{settle: settle, files: map[string]*sight{}, partial: map[string]bool{}, strange: map[string]bool{}}
}

// look compares a list with the last one. It answers the files to handle now, how many wait for
// their rest or for another attempt, and what is no file and was not said before.
func (w *watch) look(list []Found, now time.Time) (ready []*sight, waiting int, strange []Found) {
	files, partial := map[string]*sight{}, map[string]bool{}
	odd := map[string]bool{}
	for _, f := range list {
		final, writing := f.partial()
		switch {
		case f.own():
		case !f.Mode.IsRegular():
			if odd[f.Name] = true; !w.strange[f.Name] {
				strange = append(strange, f)
			}
		case writing:
			partial[final] = true
		default:
			files[f.Name] = w.seen(f, now)
		}
	}
	for _, f := range list {
		s := files[f.Name]
		switch {
		case s == nil:
		case partial[f.Name] || now.Before(s.notUntil) || !s.renamed && now.Sub(s.since) < w.settle:
			waiting++
		default:
			ready = append(ready, s)
		}
	}
	w.files, w.partial, w.strange = files, partial, odd
	return ready, waiting, strange
}

// seen is what is known of a file that lies there at this look.
func (w *watch) seen(f Found, now time.Time) *sight {
	if s := w.files[f.Name]; s != nil && s.same(f) {
		return s
	}
	return &sight{Found: f, since: now, renamed: w.partial[f.Name] && w.files[f.Name] == nil}
}

// The pauses after a failure: 30 seconds, doubled, an hour at most.
const (
	firstPause = 30 * time.Second
	longest    = time.Hour
)

// failed keeps a file from being tried again too soon.
func (s *sight) failed(now time.Time) {
	pause := longest
	if s.attempts < 7 {
		pause = firstPause << s.attempts
	}
	s.attempts++
	s.notUntil = now.Add(min(pause, longest))
}
